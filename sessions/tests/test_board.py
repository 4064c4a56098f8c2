"""How a day of the board is drawn."""

import datetime as dt

from events.models import Edition, Room, Venue
from sessions import board
from sessions.models import Session
from sessions.moves import Place

DAY = dt.date(2027, 10, 20)
HALL, GALLERY = (Room(pk=number, name=str(number), venue=Venue(name="V")) for number in (1, 2))


def block(start: str, end: str | None = None, room: Room | None = HALL, kind: str = "cafe", pk=1):
    times = (dt.time.fromisoformat(start), end and dt.time.fromisoformat(end))
    session = Session(pk=pk, edition=Edition(), kind=kind, day=DAY, room=room)
    session.start, session.end = times
    return board.Block(session, session)


def drawn(*blocks) -> list[tuple]:
    grid = board.grid(blocks, [HALL, GALLERY])
    assert [column.room for column in grid.columns] == [HALL, GALLERY]
    return [(one.first, one.width) for one in blocks]


def test_rooms_are_columns_and_what_overlaps_lies_side_by_side():
    alone = block("09:00", "10:00")
    first, second, third = (block("11:00", "12:00", GALLERY, pk=n) for n in (1, 2, 3))
    after = block("12:00", "13:00", GALLERY)
    assert drawn(alone, first, second, third, after) == [(1, 4), (5, 3), (8, 3), (11, 3), (5, 9)]


def test_a_pause_without_a_room_lies_across_all():
    pause = block("12:00", "14:00", None, "meal")
    assert drawn(pause) == [(1, 8)]
    assert board.is_on_grid(pause.session)
    assert not board.is_on_grid(block("12:00", "14:00", None).session)
    assert not board.is_on_grid(Session(day=DAY, room=HALL, edition=Edition()))


def test_times_are_drawn_on_lines_and_long_enough_to_be_read():
    one, two, unknown = block("09:03", "09:08"), block("10:00", "10:50"), block("20:30")
    grid = board.grid([one, two, unknown], [HALL])
    assert [(each.start, each.end) for each in (one, two, unknown)] == [
        (540, 560),
        (600, 650),
        (1230, 1290),
    ]
    assert (grid.first_hour, grid.last_hour) == (8, 22)


def test_rows_are_hours_and_moments_at_which_something_starts():
    grid = board.grid([block("09:15", "10:00"), block("09:50", "10:00", GALLERY)], [HALL, GALLERY])
    labels = [(row.time, row.is_close) for row in grid.rows[:5]]
    assert labels == [
        (dt.time(8), False),
        (dt.time(9), False),
        (dt.time(9, 15), False),
        (dt.time(9, 50), True),
        (dt.time(10), False),
    ]
    assert [len(cell) for cell in grid.rows[2].cells] == [1, 0]


def test_an_empty_day_has_its_hours():
    grid = board.grid([], [])
    assert [row.time.hour for row in grid.rows] == list(range(8, 19))
    assert (grid.width, grid.columns) == (1, [])


def test_stamps_tell_one_place_from_another():
    place = Place(DAY, dt.time(9), None, HALL)
    assert board.place_stamp(place) == board.place_stamp(place._replace())
    others = [
        place._replace(room=GALLERY),
        place._replace(end=dt.time(10)),
        place._replace(day=None),
    ]
    assert len({board.place_stamp(one) for one in [place, *others]}) == 4
