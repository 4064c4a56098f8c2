"""The grid of a day, from sessions that no database has seen."""

import datetime as dt
from itertools import count

from events.models import Room
from sessions.models import Session
from sessions.schedule import MAX_COLUMNS, MAX_ROWS, by_kind, programme

DAY = dt.date(2024, 10, 23)
ETOILE_1, ETOILE_2, ETOILE_3, MARLY, LOBBY = (
    Room(pk=pk, venue_id=1, name=name, position=pk)
    for pk, name in enumerate(["Étoile 1", "Étoile 2", "Étoile 3", "Marly", "Hall"], start=1)
)
_numbers = count(1)


def clock(text):
    return dt.time.fromisoformat(text.zfill(5)) if text else None


def make(start="", end="", room=None, kind=Session.Kind.THEMATIC_WORKSHOP, day=DAY, **values):
    pk = next(_numbers)
    values = {"title_fr": f"Session {pk}", "position": pk} | values
    return Session(
        pk=pk, kind=kind, day=day, start=clock(start), end=clock(end), room=room, **values
    )


def day_of(*sessions):
    return programme(sessions).days[0]


def places(day):
    """Row, rows, column, columns of each session, by its key."""
    return {
        session.pk: (block.row, block.rows, block.column, block.columns)
        for slot in day.slots
        for block in slot.blocks
        for session in block.sessions
    }


def headings(day):
    return [column.room.name if column.room else "" for column in day.columns]


def test_day_lays_rooms_as_columns_in_the_teams_order():
    second = make("10:00", "11:00", ETOILE_2)
    first = make("10:00", "11:00", ETOILE_1)

    day = day_of(second, first)

    assert headings(day) == ["Étoile 1", "Étoile 2"]
    assert places(day) == {first.pk: (2, 1, 0, 1), second.pk: (2, 1, 1, 1)}
    assert [block.session for block in day.slots[0].blocks] == [first, second]


def test_session_spans_the_moments_of_its_duration():
    long = make("9:30", "11:00", ETOILE_1)
    early = make("9:30", "10:00", ETOILE_2)
    late = make("10:00", "11:00", ETOILE_2)

    day = day_of(long, early, late)

    assert places(day) == {
        long.pk: (2, 2, 0, 1),
        early.pk: (2, 1, 1, 1),
        late.pk: (3, 1, 1, 1),
    }
    assert [(slot.start, slot.row) for slot in day.slots] == [
        (clock("9:30"), 2),
        (clock("10:00"), 3),
    ]


def test_session_alone_at_its_time_lies_across_all_columns():
    plenary = make("9:00", "10:00", MARLY, Session.Kind.PLENARY)
    left, right = make("10:00", "11:00", ETOILE_1), make("10:00", "11:00", ETOILE_2)

    day = day_of(plenary, left, right)

    assert headings(day) == ["Étoile 1", "Étoile 2"]
    assert places(day)[plenary.pk] == (2, 1, 0, 2)


def test_time_without_sessions_takes_no_row():
    morning, evening = make("9:00", "10:00"), make("18:00", "19:00")

    assert places(day_of(morning, evening)) == {morning.pk: (1, 1, 0, 1), evening.pk: (2, 1, 0, 1)}


def test_day_with_start_times_only_gives_each_session_a_row():
    sessions = [make("9:30"), make("11:00"), make("14:00")]

    assert list(places(day_of(*sessions)).values()) == [(1, 1, 0, 1), (2, 1, 0, 1), (3, 1, 0, 1)]


def test_twelve_cafes_without_rooms_are_one_block_across():
    cafes = [make("14:00", "15:00", kind=Session.Kind.CAFE) for _i in range(12)]

    day = day_of(*reversed(cafes))

    [[block]] = [slot.blocks for slot in day.slots]
    assert block.sessions == cafes
    assert (block.kind, block.is_group, block.room_is_said) == (Session.Kind.CAFE, True, True)
    assert (day.is_grid, day.columns) == (True, [])


def test_cafes_in_one_room_are_one_block_that_names_the_room():
    cafes = [make("14:00", "15:00", LOBBY, Session.Kind.CAFE) for _i in range(2)]

    [[block]] = [slot.blocks for slot in day_of(*cafes).slots]

    assert block.room == LOBBY


def test_cafes_in_more_rooms_than_fit_are_one_block():
    rooms = [
        Room(pk=100 + n, venue_id=1, name=f"Table {n}", position=n) for n in range(MAX_COLUMNS + 1)
    ]
    cafes = [make("14:00", "15:00", room, Session.Kind.CAFE) for room in rooms]

    day = day_of(*cafes)

    assert [len(block.sessions) for slot in day.slots for block in slot.blocks] == [MAX_COLUMNS + 1]
    assert day.slots[0].blocks[0].room_is_said is False


def test_parallel_sessions_of_several_kinds_without_rooms_are_one_block_in_kind_order():
    workshop = make("10:00", "11:00")
    meeting = make("10:00", "11:00", kind=Session.Kind.GEOGRAPHIC_MEETING)

    [[block]] = [slot.blocks for slot in day_of(workshop, meeting).slots]

    assert (block.sessions, block.kind) == ([meeting, workshop], "")


