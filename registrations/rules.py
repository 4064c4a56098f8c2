"""Who may have which seat. Refusals in the words of the event; nothing is written here."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import combinations

from django.utils.translation import gettext as _

from events.models import Edition
from raict.errors import DomainError
from registrations.models import Booking, CafePreference, Membership, Organisation, Registration
from sessions.models import Session


class SeatRefused(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    """A seat that cannot be given; `sessions` are the ones concerned."""

    def __init__(self, message: str, *sessions: Session) -> None:
        super().__init__(message, field="sessions")
        self.sessions = sessions


class SessionFull(SeatRefused):
    def __init__(self, session: Session) -> None:
        message = _(
            "“%(session)s” is full. Please choose another session, or join its waiting list."
        )
        super().__init__(message % {"session": session.name}, session)


class SessionsOverlap(SeatRefused):
    def __init__(self, first: Session, second: Session, walking: dt.timedelta) -> None:
        message = _("“%(first)s” and “%(second)s” take place at the same time: choose one of them.")
        if not first.overlaps(second):
            message = _(
                "“%(first)s” and “%(second)s” are in different rooms, less than %(minutes)d minutes"
                " apart: choose one of them."
            )
        names = {"first": first.name, "second": second.name}
        super().__init__(message % {**names, "minutes": walking.seconds // 60}, first, second)


class TooManySeats(SeatRefused):
    """A capacity below what is taken: the team chooses who goes."""

    def __init__(self, session: Session, excess: int) -> None:
        message = _(
            "“%(session)s”: %(taken)d seats are taken. Choose who goes, or keep more seats."
        )
        super().__init__(message % {"session": session.name, "taken": session.seats_taken}, session)
        self.excess = excess


def is_member(organisation: Organisation | None, edition: Edition) -> bool:
    """The organisation is a member of the organiser in the edition's year."""
    if organisation is None or organisation.pk is None or edition.year is None:
        return False
    return Membership.objects.filter(organisation=organisation, year=edition.year).exists()


def refuse_unbookable(
    edition: Edition, sessions: Sequence[Session], organisation: Organisation | None
) -> None:
    """Raise for the first session that this person may neither book nor wait for."""
    for session in sessions:
        if (
            session.edition_id != edition.pk
            or not session.is_published
            or session.booking != Session.Booking.SEAT
        ):
            raise SeatRefused(_("This session cannot be booked. Please choose again."), session)
        if session.has_begun:
            message = _("“%(session)s” has begun: seats are given at the door.")
            raise SeatRefused(message % {"session": session.name}, session)
    reserved = [session for session in sessions if session.is_members_only]
    if reserved and not is_member(organisation, edition):
        message = _(
            "“%(session)s” is reserved for members of %(organiser)s, "
            "and the organisation that you name is not one this year."
        )
        names = {"session": reserved[0].name, "organiser": edition.organiser}
        raise SeatRefused(message % names, reserved[0])


def refuse_overlaps(sessions: Sequence[Session], walking: dt.timedelta) -> None:
    """Raise for the first two that one person cannot both attend."""
    for first, second in combinations(sessions, 2):
        if first.overlaps(second, walking):
            raise SessionsOverlap(first, second, walking)


def refuse_full(sessions: Iterable[Session]) -> None:
    """Raise when the rows as they were read show no seat left. The lock has the last word."""
    for session in sessions:
        if session.is_full and not session.seats_kept:
            raise SessionFull(session)


def refuse_wishes(edition: Edition, cafes: Sequence[Session]) -> None:
    """Raise for café wishes that are too many, twice the same, or no cafés of this edition."""
    if len(cafes) > CafePreference.MAX_RANK or len({cafe.pk for cafe in cafes}) < len(cafes):
        raise DomainError(_("Choose each café once, and five at most."), field="cafes")
    for cafe in cafes:
        if (
            cafe.edition_id != edition.pk
            or not cafe.is_published
            or cafe.booking != Session.Booking.RANKED
        ):
            raise DomainError(_("This café cannot be chosen."), field="cafes")


def clashes(registration: Registration) -> list[tuple[Session, Session]]:
    """Pairs of the person's seats that overlap, since one of them moved: the person has to choose."""
    sessions = registration.booked_sessions()
    walking = registration.edition.walking
    return [pair for pair in combinations(sessions, 2) if pair[0].overlaps(pair[1], walking)]


def last_to_come(session: Session, count: int) -> list[Booking]:
    """Who would go if the session lost so many seats: the last who came, offers first."""
    held = session.bookings.held().select_related("registration__organisation", "session")
    return sorted(
        held, key=lambda one: (one.state != Booking.State.OFFERED, -one.created_at.timestamp())
    )[:count]
