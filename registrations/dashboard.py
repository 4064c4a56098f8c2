"""The home page of the team as a reading model: an edition at a glance. Nothing is written here.

Whatever counts people counts those of the figure « registered » (events/figures.py). Each number
comes with the query string of the list that shows exactly its rows.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import CharField, Count, Min, Q, QuerySet
from django.db.models.functions import Cast, Left
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from events.figures import COMPUTED
from events.models import Edition, PressRelease
from registrations.models import Booking, Category, Organisation, Registration
from sessions.models import Session

WEEK = 7
REGISTERED = COMPUTED["registered"]


@dataclass(frozen=True)
class Bar:
    """A number of people, and the filters of their list that show them."""

    label: str
    value: int
    query: dict


@dataclass(frozen=True)
class Week:
    """Where both curves stand so many days before the event; None where that is still to come."""

    before: int
    new: Bar | None
    total: Bar | None
    previous: Bar | None


@dataclass(frozen=True)
class Growth:
    """Registrations from the first to today, by days before the event (0: its first day)."""

    now: list[tuple[int, int]]
    previous: list[tuple[int, int]]
    weeks: list[Week]


@dataclass(frozen=True)
class Deadline:
    """Something that happens by itself, or must be done, on that day. `about`: the row it is of."""

    day: dt.date
    what: str
    about: object

    @property
    def distance(self) -> str:
        """« aujourd’hui », « demain », « dans 3 jours »."""
        days = (self.day - timezone.localdate()).days
        if days < 2:
            return _("tomorrow") if days else _("today")
        return ngettext("in %d day", "in %d days", days) % days


# -------------------------------------------------------------------------------------- editions
def previous_of(edition: Edition, editions: Iterable[Edition]) -> Edition | None:
    """The last real one before it that took place; None without dates to go by."""
    if not edition.starts_on:
        return None
    earlier = [
        one
        for one in editions
        if one.starts_on
        and one.starts_on < edition.starts_on
        and not one.is_demonstration
        and one.state not in (Edition.State.DRAFT, Edition.State.CANCELLED)
    ]
    return max(earlier, key=lambda one: one.starts_on, default=None)


def registered(edition: Edition) -> QuerySet[Registration]:
    return REGISTERED.queryset(edition).order_by()


def query_of(edition: Edition, **more) -> dict:
    """The filters of the team's list that show who is registered."""
    return {"edition__id__exact": edition.pk, "state__exact": "confirmed", **more}


# ---------------------------------------------------------------------------------------- curve
def arrivals(editions: Iterable[Edition]) -> dict[int, Counter[dt.date]]:
    """Edition → day in Paris → how many registered. One query.

    Counted by hour in the database, as the stored moment (UTC) begins: SQLite would call Python
    for the day of every row.
    """
    found: dict[int, Counter[dt.date]] = {edition.pk: Counter() for edition in editions}
    rows = Registration.objects.filter(REGISTERED.condition(), edition__in=found).order_by()
    hours = rows.values("edition", hour=Left(Cast("created_at", CharField()), 13))
    paris = timezone.get_default_timezone()
    for edition, hour, count in hours.annotate(count=Count("pk")).values_list(
        "edition", "hour", "count"
    ):
        moment = dt.datetime.fromisoformat(f"{hour}:00+00:00")
        found[edition][moment.astimezone(paris).date()] += count
    return found


def growth(edition: Edition, previous: Edition | None) -> Growth | None:
    """None while nobody is registered."""
    days = arrivals([edition, *([previous] if previous else [])])
    if not days[edition.pk]:
        return None
    today = timezone.localdate()
    first_day = edition.starts_on or today
    now = _cumulated(days[edition.pk], first_day, until=min(today, edition.ends_on or today))
    before = _cumulated(days[previous.pk], previous.starts_on) if previous else []
    places = _places([x for x, _count in now + before], today=now[-1][0])
    weeks = []
    for place, since in zip(places, [None, *places], strict=False):
        total = _total(edition, first_day, place, dict(now))
        then = previous and _total(previous, previous.starts_on, place, dict(before))
        weeks.append(Week(-place, total and _new(total, first_day, since, dict(now)), total, then))
    return Growth(now, before, weeks)


def _cumulated(
    days: Counter[dt.date], first_day: dt.date, until: dt.date | None = None
) -> list[tuple[int, int]]:
    """(days from the first day on, how many by then), day by day; negative before the event."""
    if not days:
        return []
    total, found = 0, []
    day, last = min(days), max(*days, until or min(days))
    while day <= last:
        total += days[day]
        found.append(((day - first_day).days, total))
        day += dt.timedelta(days=1)
    return found


