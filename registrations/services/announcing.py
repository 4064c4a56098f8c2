"""« Publish the changes »: sessions move, and everybody concerned is told once of all of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from events.models import Edition
from raict.errors import DomainError
from raict.mail import broker
from registrations.models import Booking, CafePreference, Change, Notice, Registration
from registrations.rules import last_to_come
from registrations.services.transaction import changing_seats
from sessions import moves
from sessions.models import Announcement, Move, Session, with_margin

TASK = "registrations.tell"
# What everybody attends, where no seat is booked.
_FOR_ALL = (Session.Kind.OPENING, Session.Kind.PLENARY)
# Who has lost or won a seat there reads it, with the session's new time, in that mail.
TOLD_APART = (Change.Action.DISPLACED, Change.Action.WON)


@dataclass(frozen=True)
class Outlook:
    """What one move would bring about."""

    move: Move
    people: int
    # Who would hold it and another session at the same time, and does not now.
    overlaps: int
    capacity: int | None
    # How many seats too many are taken for the new room, and who has them: the last to come first.
    excess: int
    held: list[Booking]
    # What else would be in the room at that time.
    sharing: list[Session]

    @property
    def session(self) -> Session:
        return self.move.session


@dataclass(frozen=True)
class Preview:
    outlooks: list[Outlook]
    # Who would be told of which sessions.
    concerned: dict[int, list[Session]]
    # Tells whether the moves are still those that the team has seen.
    seen: str

    @property
    def people(self) -> int:
        return len(self.concerned)

    def told(self, most: int) -> list[tuple[Registration, list[Session]]]:
        """So many of them by name, each with the sessions that the mail would be about."""
        rows = Registration.objects.filter(pk__in=self.concerned).select_related("organisation")
        by_name = rows.order_by("last_name", "first_name", "pk")[:most]
        return [(one, self.concerned[one.pk]) for one in by_name]


def preview(edition: Edition) -> Preview:
    """What publishing would do now. Nothing is locked: `publish_changes` decides anew."""
    gathered = list(moves.in_preparation(edition))
    concerned = _concerned(edition, [move.session for move in gathered])
    now = {session.pk: session for session in edition.sessions.all()} if gathered else {}
    places = {move.session_id: moves.after(move) for move in gathered}
    future = now | {pk: moves.to_be(now[pk], where) for pk, where in places.items()}
    overlaps = _overlaps(edition, gathered, now, future)
    outlooks = []
    for move in gathered:
        session, capacity = move.session, moves.capacity_after(move.session, move.room)
        excess = _excess(session, capacity)
        outlooks.append(
            Outlook(
                move=move,
                people=len(concerned[session.pk]),
                overlaps=len(overlaps[session.pk]),
                capacity=capacity,
                excess=excess,
                held=last_to_come(session, session.seats_taken) if excess else [],
                sharing=_sharing(session.pk, future),
            )
        )
    theirs = defaultdict(list)
    for move in gathered:
        for pk in concerned[move.session_id]:
            theirs[pk].append(move.session)
    return Preview(outlooks, dict(theirs), _seen(gathered))


def publish_changes(
    edition: Edition,
    leaving: Mapping[int, Collection[int]] | None = None,
    *,
    to_line: bool = True,
    user=None,
    seen: str | None = None,
    appearing: Collection[int] = (),
) -> Announcement:
    """Move the sessions of all moves in preparation, and note who is to be told.

    The sessions `appearing` are published with them, if they are not; nobody is told of those,
    unless they move as well.

    `leaving` maps a session whose new room is too small to the bookings that the team takes back;
    they wait at the end of its list if `to_line`. A session that keeps more seats taken than its
    room has raises TooManySeats, and nothing is published. `seen` is the preview's: other moves by
    now are not published unseen. The worker writes the mails, because a thousand of them would
    hold the edition for seconds.
    """
    leaving = leaving or {}
    with changing_seats(edition.pk, by=Change.By.TEAM, user=user) as (seats, history):
        gathered = list(moves.in_preparation(seats.edition))
        hidden = seats.edition.sessions.filter(pk__in=appearing, is_published=False)
        appearing = list(hidden.values_list("pk", flat=True))
        _refuse_unseen(gathered, seen, is_needed=not appearing)
        announcement = Announcement.objects.create(edition=seats.edition, user=user)
        concerned = _concerned(seats.edition, [move.session for move in gathered], appearing)
        capacities = {
            move.session_id: moves.capacity_after(move.session, move.room) for move in gathered
        }
        for move in gathered:
            _apply(move, announcement)
        for move in gathered:
            session, capacity = move.session, capacities[move.session_id]
            if capacity != session.capacity:
                going = session.bookings.held().filter(pk__in=leaving.get(session.pk, ()))
                seats.resize(session, capacity=capacity, leaving=going, to_line=to_line)
        seats.curtail(concerned)
        hidden.update(is_published=True)
        seats.settle(appearing)
        for change in history.changes:
            if change.action in TOLD_APART and change.session_id in concerned:
                concerned[change.session_id].discard(change.registration_id)
        Notice.objects.bulk_create(
            Notice(announcement=announcement, registration_id=pk)
            for pk in sorted(set().union(*concerned.values()))
        )
        transaction.on_commit(partial(broker.wake, TASK), robust=True)
    return announcement


def _excess(session: Session, capacity: int | None) -> int:
    offered = with_margin(capacity, session.overbooking)
    return 0 if offered is None else max(0, session.seats_taken - offered)


def _refuse_unseen(gathered: list[Move], seen: str | None, *, is_needed: bool) -> None:
    if not gathered and is_needed:
        raise DomainError(_("There is nothing to publish: it may have been published meanwhile."))
    if seen is not None and seen != _seen(gathered):
        raise DomainError(
            _("The changes are not the same any more. Please look at them again, then publish.")
        )


def _seen(gathered: Iterable[Move]) -> str:
    return " ".join(f"{move.pk}:{move.changed_at.timestamp()}" for move in gathered)


def _apply(move: Move, announcement: Announcement) -> None:
    """The session's columns, and what they were."""
    was = moves.place_of(move.session)
    for name, value in was._asdict().items():
        setattr(move, f"was_{name}", value)
    move.announcement = announcement
    move.save()
    moves.write(move.session, moves.after(move))


