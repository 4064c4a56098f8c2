"""Where and when a session is to be: written at once, or gathered until the team publishes.

While nobody is registered, or nobody sees the session, a change is written to the session. Later it
is kept as the session's one move in preparation, so that people are told once of all changes;
registrations/services/announcing.py publishes.
"""

import copy
import datetime as dt
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Prefetch, Q, QuerySet

from events.models import Edition, Room, Venue
from raict.templatetags.raict import typo
from raict.typography import NBSP, clock, date_range, short_day
from sessions.models import Move, Session

COLUMNS = ("day", "start", "end", "room")


class Place(NamedTuple):
    """When and where; what is not known yet is None."""

    day: dt.date | None
    start: dt.time | None
    end: dt.time | None
    room: Room | None

    @property
    def hours(self) -> str:
        """« 9 h 30 – 11 h », « 9 h 30 » while the end is not known."""
        if not self.start:
            return ""
        return f"{clock(self.start)}{NBSP}– {clock(self.end)}" if self.end else clock(self.start)

    @property
    def when(self) -> str:
        """« jeu. 24 oct., 14 h – 15 h », for tables."""
        return ", ".join(part for part in (self.day and short_day(self.day), self.hours) if part)

    def said(self, venue: Venue | None = None) -> str:
        """« jeudi 24 octobre, 14 h – 15 h, salle B »; a room elsewhere with its venue."""
        day = room = ""
        if self.day:
            day = date_range(self.day, weekdays=True).removesuffix(f"{NBSP}{self.day.year}")
        if self.room:
            is_elsewhere = venue is not None and self.room.venue_id != venue.pk
            room = f"{self.room}, {self.room.venue}" if is_elsewhere else str(self.room)
        return ", ".join(part for part in (day, self.hours, typo(room)) if part)


def place_of(session: Session) -> Place:
    """As the session says it: what visitors read."""
    return Place(session.day, session.start, session.end, session.room)


def before(move: Move) -> Place:
    """Where the session was, or still is while the move is in preparation."""
    if move.announcement_id is None:
        return place_of(move.session)
    return Place(move.was_day, move.was_start, move.was_end, move.was_room)


def after(move: Move) -> Place:
    """Where the move puts the session."""
    return Place(move.day, move.start, move.end, move.room)


def gathers(session: Session) -> bool:
    """Whether its changes wait: visitors see the session, and somebody is registered."""
    return session.is_published and gathers_for(session.edition)


def gathers_for(edition: Edition) -> bool:
    """Whether changes of its published sessions wait."""
    return edition.state != Edition.State.DRAFT and edition.registrations.live().exists()


def in_preparation(edition: Edition) -> QuerySet[Move]:
    """What « publish the changes » would publish, in the order of the programme as it stands."""
    return (
        Move.objects.filter(announcement=None, session__edition=edition)
        .select_related("session__edition__venue", "session__room__venue", "room__venue")
        .order_by(
            F("session__day").asc(nulls_last=True),
            F("session__start").asc(nulls_last=True),
            "session__position",
            "pk",
        )
    )


def prepared(session: Session) -> Move | None:
    """The session's move in preparation."""
    return in_preparation(session.edition).filter(session=session).first()


@transaction.atomic
def place(
    session: Session,
    *,
    day: dt.date | None,
    start: dt.time | None,
    end: dt.time | None,
    room: Room | None,
) -> Move | None:
    """Put the session there: the move in preparation when it is gathered, None when it is not.

    What the session says already leaves nothing in preparation. `session` then says what its row
    says. The caller has checked the place (`Move.validate_constraints`, `Session.clean`).
    """
    # First of all, as for every change of seats: a publication waits for us, or we for it.
    Edition.objects.select_for_update(no_key=True).get(pk=session.edition_id)
    row = Session.objects.select_related("room", "edition").get(pk=session.pk)
    wanted = Place(day, start, end, room)
    is_kept = wanted != place_of(row) and gathers(row)
    if is_kept:
        move, _created = Move.objects.update_or_create(
            session_id=row.pk, announcement=None, defaults=wanted._asdict()
        )
    else:
        Move.objects.filter(session_id=row.pk, announcement=None).delete()
        move = None
    if not is_kept and wanted != place_of(row):
        write(row, wanted)
    for name in (*COLUMNS, "revision"):
        setattr(session, name, getattr(row, name))
    return move


def write(session: Session, wanted: Place) -> None:
    """The session's columns, and a new version for calendars. The caller holds the edition."""
    for name, value in wanted._asdict().items():
        setattr(session, name, value)
    Session.objects.filter(pk=session.pk).update(**wanted._asdict(), revision=F("revision") + 1)
    session.revision += 1


def to_be(session: Session, where: Place) -> Session:
    """The session as it would be there; not for saving."""
    future = copy.copy(session)
    future._state = copy.copy(session._state)
    future._state.fields_cache = dict(session._state.fields_cache)
    for name, value in where._asdict().items():
        setattr(future, name, value)
    return future


def capacity_after(session: Session, room: Room | None) -> int | None:
    """As the session's was its room's, it is the new room's; otherwise it stays, never above.

    A room whose seats nobody has counted changes nothing.
    """
    seats = room.capacity if room else None
    if room == session.room or seats is None:
        return session.capacity
    if session.capacity in (None, session.room.capacity if session.room else None):
        return seats
    return min(session.capacity, seats)


def planned(edition: Edition, *prefetched: str) -> list[tuple[Session, Session]]:
    """Each session as it stands and as it will be, changes in preparation counted.

    The same object where nothing waits; else the second has the capacity that follows from its
    room as well. Two queries, and one for each relation that is read along.
    """
    gathered = Move.objects.filter(announcement=None).select_related("room__venue")
    rows = (
        edition.sessions.in_order()
        .select_related("room__venue")
        .prefetch_related(Prefetch("moves", queryset=gathered, to_attr="gathered"), *prefetched)
    )
    pairs = []
    for row in rows:
        row.edition = edition
        future = row
        for move in row.gathered:
            future = to_be(row, after(move))
            future.capacity = capacity_after(row, move.room)
        pairs.append((row, future))
    return pairs


def sharing_room(session: Session) -> list[Session]:
    """Sessions to be in the room of this one while it runs, changes in preparation counted."""
    if not session.pk or session.edition_id is None:
        return []
    gathered = Move.objects.filter(announcement=None).select_related("room")
    move = gathered.filter(session=session.pk).first()
    mine = to_be(session, after(move)) if move else session
    if not (mine.room and mine.day and mine.start):
        return []
    there = gathered.filter(room=mine.room, day=mine.day)
    others = (
        Session.objects.filter(Q(room=mine.room, day=mine.day) | Q(moves__in=there))
        .exclude(pk=session.pk)
        .distinct()
        .prefetch_related(Prefetch("moves", queryset=gathered, to_attr="gathered"))
    )
    planned = [to_be(one, after(one.gathered[0])) if one.gathered else one for one in others]
    return [one for one in planned if one.room == mine.room and mine.overlaps(one)]
