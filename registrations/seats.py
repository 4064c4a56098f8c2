"""Seats and places: the only writer of bookings, of waiting lists and of the counters.

One edition, one writer of seats at a time (registrations/locked.py). Behind the lock, CHECK
constraints on the counters refuse an oversold session on both databases.

What holds at the end of every transaction: a seat that is free for somebody in line has been given
to that person; ranks are counted, so they have no holes; turns are never changed, so nobody is
overtaken; nobody holds two confirmed seats that overlap, unless a session has moved since.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.db.models import F, Max, Q

from events.models import Edition
from registrations.history import History
from registrations.locked import GIVING, LockedEdition
from registrations.models import Booking, Change, Quota, Registration
from registrations.rules import (
    SessionFull,
    TooManySeats,
    capacity_in_room,
    refuse_invitation,
    refuse_overlaps,
)
from sessions.models import Session

# How long somebody may think who wins a seat while holding one at the same time, where the session
# gives its seats at once.
TIME_TO_CHOOSE = dt.timedelta(hours=24)
_A = Change.Action
_S = Booking.State


class Seats(LockedEdition):
    """The seats of one edition. Lives inside one transaction; every method writes."""

    def __init__(self, edition_id: int, history: History) -> None:
        super().__init__(edition_id)
        self.history = history

    # --------------------------------------------------------------------------- a registration
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

    def cancel(self, registration: Registration) -> bool:
        """End a registration and give back everything it holds. False: it had ended already.

        The row was renewed under the lock (services/transaction.py).
        """
        if not registration.is_live:
            return False
        freed = self._release(self._mine(registration))
        if registration.is_placed:
            self._count("places_taken", -1, self.edition)
        registration.state, registration.turn = Registration.State.CANCELLED, None
        registration.cancelled_at = self.now
        registration.save(update_fields=["state", "turn", "cancelled_at"])
        self.history.note(registration, _A.CANCELLED)
        self.settle(freed)
        self.fill()
        return True

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

    # --------------------------------------------------------------------------------- one offer
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

    # ------------------------------------------------------------------------------------ the team
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

    # ------------------------------------------------------------------------------------ the line
    def settle(self, session_ids: Iterable[int]) -> None:
        """End the offers that have run out, count kept seats anew, and give out what is free."""
        for pk in sorted(set(session_ids)):
            session = self._session(pk)
            over = session.bookings.filter(state=_S.OFFERED, offered_until__lte=self.now)
            self._release(self._whole(over), {_S.OFFERED: _A.EXPIRED})
            self._count_kept(session)
            self._promote(session)

    def curtail(self, session_ids: Iterable[int]) -> None:
        """After sessions moved: no offer outlasts the start; one that is over by now is settled."""
        for pk in session_ids:
            session = self._session(pk)
            offers = session.bookings.filter(state=_S.OFFERED)
            start = session.starts_at
            if start and offers.filter(offered_until__gt=start).update(offered_until=start):
                self.settle([pk])

    def fill(self) -> None:
        """Give the edition's free places to the first who wait for one, with what they asked for."""
        if self.edition.state not in GIVING:
            return
        waiting = self.edition.registrations.in_line()
        if self.edition.places_left == 0 or not waiting.exists():
            return
        waiting = waiting.select_related("category", "organisation")
        for row in waiting[: self.edition.places_left]:
            registration = self._person(row)
            self._claim_place()
            registration.state, registration.turn = self._state_of(registration), None
            if registration.state == Registration.State.CONFIRMED:
                registration.badge_made_at = self.now  # it goes with the mail
            registration.save(update_fields=["state", "turn", "badge_made_at"])
            self.history.note(registration, _A.PLACED)
            self._fulfil(registration)

    def _fulfil(self, registration: Registration) -> None:
        """What was asked for while waiting: a seat where one is free, else a place in line."""
        asked = self._whole(registration.bookings.filter(state=_S.ASKED).order_by("pk"))
        self._release(asked)
        self._give_due([booking.session for booking in asked])
        held: list[Session] = []
        for session in (booking.session for booking in asked):
            if self._is_open(session):
                held += self._join(registration, session, held)
            else:
                self.history.note(registration, _A.DISPLACED, session)

    def _give_due(self, sessions: Sequence[Session]) -> None:
        """What is others' first: offers that have run out, and seats free in front of a line.

        There is none after a transaction of ours; a capacity may have been written otherwise.
        """
        due = Booking.objects.filter(
            Q(state=_S.WAITING) | Q(state=_S.OFFERED, offered_until__lte=self.now),
            session__in=sessions,
        )
        self.settle(due.order_by().values_list("session_id", flat=True).distinct())

    def _promote(self, session: Session) -> None:
        if not self._is_open(session):
            return
        line = session.bookings.in_line()
        if not session.seats_kept:
            line = line[: session.seats_left]
        for booking in self._whole(line):
            if session.is_full and not session.seats_kept:
                return
            try:
                (booking.quota,) = self._claim(booking.registration, session)
            except SessionFull:
                continue  # what is left is kept for others, who may stand further back
            self._award(booking, session)

    def _award(self, booking: Booking, session: Session) -> None:
        """To the first in line: at once, or to be accepted. The seat is counted already."""
        clashing = self._clashing(booking.registration, session, Booking.HELD)
        if session.offer_hours is None and not clashing:
            booking.state, booking.turn = _S.CONFIRMED, None
            booking.save(update_fields=["state", "turn", "quota"])
            self.history.note(booking.registration, _A.WON, session)
            self._withdraw(booking.registration, session)
            return
        hours = session.offer_hours
        until = self.now + (dt.timedelta(hours=hours) if hours else TIME_TO_CHOOSE)
        self._offer(booking, min(until, session.starts_at or until), _A.OFFERED)

    def _offer(self, booking: Booking, until: dt.datetime, action: str) -> None:
        booking.state, booking.turn, booking.offered_until = _S.OFFERED, None, until
        booking.save()
        self.history.note(booking.registration, action, booking.session, booking=booking)

    def _confirm(self, booking: Booking, action: str) -> set[int]:
        """An offer or a place in line becomes a seat. Answers the sessions where seats became free."""
        session = booking.session
        if booking.state == _S.WAITING:
            (booking.quota,) = self._claim(booking.registration, session)
        booking.state, booking.turn, booking.offered_until = _S.CONFIRMED, None, None
        booking.save(update_fields=["state", "turn", "quota", "offered_until"])
        self.history.note(booking.registration, action, session)
        rivals = self._clashing(booking.registration, session, Booking.HELD)
        freed = self._release(rivals, {_S.CONFIRMED: _A.RELEASED, _S.OFFERED: _A.DECLINED})
        self._withdraw(booking.registration, session)
        return freed

    def _withdraw(self, registration: Registration, session: Session) -> None:
        """Who has won a seat leaves the lines of whatever overlaps it."""
        lines = self._clashing(registration, session, [_S.WAITING])
        self._release(lines, {_S.WAITING: _A.WITHDRAWN})

    def _join(
        self, registration: Registration, session: Session, held: Sequence[Session]
    ) -> list[Session]:
        """A seat at once if one is free and nothing held overlaps, else the end of the line.

        Answers the session if it became a seat. Where only a seat that overlaps stands in the way,
        the free one is offered at once: nobody waits in front of an empty chair.
        """
        if not any(session.overlaps(other, self.edition.walking) for other in held):
            try:
                Booking.objects.bulk_create(self._seat(registration, session))
            except SessionFull:
                pass
            else:
                return [session]
        self._wait(registration, session)
        self._promote(session)
        return []

    def _wait(self, registration: Registration, session: Session) -> None:
        last = session.bookings.in_line().aggregate(last=Max("turn"))["last"] or 0
        Booking.objects.create(
            registration=registration, session=session, state=_S.WAITING, turn=last + 1
        )
        self.history.note(registration, _A.JOINED, session)

    def _queue(self, registration: Registration, asked: Sequence[Session]) -> None:
        last = self.edition.registrations.in_line().aggregate(last=Max("turn"))["last"] or 0
        registration.state, registration.turn = Registration.State.WAITING, last + 1
        registration.badge_made_at = None
        registration.save(update_fields=["state", "turn", "badge_made_at"])
        self.history.note(registration, _A.QUEUED)
        self._ask(registration, asked)

    def _ask(self, registration: Registration, sessions: Iterable[Session]) -> None:
        rows = [Booking(registration=registration, session=s, state=_S.ASKED) for s in sessions]
        for booking in Booking.objects.bulk_create(rows):
            self.history.note(registration, _A.ASKED, booking.session)

    def _ask_anew(
        self, registration: Registration, sessions: Sequence[Session], among: Collection[int]
    ) -> None:
        """Of somebody who waits for a place: other sessions to be asked for."""
        standing = {booking.session: booking for booking in self._mine(registration)}
        going = [
            booking
            for session, booking in standing.items()
            if session.pk in among and session not in sessions
        ]
        self._release(going, {_S.ASKED: _A.LEFT})
        self._ask(registration, [session for session in sessions if session not in standing])

    # ------------------------------------------------------------------------------- the counters
    def _claim_place(self) -> bool:
        """One place of the edition, if one is left."""
        if self.edition.places_left == 0:
            return False
        self._count("places_taken", 1, self.edition)
        return True

    def _seat(self, registration: Registration, *sessions: Session) -> list[Booking]:
        """Seats, counted but not written yet. Raises SessionFull."""
        quotas = self._claim(registration, *sessions)
        for session in sessions:
            self.history.note(registration, _A.BOOKED, session)
        return [
            Booking(registration=registration, session=session, quota=quota)
            for session, quota in zip(sessions, quotas, strict=True)
        ]

    def _claim(self, registration: Registration, *sessions: Session) -> list[Quota | None]:
        """Count a seat in each, from a quota that is for this person first. Raises SessionFull."""
        quotas = [self._quota(registration, session) for session in sessions]
        if sessions:
            self._count("seats_taken", 1, *sessions)
        kept = [session for session, quota in zip(sessions, quotas, strict=True) if quota]
        for quota in filter(None, quotas):
            quota.unused -= 1
        if kept:
            self._count("seats_kept", -1, *kept)
        return quotas

    def _count_kept(self, session: Session) -> None:
        """`seats_kept` as the quotas say it today; never more than is left."""
        kept = 0
        if session.capacity is not None:
            unused = sum(quota.unused for quota in self._unused(session))
            kept = min(unused, max(0, session.seats_offered - session.seats_taken))
        if kept != session.seats_kept:
            self._count("seats_kept", kept - session.seats_kept, session)

    def _release(
        self, bookings: Sequence[Booking], actions: dict[str, str] | None = None
    ) -> set[int]:
        """End bookings; answers the sessions where a seat became free. `actions`: state → note."""
        freed = set()
        for booking in bookings:
            if actions:
                self.history.note(booking.registration, actions[booking.state], booking.session)
            if booking.is_held:
                self._count("seats_taken", -1, booking.session)
                self._quotas.pop(booking.session_id, None)  # a kept seat may be free again
                freed.add(booking.session_id)
            booking.state = _S.RELEASED
        Booking.objects.filter(pk__in=[booking.pk for booking in bookings]).update(
            state=_S.RELEASED, turn=None, offered_until=None, released_at=self.now
        )
        return freed

    def _count(self, counter: str, step: int, *things: Session | Edition) -> None:
        rows = type(things[0])._base_manager.filter(pk__in=[thing.pk for thing in things])
        rows.update(**{counter: F(counter) + step})
        for thing in things:
            setattr(thing, counter, getattr(thing, counter) + step)
