"""What the rows say of seats: what is due, and what is not as it should be. Nothing is written here."""

import datetime as dt
from collections import defaultdict

from django.db.models import Count, F, Q
from django.utils import timezone

from events.models import Edition
from registrations.locked import GIVING
from registrations.models import Booking, Quota, Registration
from sessions.models import Session


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


def differences() -> list[tuple[Session | Edition, int, int]]:
    """Where a counter is not what the rows say: (session or edition, counter, rows)."""
    sessions = Session.objects.annotate(
        rows=Count("bookings", filter=Q(bookings__state__in=Booking.HELD))
    ).exclude(seats_taken=F("rows"))
    editions = Edition.objects.annotate(
        rows=Count("registrations", filter=Q(registrations__state__in=Registration.PLACED))
    ).exclude(places_taken=F("rows"))
    return [(session, session.seats_taken, session.rows) for session in sessions.order_by("pk")] + [
        (edition, edition.places_taken, edition.rows) for edition in editions.order_by("pk")
    ]
