"""Who waits: for a seat in a session, for a place in the edition; and what becomes free."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Max, Q

from registrations.locked import GIVING
from registrations.models import Booking, Change, Registration
from registrations.rules import SessionFull
from registrations.seats.counting import CountedEdition
from sessions.models import Session

# How long somebody may think who wins a seat while holding one at the same time, where the session
# gives its seats at once.
TIME_TO_CHOOSE = dt.timedelta(hours=24)
_A = Change.Action
_S = Booking.State


class Lines(CountedEdition):
    """What is free goes to the first who waits for it, in the same transaction."""

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

    def _fulfil(self, registration: Registration, held: Sequence[Session] = ()) -> None:
        """What was asked for while waiting: a seat where one is free, else a place in line.

        `held` are the seats that the person has already.
        """
        asked = self._whole(registration.bookings.filter(state=_S.ASKED).order_by("pk"))
        self._release(asked)
        self._give_due([booking.session for booking in asked])
        held = list(held)
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

    def _queue(
        self, registration: Registration, asked: Sequence[Session], action: str = _A.QUEUED
    ) -> None:
        registration.state = Registration.State.WAITING
        registration.turn = self._last_turn() + 1
        registration.badge_made_at = None
        registration.save(update_fields=["state", "turn", "badge_made_at"])
        self.history.note(registration, action)
        self._ask(registration, asked)

    def _last_turn(self) -> int:
        return self.edition.registrations.in_line().aggregate(last=Max("turn"))["last"] or 0

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
