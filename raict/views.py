"""Pages that belong to no single app: home, legal pages, health, errors."""

import datetime as dt

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext
from django.views.decorators.cache import never_cache
from django.views.static import serve

from events.context import current_edition
from events.figures import FigureValue, figures
from events.models import Edition
from events.views import counted, country_names, partner_groups, releases_of
from raict import health
from raict.accounts.signed_in import as_sent, may_be_kept
from raict.accounts.views import resume_page
from raict.http import public_page
from raict.linkmap import link_map
from raict.typography import capitalised
from sessions.schedule import PAUSES, by_kind, programme

# The formats of the meetings: the figure that counts them, the kind that gives them their colour.
_FORMATS = (
    ("plenaries", "plenary"),
    ("geographic_meetings", "geographic_meeting"),
    ("thematic_workshops", "thematic_workshop"),
    ("cafes", "cafe"),
)
# Uploads that a browser may show: none of them can hold a script that runs in our name.
_SHOWN = {
    *("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"),
    "application/pdf",
}
_HARMLESS = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


@public_page
def home(request):
    edition = current_edition(request)
    if edition is None:
        editions = Edition.objects.public().real().select_related("venue")
        return render(request, "home_without_edition.html", {"editions": editions})
    tallies = counted(edition)
    known = figures(edition, tallies)
    codes = edition.countries()
    headline, lead = _split_theme(edition.theme)
    context = {
        "edition": edition,
        "headline": headline,
        "lead": lead,
        "map": link_map(codes, edition.guest_country.code, width=720, height=640),
        "countries": country_names(codes),
        "hero_figures": _hero_figures(edition, known),
        "formats": _formats(known),
        "partner_groups": partner_groups(edition),
        "release": next(iter(releases_of(edition)), None),
        **_preview(edition),
    }
    return render(request, "home.html", context)


def _split_theme(theme: str) -> tuple[str, str]:
    """« La Diplomatie des territoires : les singularités … » → what stands large, and the rest."""
    headline, _colon, lead = theme.partition(":")
    return headline.strip(), capitalised(lead.strip())


def _hero_figures(edition: Edition, known: dict[str, FigureValue]) -> list[dict]:
    """Countries, and who registered or, once that is known, who came."""
    countries, people, registered = (
        known[key] for key in ("countries", "participants", "registered")
    )
    shown = [
        (
            countries,
            ngettext("%(number)s country", "%(number)s countries", int(countries.value)),
            _("represented"),
        ),
        (
            people,
            ngettext("%(number)s participant", "%(number)s participants", int(people.value)),
            _("took part"),
        )
        if people.is_known and not edition.is_upcoming
        else (
            registered,
            ngettext("%(number)s participant", "%(number)s participants", int(registered.value)),
            _("registered so far") if edition.is_upcoming else _("registered"),
        ),
    ]
    return [
        {"text": text % {"number": figure.phrase}, "note": note}
        for figure, text, note in shown
        if figure.value
    ]


def _formats(known: dict[str, FigureValue]) -> list[dict]:
    """The formats that this edition has, with their numbers and what they are."""
    words = {
        "plenaries": (
            lambda n: npgettext("format", "plenary", "plenaries", n),
            _("Everybody in one room, around the theme of the edition."),
        ),
        "geographic_meetings": (
            lambda n: npgettext("format", "geographic meeting", "geographic meetings", n),
            _("Country groups and regions take stock together."),
        ),
        "thematic_workshops": (
            lambda n: npgettext("format", "thematic workshop", "thematic workshops", n),
            _("What works in decentralised cooperation, told by those who do it."),
        ),
        "cafes": (
            lambda n: npgettext("format", "Café des RAICT", "Cafés des RAICT", n),
            _("One table, one project, and the time to talk about it."),
        ),
    }
    return [
        {
            "kind": kind,
            "figure": known[key],
            "label": words[key][0](int(known[key].value)),
            "text": words[key][1],
        }
        for key, kind in _FORMATS
        if known[key].value
    ]


def _preview(edition: Edition) -> dict:
    """The day that comes next (the first one, before and after the event), as the programme shows it.

    While no session has a day: the kinds of which at least one title is known.
    """
    sessions = list(edition.sessions.public().in_order().select_related("room__venue"))
    days = {day.date: day for day in programme(sessions).days}
    sittings = [session for session in sessions if session.kind not in PAUSES]
    return {
        "day": days.get(_next_day(sorted(days))),
        "undated": [] if days else [kind for kind in by_kind(sittings) if not kind.is_untitled],
        "session_total": len(sittings),
    }


def _next_day(days: list[dt.date]) -> dt.date | None:
    today = timezone.localdate()
    return next((day for day in days if day >= today), days[0] if days else None)


@public_page
def legal(request):
    return render(request, "pages/legal.html", {"legal": settings.LEGAL})


@public_page
def privacy(request):
    context = {
        "legal": settings.LEGAL,
        "needs_kept_days": settings.NEEDS_KEPT_DAYS,
        "press_papers_kept_days": settings.PRESS_PAPERS_KEPT_DAYS,
    }
    return render(request, "pages/privacy.html", context)


@public_page
def accessibility(request):
    return render(request, "pages/accessibility.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    context = {"is_too_large": isinstance(exception, RequestDataTooBig)}
    return render(request, "400.html", context, status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Cookies are off, or the form stood open for too long: said in plain words.

    The team has a new token at each sign-in, so a form that stood open in another tab has the old
    one. It is offered to be sent again, if the browser says that it comes from a page of ours.
    """
    own = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    is_own = request.headers.get("Origin") in own
    if is_own and admin.site.has_permission(request) and may_be_kept(request):
        return resume_page(request, as_sent(request), status=403)
    return render(request, "403_csrf.html", status=403)


@never_cache
def healthz(request):
    """The process is alive. It asks nothing else, so that a broken database restarts nobody."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request):
    """Whether requests and mail can be served: 503 and which part is unwell otherwise."""
    parts = health.parts()
    ready = set(parts.values()) == {health.WELL}
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def media(request: HttpRequest, path: str) -> HttpResponse:
    """Logos, photographs and slides that the team uploaded.

    Pictures and PDF are shown. Anything else is saved: a page with a script in it, say, would act
    as one of ours. An SVG is a picture in a page and may be saved; should a browser open it all the
    same, it may do nothing but draw.
    """
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    if response.get("Content-Type") not in _SHOWN:
        response["Content-Disposition"] = "attachment"
        response["Content-Security-Policy"] = _HARMLESS
    return response
