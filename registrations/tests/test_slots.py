import datetime as dt

from registrations.slots import arrange
from sessions.models import Session

DAY = dt.date(2027, 1, 27)


def session(pk, start, end=None, day=DAY):
    def clock(text):
        return dt.time.fromisoformat(text) if text else None

    return Session(pk=pk, day=day, start=clock(start), end=clock(end))


def shape(sessions):
    return [(slot.name, [one.pk for one in slot.sessions]) for slot in arrange(sessions)]


def test_parallel_sessions_share_a_slot():
    found = shape([session(1, "10:00", "11:00"), session(2, "10:00", "12:00")])
    assert found == [("slot_20270127_1000", [1, 2])]


def test_back_to_back_sessions_have_a_slot_each():
    found = shape([session(1, "10:00", "11:00"), session(2, "11:00", "12:00")])
    assert found == [("slot_20270127_1000", [1]), ("slot_20270127_1100", [2])]


def test_long_session_names_those_it_reaches_into():
    long, first, second = (
        session(1, "09:00", "12:00"),
        session(2, "09:00", "10:00"),
        session(3, "10:00", "12:00"),
    )
    slots = arrange([long, first, second])
    assert [[one.pk for one in slot.sessions] for slot in slots] == [[1, 2], [3]]
    assert slots[0].clashes == {1: [second]}
    assert slots[1].clashes == {3: [long]}


def test_unknown_times_come_last_and_exclude_nothing():
    slots = arrange(
        [session(1, "", day=None), session(2, ""), session(3, "10:00"), session(4, "", day=None)]
    )
    assert [(slot.name, slot.is_exclusive) for slot in slots] == [
        ("slot_20270127_1000", True),
        ("slot_20270127", False),
        ("slot_later", False),
    ]
    assert [one.pk for one in slots[2].sessions] == [1, 4]
