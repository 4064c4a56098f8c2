"""A day of the programme as the team's board draws it. Pure functions over loaded sessions.

Rooms are columns, time runs down in steps of five minutes. A room is wider where it has several
sessions at one time (twelve cafés in one gallery), which then lie side by side. A meal or a break
without a room lies across all of them.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from events.models import Room
from sessions.conflicts import Conflict
from sessions.models import ASSUMED_LENGTH, Session
from sessions.moves import Place
from sessions.schedule import PAUSES

STEP = 5  # minutes of a line of the grid
FIRST_HOUR, LAST_HOUR = 8, 19  # shown at least
SHORTEST = 20  # minutes: what is shorter is drawn as long, to be read
WIDTH = 4  # units of a room where nothing overlaps
NARROW = 3  # units of one of several at a time


@dataclass(eq=False)
class Column:
    """A room; `first` and `width` count units from 1."""

    room: Room
    first: int = 1
    width: int = WIDTH


@dataclass(eq=False)
class Block:
    session: Session
    now: Session
    conflicts: list[Conflict] = field(default_factory=list)
    start: int = 0  # minutes of the day, as drawn
    end: int = 0
    lane: int = 0
    lanes: int = 1
    first: int = 1
    width: int = WIDTH

    @property
    def is_moved(self) -> bool:
        """Its place here waits for publication."""
        return self.now is not self.session

    @property
    def clashes(self) -> int:
        return sum(one.is_clash for one in self.conflicts)

    @property
    def end_minutes(self) -> int:
        """When it really ends, drawn longer or not; an hour after its start while not known."""
        return _until(self.session)

    def overlaps(self, other: "Block") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Row:
    """A moment at which something starts, or a full hour: one line of the table."""

    time: dt.time
    cells: list[list[Block]]
    across: list[Block]
    is_close: bool  # too near the label above to be shown


@dataclass(frozen=True)
class Grid:
    columns: list[Column]
    rows: list[Row]
    first_hour: int
    last_hour: int
    width: int


def place_stamp(place: Place) -> str:
    """What a page has shown of a place, in short: another value means that somebody changed it."""
    return _stamp(place.day, place.start, place.end, place.room and place.room.pk)


def texts_stamp(session: Session, names: Iterable[str]) -> str:
    """The same of other fields of a session."""
    return _stamp(*(getattr(session, name) for name in names))


def _stamp(*values) -> str:
    return hashlib.sha256("\x1f".join(str(value) for value in values).encode()).hexdigest()[:16]


def minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _until(session: Session) -> int:
    if session.end:
        return minutes(session.end)
    assumed = int(ASSUMED_LENGTH.total_seconds()) // 60
    return min(minutes(session.start) + assumed, 24 * 60)


def is_on_grid(session: Session) -> bool:
    """It has a day, a time and, unless it is everybody's pause, a room; else it lies in the tray."""
    return bool(session.day and session.start and (session.room_id or session.kind in PAUSES))


def grid(blocks: Iterable[Block], rooms: Iterable[Room]) -> Grid:
    """The blocks of one day, each of which `is_on_grid`, under the rooms in their order."""
    blocks = list(blocks)
    for block in blocks:
        block.start = minutes(block.session.start) // STEP * STEP
        block.end = max(-(-_until(block.session) // STEP) * STEP, block.start + SHORTEST)
    by_room = defaultdict(list)
    for block in blocks:
        by_room[block.session.room_id].append(block)
    columns, unit = [], 1
    for room in rooms:
        lanes = _set_lanes(by_room[room.pk])
        column = Column(room, unit, WIDTH if lanes == 1 else lanes * NARROW)
        for block in by_room[room.pk]:
            block.width = column.width // block.lanes
            block.first = column.first + block.lane * block.width
        columns.append(column)
        unit += column.width
    for block in by_room[None]:
        block.first, block.width = 1, max(1, unit - 1)
    first = min([FIRST_HOUR, *(block.start // 60 for block in blocks)])
    last = max([LAST_HOUR, *(-(-block.end // 60) for block in blocks)])
    return Grid(columns, _rows(blocks, columns, first, last), first, last, max(1, unit - 1))


def _set_lanes(blocks: list[Block]) -> int:
    """Side by side what overlaps in one room; the most that do at one time."""
    blocks.sort(key=lambda block: (block.start, block.session.position, block.session.pk))
    most, cluster, until = 1, [], 0
    for block in [*blocks, None]:
        if block is None or block.start >= until:
            lanes = 1 + max((one.lane for one in cluster), default=0)
            for one in cluster:
                one.lanes = lanes
            most, cluster, until = max(most, lanes), [], 0
        if block is not None:
            taken = {one.lane for one in cluster if one.overlaps(block)}
            block.lane = next(lane for lane in range(len(cluster) + 1) if lane not in taken)
            cluster.append(block)
            until = max(until, block.end)
    return most


def _rows(blocks: list[Block], columns: list[Column], first: int, last: int) -> list[Row]:
    starting = defaultdict(list)
    for block in blocks:
        starting[minutes(block.session.start)].append(block)
    moments = sorted({hour * 60 for hour in range(first, min(last, 24))} | starting.keys())
    rows, shown = [], -60
    for moment in moments:
        here = starting[moment]
        cells = [[one for one in here if one.session.room_id == c.room.pk] for c in columns]
        is_close = (moment - shown < 15 and moment % 60 != 0) or _is_before_hour(moment)
        shown = shown if is_close else moment
        across = [one for one in here if one.session.room_id is None]
        rows.append(Row(dt.time(*divmod(moment, 60)), cells, across, is_close))
    return rows


def _is_before_hour(moment: int) -> bool:
    return moment % 60 > 45
