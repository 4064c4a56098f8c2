"""The rows of one edition, held still: read under its lock. Nothing is written here.

Whoever changes a seat locks the edition's row first, so that nobody waits for anybody in a circle
and every decision is made on rows that nobody else changes. SQLite, which has no row locks, lets
one writer in at a time anyway (BEGIN IMMEDIATE).
"""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet
from django.utils import timezone

from events.models import Edition
from registrations.models import Booking, Change, Quota, Registration
from registrations.rules import SessionFull
from sessions.models import Session

# Editions whose lines move.
GIVING = (Edition.State.PUBLISHED, Edition.State.OPEN, Edition.State.CLOSED)


def lock(edition_id: int) -> Edition:
    """The edition, whose seats are ours until the transaction ends."""
    editions = Edition.objects.select_related("venue")
    return editions.select_for_update(no_key=True, of=("self",)).get(pk=edition_id)


class LockedEdition:
    """One edition inside one transaction; each session and each person is one object."""

    def __init__(self, edition_id: int) -> None:
        self.edition = lock(edition_id)
        self.now = timezone.now()
        self._sessions: dict[int, Session] = {}
        self._people: dict[int, Registration] = {}
        self._quotas: dict[int, list[Quota]] = {}

    def renew(self, registration: Registration) -> None:
        """Read the person anew and hold the row: corrections and passing on wait for us."""
        rows = Registration.objects.select_for_update(no_key=True, of=("self",))
        registration.refresh_from_db(from_queryset=rows.select_related("category", "organisation"))
        registration.edition = self.edition
        self._person(registration)

    def _person(self, registration: Registration) -> Registration:
        """The one object for this person, so that what happens to them is written in one place."""
        return self._people.setdefault(registration.pk, registration)

    def fresh(self, sessions: Iterable[Session]) -> list[Session]:
        """The rows as they are now that the edition is ours, each once, in the order given."""
        keys = list(dict.fromkeys(session.pk for session in sessions))
        unknown = [key for key in keys if key not in self._sessions]
        rows = Session.objects.without_texts().filter(pk__in=unknown)
        for session in rows if unknown else ():
            if session.edition_id == self.edition.pk:
                session.edition = self.edition
            self._sessions[session.pk] = session
        return [self._sessions[key] for key in keys]

    def _session(self, pk: int) -> Session:
        return self.fresh([Session(pk=pk)])[0]

    def _is_open(self, session: Session) -> bool:
        """Whether its line moves."""
        return (
            self.edition.state in GIVING
            and session.is_published
            and session.booking == Session.Booking.SEAT
            and not session.has_begun
        )

    def _unused(self, session: Session) -> list[Quota]:
        """Quotas in force that are not used up, with `unused` seats."""
        if session.pk not in self._quotas:
            in_force = session.quotas.in_force(timezone.localdate(self.now))
            self._quotas[session.pk] = list(in_force)
        return [quota for quota in self._quotas[session.pk] if quota.unused > 0]

    def _quota(self, registration: Registration, session: Session) -> Quota | None:
        """The one that a seat for this person comes from, if any. Raises SessionFull."""
        quotas = self._unused(session) if session.seats_kept else []
        mine = [quota for quota in quotas if quota.is_for(registration)]
        # Of two groups, the one with more seats: the other's stay for those who have no choice.
        quota = max(mine, key=lambda one: one.unused, default=None)
        if session.seats_left == 0 and (
            quota is None or session.seats_taken >= session.seats_offered
        ):
            raise SessionFull(session)
        return quota

    def _state_of(self, registration: Registration) -> Registration.State:
        """With a place: to be approved, unless the team wrote it."""
        by_team = registration.changes.filter(action=Change.Action.REGISTERED, by=Change.By.TEAM)
        if registration.category.needs_approval and not by_team.exists():
            return Registration.State.PENDING
        return Registration.State.CONFIRMED

    def _whole(self, bookings: QuerySet[Booking]) -> list[Booking]:
        """With the person, the edition that we hold and the session as we hold it."""
        found = list(
            bookings.select_related("registration__category", "registration__organisation")
        )
        for booking in found:
            booking.registration.edition = self.edition
            booking.registration = self._person(booking.registration)
            booking.session = self._session(booking.session_id)
        return found

    def _again(self, booking: Booking) -> Booking:
        """The booking as it is now."""
        return self._whole(Booking.objects.filter(pk=booking.pk))[0]

    def _mine(self, registration: Registration) -> list[Booking]:
        """What the person holds, is offered, asks for or waits for."""
        mine = list(registration.bookings.standing())
        sessions = self.fresh([Session(pk=booking.session_id) for booking in mine])
        for booking, session in zip(mine, sessions, strict=True):
            booking.session = session
            booking.registration = registration
        return mine

    def _clashing(
        self, registration: Registration, session: Session, states: Collection[str]
    ) -> list[Booking]:
        """The person's other bookings in these states that overlap the session."""
        return [
            booking
            for booking in self._mine(registration)
            if booking.state in states
            and booking.session != session
            and session.overlaps(booking.session, self.edition.walking)
        ]
