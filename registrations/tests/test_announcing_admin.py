"""The team moves sessions in the admin, looks, and publishes."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from events.tests.factories import RoomFactory
from raict.tests.staff import change, errors, filled
from registrations import services
from registrations.models import Notice
from registrations.tests.factories import RegistrationFactory
from sessions import moves
from sessions.models import Announcement, Move, Session
from sessions.tests.factories import SessionFactory

pytestmark = pytest.mark.django_db
QUERIES = {"programme_announcement": 6, "programme_move": 6, "registrations_notice": 6}
INDEX = reverse("admin:index")


@pytest.fixture
def holder(edition, ten):
    registration = RegistrationFactory(edition=edition, first_name="Awa", last_name="Diop")
    services.change_sessions(registration, sessions=[ten], among=[ten.pk])
    return registration


@pytest.fixture
def page(edition):
    return reverse("admin:programme_announcement_publish", args=[edition.pk])


def form_of(client, session):
    row = session._meta
    return client.get(reverse(f"admin:{row.app_label}_{row.model_name}_change", args=[session.pk]))


def said(response) -> list[str]:
    return [str(one) for one in response.wsgi_request._messages]


# --------------------------------------------------------------------------------- the form
def test_a_new_time_is_kept_and_shown_in_the_form(admin_client, ten, holder, page):
    response = change(admin_client, ten, start="15:00", end="16:00", title_fr="Eau")
    assert response.status_code == 302, errors(response)
    ten.refresh_from_db()
    assert (ten.start, ten.title_fr, ten.revision) == (dt.time(10), "Eau", 0)
    assert Move.objects.get().start == dt.time(15)
    assert page in said(response)[0]
    opened = form_of(admin_client, ten)
    assert filled(opened)["start"] == "15:00:00"
    text = opened.content.decode().replace("\xa0", " ")
    assert "À publier :" in text
    assert "15 h – 16 h, Étoile 1" in text
    change(admin_client, ten, title_fr="Eau potable")
    ten.refresh_from_db()
    assert ten.title_fr == "Eau potable"
    assert Move.objects.get().start == dt.time(15)
    response = change(admin_client, ten, start="10:00", end="11:00")
    assert response.status_code == 302, errors(response)
    assert not Move.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"end": "09:00"}, "__all__"),
        ({"day": ""}, "__all__"),
        ({"day": "01/01/2001"}, "day"),
        ({"start": "later"}, "start"),
    ],
)
def test_a_place_that_cannot_be_is_refused_before_it_waits(
    admin_client, ten, holder, values, field
):
    response = change(admin_client, ten, **values)
    assert list(errors(response)) == [field]
    assert not Move.objects.exists()


def test_a_smaller_room_may_wait_though_the_capacity_is_larger(admin_client, edition, ten, holder):
    small = RoomFactory(venue=edition.venue, capacity=5)
    assert change(admin_client, ten, room=small.pk).status_code == 302
    ten.refresh_from_db()
    assert (ten.capacity, ten.room.name, Move.objects.get().room) == (20, "Étoile 1", small)


def test_a_room_where_another_session_is_to_be_is_said(admin_client, edition, ten, eleven, holder):
    change(admin_client, eleven, start="15:00", end="16:00", room=ten.room.pk)
    response = change(admin_client, ten, start="15:30", end="16:30")
    assert [one.count("Culture") for one in said(response)][-2:] == [1, 0]


def test_lists_mark_and_filter_what_waits(admin_client, edition, ten, eleven, holder, page):
    change(admin_client, ten, start="15:00", end="16:00")
    address = reverse("admin:programme_thematicworkshop_changelist")
    response = admin_client.get(address)
    text = response.content.decode()
    assert (text.count("to-publish"), page in text) == (1, True)
    shown = admin_client.get(address, {"gathered": "yes"}).context["cl"].queryset
    assert [session.pk for session in shown] == [ten.pk]


# --------------------------------------------------------------------------------- publishing
def test_the_home_page_and_the_edition_lead_to_the_changes(
    admin_client, edition, ten, holder, page
):
    assert page not in [one.url for one in admin_client.get(INDEX).context["tasks"]]
    change(admin_client, ten, start="15:00", end="16:00")
    (task,) = [one for one in admin_client.get(INDEX).context["tasks"] if one.url == page]
    assert task.value == 1
    assert page in form_of(admin_client, edition).content.decode()


def test_look_publish_and_follow(admin_client, edition, ten, holder, page):
    assert "rien à publier" in admin_client.get(page).content.decode()
    change(admin_client, ten, start="15:00", end="16:00")
    shown = admin_client.get(page)
    assert "15\xa0h\xa0– 16\xa0h, Étoile 1" in shown.content.decode()
    data = {"seen": shown.context["preview"].seen, "to_line": "yes"}
    response = admin_client.post(page, data, follow=True)
    assert "0 sur 1" in response.content.decode()
    ten.refresh_from_db()
    assert (ten.start, ten.revision) == (dt.time(15), 1)
    services.tell_open()
    progress = response.redirect_chain[-1][0]
    assert "toutes celles" not in admin_client.get(progress).content.decode()
    assert (
        "<strong>1</strong> personne a été prévenue" in admin_client.get(progress).content.decode()
    )
    again = admin_client.post(page, data)
    assert "rien à publier" in said(again)[0]
    assert Announcement.objects.count() == 1


def test_a_colleague_s_change_meanwhile_is_shown_first(
    admin_client, edition, ten, eleven, holder, page
):
    change(admin_client, ten, start="15:00", end="16:00")
    seen = admin_client.get(page).context["preview"].seen
    change(admin_client, eleven, start="17:00", end="18:00")
    response = admin_client.post(page, {"seen": seen})
    assert "ne sont plus les mêmes" in said(response)[-1]
    assert not Announcement.objects.exists()


def test_the_team_chooses_who_goes(admin_client, edition, ten, holder, page):
    late = RegistrationFactory(edition=edition, first_name="Late", last_name="Comer")
    services.change_sessions(late, sessions=[ten], among=[ten.pk])
    change(admin_client, ten, room=RoomFactory(venue=edition.venue, capacity=1).pk)
    shown = admin_client.get(page)
    ((_outlook, people),) = shown.context["choices"]
    assert [(one.registration, ticked) for one, ticked in people] == [(late, True), (holder, False)]
    seen = shown.context["preview"].seen
    refused = admin_client.post(page, {"seen": seen})
    assert "Choisissez qui part" in said(refused)[-1]
    ((_outlook, people),) = refused.context["choices"]
    assert [ticked for _one, ticked in people] == [False, False]
    other = holder.bookings.get()
    admin_client.post(page, {"seen": seen, f"leaving-{ten.pk}": [other.pk], "leaving-x": ["y"]})
    assert holder.bookings.get(state="released") == other
    assert Session.objects.get(pk=ten.pk).capacity == 1


@pytest.mark.parametrize("permission", [None, "change_session", "change_registration"])
def test_publishing_needs_both_rights(client, django_user_model, edition, page, permission):
    user = django_user_model.objects.create_user("paul", is_staff=True)
    if permission:
        user.user_permissions.add(*Permission.objects.filter(codename=permission))
    client.force_login(user)
    assert (client.get(page).status_code, client.post(page).status_code) == (403, 403)


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_of_what_was_published_ask_the_same_for_one_row_and_three(
    admin_client, edition, django_assert_num_queries, rows
):
    for _row in range(rows):
        announcement = Announcement.objects.create(edition=edition)
        session = SessionFactory(edition=edition, room=RoomFactory())
        Move.objects.create(session=session, announcement=announcement, room=RoomFactory())
        Notice.objects.create(
            announcement=announcement, registration=RegistrationFactory(edition=edition)
        )
    for name, queries in QUERIES.items():
        address = reverse(f"admin:{name}_changelist")
        with django_assert_num_queries(queries):
            assert admin_client.get(address).status_code == 200


def test_a_refusal_keeps_the_tick_of_the_waiting_list(admin_client, edition, ten, holder, page):
    late = RegistrationFactory(edition=edition)
    services.change_sessions(late, sessions=[ten], among=[ten.pk])
    change(admin_client, ten, room=RoomFactory(venue=edition.venue, capacity=1).pk)
    assert admin_client.get(page).context["to_line"]
    assert not admin_client.post(page, {}).context["to_line"]
    assert admin_client.post(page, {"to_line": "yes"}).context["to_line"]


def test_who_may_not_publish_is_not_led_there(client, django_user_model, ten, holder, page):
    moves.place(ten, **moves.place_of(ten)._asdict() | {"start": dt.time(8)})
    user = django_user_model.objects.create_user("paul", is_staff=True)
    names = ["view_session", "change_session", "view_announcement"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    client.force_login(user)
    for address in (INDEX, reverse("admin:programme_session_changelist")):
        assert page not in client.get(address).content.decode()


# ------------------------------------------------------------------------ sessions that appear
def test_who_will_be_told_is_named_with_what_they_are_told(admin_client, ten, holder, page):
    RegistrationFactory(edition=ten.edition)
    change(admin_client, ten, start="15:00", end="16:00")
    opened = admin_client.get(page)
    assert opened.context["told"] == [(holder, [ten])]
    assert opened.content.decode().count(holder.email) == 1


@pytest.mark.parametrize("moved", [False, True])
def test_sessions_that_are_ticked_appear_with_the_changes(
    admin_client, edition, ten, holder, page, moved
):
    if moved:
        change(admin_client, ten, start="15:00", end="16:00")
    chosen, other = SessionFactory.create_batch(2, edition=edition, is_published=False)
    opened = admin_client.get(page)
    assert list(opened.context["hidden"]) == [chosen, other]
    data = {"seen": opened.context["preview"].seen, "appearing": [chosen.pk, "x"]}
    response = admin_client.post(page, data)
    assert response.status_code == 302
    assert list(Session.objects.filter(is_published=False)) == [other]
    assert (Announcement.objects.get().moves.count(), Notice.objects.count()) == (moved, moved)
    history = admin_client.get(reverse("admin:programme_session_history", args=[chosen.pk]))
    assert len(history.context["action_list"]) == 1
    # The same again does nothing.
    assert admin_client.post(page, data).status_code == 200
    assert Announcement.objects.count() == 1


def test_sessions_of_another_edition_do_not_appear(admin_client, edition, page):
    foreign = SessionFactory(is_published=False)
    assert admin_client.post(page, {"appearing": [foreign.pk]}).status_code == 200
    foreign.refresh_from_db()
    assert not foreign.is_published


def test_a_line_moves_again_when_its_session_appears(admin_client, edition, ten, page):
    first, second = RegistrationFactory.create_batch(2, edition=edition)
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    services.change_sessions(first, sessions=[ten], among=[ten.pk])
    services.change_sessions(second, sessions=[], lists=[ten], among=[ten.pk])
    Session.objects.filter(pk=ten.pk).update(is_published=False, capacity=5)
    admin_client.post(page, {"appearing": [ten.pk]})
    ten.refresh_from_db()
    assert (ten.is_published, ten.seats_taken) == (True, 2)
