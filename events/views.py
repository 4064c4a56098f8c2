"""Editions, partners, practical information."""

from django.http import Http404


def edition_list(request):
    raise Http404


def edition(request, number):
    raise Http404


def partner_list(request):
    raise Http404


def practical(request):
    raise Http404
