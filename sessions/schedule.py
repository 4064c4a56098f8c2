"""The programme as a page shows it: days, times, rooms. Pure functions over loaded sessions.

A day is a grid: rooms are its columns, and its rows are the stretches of time between two
moments when something starts or ends. Where a grid would lie or would not fit, the day is a plain
list of times; a phone shows every day like that.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from events.models import Room
from sessions.models import Session

# More columns than this are too narrow to read on a laptop (see static/css/programme.css, which
# knows rows up to MAX_ROWS).
MAX_COLUMNS = 6
MAX_ROWS = 60

_HEADING_ROWS = 1
_KIND_ORDER = {kind: rank for rank, kind in enumerate(Session.Kind)}
# For everybody, so they may lie across rooms without saying that they take place in each.
PAUSES = {Session.Kind.MEAL, Session.Kind.BREAK}
_COMMON = {Session.Kind.OPENING, Session.Kind.PLENARY, *PAUSES}


@dataclass(eq=False)
class Block:
    """One session, or several at the same time that have no room of their own (twelve cafés)."""

    sessions: list[Session]
    start: dt.time
    end: dt.time
    row: int = 0
    rows: int = 1
    column: int = 0
    columns: int = 1

    @property
    def session(self) -> Session:
        return self.sessions[0]

    @property
    def is_group(self) -> bool:
        return len(self.sessions) > 1

    @property
    def room_is_said(self) -> bool:
        """One sentence tells the room of all, known or not."""
        return self.room is not None or not self.has_rooms

    @property
    def room(self) -> Room | None:
        """The room they are all in."""
        rooms = {session.room_id for session in self.sessions}
        return self.session.room if len(rooms) == 1 else None

    @property
    def kind(self) -> str:
        """Their kind, empty when they differ."""
        kinds = {session.kind for session in self.sessions}
        return self.session.kind if len(kinds) == 1 else ""

    @property
    def has_rooms(self) -> bool:
        return any(session.room_id for session in self.sessions)

    @property
    def is_untitled(self) -> bool:
        return is_untitled(self.sessions)

    def overlaps(self, other: "Block") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass
class Slot:
    """What starts at one time. Reading order is the order of the page's source."""

    start: dt.time
    row: int
    blocks: list[Block]


@dataclass(eq=False)
class Column:
    """A room, or a lane (no room) for sessions whose room is not known yet."""

    room: Room | None
    taken: list[Block] = field(default_factory=list)

    @property
    def is_to_come(self) -> bool:
        return self.room is None and any(block.room is None for block in self.taken)

    def is_free_for(self, block: Block) -> bool:
        return not any(block.overlaps(other) for other in self.taken)


@dataclass
class Kind:
    """Sessions of one kind in the team's order."""

    kind: str
    sessions: list[Session]

    @property
    def is_untitled(self) -> bool:
        return is_untitled(self.sessions)


@dataclass
class Day:
    date: dt.date
    slots: list[Slot]
    columns: list[Column]
    untimed: list[Kind]
    is_grid: bool

    @property
    def has_headings(self) -> bool:
        return self.is_grid and bool(self.columns)

    @property
    def width(self) -> int:
        """How many columns beside the times."""
        return max(1, len(self.columns))


@dataclass
class Programme:
    days: list[Day]
    undated: list[Kind]

    @property
    def has_times(self) -> bool:
        return any(day.slots for day in self.days)

    def in_reading_order(self) -> list[Session]:
        """As the page shows them from top to bottom."""
        parts = []
        for day in self.days:
            parts += [block for slot in day.slots for block in slot.blocks] + day.untimed
        return [session for part in parts + self.undated for session in part.sessions]


def programme(sessions: Sequence[Session]) -> Programme:
    """Days in order, then what has no day yet, by kind and in the team's order."""
    by_day = defaultdict(list)
    for session in sessions:
        by_day[session.day].append(session)
    undated = by_day.pop(None, [])
    return Programme(
        days=[_day(date, by_day[date]) for date in sorted(by_day)], undated=by_kind(undated)
    )


def is_untitled(sessions: Iterable[Session]) -> bool:
    """No title at all is known yet: the page says it once, not twelve times."""
    return not any(session.title or session.short_name for session in sessions)


def by_kind(sessions: Iterable[Session]) -> list[Kind]:
    """The official opening first, the breaks last."""
    return [
        Kind(kind, list(same))
        for kind, same in groupby(sorted(sessions, key=_by_kind), lambda each: each.kind)
    ]


def _by_kind(session: Session) -> tuple:
    return _KIND_ORDER[session.kind], session.position, session.pk


