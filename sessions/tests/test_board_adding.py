"""A programme built on the board: sessions, rooms, speakers."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry

from events.models import Room
from events.tests.factories import RoomFactory
from registrations.tests.factories import RegistrationFactory
from sessions.models import Appearance, Person, Session
from sessions.tests.board import said, send, url, wrong
from sessions.tests.factories import AppearanceFactory, PersonFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def add(client, edition, query: str = "", **values):
    response = send(client, url("board_add", edition.pk) + query, **values)
    assert response.status_code == 302, wrong(response)
    return response


def test_a_session_is_added_in_the_cell_that_was_chosen(admin_client, edition, hall):
    query = f"?day={edition.starts_on}&room={hall.pk}&start=09:30&end=11:00"
    response = add(admin_client, edition, query, kind="plenary", title_fr="Ouvrir", title_en="Open")
    session = Session.objects.get()
    assert (session.day, session.start, session.end) == (
        edition.starts_on,
        dt.time(9, 30),
        dt.time(11),
    )
    assert (session.room, session.capacity, session.slug) == (hall, 40, "16-ouvrir")
    assert (session.booking, session.is_published, session.position) == ("free", True, 1)
    assert ["Ouvrir" in sentence for sentence in said(response)] == [True]
    assert LogEntry.objects.get().is_addition()


def test_twelve_cafes_at_once_in_one_room_or_each_in_its_own(admin_client, edition, hall):
    rooms = [hall, *(RoomFactory(venue=edition.venue, position=n, capacity=n) for n in (2, 3))]
    when = {"kind": "cafe", "day": edition.starts_on, "start": "14:00", "end": "14:45"}
    add(admin_client, edition, count=3, room=hall.pk, **when)
    add(admin_client, edition, count=4, room=hall.pk, is_spread="on", **when)
    cafes = Session.objects.order_by("pk")
    assert [cafe.position for cafe in cafes] == [1, 2, 3, 4, 5, 6, 7]
    assert [cafe.room for cafe in cafes] == [hall, hall, hall, *rooms, None]
    assert [cafe.capacity for cafe in cafes] == [40, 40, 40, 40, 2, 3, None]
    assert [cafe.slug for cafe in cafes] == [f"16-cafe-{n}" for n in range(1, 8)]
    assert {cafe.booking for cafe in cafes} == {"ranked"}


def test_addresses_of_sessions_of_one_title_differ(admin_client, edition):
    add(admin_client, edition, kind="break", title_fr="Pause café", count=2)
    assert sorted(Session.objects.values_list("slug", flat=True)) == [
        "16-pause-cafe",
        "16-pause-cafe-2",
    ]


def test_new_sessions_wait_unpublished_once_people_have_come(admin_client, edition):
    RegistrationFactory(edition=edition)
    add(admin_client, edition, kind="plenary", title_fr="Une")
    add(admin_client, edition, kind="plenary", title_fr="Deux", is_published="on")
    found = Session.objects.order_by("pk").values_list("is_published", flat=True)
    assert list(found) == [False, True]


def test_a_second_click_adds_nothing(admin_client, edition):
    for _twice in range(2):
        add(admin_client, edition, kind="meal", nonce="once")
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"count": 0}, "count"),
        ({"count": 31}, "count"),
        ({"capacity": 41}, "capacity"),
        ({"start": "10:00", "end": "09:00"}, "__all__"),
        ({"kind": ""}, "kind"),
    ],
)
def test_what_cannot_be_added_is_refused_and_nothing_typed_is_lost(
    admin_client, edition, hall, values, field
):
    values = {"title_fr": "Le feu", "room": hall.pk, "day": edition.starts_on} | values
    response = send(admin_client, url("board_add", edition.pk), **values)
    assert list(wrong(response)) == [field]
    assert response.context["form"]["title_fr"].value() == "Le feu"
    assert not Session.objects.exists()


# -------------------------------------------------------------------------------------- rooms
def test_a_room_is_added_renamed_and_counted_anew(admin_client, edition, hall):
    send(admin_client, url("board_room_add", edition.pk), name="Salon", capacity=30)
    salon = Room.objects.get(name="Salon")
    assert (salon.venue, salon.capacity, salon.position) == (edition.venue, 30, 2)
    send(admin_client, url("board_room", edition.pk, salon.pk), name="Salon bleu")
    salon.refresh_from_db()
    assert (salon.name, salon.capacity) == ("Salon bleu", 30)
    refused = send(admin_client, url("board_room", edition.pk, salon.pk), name=hall.name)
    assert list(wrong(refused)) == ["name"]
    assert admin_client.get(url("board_room", edition.pk, RoomFactory().pk)).status_code == 404


def test_a_room_does_not_shrink_below_its_sessions(admin_client, edition, hall, ten):
    refused = send(admin_client, url("board_room", edition.pk, hall.pk), capacity=39)
    assert list(wrong(refused)) == ["capacity"]


# ------------------------------------------------------------------------------------- people
def test_somebody_known_is_added_by_name(admin_client, ten):
    person = PersonFactory(first_name="Élise", last_name="Lefèvre", title="Dr")
    for name in ("elise lefevre", "Dr Élise Lefèvre"):
        response = send(admin_client, url("people", ten.pk), do="add", who=name, role="chair")
    assert list(wrong(response)) == ["who"]
    appearance = Appearance.objects.get()
    assert (appearance.person, appearance.role, appearance.position) == (person, "chair", 1)


def test_of_two_with_one_name_the_number_decides(admin_client, ten):
    first, second = PersonFactory.create_batch(2, first_name="Anne", last_name="Roy")
    response = send(admin_client, url("people", ten.pk), do="add", who="Anne Roy")
    assert f"Anne Roy [{second.pk}]" in str(wrong(response))
    send(admin_client, url("people", ten.pk), do="add", who=f"Anne Roy [{first.pk}]")
    assert Appearance.objects.get().person == first


def test_somebody_new_is_written_beside_the_session(admin_client, ten):
    PersonFactory(slug="awa-diop")
    values = {"first_name": "Awa", "last_name": "Diop", "function_fr": "Maire", "is_pending": "on"}
    response = send(
        admin_client, url("people", ten.pk), do="add", organisation="Ville de Thiès", **values
    )
    assert response.status_code == 302, wrong(response)
    appearance = Appearance.objects.get()
    assert (appearance.person.slug, appearance.function_fr) == ("awa-diop-2", "Maire")
    admin_client.post(url("people", ten.pk), {"do": "confirm", "appearance": appearance.pk})
    appearance.refresh_from_db()
    assert not appearance.is_pending
    admin_client.post(url("people", ten.pk), {"do": "take", "appearance": appearance.pk})
    assert (Appearance.objects.count(), Person.objects.count()) == (0, 2)
    assert LogEntry.objects.count() == 3


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "who"),
        ({"who": "Personne"}, "who"),
        ({"first_name": "Awa"}, "last_name"),
        ({"who": "Awa", "last_name": "Diop"}, "who"),
        ({"role": "king"}, "role"),
    ],
)
def test_nobody_is_refused_beside_the_field(admin_client, ten, values, field):
    response = send(admin_client, url("people", ten.pk), do="add", **values)
    assert field in wrong(response)
    assert not Appearance.objects.exists()


def test_a_place_to_fill_needs_no_name(admin_client, ten):
    send(admin_client, url("people", ten.pk), do="add", is_pending="on", role="chair")
    assert Appearance.objects.get().person is None


def test_people_of_another_session_are_out_of_reach(admin_client, ten):
    other = AppearanceFactory(session=SessionFactory())
    answer = admin_client.post(url("people", ten.pk), {"do": "take", "appearance": other.pk})
    assert answer.status_code == 404
    assert admin_client.post(url("people", ten.pk), {"do": "burn"}).status_code == 403


def test_a_new_person_needs_the_right_to_add_people(member, ten):
    client = member("view_session", "add_appearance")
    data = {"do": "add", "last_name": "Diop", "role": "speaker"}
    assert client.post(url("people", ten.pk), data).status_code == 403
    assert not Person.objects.exists()
