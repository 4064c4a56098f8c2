"""The press room's pages."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events.context import current_edition
from events.models import PressRelease, Publication
from events.press.documents import pdf_file, text_file
from events.press.reading import Published, head_of, one_readable, readable
from raict.http import file_response, public_page
from raict.kept import keep


@public_page
def index(request):
    releases = readable(PressRelease.objects.public() | PressRelease.objects.withdrawn())
    contact = current_edition(request) or (releases[0].release.edition if releases else None)
    return render(request, "events/press/index.html", {"releases": releases, "contact": contact})


@public_page
def release(request, slug):
    public, withdrawn = PressRelease.objects.public(), PressRelease.objects.withdrawn()
    shown = one_readable(public | withdrawn, slug)
    if shown.release.state == PressRelease.State.WITHDRAWN:
        return render(request, "events/press/withdrawn.html", {"shown": shown}, status=410)
    return render(request, "events/press/release.html", page_of(shown))


def page_of(shown: Published) -> dict:
    """What the page of a release is made of."""
    corrections = shown.release.corrections.public()
    return {
        "shown": shown,
        "written": shown.written,
        "pdf_size": pdf_file(shown.publication).stat().st_size,
        "corrections": readable(corrections),
        "corrected": readable(
            PressRelease.objects.public().filter(slug=shown.written.corrects_slug)
        )
        if shown.written.corrects_slug
        else [],
    }


@public_page
def release_pdf(request, slug):
    publication = head_of(PressRelease.objects.public(), slug)
    return _kept(pdf_response(request, publication), publication)


@public_page
def release_text(request, slug):
    publication = head_of(PressRelease.objects.public(), slug)
    return _kept(text_response(request, publication), publication)


def _kept(answer: HttpResponse, publication: Publication) -> HttpResponse:
    """Small and public: repeated to the next who asks."""
    return answer if answer.streaming else keep(answer, int(publication.published_at.timestamp()))


def pdf_response(request: HttpRequest, publication: Publication) -> HttpResponse:
    """The PDF as it was published; 304 for who has it already."""
    return _file(request, publication, pdf_file(publication), "application/pdf")


def text_response(request: HttpRequest, publication: Publication) -> HttpResponse:
    return _file(request, publication, text_file(publication), "text/plain; charset=utf-8")


def _file(request: HttpRequest, publication: Publication, path: Path, kind: str) -> HttpResponse:
    name = f"{publication.release.slug}{path.suffix}"
    answer = file_response(
        request, path, kind, name=name, etag=path.stem, changed_at=publication.published_at
    )
    answer["Content-Language"] = publication.language
    return answer
