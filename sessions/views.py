"""The programme: by day, by session, by speaker."""

from django.http import Http404


def programme(request):
    raise Http404


def edition_programme(request, number):
    raise Http404


def session(request, slug):
    raise Http404


def person_list(request):
    raise Http404


def person(request, slug):
    raise Http404
