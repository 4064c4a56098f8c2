"""What does not fit in a programme, read as it will be."""

import datetime as dt

import pytest

from events.models import Edition
from events.tests.factories import EditionFactory, RoomFactory
from registrations.tests.factories import RegistrationFactory
from sessions import conflicts, moves
from sessions.models import Appearance, Session
from sessions.tests.factories import AppearanceFactory, PersonFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
CLASHES = {"room", "speaker", "pause", "outside", "capacity", "excess"}


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def make(edition):
    """A complete session: nothing of it is a conflict by itself."""

    def make(**values):
        values = {"edition": edition, "room": RoomFactory(venue=edition.venue)} | values
        session = SessionFactory(**values)
        needed = conflicts.ROLES_NEEDED.get(session.kind)
        if needed:
            AppearanceFactory(session=session, role=needed[0])
        return session

    return make


def rules(edition) -> list[tuple]:
    return [(one.session.pk, one.rule) for one in conflicts.found(edition)]


def test_a_complete_programme_has_none(edition, make):
    for kind in Session.Kind:
        make(kind=kind)
    assert rules(edition) == []


def test_one_room_cannot_have_two_sessions_at_a_time_but_cafes(edition, make):
    room = RoomFactory(venue=edition.venue, name="Salle Seine")
    first, second = make(room=room), make(room=room, start=dt.time(10, 30), title_fr="L’eau")
    make(room=room, start=dt.time(11), end=dt.time(12))
    make(room=room, cafe=True)
    make(room=room, cafe=True)
    assert rules(edition) == [(first.pk, "room"), (second.pk, "room")]
    said = conflicts.found(edition)[0]
    assert "Salle Seine" in said.sentence
    assert "L’eau" in said.sentence
    assert said.is_clash


@pytest.mark.parametrize(
    ("start", "walking", "clashes"), [((10, 30), 0, 2), ((11, 0), 0, 0), ((11, 5), 10, 2)]
)
def test_nobody_speaks_twice_at_a_time(edition, make, start, walking, clashes):
    Edition.objects.update(walking_minutes=walking)
    edition.refresh_from_db()
    person = PersonFactory()
    for begin in ((10, 0), start):
        session = make(start=dt.time(*begin), end=dt.time(begin[0] + 1, begin[1]))
        AppearanceFactory(session=session, person=person)
        AppearanceFactory(session=session, person=person, role="rapporteur")
    assert [rule for _pk, rule in rules(edition)] == ["speaker"] * clashes


def test_a_break_is_everybodys_unless_it_has_a_room(edition, make):
    session = make()
    make(kind="break", room=None, start=dt.time(10, 30), end=dt.time(11, 30))
    make(kind="meal", start=dt.time(10, 30), end=dt.time(11, 30))
    assert rules(edition) == [(session.pk, "pause")]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"room": None}, "place"),
        ({"start": None, "end": None}, "place"),
        ({"end": None}, "place"),
        ({"day": dt.date(2001, 1, 1)}, "outside"),
        ({"title_en": ""}, "english"),
        ({"question_fr": "Pourquoi ?"}, "english"),
        ({"title_fr": "", "title_en": ""}, "title"),
        ({"capacity": 41}, "capacity"),
        ({"seats_taken": 3, "capacity": 20}, None),
    ],
)
def test_what_a_session_lacks_is_said(edition, make, values, rule):
    session = make(**values)
    assert rules(edition) == ([(session.pk, rule)] if rule else [])
    if rule:
        assert conflicts.found(edition)[0].is_clash == (rule in CLASHES)


@pytest.mark.parametrize("kind", [*conflicts.ROLES_NEEDED])
def test_a_kind_needs_somebody_in_its_role(edition, kind):
    session = SessionFactory(edition=edition, kind=kind, room=RoomFactory())
    AppearanceFactory(session=session, role="speaker")
    assert rules(edition) == [(session.pk, "role")]
    AppearanceFactory(session=session, role=conflicts.ROLES_NEEDED[kind][-1], is_pending=True)
    assert rules(edition) == [(session.pk, "pending")]
    Appearance.objects.update(is_pending=False)
    assert rules(edition) == []


def test_what_is_in_preparation_counts_and_not_what_it_leaves(edition, make):
    RegistrationFactory(edition=edition)
    small = RoomFactory(venue=edition.venue, capacity=5)
    here, there = make(room=small, capacity=5), make(seats_taken=8)
    assert rules(edition) == []
    moves.place(there, day=here.day, start=here.start, end=here.end, room=small)
    assert rules(edition) == [(here.pk, "room"), (there.pk, "room"), (there.pk, "excess")]
    moves.place(here, day=here.day, start=dt.time(16), end=dt.time(17), room=small)
    assert rules(edition) == [(there.pk, "excess")]


@pytest.mark.parametrize("count", [3, 30])
def test_all_are_found_with_four_queries(edition, make, count, django_assert_num_queries):
    RegistrationFactory(edition=edition)
    for _each in range(count):
        session = make()
        moves.place(session, day=session.day, start=dt.time(15), end=dt.time(16), room=session.room)
    with django_assert_num_queries(4):
        assert conflicts.found(edition) == []