def _day(date: dt.date, sessions: list[Session]) -> Day:
    timed = [session for session in sessions if session.start]
    untimed = by_kind(session for session in sessions if not session.start)
    moments = _moments(timed)
    blocks = _blocks(timed, moments)
    columns = _place(blocks)
    rows = _rows(blocks, moments)
    is_grid = len(columns) <= MAX_COLUMNS and len(rows) + _HEADING_ROWS < MAX_ROWS
    first = 1 + (_HEADING_ROWS if columns else 0)
    for block in blocks:
        block.row = first + rows.index(block.start)
        block.rows = sum(block.start <= moment < block.end for moment in rows)
        block.columns = block.columns or max(1, len(columns))
    blocks.sort(key=lambda block: (block.start, block.column))
    slots = [
        Slot(start, first + rows.index(start), list(same))
        for start, same in groupby(blocks, lambda block: block.start)
    ]
    return Day(date, slots, columns, untimed, is_grid)


def _moments(sessions: Iterable[Session]) -> list[dt.time]:
    """Every time at which something starts or ends; the last is the end of the day."""
    moments = {each.start for each in sessions} | {each.end for each in sessions if each.end}
    return [*sorted(moments), dt.time.max]


def _blocks(sessions: list[Session], moments: list[dt.time]) -> list[Block]:
    """One block a session, but one for all that share time and have no room of their own.

    An unknown end is the next moment of the day: it claims nothing that is not known. Parallel
    sessions of one kind in more rooms than fit as columns are one block too.
    """
    blocks = []
    by_time = defaultdict(list)
    for session in sessions:
        by_time[session.start, session.end].append(session)
    for (start, end), same_time in by_time.items():
        until = end or next(moment for moment in moments if moment > start)
        blocks += [Block(sorted(same, key=_by_kind), start, until) for same in _gathered(same_time)]
    return blocks


def _gathered(sessions: list[Session]) -> list[list[Session]]:
    by_room = defaultdict(list)
    for session in sessions:
        by_room[session.room_id].append(session)
    alone = [same[0] for room, same in by_room.items() if room and len(same) == 1]
    homeless = [session for session in sessions if session not in alone]
    groups = [homeless] if homeless else []
    for same in by_kind(alone):
        is_crowd = len(same.sessions) > MAX_COLUMNS
        groups += [same.sessions] if is_crowd else [[session] for session in same.sessions]
    return groups


def _place(blocks: list[Block]) -> list[Column]:
    """Give each block its columns: its room's; or all of them when it is alone at its time.

    A group, or a session for everybody, lies across two free columns or more. What is left gets a
    lane of its own.
    """
    alone = [b for b in blocks if not any(b.overlaps(other) for other in blocks if other is not b)]
    others = [block for block in blocks if block not in alone]
    # A break's or a plenary's room makes a column only where something else takes place in it too.
    rooms = {b.room for b in others if b.room and not b.is_group and b.session.kind not in _COMMON}
    columns = [
        Column(room)
        for room in sorted(rooms, key=lambda room: (room.venue_id, room.position, room.name))
    ]
    without = []
    for block in others:
        own = next((c for c in columns if not block.is_group and c.room == block.room), None)
        if own and own.is_free_for(block):
            own.taken.append(block)
            block.column = columns.index(own)
        else:
            without.append(block)
    for block in without:
        _place_beside(block, columns)
    for block in alone:
        block.column, block.columns = 0, 0  # 0: as many as there are
    return columns


def _place_beside(block: Block, columns: list[Column]) -> None:
    first, width = _widest_free(block, columns)
    if (block.is_group or block.session.kind in _COMMON) and width >= 2:
        block.column, block.columns = first, width
        for column in columns[first : first + width]:
            column.taken.append(block)
        return
    lane = next((c for c in columns if c.room is None and c.is_free_for(block)), None)
    if lane is None:
        lane = Column(None)
        columns.append(lane)
    lane.taken.append(block)
    block.column = columns.index(lane)


def _widest_free(block: Block, columns: list[Column]) -> tuple[int, int]:
    """First column and width of the widest stretch of free ones."""
    best, start = (0, 0), 0
    for index, column in enumerate([*columns, None]):
        if column is not None and column.is_free_for(block):
            continue
        if index - start > best[1]:
            best = (start, index - start)
        start = index + 1
    return best


def _rows(blocks: list[Block], moments: list[dt.time]) -> list[dt.time]:
    """The moments from which, until the next one, something is going on: empty time takes no row."""
    return [
        moment
        for moment, following in pairwise(moments)
        if any(block.start < following and moment < block.end for block in blocks)
    ]
