"""Times and rooms: written at once, or gathered for publication."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from events.models import Edition
from events.tests.factories import EditionFactory, RoomFactory, VenueFactory
from registrations.tests.factories import RegistrationFactory
from sessions import moves
from sessions.models import Move, Session
from sessions.moves import Place, place, place_of
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def session():
    edition = EditionFactory()
    room = RoomFactory(venue=edition.venue, name="Salle A")
    return SessionFactory(edition=edition, room=room)


def later(session, **other) -> dict:
    """The session two hours later."""
    where = place_of(session)._asdict()
    return where | {"start": dt.time(12), "end": dt.time(13)} | other


def read(session) -> tuple:
    row = Session.objects.get(pk=session.pk)
    return row.start, row.room, row.revision


@pytest.mark.parametrize(
    ("state", "published", "registered", "gathered"),
    [
        (Edition.State.PUBLISHED, True, "confirmed", True),
        (Edition.State.OPEN, True, "pending", True),
        (Edition.State.OPEN, True, "cancelled", False),
        (Edition.State.OPEN, True, None, False),
        (Edition.State.OPEN, False, "confirmed", False),
        (Edition.State.DRAFT, True, "confirmed", False),
    ],
)
def test_a_change_waits_once_a_public_session_has_people(
    session, state, published, registered, gathered
):
    Edition.objects.update(state=state)
    Session.objects.update(is_published=published)
    if registered:
        RegistrationFactory(edition=session.edition, state=registered)
    session = Session.objects.get()
    move = place(session, **later(session))
    assert (move is not None) == gathered
    shown = dt.time(10) if gathered else dt.time(12)
    assert read(session) == (shown, session.room, 0 if gathered else 1)
    assert (session.start, session.revision) == (shown, 0 if gathered else 1)
    assert Move.objects.count() == gathered


def test_the_same_place_is_no_change(session):
    assert place(session, **place_of(session)._asdict()) is None
    assert read(session) == (dt.time(10), session.room, 0)


def test_one_move_a_session_and_none_when_it_is_back(session):
    RegistrationFactory(edition=session.edition)
    first = place(session, **later(session))
    again = place(session, **later(session, end=dt.time(14)))
    assert (again.pk, again.end) == (first.pk, dt.time(14))
    assert place(session, **place_of(session)._asdict()) is None
    assert not Move.objects.exists()
    assert read(session)[2] == 0


def test_a_session_withdrawn_meanwhile_is_moved_at_once(session):
    RegistrationFactory(edition=session.edition)
    place(session, **later(session))
    Session.objects.update(is_published=False)
    assert place(session, **later(session)) is None
    assert not Move.objects.exists()
    assert read(session)[::2] == (dt.time(12), 1)


def test_the_database_keeps_one_move_in_preparation(session):
    Move.objects.create(session=session)
    with pytest.raises(IntegrityError), transaction.atomic():
        Move.objects.create(session=session)


def test_two_sessions_to_be_in_one_room_are_found(session):
    RegistrationFactory(edition=session.edition)
    there = SessionFactory(
        edition=session.edition, room=session.room, start=dt.time(12), end=dt.time(13)
    )
    assert moves.sharing_room(session) == []
    place(session, **later(session))
    assert moves.sharing_room(session) == [there]
    assert moves.sharing_room(there) == [session]
    place(there, **later(there, room=RoomFactory(venue=session.edition.venue)))
    assert moves.sharing_room(session) == []


def test_in_preparation_is_of_one_edition_in_the_order_of_the_programme(session):
    late = SessionFactory(edition=session.edition, start=dt.time(15), end=dt.time(16))
    Move.objects.create(session=late)
    Move.objects.create(session=session)
    Move.objects.create(session=SessionFactory())
    assert [move.session for move in moves.in_preparation(session.edition)] == [session, late]


def test_a_place_in_words():
    venue = VenueFactory(name="Palais")
    room = RoomFactory(venue=venue, name="Salle B")
    where = Place(dt.date(2024, 10, 24), dt.time(14), dt.time(15, 30), room)
    plain = where.said(venue).replace("\xa0", " ")
    assert plain == "jeudi 24 octobre, 14 h – 15 h 30, Salle B"
    assert where.said(VenueFactory()).endswith(", Salle B, Palais")
    assert where._replace(start=None, end=None, room=None).said() == "jeudi 24\xa0octobre"
    assert Place(None, None, None, None).said() == ""
