"""The press room's pages."""

import datetime as dt
from pathlib import Path

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from events.context import current_edition
from events.models import Edition, PressKit, PressPicture, PressRelease, Publication
from events.press import pictures
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
    edition = current_edition(request)
    contact = edition or (releases[0].release.edition if releases else None)
    context = {"releases": releases, "contact": contact, "kit": None, "photos": [], "logos": []}
    if edition:
        context |= _for_editors(edition)
    return render(request, "events/press/index.html", context)


def _for_editors(edition: Edition) -> dict:
    """The press kit, if one is ready, and the pictures one by one."""
    found = list(pictures.shown(edition.press_pictures.public()))
    kinds = PressPicture.Kind
    return {
        "kit": PressKit.objects.filter(edition=edition).exclude(key="").first(),
        "photos": [one for one in found if one.picture.kind == kinds.PHOTO],
        "logos": [one for one in found if one.picture.kind == kinds.LOGO],
    }


@public_page
def thumbnail(request, pk):
    public = PressPicture.objects.public().filter(edition__in=Edition.objects.public())
    picture = get_object_or_404(public, pk=pk)
    try:
        path = pictures.thumbnail(picture)
    except OSError as error:
        raise Http404 from error
    made_at = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    return file_response(
        request, path, "image/webp", name=f"{pk}.webp", etag=path.name, changed_at=made_at
    )


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
    context = page_of(shown, public) | metadata(shown)
    return render(request, "events/press/release.html", context)


def page_of(shown: Published, among: QuerySet) -> dict:
    """What the page of a release is made of; it leads to those of `among`, which its reader may see."""
    corrects = shown.written.corrects_slug
    return {
        "shown": shown,
        "written": shown.written,
        "pdf_size": pdf_file(shown.publication).stat().st_size,
        "corrections": readable(among.filter(corrects=shown.release)),
        "corrected": readable(among.filter(slug=corrects)) if corrects else [],
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
    warning = "embargo-" if publication.release.is_under_embargo else ""
    answer = file_response(
        request,
        path,
        kind,
        name=f"{warning}{publication.release.slug}{path.suffix}",
        etag=path.stem,
        changed_at=publication.published_at,
        is_saved=is_saved,
    )
    answer["Content-Language"] = publication.language
    return answer
