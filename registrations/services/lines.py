"""What the team and the clock do to seats: sizes, invitations, offers that run out."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from events.models import Edition
from registrations.models import Booking, Change, Registration
from registrations.reckoning import due
from registrations.services.transaction import changing_seats
from sessions.models import Session


def settle_due() -> int:
    """End what has run out and give out what is free, wherever; how many editions had any.

    Nothing depends on its hour: a transaction that frees a seat gives it out itself. This ends
    offers and quotas by the clock, and finds what was changed by other ways (an edition file).
    An edition that fails does not stop the others; what failed is raised at the end.
    """
    found = due(timezone.now())
    failures = []
    for edition_id, session_ids in found.items():
        try:
            with changing_seats(edition_id) as (seats, _history):
                seats.settle(session_ids)
                seats.fill()
        except Exception as error:  # noqa: BLE001 -- raised below, with the others
            failures.append(error)
    if failures:
        raise ExceptionGroup("Some editions could not be settled.", failures)
    return len(found)


def resize(
    session: Session,
    *,
    capacity: int | None,
    overbooking: int | None = None,
    leaving: Sequence[Booking] = (),
    to_line: bool = True,
    user=None,
) -> None:
    """Set a session's capacity; whoever leaves was chosen by the team. Freed seats go down the line.

    Raises TooManySeats while more seats are taken than would be left; nobody is thrown out by
    itself. `to_line`: those who leave wait at the end of the list.
    """
    with changing_seats(session.edition_id, by=Change.By.TEAM, user=user) as (seats, _history):
        seats.resize(
            session,
            capacity=capacity,
            overbooking=overbooking,
            leaving=leaving,
            to_line=to_line,
        )


def settle(session: Session, *, user=None) -> None:
    """After the team changed what a session's line depends on: quotas, booking, publication, time."""
    with changing_seats(session.edition_id, by=Change.By.TEAM, user=user) as (seats, _history):
        seats.curtail([session.pk])
        seats.settle([session.pk])


def fill(edition: Edition, *, user=None) -> None:
    """After the team raised the edition's capacity: places go to the first who wait."""
    with changing_seats(edition.pk, by=Change.By.TEAM, user=user) as (seats, _history):
        seats.fill()


def invite(
    registration: Registration, session: Session, *, until: dt.datetime, user=None
) -> Booking:
    """Offer somebody a seat; they accept on their page. Raises SeatRefused or SessionFull."""
    with changing_seats(
        registration.edition_id, by=Change.By.TEAM, user=user, whose=registration
    ) as (seats, _history):
        return seats.invite(registration, session, until)
