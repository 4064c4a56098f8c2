"""The programme board in the workplace, by its forms: what works without a script."""

import datetime as dt
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse

from events.models import Edition
from events.tests.factories import EditionFactory, RoomFactory
from registrations.tests.factories import RegistrationFactory
from sessions import moves
from sessions.models import Move, Session
from sessions.tests.board import place, said, send, url, wrong
from sessions.tests.factories import AppearanceFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SCRIPT = {"X-Raict-Board": "1"}


# --------------------------------------------------------------------------------------- page
def test_the_menu_leads_to_the_current_editions_board(admin_client, edition, ten):
    index = admin_client.get(reverse("admin:index"))
    assert url("boards") in index.content.decode()
    page = admin_client.get(url("boards"), follow=True)
    assert page.redirect_chain == [(url("board", edition.pk), 302)]
    assert page.context["edition"] == edition
    assert [
        block.session for row in page.context["grid"].rows for cell in row.cells for block in cell
    ] == [ten]


def test_a_table_of_times_and_rooms_is_there_without_a_script(admin_client, edition, ten):
    text = admin_client.get(url("board", edition.pk)).content.decode()
    table = re.search(r"<table.*</table>", text, re.DOTALL)[0]
    heads = re.findall(r'<th scope="(\w+)"', table)
    assert heads == ["col", "col", *["row"] * 11]
    assert url("place", ten.pk) in table


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_board_asks_the_same_for_any_number_of_sessions(
    admin_client, edition, hall, count, django_assert_num_queries
):
    RegistrationFactory(edition=edition)
    for number in range(count):
        session = SessionFactory(edition=edition, room=hall)
        AppearanceFactory.create_batch(count % 3 + 1, session=session)
        moves.place(session, day=session.day, start=dt.time(9, number), end=dt.time(10), room=hall)
    with django_assert_num_queries(10):
        admin_client.get(url("board", edition.pk))


@pytest.mark.parametrize("day", ["2001-01-01", "x", "2027-02-31", ""])
def test_any_day_may_be_asked_for(admin_client, edition, day):
    assert admin_client.get(url("board", edition.pk), {"day": day}).status_code == 200


def test_an_edition_without_dates_and_venue_says_what_it_lacks(admin_client):
    edition = EditionFactory(starts_on=None, ends_on=None, venue=None)
    page = admin_client.get(url("board", edition.pk))
    assert page.content.decode().count("board-lacking") == 2
    assert admin_client.get(url("board_room_add", edition.pk)).status_code == 200


def test_the_published_version_is_what_visitors_read(admin_client, edition, ten, hall):
    RegistrationFactory(edition=edition)
    hidden = SessionFactory(edition=edition, is_published=False)
    moves.place(ten, day=ten.day, start=dt.time(15), end=dt.time(16), room=hall)
    draft = admin_client.get(url("board", edition.pk)).context
    public = admin_client.get(url("board", edition.pk), {"version": "published"}).context
    assert [block.session for block in draft["tray"]] == [hidden]
    assert public["tray"] == []
    found = [
        [b.session.start for row in page["grid"].rows for cell in row.cells for b in cell]
        for page in (draft, public)
    ]
    assert found == [[dt.time(15)], [dt.time(10)]]
    assert draft["unpublished"] == 2
    assert (public["may_change"], public["may_add"]) == (False, False)


def test_the_difference_says_from_where_to_where(admin_client, edition, ten, hall):
    page = admin_client.get(url("difference", edition.pk))
    assert (page.context["moved"], page.context["hidden"], page.context["shown"]) == ([], [], 1)
    RegistrationFactory(edition=edition)
    moves.place(ten, day=ten.day, start=dt.time(15), end=dt.time(16), room=None)
    hidden = SessionFactory(edition=edition, is_published=False)
    page = admin_client.get(url("difference", edition.pk))
    ((session, before, after),) = page.context["moved"]
    assert session == ten
    assert before.replace("\xa0", " ").endswith("10 h – 11 h, Grande salle")
    assert after.replace("\xa0", " ").endswith("15 h – 16 h")
    assert page.context["hidden"] == [(hidden, moves.place_of(hidden).said())]
    assert (
        reverse("admin:programme_announcement_publish", args=[edition.pk]) in page.content.decode()
    )


def test_a_session_that_is_withdrawn_and_moves_is_named_once(admin_client, edition, ten, hall):
    RegistrationFactory(edition=edition)
    moves.place(ten, day=ten.day, start=dt.time(15), end=dt.time(16), room=hall)
    Session.objects.update(is_published=False)
    context = admin_client.get(url("difference", edition.pk)).context
    assert (context["moved"], [session for session, _place in context["hidden"]]) == ([], [ten])
    assert admin_client.get(url("board", edition.pk)).context["unpublished"] == 1


