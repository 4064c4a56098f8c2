"""What the rows say of seats: what is due, and where a counter differs. Nothing is written here."""

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
    quotas = Quota.objects.filter(until__lt=timezone.localdate(now), session__seats_kept__gt=0)
    offered = F("session__capacity") * (100 + F("session__overbooking")) / 100
    lines = Booking.objects.filter(
        Q(session__capacity=None) | Q(session__seats_taken__lt=offered),
        state=Booking.State.WAITING,
        session__edition__state__in=GIVING,
    )
    found: dict[int, list[int]] = defaultdict(list)
    for rows in (offers, quotas, lines):
        keys = rows.order_by().values_list("session__edition_id", "session_id")
        for edition_id, session_id in keys.distinct():
            found[edition_id].append(session_id)
    waiting = Edition.objects.filter(state__in=GIVING, registrations__turn__isnull=False)
    for edition in waiting.distinct():
        if edition.places_left != 0:
            found.setdefault(edition.pk, [])
    return found


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
