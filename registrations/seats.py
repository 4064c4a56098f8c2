"""Seats and places: the only writer of bookings, of waiting lists and of the counters.

One edition, one writer of seats at a time (registrations/locked.py). Behind the lock, CHECK
constraints on the counters refuse an oversold session on both databases.

What holds at the end of every transaction: a seat that is free for somebody in line has been given
to that person; ranks are counted, so they have no holes; turns are never changed, so nobody is
overtaken; nobody holds two confirmed seats that overlap, unless a session has moved since.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Edition
from registrations.history import History
from registrations.locked import GIVING, LockedEdition
from registrations.models import Booking, Change, Quota, Registration
from registrations.rules import (
    SeatRefused,
    SessionFull,
    TooManySeats,
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
    ) -> None:
        """A new registration: its place and seats, all or none; beyond the capacity, its turn.

        `wanted` are seats, `lists` the sessions whose waiting list is joined (a seat at once if one
        is free by now). Raises SessionFull or SessionsOverlap. Somebody who waits for a place holds
        no seat: the sessions asked for are kept until the place comes.
        """
        wanted, lists = self._fresh(wanted), self._fresh(lists)
        refuse_overlaps(wanted, self.edition.walking)
        if not self._claim_place():
            self._queue(registration, [*wanted, *lists])
            return
        seated = [self._seat(registration, session) for session in wanted]
        Booking.objects.bulk_create(seated)
        held = [*wanted]
        for session in lists:
            held += self._join(registration, session, held)

    def cancel(self, registration: Registration) -> bool:
        """End a registration and give back everything it holds. False: it had ended already."""
        now = Registration.objects.get(pk=registration.pk)
        if not now.is_live:
            return False
        freed = self._release(self._mine(registration))
        registration.state, registration.turn = Registration.State.CANCELLED, None
        registration.cancelled_at = self.now
        registration.save(update_fields=["state", "turn", "cancelled_at"])
        self.history.note(registration, _A.CANCELLED)
        if now.is_placed:
            self._count(self.edition, "places_taken", -1)
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
        wanted, lists = self._fresh(wanted), self._fresh(lists)
        if registration.state == Registration.State.WAITING:
            self._ask_anew(registration, [*wanted, *lists], among)
            return
        mine = self._mine(registration)
        by_session = {booking.session_id: booking for booking in mine}
        going = [
            booking
            for booking in mine
            if booking.session_id in among
            and booking.session not in wanted
            and (
                booking.state == _S.CONFIRMED
                or (booking.state == _S.WAITING and booking.session not in lists)
            )
        ]
        kept = [one.session for one in mine if one.state == _S.CONFIRMED and one not in going]
        coming = [session for session in wanted if session not in kept]
        if coming:
            refuse_overlaps(sorted({*kept, *wanted}, key=lambda one: one.pk), self.edition.walking)
        freed = self._release(going, {_S.CONFIRMED: _A.RELEASED, _S.WAITING: _A.LEFT})
        for session in coming:
            if session.pk in by_session:
                freed |= self._confirm(by_session[session.pk], _A.BOOKED)
            else:
                self._seat(registration, session).save(force_insert=True)
                self.history.note(registration, _A.BOOKED, session)
        held = [*kept, *coming]
        for session in lists:
            if session.pk not in by_session or by_session[session.pk] in going:
                held += self._join(registration, session, held, note=True)
        self.settle(freed)

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
        (session,) = self._fresh([session])
        registration = Registration.objects.select_related("category").get(pk=registration.pk)
        if not registration.is_placed:
            raise SeatRefused(_("Only who has a place in the edition can be invited."), session)
        registration.edition = self.edition
        booking = registration.bookings.exclude(state=_S.RELEASED).filter(session=session).first()
        if booking and booking.state != _S.WAITING:
            raise SeatRefused(_("This person has a seat there, or is offered one."), session)
        quota = self._claim(registration, session)
        booking = booking or Booking(registration=registration, session=session)
        booking.state, booking.turn, booking.quota = _S.OFFERED, None, quota
        booking.offered_until = min(until, session.starts_at or until)
        booking.save()
        self.history.note(registration, _A.INVITED, session, booking=booking)
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
        """Set how many seats there are; `leaving` are the bookings that the team takes back.

        Those who leave wait at the end of the list if `to_line`. Seats that become free go down the
        line. Raises TooManySeats below what is still taken: nobody is thrown out by itself.
        """
        (session,) = self._fresh([session])
        going = [one for one in map(self._again, leaving) if one.is_held]
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

    def fill(self) -> None:
        """Give the edition's free places to the first who wait for one, with what they asked for."""
        if self.edition.state not in GIVING:
            return
        waiting = self.edition.registrations.in_line().select_related("category", "organisation")
        for registration in waiting[: self.edition.places_left]:
            self._claim_place()
            needs_approval = registration.category.needs_approval
            state = Registration.State.PENDING if needs_approval else Registration.State.CONFIRMED
            registration.state, registration.turn = state, None
            registration.save(update_fields=["state", "turn"])
            registration.edition = self.edition
            self.history.note(registration, _A.PLACED)
            self._fulfil(registration)

    def _fulfil(self, registration: Registration) -> None:
        """What was asked for while waiting: a seat where one is free, else a place in line."""
        asked = self._whole(registration.bookings.filter(state=_S.ASKED).order_by("pk"))
        Booking.objects.filter(pk__in=[one.pk for one in asked]).delete()
        held: list[Session] = []
        for session in (booking.session for booking in asked):
            if self._is_open(session):
                held += self._join(registration, session, held, note=True)

    def _promote(self, session: Session) -> None:
        if not self._is_open(session):
            return
        line = session.bookings.in_line()
        if not session.seats_kept:
            line = line[: session.seats_left]
        for booking in self._whole(line):
            try:
                booking.quota = self._claim(booking.registration, session)
            except SessionFull:
                continue  # what is left is kept for others, who may stand further back
            self._award(booking, session)

    def _award(self, booking: Booking, session: Session) -> None:
        """To the first in line: at once, or to be accepted. The seat is counted already."""
        clashing = self._clashing(booking.registration, session, Booking.HELD)
        booking.turn = None
        if session.offer_hours is None and not clashing:
            booking.state = _S.CONFIRMED
            booking.save(update_fields=["state", "turn", "quota"])
            self.history.note(booking.registration, _A.WON, session)
            self._withdraw(booking.registration, session)
            return
        hours = session.offer_hours
        until = self.now + (dt.timedelta(hours=hours) if hours else TIME_TO_CHOOSE)
        booking.state = _S.OFFERED
        booking.offered_until = min(until, session.starts_at or until)
        booking.save(update_fields=["state", "turn", "quota", "offered_until"])
        self.history.note(booking.registration, _A.OFFERED, session, booking=booking)

    def _confirm(self, booking: Booking, action: str) -> set[int]:
        """An offer or a place in line becomes a seat. Answers the sessions where seats became free."""
        session = self._session(booking.session_id)
        if booking.state == _S.WAITING:
            booking.quota = self._claim(booking.registration, session)
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
        self,
        registration: Registration,
        session: Session,
        held: Sequence[Session],
        *,
        note: bool = False,
    ) -> list[Session]:
        """A seat at once if one is free and nothing held overlaps, else the end of the line.

        Answers the session if it became a seat. Where only a seat that overlaps stands in the way,
        the free one is offered at once: nobody waits in front of an empty chair.
        """
        if not any(session.overlaps(other, self.edition.walking) for other in held):
            try:
                self._seat(registration, session).save(force_insert=True)
            except SessionFull:
                pass
            else:
                if note:
                    self.history.note(registration, _A.BOOKED, session)
                return [session]
        self._wait(registration, session)
        if note:
            self.history.note(registration, _A.JOINED, session)
        self._promote(session)
        return []

    def _wait(self, registration: Registration, session: Session) -> Booking:
        last = session.bookings.in_line().aggregate(last=Max("turn"))["last"] or 0
        return Booking.objects.create(
            registration=registration, session=session, state=_S.WAITING, turn=last + 1
        )

    def _queue(self, registration: Registration, asked: Sequence[Session]) -> None:
        last = self.edition.registrations.in_line().aggregate(last=Max("turn"))["last"] or 0
        registration.state, registration.turn = Registration.State.WAITING, last + 1
        registration.save(update_fields=["state", "turn"])
        self.history.note(registration, _A.QUEUED)
        self._ask(registration, asked)

    def _ask(self, registration: Registration, sessions: Iterable[Session]) -> None:
        Booking.objects.bulk_create(
            Booking(registration=registration, session=session, state=_S.ASKED)
            for session in sessions
        )

    def _ask_anew(
        self, registration: Registration, sessions: Sequence[Session], among: Collection[int]
    ) -> None:
        """Of somebody who waits for a place: other sessions to be asked for, of those in `among`."""
        standing = {one.session_id: one for one in registration.bookings.filter(state=_S.ASKED)}
        wanted = {session.pk for session in sessions}
        going = [one for pk, one in standing.items() if pk in among and pk not in wanted]
        for booking in going:
            self.history.note(registration, _A.LEFT, self._session(booking.session_id))
        Booking.objects.filter(pk__in=[one.pk for one in going]).delete()
        coming = [session for session in sessions if session.pk not in standing]
        self._ask(registration, coming)
        for session in coming:
            self.history.note(registration, _A.ASKED, session)

    # ------------------------------------------------------------------------------- the counters
    def _claim_place(self) -> bool:
        """One place of the edition, if one is left."""
        if self.edition.places_left == 0:
            return False
        self._count(self.edition, "places_taken", 1)
        return True

    def _seat(self, registration: Registration, session: Session) -> Booking:
        """A seat, counted but not written yet. Raises SessionFull."""
        quota = self._claim(registration, session)
        return Booking(registration=registration, session=session, quota=quota)

    def _claim(self, registration: Registration, session: Session) -> Quota | None:
        """Count one seat, from a quota that is for this person first. Raises SessionFull."""
        quota = None
        if session.seats_kept:
            quota = next((one for one in self._quotas(session) if one.is_for(registration)), None)
        if session.seats_left == 0 and (
            quota is None or session.seats_taken >= session.seats_offered
        ):
            raise SessionFull(session)
        self._count(session, "seats_taken", 1)
        if quota:
            self._count(session, "seats_kept", -1)
        return quota

    def _quotas(self, session: Session) -> list[Quota]:
        """Those in force that are not used up; `unused` says by how many seats."""
        found = []
        for quota in session.quotas.all():
            if quota.until is None or quota.until >= timezone.localdate(self.now):
                quota.unused = quota.seats - quota.bookings.held().count()
                found += [quota] if quota.unused > 0 else []
        return found

    def _count_kept(self, session: Session) -> None:
        """`seats_kept` as the quotas say it today; never more than is left."""
        if session.capacity is None:
            kept = 0
        else:
            unused = sum(quota.unused for quota in self._quotas(session))
            kept = min(unused, max(0, session.seats_offered - session.seats_taken))
        if kept != session.seats_kept:
            self._count(session, "seats_kept", kept - session.seats_kept)

    def _release(
        self, bookings: Sequence[Booking], actions: dict[str, str] | None = None
    ) -> set[int]:
        """End bookings; answers the sessions where a seat became free. `actions`: state → note."""
        freed = set()
        for booking in bookings:
            session = self._session(booking.session_id)
            if booking.is_held:
                self._count(session, "seats_taken", -1)
                freed.add(session.pk)
            if actions:
                self.history.note(booking.registration, actions[booking.state], session)
        Booking.objects.filter(pk__in=[booking.pk for booking in bookings]).update(
            state=_S.RELEASED, turn=None, offered_until=None, released_at=self.now
        )
        return freed

    def _count(self, thing: Session | Edition, counter: str, step: int) -> None:
        type(thing)._base_manager.filter(pk=thing.pk).update(**{counter: F(counter) + step})
        setattr(thing, counter, getattr(thing, counter) + step)
