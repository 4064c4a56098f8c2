"""Somebody's sessions change: seats, waiting lists, offers."""

from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext as _

from raict.errors import DomainError
from registrations import rules
from registrations.models import Booking, CafePreference, Change, Registration
from registrations.services.transaction import changing_seats
from sessions.models import Session


class ChangedMeanwhile(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    def __init__(self) -> None:
        super().__init__(
            _(
                "Your sessions have changed since this page was opened. Please look at them below"
                " and send again."
            )
        )


def change_sessions(
    registration: Registration,
    *,
    sessions: Iterable[Session],
    lists: Iterable[Session] = (),
    among: Collection[int],
    cafes: Sequence[Session] | None = None,
    revision: int | None = None,
    by: str = Change.By.PERSON,
    user=None,
) -> bool:
    """Seats and waiting lists as the person wants them now, all or nothing; one mail if any changed.

    `among` are the keys of the sessions that the form showed: others are left alone. `revision` is
    the registration's when the form was shown; another one by now raises ChangedMeanwhile. `cafes`,
    in order of preference, replace the wishes; None leaves them. False: nothing changed.
    """
    sessions, lists = list(sessions), list(lists)
    with changing_seats(registration.edition_id, by=by, user=user, whose=registration) as (
        seats,
        history,
    ):
        if not registration.is_live:
            raise DomainError(_("This registration has ended."))
        if revision is not None and revision != registration.revision:
            raise ChangedMeanwhile
        standing = dict(registration.bookings.standing().values_list("session_id", "state"))
        # Who waits may go on waiting, but has no seat for the asking.
        new = [one for one in sessions if standing.get(one.pk, "waiting") == "waiting"]
        new += [one for one in lists if one.pk not in standing]
        rules.refuse_unbookable(seats.edition, seats.fresh(new), registration.organisation)
        seats.change(registration, sessions, lists, among)
        if cafes is not None and _wish(registration, cafes):
            history.note(registration, Change.Action.WISHED)
        return any(change.registration == registration for change in history.changes)


def _wish(registration: Registration, cafes: Sequence[Session]) -> bool:
    """The wishes anew, where they differ. Tables are assigned later: no seat is taken by a wish."""
    if [wish.session for wish in registration.cafe_wishes()] == list(cafes):
        return False
    rules.refuse_wishes(registration.edition, cafes)
    registration.cafe_preferences.all().delete()
    write_wishes(registration, cafes)
    return True


def write_wishes(registration: Registration, cafes: Sequence[Session]) -> list[CafePreference]:
    """One row a wish, the first choice first."""
    return CafePreference.objects.bulk_create(
        CafePreference(registration=registration, session=cafe, rank=rank)
        for rank, cafe in enumerate(cafes, start=1)
    )


def accept(booking: Booking) -> bool:
    """Take the seat that is offered. False: the offer has run out, or was answered already."""
    with changing_seats(booking.registration.edition_id, **_person(booking)) as (seats, _history):
        return seats.accept(booking)


def step_back(booking: Booking) -> bool:
    """Decline an offer, or leave a waiting list. False: neither stands any more."""
    with changing_seats(booking.registration.edition_id, **_person(booking)) as (seats, _history):
        return seats.step_back(booking)


def give_back(booking: Booking, *, by: str = Change.By.PERSON, user=None) -> bool:
    """Give one seat back; the next in line has it. False: it is not held any more."""
    with changing_seats(
        booking.registration.edition_id, by=by, user=user, whose=booking.registration
    ) as (seats, _history):
        return seats.give_back(booking)


def keep(booking: Booking) -> bool:
    """Of seats that overlap since a session moved, keep this one; the others go to the next in line.

    False: there is nothing to choose any more.
    """
    with changing_seats(booking.registration.edition_id, **_person(booking)) as (seats, _history):
        return seats.keep(booking)


def _person(booking: Booking) -> dict:
    return {"by": Change.By.PERSON, "whose": booking.registration}
