"""What the rows say of seats: what is due, and what is not as it should be. Nothing is written here."""

import datetime as dt
from collections import defaultdict
from itertools import combinations

from django.db.models import Count, F, Q
from django.utils import timezone

from events.models import Edition
from registrations.locked import GIVING
from registrations.models import Booking, Quota, Registration
from sessions.models import Move, Session

# The worker looks every minute.
WORKER_PAUSE = dt.timedelta(minutes=10)


def due(now: dt.datetime) -> dict[int, list[int]]:
    """Where something has run out or is free while somebody waits: edition → its sessions."""
    offers = Booking.objects.filter(state=Booking.State.OFFERED, offered_until__lte=now)
    found: dict[int, set[int]] = defaultdict(set)
    for edition, session in offers.order_by().values_list("session__edition_id", "session_id"):
        found[edition].add(session)
    for session in (*wrongly_kept(now), *free_in_front_of_a_line(now)):
        found[session.edition_id].add(session.pk)
    for edition in places_in_front_of_a_line():
        found[edition.pk] |= set()
    return {edition: sorted(sessions) for edition, sessions in found.items()}


def wrongly_kept(now: dt.datetime) -> list[Session]:
    """Sessions whose kept seats are not what their quotas say today: `kept` is what they say."""
    unused: dict[int, int] = defaultdict(int)
    for quota in Quota.objects.in_force(timezone.localdate(now)):
        unused[quota.session_id] += max(0, quota.unused)
    found = []
    for session in Session.objects.filter(Q(seats_kept__gt=0) | Q(pk__in=list(unused))):
        free = 0 if session.capacity is None else session.seats_offered - session.seats_taken
        session.kept = min(unused[session.pk], max(0, free))
        found += [session] if session.kept != session.seats_kept else []
    return found


def free_in_front_of_a_line(now: dt.datetime) -> list[Session]:
    """Sessions whose line moves and has somebody, although a seat is left for everybody."""
    offered = F("capacity") * (100 + F("overbooking")) / 100
    found = Session.objects.filter(
        Q(capacity=None) | Q(seats_taken__lt=offered - F("seats_kept")),
        is_published=True,
        booking=Session.Booking.SEAT,
        edition__state__in=GIVING,
        bookings__state=Booking.State.WAITING,
    )
    waiting = found.annotate(waiting=Count("bookings")).order_by("pk")
    return [one for one in waiting if one.starts_at is None or one.starts_at > now]


def places_in_front_of_a_line() -> list[Edition]:
    """Editions with a place left although somebody waits for one."""
    found = Edition.objects.filter(
        Q(capacity=None) | Q(places_taken__lt=F("capacity")),
        state__in=GIVING,
        registrations__state=Registration.State.WAITING,
    )
    return list(found.annotate(waiting=Count("registrations")).order_by("pk"))


def differences(now: dt.datetime | None = None) -> list[str]:
    """What is not as the writer of seats leaves it, each in a sentence."""
    now = now or timezone.now()
    return [*_counters(now), *_turns(), *_lines(now), *_without_place(), *_late(now)] + [
        sentence for sentence, is_asked in _overlaps() if not is_asked
    ]


def asked_to_choose() -> list[str]:
    """Who holds two seats at one time since a session has moved: theirs to decide, no difference."""
    return [sentence for sentence, is_asked in _overlaps() if is_asked]


def _counters(now: dt.datetime) -> list[str]:
    held = Count("bookings", filter=Q(bookings__state__in=Booking.HELD))
    sessions = Session.objects.annotate(rows=held).exclude(seats_taken=F("rows")).order_by("pk")
    placed = Count("registrations", filter=Q(registrations__state__in=Registration.PLACED))
    editions = Edition.objects.annotate(rows=placed).exclude(places_taken=F("rows")).order_by("pk")
    return [
        *(
            f"{_of(one)}: counted {one.seats_taken} seats taken, {one.rows} held."
            for one in sessions
        ),
        *(
            f"{_of(one)}: counted {one.seats_kept} seats kept, {one.kept} by its quotas."
            for one in wrongly_kept(now)
        ),
        *(
            f"{_of(one)}: counted {one.places_taken} places taken, {one.rows} registrations."
            for one in editions
        ),
    ]


