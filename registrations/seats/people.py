"""A registration with all that it has: it comes, and it ends."""

from collections.abc import Collection, Iterable, Sequence

from registrations.locked import GIVING
from registrations.models import Booking, Change, Registration
from registrations.rules import (
    NobodyWaits,
    NoPlaceLeft,
    refuse_overlaps,
    refuse_reopening,
    united,
)
from registrations.seats.lines import Lines
from sessions.models import Session

_A = Change.Action
_R = Registration.State


class People(Lines):
    """Places of the edition, given and given back."""

    def admit(
        self, registration: Registration, wanted: Iterable[Session], lists: Iterable[Session] = ()
    ) -> list[Session]:
        """A new registration: its place and seats, all or none; beyond the capacity, its turn.

        `wanted` are seats, `lists` the sessions whose waiting list is joined (a seat at once if one
        is free by now). Raises SessionFull or SessionsOverlap. Somebody who waits for a place holds
        no seat: the sessions asked for are kept until the place comes. Answers those with a seat.
        """
        registration = self._person(registration)
        wanted = self.fresh(wanted)
        lists = [session for session in self.fresh(lists) if session not in wanted]
        refuse_overlaps(wanted, self.edition.walking)
        self.fill()
        if not self._claim_place():
            self._queue(registration, [*wanted, *lists])
            return []
        self._give_due([*wanted, *lists])
        Booking.objects.bulk_create(self._seat(registration, *wanted))
        held = [*wanted]
        for session in lists:
            held += self._join(registration, session, held)
        return held

    def admit_all(self, registrations: Sequence[Registration]) -> None:
        """Many new registrations without sessions, not written yet: a place, or a turn, each in order.

        Whoever waits already goes first. The caller writes the rows as they are then.
        """
        self.fill()
        left = self.edition.places_left
        placed = registrations if left is None else registrations[:left]
        if placed:
            self._count("places_taken", len(placed), self.edition)
        turn = self._last_turn()
        for turn_of, registration in enumerate(registrations[len(placed) :], turn + 1):
            registration.state, registration.turn = Registration.State.WAITING, turn_of
            registration.badge_made_at = None
            self.history.note(registration, _A.QUEUED)

    def end(self, registration: Registration, state: str, action: str) -> bool:
        """Cancel or refuse, and give back everything that is held. False: it had ended already.

        The row was renewed under the lock (services/transaction.py).
        """
        if not registration.is_live:
            return False
        freed = self._release(self._mine(registration))
        self._leave(registration)
        registration.state, registration.cancelled_at = state, self.now
        registration.save(update_fields=["state", "turn", "cancelled_at"])
        self.history.note(registration, action)
        self.settle(freed)
        self.fill()
        return True

    def confirm(self, registration: Registration) -> bool:
        """Whatever it was before, it has a place now. False: it had one, and nothing to be approved.

        Who waits is given what was asked for, as far as it is left. Raises NoPlaceLeft, and
        AddressRegistered where somebody has registered with the address since it ended.
        """
        was = registration.state
        if was == _R.CONFIRMED:
            return False
        if not registration.is_placed:
            refuse_reopening(registration)
            self.fill()
        if not registration.is_placed and not self._claim_place():
            raise NoPlaceLeft(self.edition)
        registration.state, registration.turn, registration.cancelled_at = _R.CONFIRMED, None, None
        # It goes with the mail.
        registration.badge_made_at, registration.badge_changed_at = self.now, None
        registration.save(
            update_fields=["state", "turn", "cancelled_at", "badge_made_at", "badge_changed_at"]
        )
        self.history.note(registration, _A.REOPENED if was in Registration.ENDED else _A.APPROVED)
        if was == _R.WAITING:
            self._fulfil(registration)
        return True

    def defer(self, registration: Registration, among: Collection[int] = ()) -> bool:
        """To the end of the edition's line; seats and lines are asked for instead. False: not placed.

        The place goes to the first in line. Raises NobodyWaits where it would come back to the same
        person, or to one of `among`, who are put on the list in the same breath.
        """
        if not registration.is_placed:
            return False
        self.fill()
        first = self.edition.registrations.in_line().values_list("pk", flat=True).first()
        if self.edition.state in GIVING and (first is None or first in among):
            raise NobodyWaits
        mine = self._mine(registration)
        freed = self._release(mine)
        self._leave(registration)
        self._queue(registration, [booking.session for booking in mine], _A.DEFERRED)
        self.settle(freed)
        self.fill()
        return True

    def absorb(self, survivor: Registration, other: Registration) -> None:
        """Give `survivor` what `other` has, place and turn included, and end the other in it.

        Both were renewed under the lock. What ends by it goes to the next in line (rules.united).
        """
        both = united(self._mine(survivor), self._mine(other), self.edition.walking)
        freed = self._release(both.ended)
        if survivor.is_placed and other.is_placed:
            self._count("places_taken", -1, self.edition)
        order = (_R.CONFIRMED, _R.PENDING, _R.WAITING)
        state = min(survivor.state, other.state, key=order.index)
        turn = min((one.turn for one in (survivor, other) if one.turn), default=None)
        other.state, other.turn, other.cancelled_at = _R.CANCELLED, None, self.now
        other.merged_into = survivor
        other.save(update_fields=["state", "turn", "cancelled_at", "merged_into"])
        if state == _R.CONFIRMED and survivor.state != state:
            survivor.badge_made_at = self.now  # it goes with the mail
        survivor.state, survivor.turn = state, turn if state == _R.WAITING else None
        survivor.save(update_fields=["state", "turn", "badge_made_at"])
        moved = [booking.pk for booking in both.moved]
        Booking.objects.filter(pk__in=moved).update(registration=survivor)
        if survivor.is_placed:
            seats = [one.session for one in self._mine(survivor) if one.is_held]
            self._fulfil(survivor, seats)
        self.settle(freed)
        self.fill()

    def _leave(self, registration: Registration) -> None:
        """The place, or the turn; the caller writes the row."""
        if registration.is_placed:
            self._count("places_taken", -1, self.edition)
        registration.turn = None