def test_group_beside_a_long_session_lies_across_the_free_rooms():
    fair = make("9:00", "18:00", LOBBY)
    left, right = make("10:00", "11:00", ETOILE_1), make("10:00", "11:00", ETOILE_2)
    cafes = [make("14:00", "15:00", kind=Session.Kind.CAFE) for _i in range(3)]

    day = day_of(fair, left, right, *cafes)

    assert headings(day) == ["Étoile 1", "Étoile 2", "Hall"]
    assert places(day)[cafes[0].pk][2:] == (0, 2)
    assert places(day)[fair.pk][2:] == (2, 1)


def test_break_in_a_room_of_its_own_makes_no_column():
    long = make("14:00", "16:00", ETOILE_3)
    left, right = make("14:00", "15:00", ETOILE_1), make("14:00", "15:00", ETOILE_2)
    coffee = make("15:00", "15:30", LOBBY, Session.Kind.BREAK)

    day = day_of(long, left, right, coffee)

    assert headings(day) == ["Étoile 1", "Étoile 2", "Étoile 3"]
    assert places(day)[coffee.pk][2:] == (0, 2)


def test_session_without_room_beside_others_gets_a_column_to_be_announced():
    known, unknown = make("10:00", "11:00", ETOILE_1), make("10:00", "11:00")

    day = day_of(known, unknown)

    assert [(column.room, column.is_to_come) for column in day.columns] == [
        (ETOILE_1, False),
        (None, True),
    ]
    assert places(day)[unknown.pk][2:] == (1, 1)


def test_two_sessions_that_overlap_in_one_room_do_not_hide_each_other():
    first, second = make("10:00", "11:00", ETOILE_1), make("10:30", "11:30", ETOILE_1)

    day = day_of(first, second)

    assert {places(day)[first.pk][2], places(day)[second.pk][2]} == {0, 1}
    assert [column.is_to_come for column in day.columns] == [False, False]


def test_day_with_too_many_rooms_is_a_list():
    rooms = [Room(pk=200 + n, venue_id=1, name=f"S{n}", position=n) for n in range(MAX_COLUMNS + 1)]
    kinds = [Session.Kind.GEOGRAPHIC_MEETING, Session.Kind.THEMATIC_WORKSHOP]
    sessions = [make("10:00", "11:00", room, kinds[n % 2]) for n, room in enumerate(rooms)]

    assert day_of(*sessions).is_grid is False


def test_day_with_more_moments_than_rows_is_a_list():
    sessions = [
        make(f"{8 + n // 6}:{n % 6}0", f"{8 + n // 6}:{n % 6}5", ETOILE_1) for n in range(MAX_ROWS)
    ]

    assert day_of(*sessions).is_grid is False


def test_no_two_blocks_share_a_place():
    """Every shape of day at once: what lies on something else cannot be read."""
    sessions = [
        make("8:30", "9:30", LOBBY, Session.Kind.BREAK),
        make("9:00", "12:00", MARLY),
        make("9:30", "10:30", ETOILE_1),
        make("9:30", "10:30"),
        make("9:45", room=ETOILE_1),
        make("10:00", "11:00", ETOILE_2),
        make("10:30", "10:45", kind=Session.Kind.BREAK),
        *[make("11:00", "12:00", kind=Session.Kind.CAFE) for _i in range(12)],
        make("12:00", kind=Session.Kind.MEAL),
    ]

    blocks = [block for slot in day_of(*sessions).slots for block in slot.blocks]

    cells = [
        (row, column)
        for block in blocks
        for row in range(block.row, block.row + block.rows)
        for column in range(block.column, block.column + block.columns)
    ]
    assert sorted(cells) == sorted(set(cells))
    assert sum(len(block.sessions) for block in blocks) == len(sessions)


def test_sessions_without_day_stand_apart_by_kind_in_the_teams_order():
    cafe = make(kind=Session.Kind.CAFE, day=None)
    second = make(day=None, position=2)
    first = make(day=None, position=1)

    shown = programme([cafe, second, first])

    assert shown.days == []
    assert [(kind.kind, kind.sessions) for kind in shown.undated] == [
        (Session.Kind.THEMATIC_WORKSHOP, [first, second]),
        (Session.Kind.CAFE, [cafe]),
    ]


def test_sessions_with_a_day_but_no_time_stand_in_their_day():
    timed, untimed = make("10:00"), make()

    day = day_of(timed, untimed)

    assert [kind.sessions for kind in day.untimed] == [[untimed]]
    assert list(places(day)) == [timed.pk]


def test_reading_order_is_the_order_of_time_then_what_has_none():
    late, early = make("11:00"), make("9:00")
    untimed, undated = make(), make(day=None)

    order = programme([undated, untimed, late, early]).in_reading_order()

    assert order == [early, late, untimed, undated]


def test_kind_is_untitled_only_while_no_title_is_known():
    [unknown] = by_kind([make(title_fr="", day=None), make(title_fr="", day=None)])
    [partly] = by_kind([make(title_fr="", day=None), make(day=None)])

    assert (unknown.is_untitled, partly.is_untitled) == (True, False)
