"""The press room's pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from events.context import current_edition
from events.figures import tallies_of
from events.models import PressRelease
from events.press.documents import ReleasePDF, ReleaseText
from events.press.writing import Written, written
from raict.http import public_page


def _published():
    return (
        PressRelease.objects.published()
        .select_related("edition__venue")
        .prefetch_related("edition__partners", "edition__figures")
    )


def _released(slug: str) -> Written:
    return written(get_object_or_404(_published(), slug=slug))


@public_page
def index(request):
    rows = list(_published())
    tallies = tallies_of(row.edition for row in rows)
    releases = [written(row, tallies[row.edition_id]) for row in rows]
    contact = current_edition(request) or (releases[0].edition if releases else None)
    return render(request, "events/press/index.html", {"releases": releases, "contact": contact})


@public_page
def release(request, slug):
    shown = _released(slug)
    context = {
        "release": shown,
        "edition": shown.edition,
        "labels": shown.labels,
        "pdf_size": len(ReleasePDF(shown).content()),
        "text_size": len(ReleaseText(shown).content()),
    }
    return render(request, "events/press/release.html", context)


@public_page
def release_pdf(request, slug):
    document = ReleasePDF(_released(slug))
    return _answer(request, document, "application/pdf", f"{slug}.pdf")


@public_page
def release_text(request, slug):
    document = ReleaseText(_released(slug))
    return _answer(request, document, "text/plain; charset=utf-8", f"{slug}.txt")


def _answer(
    request: HttpRequest, document: ReleasePDF | ReleaseText, kind: str, name: str
) -> HttpResponse:
    """The file, or 304 for who has it already: then nothing is made."""
    etag = quote_etag(document.key)
    answer = get_conditional_response(request, etag, document.made_at)
    if answer is None:
        answer = HttpResponse(document.content(), content_type=kind)
        answer["Content-Disposition"] = f'inline; filename="{name}"'
        answer["Content-Language"] = document.written.language
    answer["ETag"] = etag
    if document.made_at:
        answer["Last-Modified"] = http_date(document.made_at)
    return answer
