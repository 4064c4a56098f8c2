"""The press room's pages."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events.context import current_edition
from events.models import PressRelease, Publication
from events.press.documents import card_file, pdf_file, text_file, word_file
from events.press.feed import LENGTH, ReleaseFeed, feed
from events.press.reading import Published, head_of, one_readable, readable
from events.press.structured import metadata
from raict.http import file_response, public_page
from raict.kept import keep

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@public_page
def index(request):
    releases = readable(PressRelease.objects.public() | PressRelease.objects.withdrawn())
    contact = current_edition(request) or (releases[0].release.edition if releases else None)
    return render(request, "events/press/index.html", {"releases": releases, "contact": contact})


@public_page
def press_feed(request):
    found = feed(readable(PressRelease.objects.public()[:LENGTH]))
    return HttpResponse(found, content_type=ReleaseFeed.content_type)


@public_page
def release(request, slug):
    public, withdrawn = PressRelease.objects.public(), PressRelease.objects.withdrawn()
    shown = one_readable(public | withdrawn, slug)
    if shown.release.state == PressRelease.State.WITHDRAWN:
        return render(request, "events/press/withdrawn.html", {"shown": shown}, status=410)
    return render(request, "events/press/release.html", page_of(shown) | metadata(shown))


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


@public_page
def release_docx(request, slug):
    return word_response(request, head_of(PressRelease.objects.public(), slug))


@public_page
def release_card(request, slug):
    return card_response(request, head_of(PressRelease.objects.public(), slug))


def pdf_response(request: HttpRequest, publication: Publication) -> HttpResponse:
    """The PDF as it was published; 304 for who has it already."""
    return _file(request, publication, pdf_file(publication), "application/pdf")


def text_response(request: HttpRequest, publication: Publication) -> HttpResponse:
    return _file(request, publication, text_file(publication), "text/plain; charset=utf-8")


def word_response(request: HttpRequest, publication: Publication) -> HttpResponse:
    """Saved, not shown: no browser reads it."""
    return _file(request, publication, word_file(publication), _DOCX, is_saved=True)


def card_response(request: HttpRequest, publication: Publication) -> HttpResponse:
    return _file(request, publication, card_file(publication), "image/png")


def _file(
    request: HttpRequest, publication: Publication, path: Path, kind: str, *, is_saved: bool = False
) -> HttpResponse:
    answer = file_response(
        request,
        path,
        kind,
        name=f"{publication.release.slug}{path.suffix}",
        etag=path.stem,
        changed_at=publication.published_at,
        is_saved=is_saved,
    )
    answer["Content-Language"] = publication.language
    return answer
