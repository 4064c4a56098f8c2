"""The press room's pages."""

from django.http import Http404


def index(request):
    raise Http404


def release(request, slug):
    raise Http404


def release_pdf(request, slug):
    raise Http404


def release_text(request, slug):
    raise Http404
