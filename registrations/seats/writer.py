"""The writer itself: what a person or the team does to single seats."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from registrations.models import Booking, Change, Registration
from registrations.rules import (
    TooManySeats,
    capacity_in_room,
    refuse_invitation,
    refuse_overlaps,
)
from registrations.seats.people import People
from sessions.models import Session

_A = Change.Action
_S = Booking.State


class Seats(People):
    """The seats of one edition. Lives inside one transaction; every method writes."""

    def change(
        self,
        registration: Registration,
        wanted: Iterable[Session],
        lists: Iterable[Session],
        among: Collection[int],
    ) -> None:
        """What the person wants instead of what stands, for the sessions whose keys are in `among`.

        Seats and lists outside are left as they are, and so are offers, unless they are wanted.
        All or nothing: SessionFull and SessionsOverlap leave everything as it was.
        """
        wanted = self.fresh(wanted)
        lists = [session for session in self.fresh(lists) if session not in wanted]
        if registration.state == Registration.State.WAITING:
            self._ask_anew(registration, [*wanted, *lists], among)
            return
        self._give_due([*wanted, *lists])
        mine = {booking.session: booking for booking in self._mine(registration)}
        going = [
            booking
            for session, booking in mine.items()
            if session.pk in among
            and session not in wanted
            and (
                booking.state == _S.CONFIRMED
                or (booking.state == _S.WAITING and session not in lists)
            )
        ]
        kept = [
            one.session for one in mine.values() if one.state == _S.CONFIRMED and one not in going
        ]
        coming = [session for session in wanted if session not in kept]
        refuse_overlaps([*kept, *coming], self.edition.walking, among=coming)
        freed = self._release(going, {_S.CONFIRMED: _A.RELEASED, _S.WAITING: _A.LEFT})
        for session in coming:
            if session in mine:
                freed |= self._confirm(mine[session], _A.BOOKED)
            else:
                Booking.objects.bulk_create(self._seat(registration, session))
        self.settle(freed)
        held = [*kept, *coming]
        for session in lists:
            if session not in mine or mine[session] in going:
                held += self._join(registration, session, held)

    def accept(self, booking: Booking) -> bool:
        """Turn an offer into a seat; a seat that it overlaps goes to the next. False: no offer now."""
        booking = self._again(booking)
        if booking.state != _S.OFFERED or booking.offered_until <= self.now:
            return False
        self.settle(self._confirm(booking, _A.BOOKED))
        return True

    def step_back(self, booking: Booking) -> bool:
        """Decline an offer or leave a line; the seat goes to the next. False: neither now."""
        booking = self._again(booking)
        actions = {_S.OFFERED: _A.DECLINED, _S.WAITING: _A.LEFT, _S.ASKED: _A.LEFT}
        if booking.state not in actions:
            return False
        self.settle(self._release([booking], actions))
        return True

    def give_back(self, booking: Booking) -> bool:
        """Give one seat back; the team takes it back, offered or held. False: it is not held."""
        booking = self._again(booking)
        is_teams = self.history.by == Change.By.TEAM
        if not (booking.is_held if is_teams else booking.state == _S.CONFIRMED):
            return False
        action = _A.DISPLACED if is_teams else _A.RELEASED
        self.settle(self._release([booking], dict.fromkeys(Booking.HELD, action)))
        return True

    def keep(self, booking: Booking) -> bool:
        """Give back the seats that overlap this one. False: it is not held, or overlaps none."""
        booking = self._again(booking)
        if booking.state != _S.CONFIRMED:
            return False
        rivals = self._clashing(booking.registration, booking.session, [_S.CONFIRMED])
        self.settle(self._release(rivals, {_S.CONFIRMED: _A.RELEASED}))
        return bool(rivals)

    def invite(self, registration: Registration, session: Session, until: dt.datetime) -> Booking:
        """The team offers a seat. Raises SessionFull; SeatRefused for one who has it already."""
        registration, session = self._person(registration), self._session(session.pk)
        self._give_due([session])
        booking = next((one for one in self._mine(registration) if one.session == session), None)
        until = min(until, session.starts_at or until)
        refuse_invitation(registration, session, booking, until)
        booking = booking or Booking(registration=registration, session=session)
        (booking.quota,) = self._claim(registration, session)
        self._offer(booking, until, _A.INVITED)
        return booking

    def resize(
        self,
        session: Session,
        *,
        capacity: int | None,
        overbooking: int | None = None,
        leaving: Sequence[Booking] = (),
        to_line: bool = True,
    ) -> None:
        """Set how many seats there are, None for the room's; `leaving` are taken back by the team.

        Those who leave wait at the end of the list if `to_line`, the first to come before the last.
        Seats that become free go down the line. Raises TooManySeats below what is still taken:
        nobody is thrown out by itself.
        """
        session = self._session(session.pk)
        capacity = capacity_in_room(session, capacity)
        leaving = session.bookings.held().filter(pk__in=[booking.pk for booking in leaving])
        going = self._whole(leaving.order_by("created_at", "pk"))
        self._release(going, dict.fromkeys(Booking.HELD, _A.DISPLACED))
        session.capacity = capacity
        session.overbooking = session.overbooking if overbooking is None else overbooking
        if session.capacity is not None and session.seats_taken > session.seats_offered:
            raise TooManySeats(session, session.seats_taken - session.seats_offered)
        Session.objects.filter(pk=session.pk).update(
            capacity=session.capacity, overbooking=session.overbooking
        )
        for booking in going if to_line else ():
            self._wait(booking.registration, session)
        self.settle([session.pk])