def _concerned(
    edition: Edition, sessions: list[Session], appearing: Collection[int] = ()
) -> dict[int, set[int]]:
    """Session → the live registrations that hold, are offered, wait for, ask for or wish for it.

    For an opening or a plenary with free entry: whoever has a place. Nobody for a session that is
    withdrawn from the site, unless it is among those `appearing` with the changes.
    """
    found: dict[int, set[int]] = {session.pk: set() for session in sessions}
    sessions = [one for one in sessions if one.is_published or one.pk in appearing]
    live = {"session__in": sessions, "registration__state__in": Registration.LIVE}
    bookings = Booking.objects.standing().filter(**live)
    for rows in (bookings, CafePreference.objects.filter(**live)):
        for session_id, pk in rows.order_by().values_list("session_id", "registration_id"):
            found[session_id].add(pk)
    for_all = [session.pk for session in sessions if is_for_all(session)]
    if for_all:
        placed = set(edition.registrations.placed().order_by().values_list("pk", flat=True))
        for session_id in for_all:
            found[session_id] |= placed
    return found


def is_for_all(session: Session) -> bool:
    """Everybody who comes is concerned, without a seat."""
    return session.kind in _FOR_ALL and session.booking == Session.Booking.FREE


def _overlaps(
    edition: Edition, gathered: list[Move], now: dict[int, Session], future: dict[int, Session]
) -> dict[int, set[int]]:
    """Moved session → who would hold it and another at the same time, and does not now."""
    found: dict[int, set[int]] = {move.session_id: set() for move in gathered}
    if not gathered:
        return found
    holders: dict[int, set[int]] = {}
    held = Booking.objects.filter(session__in=list(now), state=Booking.State.CONFIRMED).order_by()
    for session_id, pk in held.values_list("session_id", "registration_id"):
        holders.setdefault(session_id, set()).add(pk)
    for pk in found.keys() & holders.keys():
        for other in holders.keys() - {pk}:
            if future[pk].overlaps(future[other], edition.walking) and not now[pk].overlaps(
                now[other], edition.walking
            ):
                found[pk] |= holders[pk] & holders[other]
    return found


def _sharing(pk: int, future: dict[int, Session]) -> list[Session]:
    """Sessions of the edition that would be in the same room at the same time."""
    mine = future[pk]
    return [
        other
        for key, other in future.items()
        if key != pk and mine.room_id and other.room_id == mine.room_id and mine.overlaps(other)
    ]
