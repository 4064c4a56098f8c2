"""The programme, its filters and the places left."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Edition
from events.tests.factories import EditionFactory, RoomFactory, VenueFactory
from sessions.models import Session
from sessions.tests.factories import AppearanceFactory, SessionFactory
from sessions.tests.pages import names, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return EditionFactory(number=15, current=True, open=True)


def test_programme_shows_the_current_edition_in_order_of_time(client, edition):
    SessionFactory(edition=edition, title_fr="Tard", start=dt.time(11), end=dt.time(12))
    SessionFactory(edition=edition, title_fr="Tôt", start=dt.time(9), end=dt.time(10))
    SessionFactory(title_fr="D’une autre édition")
    SessionFactory(edition=edition, title_fr="Non publiée", is_published=False)

    response = client.get("/programme/")

    assert response.status_code == 200
    assert names(response) == ["Tôt", "Tard"]


def test_programme_of_an_edition_has_its_own_address(client, edition):
    other = EditionFactory(number=14, state=Edition.State.OVER)
    SessionFactory(edition=edition, title_fr="Actuelle")
    SessionFactory(edition=other, title_fr="Ancienne")

    assert names(client.get("/editions/14/programme/")) == ["Ancienne"]


@pytest.mark.parametrize("address", ["/editions/14/programme/", "/editions/99/programme/"])
def test_programme_of_a_draft_or_unknown_edition_is_not_found(client, address):
    EditionFactory(number=14, state=Edition.State.DRAFT)

    assert client.get(address).status_code == 404


def test_programme_without_a_current_edition_says_so(client):
    EditionFactory(state=Edition.State.DRAFT)

    response = client.get("/programme/")

    assert response.status_code == 200
    assert "n’est pas encore publié" in words(response)


def test_programme_without_sessions_says_so(client, edition):
    assert "ne sont pas encore publiées" in words(client.get("/programme/"))


@pytest.mark.parametrize("rows", [1, 3])
def test_programme_asks_the_database_twice(client, edition, django_assert_num_queries, rows):
    for _row in range(rows):
        session = SessionFactory(edition=edition, room=RoomFactory(venue=edition.venue))
        AppearanceFactory(session=session)

    with django_assert_num_queries(2):  # the current edition; its sessions with their rooms
        client.get("/programme/")


def test_programme_writes_times_as_each_language_does(client, edition):
    SessionFactory(edition=edition, start=dt.time(9, 30), end=dt.time(11))

    assert "9\u00a0h\u00a030\u00a0– 11\u00a0h" in client.get("/programme/").content.decode()
    assert "9:30\u00a0– 11:00" in client.get("/en/programme/").content.decode()


def test_programme_with_start_times_only_says_from_when(client, edition):
    SessionFactory(edition=edition, start=dt.time(9, 30), end=None)

    assert "à partir de 9 h 30" in words(client.get("/programme/"))
    assert "from 9:30" in words(client.get("/en/programme/"))


def test_programme_names_what_is_not_known_yet(client, edition):
    SessionFactory(edition=edition, kind=Session.Kind.PLENARY, title_fr="", title_en="", position=1)
    SessionFactory(edition=edition, title_fr="Sans heure", start=None, end=None)
    SessionFactory(edition=edition, title_fr="Sans jour", day=None, start=None, end=None)

    response = client.get("/programme/")

    assert names(response) == ["Plénière n° 1", "Sans heure", "Sans jour"]
    text = words(response)
    assert [
        text.count(each)
        for each in (
            "titre à préciser",
            "salle à préciser",
            "Horaire à préciser pour ces sessions.",
            "Jour, horaire et salle de ces sessions : à préciser.",
        )
    ] == [1, 1, 1, 1]


def test_an_opening_and_a_meal_need_no_title(client, edition):
    for kind in (Session.Kind.OPENING, Session.Kind.MEAL):
        SessionFactory(edition=edition, kind=kind, title_fr="", title_en="")

    assert "titre à préciser" not in words(client.get("/programme/"))


def test_a_room_elsewhere_is_named_with_its_venue(client, edition):
    elsewhere = VenueFactory(name="Hôtel de Ville", address="Place de l’Hôtel-de-Ville")
    for venue in (edition.venue, elsewhere):
        SessionFactory(edition=edition, room=RoomFactory(name="Salle A", venue=venue))
    session = SessionFactory(
        edition=edition,
        room=RoomFactory(name="Studio", venue=elsewhere),
        start=dt.time(16),
        end=None,
    )
    AppearanceFactory(session=session, person__slug="awa-diop")

    programme = words(client.get("/programme/"))

    assert programme.count("Salle A, Hôtel de Ville") == 2  # the column, and its session
    assert programme.count("Studio, Hôtel de Ville") == 1
    assert "Studio, Hôtel de Ville" in words(client.get("/intervenants/awa-diop/"))
    assert "Studio, Hôtel de Ville Place de l’Hôtel-de-Ville" in words(
        client.get(session.get_absolute_url())
    )


def test_notes_of_a_session_have_french_spaces(client, edition):
    session = SessionFactory(
        edition=edition, framing_fr="L'eau : « qui paie » ?", countries=["CI", "PS"]
    )

    page = client.get(session.get_absolute_url()).content.decode()

    assert "L’eau&nbsp;: «\u202fqui paie\u202f»\u202f?" in page
    assert "Côte d’Ivoire, Palestine" in page


def test_twelve_untitled_cafes_say_once_what_is_missing(client, edition):
    for number in range(1, 13):
        SessionFactory(
            edition=edition, cafe=True, title_fr="", title_en="", position=number, capacity=None
        )

    text = words(client.get("/programme/"))

    assert "12 Cafés des RAICT" in text
    assert re.findall(r"Café des RAICT n° (\d+)", text) == [str(n) for n in range(1, 13)]
    assert (text.count("titres à préciser"), text.count("salle à préciser")) == (1, 1)
    assert "titre à préciser" not in text


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"capacity": 20, "seats_taken": 8}, "12 places"),
        ({"capacity": 20, "seats_taken": 19}, "1 place"),
        ({"capacity": 20, "seats_taken": 20}, "Complet – liste d’attente ouverte"),
        ({"capacity": 20, "seats_taken": 20, "overbooking": 10}, "2 places"),
        (
            {"capacity": 20, "seats_taken": 18, "seats_kept": 2},
            "2 places, réservées à certains participants",
        ),
        ({"booking": Session.Booking.INVITATION}, "sur invitation"),
        ({"capacity": None}, "sur réservation"),
        ({"booking": Session.Booking.FREE}, "entrée libre"),
        ({"booking": Session.Booking.FREE, "kind": Session.Kind.MEAL}, ""),
    ],
)
def test_programme_says_places_left_in_words(client, edition, values, expected):
    room = RoomFactory(name="Marly", capacity=None, venue=edition.venue)
    SessionFactory(edition=edition, room=room, **values)

    text = words(client.get("/programme/"))

    assert text.rpartition(" Marly")[2].strip(" ·") == expected


def test_full_session_has_a_waiting_list_while_registration_is_open(client, edition):
    SessionFactory(edition=edition, capacity=1, seats_taken=1)
    seen = []

    for state in ("published", "open", "closed"):
        Edition.objects.update(state=state)
        seen.append(words(client.get("/programme/")).count("Complet – liste d’attente ouverte"))

    assert seen == [0, 1, 0]


@pytest.mark.parametrize("count", [1, 3])
def test_places_are_known_in_two_queries(client, edition, count, django_assert_num_queries):
    SessionFactory.create_batch(count, edition=edition)

    with django_assert_num_queries(2):  # edition, sessions
        places = client.get("/programme/places.json").json()["places"]

    assert len(places) == count


def test_places_in_words_of_the_page_for_what_is_public_and_to_come(client, edition):
    free = SessionFactory(edition=edition, seats_taken=8)
    full = SessionFactory(edition=edition, capacity=1, seats_taken=1)
    begun = timezone.localdate() - dt.timedelta(days=1)
    SessionFactory(edition=edition, day=begun)
    SessionFactory(edition=edition, is_published=False)
    SessionFactory()

    found = client.get("/programme/places.json").json()
    english = client.get("/en/programme/places.json").json()

    assert found == {
        "places": {
            str(free.pk): {"words": "12\N{NO-BREAK SPACE}places", "full": False},
            str(full.pk): {"words": "Complet – liste d’attente ouverte", "full": True},
        }
    }
    assert english["places"][str(full.pk)]["words"] == "Full – waiting list open"


def test_places_without_an_edition_are_none(client):
    assert client.get("/programme/places.json").json() == {"places": {}}


def test_places_are_kept_ten_seconds_and_answered_with_304(client, edition):
    session = SessionFactory(edition=edition)
    first = client.get("/programme/places.json")
    again = client.get("/programme/places.json", headers={"if-none-match": first["ETag"]})
    Session.objects.filter(pk=session.pk).update(seats_taken=1)
    changed = client.get("/programme/places.json", headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == "max-age=10, public"
    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)
    assert client.post("/programme/places.json").status_code == 405


def test_places_of_an_edition_that_is_over_are_not_shown(client):
    SessionFactory(edition=EditionFactory(number=14, state=Edition.State.OVER))
    past = timezone.localdate() - dt.timedelta(days=30)
    SessionFactory(edition=EditionFactory(number=13, starts_on=past, ends_on=past))

    for number in (13, 14):
        assert "place" not in words(client.get(f"/editions/{number}/programme/"))


def test_filters_narrow_the_programme_and_say_how_far(client, edition):
    SessionFactory(edition=edition, title_fr="Eau")
    SessionFactory(edition=edition, title_fr="Japon", kind=Session.Kind.GEOGRAPHIC_MEETING)
    SessionFactory(edition=edition, title_fr="Repas", kind=Session.Kind.MEAL)

    response = client.get("/programme/?type=geographic_meeting")

    assert names(response) == ["Japon"]
    assert words(response, "strong") == "1 session sur 2"
    assert '<a href="/programme/#sessions">Tout afficher</a>' in response.content.decode()
    assert 'value="geographic_meeting" selected' in " ".join(response.content.decode().split())


def test_filters_that_leave_nothing_say_so(client, edition):
    SessionFactory(edition=edition)

    response = client.get("/programme/?type=cafe")

    assert (response.status_code, names(response)) == (200, [])
    assert "Aucune session ne correspond à ce choix." in words(response)


def test_filter_with_an_unknown_value_shows_everything_and_a_sentence(client, edition):
    SessionFactory(edition=edition, title_fr="Eau")

    response = client.get("/programme/", {"type": "<script>alert(1)</script>"})

    assert (response.status_code, names(response)) == (200, ["Eau"])
    assert "« <script>alert(1)</script> » ne figure pas dans la liste « Type »" in words(response)
    assert "<script>" not in response.content.decode()


def test_fallback_text_says_that_it_is_french(client, edition):
    SessionFactory(edition=edition, title_fr="Eau", title_en="")
    SessionFactory(edition=edition, title_fr="Ville", title_en="Town")

    page = client.get("/en/programme/").content.decode()

    assert re.findall(r"<(?:h4|p class=\"group-title\")( lang=\"\w+\")?>", page) == [
        ' lang="fr"',
        "",
    ]


# ---------------------------------------------------------------------------------- all pages


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_of_the_programme_are_kept_and_answered_with_304(client, edition, prefix):
    appearance = AppearanceFactory(session=SessionFactory(edition=edition))
    for address in (
        "/programme/",
        "/intervenants/",
        reverse("programme:edition_programme", args=[15]),
        appearance.session.get_absolute_url(),
        appearance.person.get_absolute_url(),
    ):
        response = client.get(prefix + address)
        assert response.headers["Cache-Control"] == "public, max-age=60"
        again = client.get(prefix + address, headers={"if-none-match": response.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert response.content.decode().count("<h1") == 1
        assert " style=" not in response.content.decode()
