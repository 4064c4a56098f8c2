"""Seats and places, counted: the columns with which the database refuses what is sold twice."""

from collections.abc import Sequence

from django.db.models import F

from events.models import Edition
from registrations.history import History
from registrations.locked import LockedEdition
from registrations.models import Booking, Change, Quota, Registration
from sessions.models import Session

_A = Change.Action
_S = Booking.State


class CountedEdition(LockedEdition):
    """A locked edition whose counters follow every booking that is made or ended."""

    def __init__(self, edition_id: int, history: History) -> None:
        super().__init__(edition_id)
        self.history = history

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
