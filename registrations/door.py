"""What the door of a session sees: chairs, who is expected, who came. Nothing is written here.

Until five minutes after the start, chairs are kept for those who booked; then whatever is empty is
given: to the waiting list first, in its order, then to whoever is there.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from raict.typography import folded
from registrations.links import registration_from_badge_code
from registrations.models import Booking, CheckIn, Registration
from sessions.models import Session
from sessions.schedule import PAUSES

# How long chairs are kept for those who booked.
GRACE = dt.timedelta(minutes=5)
# A list to choose from is no longer than a phone.
CHOICES = 20


class Ask(IntEnum):
    """How much the one at the door has to mean it."""

    NOTHING = 0  # a seat, or free entry
    LET_IN = 1  # no seat, but a chair is free
    ANYWAY = 2  # no chair is free


@dataclass(frozen=True)
class Guest:
    """Somebody before the door of one session."""

    registration: Registration
    booking: Booking | None = None
    check_in: CheckIn | None = None
    rank: int | None = None  # in the waiting list

    @property
    def has_seat(self) -> bool:
        return self.booking is not None and self.booking.is_held

    @property
    def letter(self) -> str:
        return folded(self.registration.last_name)[:1].upper() or "…"

    @property
    def order(self) -> tuple[str, str, int]:
        one = self.registration
        return folded(one.last_name), folded(one.first_name), one.pk


@dataclass(frozen=True)
class Door:
    """The figures of one session at one moment."""

    session: Session
    present: int
    awaited: int  # hold a seat and have not come
    now: dt.datetime

    @property
    def opens_at(self) -> dt.datetime | None:
        """When kept chairs are given; None while the hour is not known."""
        starts_at = self.session.starts_at
        return starts_at and starts_at + GRACE

    @property
    def is_open(self) -> bool:
        """Nothing is kept: five minutes have passed, or entry is free."""
        is_free_entry = self.session.booking == Session.Booking.FREE
        return is_free_entry or (self.opens_at is not None and self.opens_at <= self.now)

    @property
    def empty(self) -> int | None:
        """Chairs on which nobody sits; None while the capacity is not known."""
        if self.session.capacity is None:
            return None
        return max(0, self.session.capacity - self.present)

    @property
    def kept(self) -> int:
        """Chairs kept for those who booked: with a margin, fewer than people expected."""
        if self.is_open:
            return 0
        return self.awaited if self.empty is None else min(self.awaited, self.empty)

    @property
    def free(self) -> int | None:
        """Chairs that may be given to anybody now; None while the capacity is not known."""
        return None if self.empty is None else self.empty - self.kept

    def asks(self, guest: Guest) -> Ask:
        """What it takes to let this person in now."""
        if guest.has_seat or self.session.booking == Session.Booking.FREE:
            return Ask.ANYWAY if self.empty == 0 else Ask.NOTHING
        return Ask.ANYWAY if self.free == 0 else Ask.LET_IN


def doors(sessions: QuerySet[Session]) -> list[Door]:
    """The figures of these sessions, in one query with them."""
    came = CheckIn.objects.filter(
        session=OuterRef("session"), registration=OuterRef("registration")
    )
    awaited = Booking.objects.held().filter(~Exists(came), session=OuterRef("pk"))
    present = CheckIn.objects.filter(session=OuterRef("pk"))
    counted = sessions.annotate(present=_count(present), awaited=_count(awaited))
    now = timezone.now()
    return [Door(session, session.present, session.awaited, now) for session in counted]


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("session").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def door_of(session: Session) -> Door:
    """As it is now."""
    (found,) = doors(Session.objects.filter(pk=session.pk).select_related("edition", "room__venue"))
    return found


def attended(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Those with a door: coffee for everybody has none."""
    return sessions.filter(is_published=True).exclude(kind__in=PAUSES, booking=Session.Booking.FREE)


def guests_of(session: Session) -> list[Guest]:
    """Who holds a seat, waits, or came, by name."""
    came = {
        one.registration_id: one
        for one in session.check_ins.select_related("registration__organisation")
    }
    bookings = session.bookings.filter(state__in=[*Booking.HELD, Booking.State.WAITING])
    found, rank = [], 0
    for booking in bookings.order_by("turn", "pk").select_related("registration__organisation"):
        is_waiting = booking.state == Booking.State.WAITING
        rank += is_waiting
        check_in = came.pop(booking.registration_id, None)
        found.append(Guest(booking.registration, booking, check_in, rank if is_waiting else None))
    found += [Guest(one.registration, check_in=one) for one in came.values()]
    return sorted(found, key=lambda guest: guest.order)


def guest(registration: Registration, session: Session) -> Guest:
    """One person before this door."""
    bookings = registration.bookings.standing()
    booking = bookings.filter(session=session).with_rank().first()
    check_in = registration.check_ins.filter(session=session).first()
    return Guest(registration, booking, check_in, booking.rank if booking else None)


def refusal(registration: Registration, session: Session) -> str:
    """Why this registration opens no door here, in a sentence; empty when it does."""
    if registration.edition_id != session.edition_id:
        return _("This registration is for another edition.")
    if registration.state == Registration.State.CANCELLED:
        return _("This registration is cancelled.")
    if registration.state == Registration.State.REFUSED:
        return _("This registration was not accepted.")
    if registration.state == Registration.State.PENDING:
        return _("The team has not approved this registration yet.")
    if registration.state == Registration.State.WAITING:
        return _("This person waits for a place in the edition and has none.")
    return ""


def recognised(text: str) -> Registration | None:
    """Who has this badge code or this reference, of whatever edition."""
    code = "".join(sign for sign in text.upper() if sign.isalnum())
    try:
        return registration_from_badge_code(code)
    except Registration.DoesNotExist:
        known = Registration.objects.filter(reference=code) if code else Registration.objects.none()
        return known.select_related("edition").first()


def named(text: str, session: Session, guests: Iterable[Guest]) -> list[Guest]:
    """Whose name or organisation has these words: this session's people, then all confirmed ones."""
    words = folded(text).split()
    if not words:
        return []

    def fits(*names: str) -> bool:
        inside = folded(" ".join(names))
        return all(word in inside for word in words)

    guests = list(guests)
    near = [one for one in guests if fits(*_names(one.registration))]
    seen = {one.registration.pk for one in guests}
    rows = (
        session.edition.registrations.confirmed()
        .order_by()
        .values_list("pk", "first_name", "last_name", "organisation__name")
    )
    keys = [pk for pk, *names in rows if pk not in seen and fits(*(name or "" for name in names))]
    far = Registration.objects.filter(pk__in=keys).select_related("organisation")
    others = sorted(map(Guest, far), key=lambda one: one.order)
    return [*near, *others][:CHOICES]


def _names(registration: Registration) -> tuple[str, str, str]:
    organisation = registration.organisation
    return (
        registration.first_name,
        registration.last_name,
        organisation.name if organisation else "",
    )
