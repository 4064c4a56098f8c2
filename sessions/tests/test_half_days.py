"""Mornings and afternoons: what people sign for."""

import datetime as dt

from sessions.half_days import HalfDay, half_day_of, half_days
from sessions.models import Session

DAY = dt.date(2024, 10, 23)


def session(day=DAY, start: str | None = "09:00") -> Session:
    return Session(day=day, start=start and dt.time.fromisoformat(start))


def test_a_session_belongs_to_the_half_day_in_which_it_starts():
    starts = ("08:00", "12:59", "13:00", "18:30")
    found = [half_day_of(session(start=start)).is_afternoon for start in starts]
    assert found == [False, False, True, True]


def test_what_has_no_time_belongs_to_none():
    assert half_day_of(session(start=None)) is None
    assert half_days([session(start=None), session(day=None, start=None)]) == []


def test_half_days_come_in_their_order_and_once():
    next_day = DAY + dt.timedelta(1)
    programme = [
        session(next_day, "10:00"),
        session(start="15:00"),
        session(start="09:00"),
        session(start="11:00"),
    ]
    assert half_days(programme) == [
        HalfDay(DAY, False),
        HalfDay(DAY, True),
        HalfDay(next_day, False),
    ]


def test_names_are_read_aloud():
    assert HalfDay(DAY, False).name == "mercredi 23\u00a0octobre\u00a02024, matin"
    assert HalfDay(DAY, True).short == "23/10 après-midi"
