"""Releases for accredited people, under embargo or not, behind their personal link."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.press.reading import Published, head_of, one_readable
from events.press.views import page_of, pdf_response, text_response, word_response
from registrations.links import personal_path
from registrations.models import Registration
from registrations.press import releases_for
from registrations.views.personal import personal_page

# Where the page leads.
_FILES = {"pdf": "press_pdf", "docx": "press_docx", "text": "press_text"}


@require_safe
@personal_page
def release(request, registration, slug):
    releases = releases_for(registration)
    shown = one_readable(releases, slug)
    context = {
        **page_of(shown, releases),
        "registration": registration,
        "edition": registration.edition,
        "personal_path": personal_path(registration),
        "files": {kind: personal_path(registration, page, slug) for kind, page in _FILES.items()},
    }
    for name in ("corrections", "corrected"):
        context[name] = [(one, _path(registration, one)) for one in context[name]]
    return render(request, "registrations/press_release.html", context)


def _path(registration: Registration, shown: Published) -> str:
    return personal_path(registration, "press_release", shown.release.slug)


@require_safe
@personal_page
def release_pdf(request, registration, slug):
    return pdf_response(request, head_of(releases_for(registration), slug))


@require_safe
@personal_page
def release_docx(request, registration, slug):
    return word_response(request, head_of(releases_for(registration), slug))


@require_safe
@personal_page
def release_text(request, registration, slug):
    return text_response(request, head_of(releases_for(registration), slug))
