import datetime as dt

import pytest
from django.urls import reverse

from events.tests.factories import EditionFactory, RoomFactory
from raict.tests.staff import change, errors
from sessions.models import Appearance, Cafe, Session
from sessions.tests.factories import AppearanceFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.django_db
CHANGELIST = reverse("admin:programme_session_changelist")
NO_ROWS = {
    "appearances-TOTAL_FORMS": "0",
    "appearances-INITIAL_FORMS": "0",
    "quotas-TOTAL_FORMS": "0",
    "quotas-INITIAL_FORMS": "0",
}


def add(client, model: str, **values):
    return client.post(
        reverse(f"admin:programme_{model}_add"), {**NO_ROWS, "overbooking": "0", **values}
    )


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"), [("session", 8), ("cafe", 8), ("person", 6), ("appearance", 6)]
)
def test_lists_ask_the_same_for_one_row_and_three(
    admin_client, django_assert_num_queries, model, queries, rows
):
    edition = EditionFactory(current=True)
    for _row in range(rows):
        session = SessionFactory(edition=edition, cafe=True, room=RoomFactory())
        AppearanceFactory.create_batch(rows, session=session)
    with django_assert_num_queries(queries):
        admin_client.get(reverse(f"admin:programme_{model}_changelist"))


def test_each_kind_has_its_own_list(admin_client):
    for kind in Session.Kind:
        SessionFactory(kind=kind)
    found = {}
    for model in ("plenary", "geographicmeeting", "thematicworkshop", "cafe", "session"):
        rows = admin_client.get(reverse(f"admin:programme_{model}_changelist")).context["cl"]
        found[model] = sorted(session.kind for session in rows.queryset)
    assert found == {
        "plenary": ["opening", "plenary"],
        "geographicmeeting": ["geographic_meeting"],
        "thematicworkshop": ["thematic_workshop"],
        "cafe": ["cafe"],
        "session": sorted(Session.Kind.values),
    }


def test_a_cafe_added_is_a_cafe_with_an_address_of_its_own(admin_client):
    edition = EditionFactory(number=16)
    for _twice in range(2):
        response = add(admin_client, "cafe", edition=edition.pk, position="3", booking="ranked")
        assert response.status_code == 302, errors(response)
    assert list(Cafe.objects.order_by("pk").values_list("kind", "slug")) == [
        ("cafe", "16-cafe-3"),
        ("cafe", "16-cafe-3-2"),
    ]


def test_the_address_comes_from_the_title_and_stays(admin_client):
    edition = EditionFactory(number=16)
    add(
        admin_client,
        "thematicworkshop",
        edition=edition.pk,
        title_fr="Eau & assainissement",
        position="0",
        booking="seat",
    )
    session = Session.objects.get()
    assert (session.slug, session.kind) == ("16-eau-assainissement", "thematic_workshop")
    assert change(admin_client, session, title_fr="Diasporas").status_code == 302
    session.refresh_from_db()
    assert (session.slug, session.title_fr) == ("16-eau-assainissement", "Diasporas")


@pytest.mark.parametrize(
    ("values", "revision"),
    [
        ({"title_fr": "Autre titre"}, 0),
        ({"start": "10:30"}, 1),
        ({"room": "other"}, 1),
    ],
)
def test_a_new_time_or_room_is_a_new_revision_for_calendars(admin_client, values, revision):
    session, other = SessionFactory(room=RoomFactory()), RoomFactory()
    values = {name: other.pk if value == "other" else value for name, value in values.items()}
    assert change(admin_client, session, **values).status_code == 302
    session.refresh_from_db()
    assert session.revision == revision


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"capacity": "41"}, "capacity"),
        ({"capacity": "4"}, "capacity"),
        ({"end": "09:00"}, "__all__"),
        ({"day": ""}, "__all__"),
        ({"day": "01/01/2001"}, "day"),
    ],
    ids=["above the room", "below the seats taken", "ends early", "time without day", "outside"],
)
def test_what_cannot_be_is_refused_in_a_sentence(admin_client, values, field):
    session = SessionFactory(room=RoomFactory(capacity=40), seats_taken=5)
    response = change(admin_client, session, **values)
    assert response.status_code == 200
    assert list(errors(response)) == [field]


def test_a_smaller_room_that_would_set_the_capacity_below_the_seats_is_refused(admin_client):
    session = SessionFactory(room=RoomFactory(capacity=40), capacity=40, seats_taken=5)
    response = change(admin_client, session, room=RoomFactory(capacity=4).pk, capacity="")
    assert list(errors(response)) == ["capacity"]


def test_the_counter_is_not_written_back_by_the_form(admin_client):
    session = SessionFactory(seats_taken=5)
    change(admin_client, session, title_fr="Nouveau", seats_taken="0", revision="9")
    session.refresh_from_db()
    assert (session.seats_taken, session.revision, session.title_fr) == (5, 0, "Nouveau")