@pytest.mark.parametrize(("is_published", "said"), [(False, "non publiée"), (True, "Publiée")])
def test_what_is_said_of_a_session_that_appears_or_is_withdrawn(
    admin_client, ten, is_published, said
):
    Session.objects.update(is_published=not is_published)
    page = admin_client.get(url("texts", ten.pk))
    form = page.context["form"]
    typed = {name: value for name in form.fields if (value := form[name].value())}
    typed |= {"seen": page.context["seen"], "is_published": "on" if is_published else ""}
    posted = admin_client.post(url("texts", ten.pk), typed)
    assert [str(one) for one in get_messages(posted.wsgi_request)] == [
        f"«\u202fL’eau\u202f» est enregistrée\xa0: {said}."
    ]


# -------------------------------------------------------------------------------------- place
def test_a_form_moves_a_session_and_says_where_it_is(admin_client, edition, ten, hall):
    other = RoomFactory(venue=edition.venue, name="Salon", capacity=12)
    response = send(admin_client, url("place", ten.pk), start="14:00", end="15:00", room=other.pk)
    assert response.status_code == 302, wrong(response)
    assert response["Location"] == f"{url('board', edition.pk)}#session-{ten.pk}"
    assert place(ten) == (dt.time(14), dt.time(15), other)
    assert said(response)[0].replace("\xa0", " ").endswith("14 h – 15 h, Salon.")
    ten.refresh_from_db()
    assert (ten.capacity, ten.revision) == (12, 1)
    assert LogEntry.objects.get().get_edited_object() == ten


def test_a_move_waits_when_people_are_registered(admin_client, edition, ten):
    RegistrationFactory(edition=edition)
    response = send(admin_client, url("place", ten.pk), start="14:00", end="15:00")
    assert response.status_code == 302, wrong(response)
    assert place(ten)[0] == dt.time(10)
    assert Move.objects.get().start == dt.time(14)
    assert reverse("admin:programme_announcement_publish", args=[edition.pk]) in said(response)[1]
    # The form shows what waits; to put it back is to have nothing to publish.
    assert admin_client.get(url("place", ten.pk)).context["form"]["start"].value() == dt.time(14)
    send(admin_client, url("place", ten.pk), start="10:00", end="11:00")
    assert not Move.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"end": "09:00"}, "__all__"),
        ({"day": ""}, "__all__"),
        ({"day": "2001-01-01"}, "day"),
        ({"start": "soon"}, "start"),
        ({"room": "0"}, "room"),
    ],
)
@pytest.mark.parametrize("gathers", [False, True])
def test_a_place_that_cannot_be_is_refused_beside_its_field(
    admin_client, ten, values, field, gathers
):
    if gathers:
        RegistrationFactory(edition=ten.edition)
    response = send(admin_client, url("place", ten.pk), **values)
    assert list(wrong(response)) == [field]
    assert place(ten)[0] == dt.time(10)
    assert not Move.objects.exists()


def test_a_room_too_small_for_those_who_have_seats_is_refused_where_nothing_waits(
    admin_client, edition, ten
):
    Session.objects.update(seats_taken=5)
    small = RoomFactory(venue=edition.venue, capacity=4)
    assert list(wrong(send(admin_client, url("place", ten.pk), room=small.pk))) == ["room"]


def test_what_is_based_on_an_older_state_is_refused_once_with_the_newer_one(admin_client, ten):
    opened = admin_client.get(url("place", ten.pk)).context["seen"]
    send(admin_client, url("place", ten.pk), start="12:00", end="13:00")
    data = {"day": ten.day, "start": "16:00", "end": "17:00", "room": ten.room_id, "seen": opened}
    refused = admin_client.post(url("place", ten.pk), data)
    assert list(wrong(refused)) == ["__all__"]
    assert "12 h – 13 h" in str(wrong(refused)).replace("\xa0", " ").replace("\\xa0", " ")
    assert refused.context["form"]["start"].value() == "16:00"
    assert place(ten)[0] == dt.time(12)
    # The same again, having read it.
    admin_client.post(url("place", ten.pk), data | {"seen": refused.context["seen"]})
    assert place(ten)[0] == dt.time(16)


def test_a_second_click_does_nothing(admin_client, ten):
    seen = admin_client.get(url("place", ten.pk)).context["seen"]
    data = {"day": ten.day, "start": "16:00", "end": "17:00", "room": ten.room_id, "seen": seen}
    answers = [admin_client.post(url("place", ten.pk), data).status_code for _twice in range(2)]
    assert answers == [302, 302]
    ten.refresh_from_db()
    assert (ten.revision, LogEntry.objects.count()) == (1, 1)


