"""What somebody's own page shows, read in a fixed number of queries. Nothing is written here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F
from django.utils import timezone

from registrations.models import Booking, Change, Registration
from sessions.models import Session

_S = Booking.State


@dataclass(frozen=True)
class Offer:
    """A seat kept for the person until they answer, and what accepting it ends."""

    booking: Booking
    gives_back: Sequence[Session]
    leaves: Sequence[Session]

    @property
    def is_over(self) -> bool:
        return self.booking.offered_until <= timezone.now()


@dataclass(frozen=True)
class Clash:
    """A seat that overlaps others since a session moved."""

    booking: Booking
    others: Sequence[Session]


@dataclass(frozen=True)
class Overview:
    """Everything that the person has, and may change."""

    held: list[Session] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    lines: list[Booking] = field(default_factory=list)
    asked: list[Booking] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


def overview(registration: Registration) -> Overview:
    """Seats, offers, lines and what is asked for, by time: one query."""
    bookings = list(standing(registration))
    by_state = {
        state: [one for one in bookings if one.state == state]
        for state in (_S.CONFIRMED, _S.OFFERED, _S.WAITING, _S.ASKED)
    }

    def overlapping(booking: Booking, *states: str) -> list[Session]:
        walking = registration.edition.walking
        return [
            other.session
            for state in states
            for other in by_state[state]
            if other != booking and booking.session.overlaps(other.session, walking)
        ]

    clashes = [Clash(one, overlapping(one, _S.CONFIRMED)) for one in by_state[_S.CONFIRMED]]
    return Overview(
        held=[one.session for one in by_state[_S.CONFIRMED]],
        offers=[
            Offer(one, overlapping(one, _S.CONFIRMED, _S.OFFERED), overlapping(one, _S.WAITING))
            for one in by_state[_S.OFFERED]
        ],
        lines=by_state[_S.WAITING],
        asked=by_state[_S.ASKED],
        clashes=[clash for clash in clashes if clash.others],
    )


def standing(registration: Registration):
    """The bookings that stand, each with its `rank`, by the time of the session."""
    return (
        registration.bookings.standing()
        .with_rank()
        .select_related("session__room", "session__edition")
        .order_by(
            F("session__day").asc(nulls_last=True),
            F("session__start").asc(nulls_last=True),
            "session__position",
            "pk",
        )
    )


def own_history(registration: Registration) -> list[Change]:
    """What happened to this person, newest first: not to whoever had the place before them."""
    changes = []
    for change in registration.changes.select_related("session"):
        changes.append(change)
        if change.action == Change.Action.PASSED:
            break
    return changes


def badge_changed_at(registration: Registration, changes: Sequence[Change]) -> dt.datetime | None:
    """Since when the badge that this person received is an old one; `changes` are theirs.

    Who was passed the place has received a badge of their own.
    """
    changed_at = registration.badge_changed_at
    was_passed = changes and changes[-1].action == Change.Action.PASSED
    return None if was_passed and changed_at and changed_at <= changes[-1].at else changed_at
