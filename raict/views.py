"""Pages that belong to no single app: home, legal pages, health, errors."""

from django.http import Http404, HttpResponse


def home(request):
    raise Http404


def legal(request):
    raise Http404


def privacy(request):
    raise Http404


def accessibility(request):
    raise Http404


def healthz(request):
    return HttpResponse("ok", content_type="text/plain")


def readyz(request):
    raise Http404
