"""The programme: by day, by session, by speaker."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control

from events.context import current_edition
from events.models import Edition
from raict.http import public_page
from sessions import filters, speakers
from sessions.models import Appearance, Person, Session
from sessions.schedule import PAUSES
from sessions.schedule import programme as by_day
from sessions.templatetags.programme import has_page
from sessions.templatetags.programme import places as places_left

# A crowd that watches the same page asks one cache, not the database.
PLACES_SECONDS = 10


@public_page
def programme(request: HttpRequest) -> HttpResponse:
    """The current edition's."""
    edition = current_edition(request)
    if edition is None:
        return render(request, "programme/none.html")
    return _programme(request, edition)


@public_page
def edition_programme(request: HttpRequest, number: int) -> HttpResponse:
    return _programme(request, get_object_or_404(Edition.objects.public(), number=number))


def _programme(request: HttpRequest, edition: Edition) -> HttpResponse:
    sessions = list(edition.sessions.public().in_order().select_related("room__venue"))
    chosen = filters.read(request.GET, sessions)
    found = chosen.apply(sessions)
    context = {
        "edition": edition,
        "filters": chosen,
        "programme": by_day(found),
        "is_published": bool(sessions),
        "total": sum(session.kind not in PAUSES for session in sessions),
        "count": sum(session.kind not in PAUSES for session in found),
    }
    return render(request, "programme/programme.html", context)


@public_page
@cache_control(max_age=PLACES_SECONDS)
def places(request: HttpRequest) -> JsonResponse:
    """Places left in the current edition, for static/js/places.js: session → words, and if full."""
    edition = current_edition(request)
    columns = ("edition", "kind", "booking", "day", "start", "capacity", "overbooking")
    public = edition.sessions.public().only(*columns, *Session.COUNTERS) if edition else ()
    found = {session.pk: places_left(session) for session in public}
    return JsonResponse(
        {
            "places": {
                pk: {"words": left.words, "full": left.is_full}
                for pk, left in found.items()
                if left
            }
        }
    )


@public_page
def session(request: HttpRequest, slug: str) -> HttpResponse:
    public = Session.objects.public().select_related("edition", "room__venue")
    shown = get_object_or_404(public, slug=slug)
    appearances = shown.appearances.select_related("person").order_by("position", "pk")
    before, after = _neighbours(shown)
    context = {
        "edition": shown.edition,
        "session": shown,
        "roles": speakers.by_role(appearances),
        "before": before,
        "after": after,
    }
    return render(request, "programme/session.html", context)


def _neighbours(shown: Session) -> tuple[Session | None, Session | None]:
    """The sessions before and after in the programme, breaks left out."""
    sessions = shown.edition.sessions.public().in_order().select_related("room")
    ordered = by_day(list(sessions)).in_reading_order()
    rows = [each for each in ordered if has_page(each) or each == shown]
    place = rows.index(shown)
    return (
        rows[place - 1] if place else None,
        rows[place + 1] if place + 1 < len(rows) else None,
    )


@public_page
def person_list(request: HttpRequest) -> HttpResponse:
    """Those of the current edition, by surname."""
    edition = current_edition(request)
    public = edition.sessions.public() if edition else Session.objects.none()
    appearances = (
        Appearance.objects.filter(session__in=public, person__isnull=False)
        .select_related("person", "session")
        .order_by("session__day", "session__start", "session__position", "position", "pk")
    )
    context = {"edition": edition, "letters": speakers.by_letter(appearances)}
    return render(request, "programme/person_list.html", context)


@public_page
def person(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Person, slug=slug)
    appearances = list(
        shown.appearances.filter(session__in=Session.objects.public())
        .select_related("session__edition", "session__room__venue")
        .order_by("-session__edition__number", "session__day", "session__start", "pk")
    )
    if not appearances:
        raise Http404
    context = {
        "edition": appearances[0].session.edition,  # a person of the demonstration is labelled so
        "person": shown,
        "editions": [
            (edition, list(theirs))
            for edition, theirs in groupby(appearances, lambda each: each.session.edition)
        ],
    }
    return render(request, "programme/person.html", context)