def test_a_session_does_not_move_to_another_edition(admin_client):
    session = SessionFactory()
    change(admin_client, session, edition=EditionFactory().pk)
    session.refresh_from_db()
    assert session.edition == EditionFactory._meta.model.objects.get(sessions=session)


def test_two_sessions_in_one_room_are_saved_and_said(admin_client):
    edition, room = EditionFactory(), RoomFactory()
    SessionFactory(edition=edition, room=room, title_fr="La première")
    session = SessionFactory(edition=edition, room=room, start=dt.time(11), end=dt.time(12))
    quiet = change(admin_client, session, title_fr="Après")
    assert len(quiet.wsgi_request._messages) == 1
    response = change(admin_client, session, start="10:30")
    sentences = [str(sentence) for sentence in response.wsgi_request._messages]
    assert [sentence.count("La première") for sentence in sentences] == [1, 0]


def test_publish_and_withdraw_count_what_they_changed(admin_client):
    shown, hidden = SessionFactory(), SessionFactory(is_published=False)
    for _again in range(2):
        admin_client.post(
            CHANGELIST, {"action": "publish", "_selected_action": [shown.pk, hidden.pk]}
        )
        assert Session.objects.filter(is_published=True).count() == 2
    admin_client.post(CHANGELIST, {"action": "unpublish", "_selected_action": [shown.pk]})
    assert list(Session.objects.filter(is_published=True)) == [hidden]


def test_what_is_missing_can_be_listed(admin_client):
    complete = SessionFactory(room=RoomFactory())
    AppearanceFactory(session=complete)
    without = SessionFactory(title_fr="", title_en="", start=None, end=None)
    AppearanceFactory.create_batch(2, session=without, is_pending=True)
    untranslated = SessionFactory(room=RoomFactory(), title_en="")
    found = {}
    for value in ("place", "title", "speaker", "english"):
        rows = admin_client.get(CHANGELIST, {"missing": value}).context["cl"].queryset
        found[value] = sorted(session.pk for session in rows)
    assert found == {
        "place": [without.pk],
        "title": [without.pk],
        "speaker": [without.pk, untranslated.pk],
        "english": [untranslated.pk],
    }


@pytest.mark.parametrize("words", ["economie", "ÉCONOMIE sociale", "sociale, économie"])
def test_search_knows_no_accents_and_no_order(admin_client, words):
    session = SessionFactory(title_fr="L’économie sociale")
    SessionFactory(title_fr="Culture")
    rows = admin_client.get(CHANGELIST, {"q": words}).context["cl"].queryset
    assert list(rows) == [session]


def test_speakers_are_proposed_without_accents(admin_client):
    person = PersonFactory(first_name="Élise", last_name="Lefèvre")
    PersonFactory(first_name="Marc", last_name="Dupont")
    answer = admin_client.get(
        reverse("admin:autocomplete"),
        {
            "term": "lefevre",
            "app_label": "programme",
            "model_name": "appearance",
            "field_name": "person",
        },
    )
    assert [row["id"] for row in answer.json()["results"]] == [str(person.pk)]


def test_confirm_leaves_appearances_of_nobody_pending(admin_client):
    named = AppearanceFactory(is_pending=True)
    unnamed = AppearanceFactory(person=None, organisation="", is_pending=True)
    admin_client.post(
        reverse("admin:programme_appearance_changelist"),
        {"action": "confirm", "_selected_action": [named.pk, unnamed.pk]},
    )
    assert list(Appearance.objects.filter(is_pending=True)) == [unnamed]


def test_a_place_to_fill_is_entered_beside_the_session(admin_client):
    session = SessionFactory()
    response = change(
        admin_client,
        session,
        **{
            "appearances-TOTAL_FORMS": "1",
            "appearances-0-session": session.pk,
            "appearances-0-role": "speaker",
            "appearances-0-is_pending": "on",
            "appearances-0-position": "0",
        },
    )
    assert response.status_code == 302, errors(response)
    assert list(session.appearances.values_list("person", "is_pending")) == [(None, True)]


def test_withdrawing_in_bulk_is_in_the_history_of_those_that_it_changed(admin_client):
    shown, hidden = SessionFactory(), SessionFactory(is_published=False)
    data = {"action": "unpublish", "_selected_action": [shown.pk, hidden.pk]}
    admin_client.post(CHANGELIST, data)
    found = []
    for session in (shown, hidden):
        page = admin_client.get(reverse("admin:programme_session_history", args=[session.pk]))
        found.append([entry.get_change_message() for entry in page.context["action_list"]])
    assert found == [["Retrait de la publication."], []]