def test_a_script_is_answered_with_the_board_as_it_is_now(admin_client, edition, ten, hall):
    SessionFactory(edition=edition, room=hall, start=dt.time(14), end=dt.time(15), title_fr="Feu")
    address = f"{url('place', ten.pk)}?day={ten.day}"
    answer = send(admin_client, address, start="14:30", end="15:30", headers=SCRIPT).json()
    assert (answer["session"], len(answer["said"])) == (ten.pk, 2)
    assert answer["board"].count('data-rule="room"') == 2
    refused = send(admin_client, address, start="14:30", end="14:00", headers=SCRIPT).json()
    assert set(refused) == {"form", "title"}
    assert "errorlist" in refused["form"]


# -------------------------------------------------------------------------------------- texts
def test_texts_are_changed_and_what_waits_stays(admin_client, edition, ten):
    RegistrationFactory(edition=edition)
    moves.place(ten, day=ten.day, start=dt.time(15), end=dt.time(16), room=None)
    response = send(admin_client, url("texts", ten.pk), title_fr="Le feu", capacity="30")
    assert response.status_code == 302, wrong(response)
    ten.refresh_from_db()
    assert (ten.title_fr, ten.capacity, ten.start) == ("Le feu", 30, dt.time(10))
    assert Move.objects.get().start == dt.time(15)
    refused = send(admin_client, url("texts", ten.pk), title_fr="L’air", capacity="99")
    assert list(wrong(refused)) == ["capacity"]
    assert refused.context["form"]["title_fr"].value() == "L’air"


def test_texts_of_another_hand_are_not_written_over_unseen(admin_client, ten):
    refused = send(admin_client, url("texts", ten.pk), title_fr="Le feu", seen="older")
    assert list(wrong(refused)) == ["__all__"]
    assert "L’eau" in str(wrong(refused))
    ten.refresh_from_db()
    assert ten.title_fr == "L’eau"


# --------------------------------------------------------------------------------- copy and end
def test_a_copy_has_the_texts_and_neither_place_nor_people(admin_client, ten):
    AppearanceFactory(session=ten)
    Session.objects.update(seats_taken=3, slides="a.pdf", question_fr="Pourquoi ?")
    opened = admin_client.get(url("duplicate", ten.pk)).context["nonce"]
    for _twice in range(2):
        admin_client.post(url("duplicate", ten.pk), {"nonce": opened})
    twin = Session.objects.exclude(pk=ten.pk).get()
    assert (twin.title_fr, twin.question_fr, twin.kind) == ("L’eau", "Pourquoi ?", ten.kind)
    assert (twin.day, twin.room, twin.seats_taken, twin.is_published) == (None, None, 0, False)
    assert (twin.slug, str(twin.slides), twin.appearances.count()) == (f"{ten.slug}-2", "", 0)


def test_only_what_nobody_has_booked_is_deleted(admin_client, ten):
    page = admin_client.get(url("remove", ten.pk))
    assert (page.context["protected"], Session.objects.count()) == ([], 1)
    admin_client.post(url("remove", ten.pk))
    assert not Session.objects.exists()
    assert LogEntry.objects.get().object_repr == "L’eau"


# -------------------------------------------------------------------------------- permissions
PAGES = ("board", "difference", "board_add", "place", "texts", "people", "duplicate", "remove")


@pytest.mark.parametrize(
    ("codenames", "opened"),
    [
        ([], ()),
        (["view_session"], ("board", "difference", "people")),
        (
            ["view_session", "add_session"],
            ("board", "difference", "board_add", "people", "duplicate"),
        ),
        (["change_session"], ("board", "difference", "place", "texts", "people")),
        (["view_session", "delete_session"], ("board", "difference", "people", "remove")),
    ],
)
def test_each_page_asks_for_its_permission(member, edition, ten, codenames, opened):
    client = member(*codenames)
    of_edition = ("board", "difference", "board_add")
    found = tuple(
        name
        for name in PAGES
        if client.get(url(name, edition.pk if name in of_edition else ten.pk)).status_code == 200
    )
    assert found == opened


def test_who_may_only_look_has_no_handles(member, edition, ten):
    client = member("view_session")
    text = client.get(url("board", edition.pk)).content.decode()
    assert "data-may-change" not in text
    assert "block-end" not in text
    assert url("place", ten.pk) not in text
    assert client.post(url("place", ten.pk), {"start": "12:00"}).status_code == 403
    assert client.get(url("board_room_add", edition.pk)).status_code == 403
    assert client.post(url("people", ten.pk), {"do": "add"}).status_code == 403
    assert Edition.objects.get().sessions.get().start == dt.time(10)