def _places(all_places: Sequence[int], today: int) -> list[int]:
    """Every seventh day before the event, and after it; today, and the last of all."""
    first, last = min(all_places), max(0, *all_places)
    return sorted({*range(-(-first // WEEK) * WEEK, last, WEEK), today, last})


def _total(edition: Edition, first_day: dt.date, place: int, totals: dict) -> Bar | None:
    """Nothing where the day has not come."""
    if first_day + dt.timedelta(days=place) > timezone.localdate():
        return None
    query = query_of(edition, created_at__lt=_midnight(first_day, place + 1))
    return Bar("", _until(totals, place), query)


def _new(total: Bar, first_day: dt.date, since: int | None, totals: dict) -> Bar:
    """Those of the total who came after that day."""
    if since is None:
        return total
    query = {**total.query, "created_at__gte": _midnight(first_day, since + 1)}
    return Bar("", total.value - _until(totals, since), query)


def _until(totals: dict[int, int], place: int) -> int:
    return max((count for x, count in totals.items() if x <= place), default=0)


def _midnight(first_day: dt.date, place: int) -> str:
    day = first_day + dt.timedelta(days=place)
    return timezone.make_aware(dt.datetime.combine(day, dt.time())).isoformat()


# ------------------------------------------------------------------------------------------ bars
def by_category(edition: Edition) -> list[Bar]:
    """In the team's order."""
    counts = dict(registered(edition).values_list("category").annotate(Count("pk")))
    return [
        Bar(category.name, counts[category.pk], query_of(edition, category__id__exact=category.pk))
        for category in Category.objects.filter(pk__in=counts)
    ]


def by_country(edition: Edition) -> list[Bar]:
    """The most numerous first."""
    counts = registered(edition).values_list("country").annotate(Count("pk"))
    bars = [
        Bar(countries.name(code), count, query_of(edition, country=code)) for code, count in counts
    ]
    return _largest_first(bars)


def by_kind(edition: Edition) -> list[Bar]:
    """By the kind of organisation; who comes for none, or one of a kind not said, comes last."""
    counts = dict(registered(edition).values_list("organisation__kind").annotate(Count("pk")))
    kinds = dict(Organisation.Kind.choices)
    known = [
        Bar(capfirst(kinds[kind]), counts[kind], query_of(edition, kind=kind))
        for kind in kinds
        if kind in counts
    ]
    rest = [
        ("", _("Kind not said"), {"kind": "unknown"}),
        (None, _("No organisation"), {"kind": "none"}),
    ]
    return _largest_first(known) + [
        Bar(label, counts[key], query_of(edition, **query))
        for key, label, query in rest
        if key in counts
    ]


def _largest_first(bars: Sequence[Bar]) -> list[Bar]:
    return sorted(bars, key=lambda bar: (-bar.value, bar.label))


# -------------------------------------------------------------------------------------- sessions
def filling(edition: Edition) -> list[Session]:
    """Every session where seats are counted, by time, each with `waiting_count`. Two queries."""
    waiting = Booking.objects.filter(session__edition=edition, state=Booking.State.WAITING)
    counts = dict(waiting.order_by().values_list("session").annotate(Count("pk")))
    sessions = edition.sessions.exclude(booking=Session.Booking.FREE).without_texts().in_order()
    found = list(sessions)
    for session in found:
        session.waiting_count = counts.get(session.pk, 0)
    return found


# ------------------------------------------------------------------------------------- deadlines
def deadlines(edition: Edition, *, names: bool, press: bool) -> list[Deadline]:
    """What is to come, the nearest first. `names`, `press`: whether the person sees these."""
    found = [
        Deadline(edition.registration_opens_on, _("Registrations open"), edition),
        Deadline(edition.registration_closes_on, _("Registrations close"), edition),
        Deadline(edition.answers_until, _("Questions (diet, access) close"), edition),
        Deadline(edition.starts_on, _("First day of the event"), edition),
        Deadline(edition.ends_on, _("Last day of the event"), edition),
    ]
    if names:
        found += [*_quotas(edition), *_offers(edition)]
    if press:
        found += _press(edition)
    today = timezone.localdate()
    return sorted(
        (one for one in found if one.day and one.day >= today), key=lambda one: (one.day, one.what)
    )


def _quotas(edition: Edition) -> list[Deadline]:
    """The day after the last one on which seats are kept."""
    in_force = edition.sessions.filter(quotas__until__gte=timezone.localdate()).without_texts()
    rows = in_force.annotate(until=Min("quotas__until"))
    return [
        Deadline(
            one.until + dt.timedelta(days=1),
            _("Seats kept are released: %(session)s") % {"session": one.name},
            one,
        )
        for one in rows
    ]


def _offers(edition: Edition) -> list[Deadline]:
    """Of each session, the first offer that ends, with how many are open."""
    is_open = Q(bookings__state=Booking.State.OFFERED)
    sessions = edition.sessions.filter(is_open).without_texts()
    rows = sessions.annotate(first=Min("bookings__offered_until"), count=Count("bookings"))
    return [
        Deadline(
            timezone.localdate(one.first),
            ngettext(
                "%(count)d offer ends: %(session)s", "%(count)d offers end: %(session)s", one.count
            )
            % {"count": one.count, "session": one.name},
            one,
        )
        for one in rows
    ]


def _press(edition: Edition) -> list[Deadline]:
    now = timezone.now()
    rows = edition.press_releases.filter(Q(embargo_until__gt=now) | Q(publish_at__gt=now))
    found = []
    for release in rows.exclude(state=PressRelease.State.WITHDRAWN):
        names = {"release": release.headline or release.slug}
        if release.publish_at and release.publish_at > now:
            day, words = release.publish_at, _("Press release goes out: %(release)s")
            found.append(Deadline(timezone.localdate(day), words % names, release))
        if release.is_under_embargo:
            day, words = release.embargo_until, _("Embargo ends: %(release)s")
            found.append(Deadline(timezone.localdate(day), words % names, release))
    return found
