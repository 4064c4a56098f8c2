"""Registering, and one's own page behind a signed link."""

from django.http import Http404


def register(request):
    raise Http404


def thanks(request):
    raise Http404


def personal(request, key):
    raise Http404


def badge(request, key):
    raise Http404


def calendar(request, key):
    raise Http404


def data(request, key):
    raise Http404


def cancel(request, key):
    raise Http404


def send_link(request):
    raise Http404
