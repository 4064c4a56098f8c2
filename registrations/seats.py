"""Seats and places: the only writer of bookings and of the two counters that hold them.

A seat is one conditional UPDATE of the session's own counter: right on PostgreSQL and on SQLite,
under any number of workers, with a CHECK constraint behind it. Rows are always locked in the same
order (sessions by primary key, then the edition, last because every registration wants it), so two
people who take and leave the same sessions never wait for each other in a circle.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Edition
from raict.errors import DomainError
from registrations.models import Booking, Membership, Organisation, Registration
from sessions.models import Session


class EditionFull(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    def __init__(self) -> None:
        super().__init__(_("All places are taken: registration is no longer possible."))


class SeatRefused(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    """A seat that cannot be given; `sessions` are the ones concerned."""

    def __init__(self, message: str, *sessions: Session) -> None:
        super().__init__(message, field="sessions")
        self.sessions = sessions


class SessionFull(SeatRefused):
    def __init__(self, session: Session) -> None:
        message = _("“%(session)s” is full. Please choose another session, or none at that time.")
        super().__init__(message % {"session": session.name}, session)


class SessionsOverlap(SeatRefused):
    def __init__(self, first: Session, second: Session) -> None:
        message = _("“%(first)s” and “%(second)s” take place at the same time: choose one of them.")
        super().__init__(message % {"first": first.name, "second": second.name}, first, second)


def claim_seat(session_id: int) -> bool:
    """One seat of the session, if one is left. The condition and the write are one statement."""
    free = Q(capacity__isnull=True) | Q(seats_taken__lt=F("capacity"))
    return bool(
        Session.objects.filter(free, pk=session_id).update(seats_taken=F("seats_taken") + 1)
    )


def claim_place(edition_id: int) -> bool:
    """One place of the edition, if one is left."""
    free = Q(capacity__isnull=True) | Q(places_taken__lt=F("capacity"))
    return bool(
        Edition.objects.filter(free, pk=edition_id).update(places_taken=F("places_taken") + 1)
    )


def is_member(organisation: Organisation | None, edition: Edition) -> bool:
    """The organisation is a member of the organiser in the edition's year."""
    if organisation is None or organisation.pk is None or edition.year is None:
        return False
    return Membership.objects.filter(organisation=organisation, year=edition.year).exists()


def refuse_unbookable(
    edition: Edition, sessions: Sequence[Session], organisation: Organisation | None
) -> None:
    """Raise for the first session that this person may not book, or for two that overlap."""
    for session in sessions:
        if (
            session.edition_id != edition.pk
            or not session.is_published
            or session.booking != Session.Booking.SEAT
        ):
            raise SeatRefused(_("This session cannot be booked. Please choose again."), session)
    reserved = [session for session in sessions if session.is_members_only]
    if reserved and not is_member(organisation, edition):
        message = _(
            "“%(session)s” is reserved for members of %(organiser)s, "
            "and the organisation that you name is not one this year."
        )
        names = {"session": reserved[0].name, "organiser": edition.organiser}
        raise SeatRefused(message % names, reserved[0])
    refuse_overlaps(sessions)


def refuse_overlaps(sessions: Sequence[Session]) -> None:
    """Raise for the first two that take place at the same time."""
    for first, second in combinations(sessions, 2):
        if first.overlaps(second):
            raise SessionsOverlap(first, second)


def refuse_full(edition: Edition, sessions: Iterable[Session]) -> None:
    """Raise when the rows as they were read show no place or seat left. `take` has the last word."""
    if edition.places_left == 0:
        raise EditionFull
    for session in sessions:
        if session.is_full:
            raise SessionFull(session)


@transaction.atomic
def take(registration: Registration, sessions: Iterable[Session]) -> list[Booking]:
    """Give a new registration its place in the edition and a seat in each of the sessions.

    All or nothing: SessionFull, EditionFull or SeatRefused leave no trace.
    """
    chosen = sorted({session.pk: session for session in sessions}.values(), key=lambda s: s.pk)
    refuse_unbookable(registration.edition, chosen, registration.organisation)
    for session in chosen:
        if not claim_seat(session.pk):
            raise SessionFull(session)
    bookings = Booking.objects.bulk_create(
        [Booking(registration=registration, session=session) for session in chosen]
    )
    if not claim_place(registration.edition_id):
        raise EditionFull
    return bookings


@transaction.atomic
def release(registration: Registration) -> None:
    """Give back every seat and the place of a registration that has just stopped being live.

    The caller has changed its state in the same transaction, by an UPDATE that only one can win:
    that is what keeps two cancellations from giving back one place twice.
    """
    held = registration.bookings.filter(state=Booking.State.CONFIRMED).order_by("session_id")
    for booking in held:
        Session.objects.filter(pk=booking.session_id).update(seats_taken=F("seats_taken") - 1)
    held.update(state=Booking.State.RELEASED, released_at=timezone.now())
    Edition.objects.filter(pk=registration.edition_id).update(places_taken=F("places_taken") - 1)


def differences() -> list[tuple[Session | Edition, int, int]]:
    """Where a counter is not what the rows say: (session or edition, counter, rows)."""
    sessions = Session.objects.annotate(
        rows=Count("bookings", filter=Q(bookings__state=Booking.State.CONFIRMED))
    ).exclude(seats_taken=F("rows"))
    editions = Edition.objects.annotate(
        rows=Count("registrations", filter=Q(registrations__state__in=Registration.LIVE))
    ).exclude(places_taken=F("rows"))
    return [(session, session.seats_taken, session.rows) for session in sessions.order_by("pk")] + [
        (edition, edition.places_taken, edition.rows) for edition in editions.order_by("pk")
    ]