def _turns() -> list[str]:
    """The constraints refuse both; a database restored without them may hold them."""
    found = []
    for model, of in ((Booking, "session"), (Registration, "edition")):
        waiting = model.objects.filter(state="waiting").order_by()
        twice = waiting.values(of, "turn").annotate(rows=Count("pk")).filter(rows__gt=1)
        found += [
            f"{of} {one[of]}: the turn {one['turn']} is given to {one['rows']} in line."
            for one in twice.filter(turn__isnull=False).order_by(of, "turn")
        ]
        found += [
            f"{of} {pk}: {rows} in line without a turn."
            for pk, rows in waiting.filter(turn=None)
            .values_list(of)
            .annotate(Count("pk"))
            .order_by(of)
        ]
    return found


def _lines(now: dt.datetime) -> list[str]:
    return [
        f"{_of(one)}: {one.waiting} in line in front of a free seat."
        for one in free_in_front_of_a_line(now)
    ] + [
        f"{_of(one)}: {one.waiting} in line in front of a free place."
        for one in places_in_front_of_a_line()
    ]


def _without_place() -> list[str]:
    """Seats, offers and lines are for who has a place; sessions are asked for without one."""
    placed = Q(registration__state__in=Registration.PLACED)
    asked = Q(state=Booking.State.ASKED)
    waits = Q(registration__state=Registration.State.WAITING)
    standing = Booking.objects.standing()
    wrong = standing.filter((~asked & ~placed) | (asked & ~waits)).select_related(
        "registration", "session"
    )
    return [
        f"registration {one.registration.reference} ({one.registration.state}):"
        f" its booking of {_of(one.session)} is {one.state}."
        for one in wrong.order_by("pk")
    ]


def _late(now: dt.datetime) -> list[str]:
    late = Booking.objects.filter(
        state=Booking.State.OFFERED, offered_until__lt=now - WORKER_PAUSE
    ).select_related("registration", "session")
    return [
        f"registration {one.registration.reference}: the offer of {_of(one.session)} has run out"
        f" and stands. Is the worker running?"
        for one in late.order_by("pk")
    ]


def _overlaps() -> list[tuple[str, bool]]:
    """(sentence, whether a published move made it) for two seats of one person at one time."""
    seats: dict[int, dict[int, Booking]] = defaultdict(dict)
    confirmed = Booking.objects.filter(state=Booking.State.CONFIRMED).order_by("registration")
    for booking in confirmed.select_related("registration"):
        seats[booking.session_id][booking.registration_id] = booking
    moved: dict[int, list[dt.datetime]] = defaultdict(list)
    moves = Move.objects.filter(announcement__isnull=False)
    for session_id, at in moves.values_list("session_id", "announcement__made_at"):
        moved[session_id].append(at)
    sessions = Session.objects.filter(pk__in=list(seats)).select_related("edition")
    found = []
    for first, second in combinations(sessions.order_by("pk"), 2):
        if first.edition_id != second.edition_id:
            continue
        both = seats[first.pk].keys() & seats[second.pk].keys()
        if not both or not first.overlaps(second, first.edition.walking):
            continue
        for pk in sorted(both):
            pair = seats[first.pk][pk], seats[second.pk][pk]
            booked = max(one.created_at for one in pair)
            is_asked = any(at >= booked for at in (*moved[first.pk], *moved[second.pk]))
            what = "asked to choose between" if is_asked else "holds at one time"
            who = pair[0].registration.reference
            found.append((f"registration {who}: {what} {_of(first)} and {_of(second)}.", is_asked))
    return found


def _of(thing: Session | Edition) -> str:
    return f"{thing._meta.model_name} {thing.pk} ({thing})"
