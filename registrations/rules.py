"""Who may have which seat. Refusals in the words of the event; nothing is written here."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.utils import timezone
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


class TooManyForRoom(SeatRefused):
    """A capacity above the room's."""

    def __init__(self, session: Session) -> None:
        message = _("The room %(room)s has %(seats)d seats only.")
        names = {"room": session.room, "seats": session.room.capacity}
        super().__init__(message % names, session)


class NoPlaceLeft(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    def __init__(self, edition: Edition) -> None:
        message = _(
            "All %(capacity)d places of the edition are taken: raise its capacity first, or wait for"
            " a place to become free."
        )
        super().__init__(message % {"capacity": edition.capacity})


class NobodyWaits(DomainError):  # noqa: N818 -- same
    def __init__(self) -> None:
        super().__init__(
            _(
                "Nobody else waits for this place: it would come back to this person at once. Refuse"
                " or cancel the registration instead."
            )
        )


class AddressRegistered(DomainError):  # noqa: N818 -- same
    """For the team: a stranger is never told."""

    def __init__(self) -> None:
        super().__init__(_("Another registration with this e-mail stands: look at that one."))


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


def refuse_overlaps(
    sessions: Sequence[Session],
    walking: dt.timedelta,
    among: Collection[Session] | None = None,
) -> None:
    """Raise for the first two that one person cannot both attend.

    Pairs without one of `among` were there before: a session has moved since.
    """
    for first, second in combinations(sessions, 2):
        is_new = among is None or first in among or second in among
        if is_new and first.overlaps(second, walking):
            raise SessionsOverlap(first, second, walking)


def refuse_full(sessions: Iterable[Session], registration: Registration | None = None) -> None:
    """Raise when the rows as they were read show no seat left. The lock has the last word.

    Kept seats are left for whom they are kept; without `registration`, for whoever it may be.
    """
    for session in sessions:
        if session.is_full and not (
            session.seats_kept
            and (
                registration is None
                or any(one.is_for(registration) for one in session.quotas.in_force())
            )
        ):
            raise SessionFull(session)


def refuse_invitation(
    registration: Registration, session: Session, booking: Booking | None, until: dt.datetime
) -> None:
    """Raise where the team cannot offer this seat to this person; `booking` is what stands."""
    if session.edition_id != registration.edition_id or session.booking not in (
        Session.Booking.SEAT,
        Session.Booking.INVITATION,
    ):
        raise SeatRefused(_("This session cannot be booked. Please choose again."), session)
    if until <= timezone.now():
        raise SeatRefused(_("The answer is due in the past. Choose a later moment."), session)
    if not registration.is_placed:
        raise SeatRefused(_("Only who has a place in the edition can be invited."), session)
    if booking and booking.state != Booking.State.WAITING:
        raise SeatRefused(_("This person has a seat there, or is offered one."), session)


def refuse_reopening(registration: Registration) -> None:
    """Raise for one that has gone on in another, or whose address somebody registered with since."""
    if registration.merged_into_id:
        message = _("This registration was merged into %(name)s: look at that one.")
        raise DomainError(message % {"name": registration.merged_into})
    same = registration.edition.registrations.standing().of_email(registration.email)
    if same.exclude(pk=registration.pk).exists():
        raise AddressRegistered


@dataclass(frozen=True)
class United:
    """Of the bookings of two registrations of one person: the other's that move, and what ends."""

    moved: list[Booking]
    ended: list[Booking]


def united(mine: Sequence[Booking], theirs: Sequence[Booking], walking: dt.timedelta) -> United:
    """Of each session the better one: a seat, then an offer, a place in line, a session asked for.

    Of two places in line the earlier; of two equal ones mine. A seat of theirs that overlaps one of
    mine ends.
    """
    seats = [one.session for one in mine if one.state == Booking.State.CONFIRMED]
    best = {one.session_id: one for one in mine}
    for booking in theirs:
        is_seat = booking.state == Booking.State.CONFIRMED
        if is_seat and any(
            booking.session != seat and booking.session.overlaps(seat, walking) for seat in seats
        ):
            continue
        rival = best.get(booking.session_id)
        if rival is None or _worth(booking) < _worth(rival):
            best[booking.session_id] = booking
    kept = {booking.pk for booking in best.values()}
    return United(
        moved=[booking for booking in theirs if booking.pk in kept],
        ended=[booking for booking in (*mine, *theirs) if booking.pk not in kept],
    )


def _worth(booking: Booking) -> tuple[int, int]:
    order = (*Booking.HELD, Booking.State.WAITING, Booking.State.ASKED)
    return order.index(booking.state), booking.turn or 0


def refuse_merging(survivor: Registration, other: Registration) -> None:
    """Raise where the two are no two live registrations of one edition."""
    if survivor == other or survivor.edition_id != other.edition_id:
        raise DomainError(_("Choose two registrations of the same edition."))
    for one in (survivor, other):
        if not one.is_live:
            message = _("%(name)s: only registrations that stand can be merged.")
            raise DomainError(message % {"name": one})


def capacity_in_room(session: Session, capacity: int | None) -> int | None:
    """The room's where none is given; raises TooManyForRoom above it."""
    limit = session.room.capacity if session.room else None
    if limit is not None and capacity is not None and capacity > limit:
        raise TooManyForRoom(session)
    return limit if capacity is None else capacity


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
    by_time = held.order_by("-created_at", "-pk")
    return sorted(by_time, key=lambda one: one.state != Booking.State.OFFERED)[:count]
