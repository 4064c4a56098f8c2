"""The team's home page: an edition at a glance, and each number leads to its rows.

The site (raict/admin.py) asks `at_a_glance`; what is shown is what the person may see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from events.models import Edition, PressRelease
from raict.charts import Curve, Line, bar
from raict.typography import number
from registrations import dashboard
from registrations.dashboard import Bar, Deadline, Growth
from sessions.models import Session

_PEOPLE = "admin:registrations_registration_changelist"
# More bars than these stand behind « show all ».
_BARS = 8


@dataclass(frozen=True)
class Count:
    """A number with the page of its rows."""

    value: int
    url: str


@dataclass(frozen=True)
class Row:
    """A line of a table of bars."""

    label: str
    count: Count
    bar: str


def at_a_glance(request: HttpRequest) -> dict:
    """What the home page shows of the edition that the person looks at."""
    editions = list(
        Edition.objects.order_by("-is_current", "-number").only(
            *("number", "is_demonstration", "is_current", "state", "starts_on", "ends_on"),
            *("registration_opens_on", "registration_closes_on", "questions_close_on"),
        )
    )
    edition = _chosen(request, editions)
    if edition is None:
        return {"edition": None}
    sees_people = request.user.has_perm("registrations.view_registration")
    sees_sessions = request.user.has_perm("programme.view_session")
    sees_press = request.user.has_perm("events.view_pressrelease")
    found = {"edition": edition, "editions": editions}
    if sees_people:
        found |= _people(edition, dashboard.previous_of(edition, editions))
    if sees_people and sees_sessions:
        found["filling"] = [_filling(one) for one in dashboard.filling(edition)]
    if request.user.has_perm("events.view_edition"):
        coming = dashboard.deadlines(edition, names=sees_people and sees_sessions, press=sees_press)
        found["deadlines"] = [(one, _page_of(one)) for one in coming]
    return found


admin.site.at_a_glance = at_a_glance


def _chosen(request: HttpRequest, editions: Sequence[Edition]) -> Edition | None:
    """The one that is asked for, else the current one, else the latest."""
    asked = request.GET.get("edition", "")
    return next((one for one in editions if str(one.pk) == asked), next(iter(editions), None))


# ---------------------------------------------------------------------------------------- people
def _people(edition: Edition, previous: Edition | None) -> dict:
    groups = [
        (_("By category"), dashboard.by_category(edition)),
        (_("By country"), dashboard.by_country(edition)),
        (_("By kind of organisation"), dashboard.by_kind(edition)),
    ]
    growth = dashboard.growth(edition, previous)
    return {
        "previous": previous,
        "growth": growth and _growth(growth, edition, previous),
        "groups": [(title, *_rows(bars)) for title, bars in groups if bars],
    }


def _count(one: Bar | None) -> Count | None:
    return one and Count(one.value, f"{reverse(_PEOPLE)}?{urlencode(one.query)}")


def _rows(bars: Sequence[Bar]) -> tuple[list[Row], list[Row]]:
    """Those that are shown, and those behind « show all »; the longest bar is the largest number."""
    largest = max(one.value for one in bars)
    rows = [Row(one.label, _count(one), bar(one.value, largest)) for one in bars]
    return (rows[:_BARS], rows[_BARS:]) if len(rows) > _BARS + 1 else (rows, [])


def _growth(growth: Growth, edition: Edition, previous: Edition | None) -> dict:
    lines = [Line(_short(edition), "now", growth.now)]
    if growth.previous:
        lines.append(Line(_short(previous), "before", growth.previous))
    weeks = [
        (week.before, _count(week.new), _count(week.total), _count(week.previous))
        for week in growth.weeks
    ]
    curve = Curve(
        title=_("Registrations, cumulated, by days before the event"),
        description=_described(growth, edition, previous),
        lines=lines,
        ticks=_ticks([week.before for week in growth.weeks]),
    )
    return {"svg": curve.svg(), "weeks": weeks, "has_previous": bool(growth.previous)}


def _ticks(days: Sequence[int]) -> list[tuple[int, str]]:
    """The last day, and eight at most before it that are whole weeks and stand apart."""
    last, whole = days[-1], [day for day in days if day % dashboard.WEEK == 0]
    apart = (days[0] - last) / 9
    chosen = [last]
    for day in reversed(whole):
        if day - chosen[-1] >= apart:
            chosen.append(day)
    return [(-day, _days(day)) for day in reversed(chosen)]


def _described(growth: Growth, edition: Edition, previous: Edition | None) -> str:
    """What the curve shows, in words."""
    place, total = growth.now[-1]
    words = _("%(edition)s: %(total)s registered, %(days)s.") % {
        "edition": edition,
        "total": number(total),
        "days": _days(-place),
    }
    then = dict(growth.previous).get(place)
    if then is None:
        return words
    return f"{words} " + _("%(edition)s, as many days before: %(total)s.") % {
        "edition": previous,
        "total": number(then),
    }


def _days(before: int) -> str:
    """« J − 21 », « jour J », « J + 1 », as the team counts."""
    if before == 0:
        return _("day D")
    sign = "−" if before > 0 else "+"
    return _("D %(sign)s %(days)d") % {"sign": sign, "days": abs(before)}


def _short(edition: Edition) -> str:
    return str(edition.year or edition.number)


# -------------------------------------------------------------------------------------- sessions
def _filling(session: Session) -> dict:
    page = reverse("admin:programme_session_seats", args=[session.pk])
    offered = session.seats_offered
    return {
        "session": session,
        "taken": Count(session.seats_taken, page),
        "waiting": Count(session.waiting_count, page),
        "offered": offered,
        "bar": bar(session.seats_taken, offered or session.seats_taken),
    }


# ------------------------------------------------------------------------------------- deadlines
def _page_of(deadline: Deadline) -> str:
    """Where it is changed, or where its rows stand."""
    match deadline.about:
        case Session():
            name = "admin:programme_session_seats"
        case PressRelease():
            name = "admin:events_pressrelease_change"
        case _:
            name = "admin:events_edition_change"
    return reverse(name, args=[deadline.about.pk])
