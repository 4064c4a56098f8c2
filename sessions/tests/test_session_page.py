"""The page of a session."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from events.models import Edition
from events.tests.factories import EditionFactory, RoomFactory, VenueFactory
from sessions.models import Appearance, Session
from sessions.tests.factories import AppearanceFactory, PersonFactory, SessionFactory
from sessions.tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return EditionFactory(number=15, current=True, open=True)


def test_session_page_tells_all_that_is_public(client, edition):
    session = SessionFactory(
        edition=edition,
        kind=Session.Kind.GEOGRAPHIC_MEETING,
        slug="mediterranee",
        short_name_fr="Méditerranée",
        title_fr="Jeunesse en Méditerranée",
        question_fr="Quel registre d’actions ?",
        framing_fr="Une **note**.",
        framing_is_preliminary=True,
        context_fr="Le contexte.",
        aims_fr="- Un but",
        room=RoomFactory(venue=edition.venue, name="Étoile 1"),
        capacity=20,
        seats_taken=8,
        is_members_only=True,
        language=Session.Language.FRENCH_TO_ENGLISH,
        zone_fr="Méditerranée",
        countries=["TN", "MA"],
        topic_fr="Jeunesse",
        contacts="interne@example.org",
    )

    response = client.get("/programme/mediterranee/")

    text = words(response)
    assert words(response, "h1") == "Jeunesse en Méditerranée"
    for part in (
        "Réunion géographique · Méditerranée",
        "Quel registre d’actions ?",
        "10 h – 11 h",
        "Où Étoile 1 Places",
        "12 places 20 places en tout",
        f"Réservée aux adhérents de {edition.organiser}",
        "En français, interprété en anglais",
        "Pays Maroc, Tunisie",
        "Thème Jeunesse",
        "Note de cadrage préliminaire Une note .",
        "Contexte Le contexte.",
        "Buts et objectifs Un but",
    ):
        assert part.lower() in text.lower()
    assert "interne@example.org" not in response.content.decode()
    assert f'datetime="{session.starts_at.isoformat()}"' in response.content.decode()


def test_session_page_names_a_room_of_another_venue_with_it(client, edition):
    session = SessionFactory(
        edition=edition, room=RoomFactory(name="Salon", venue=VenueFactory(name="Hôtel de Ville"))
    )

    assert "Où Salon, Hôtel de Ville" in words(client.get(session.get_absolute_url()))


def test_session_page_groups_speakers_by_role_in_the_teams_order(client, edition):
    session = SessionFactory(edition=edition)
    role = Appearance.Role
    people = [PersonFactory(first_name="", last_name=name) for name in ("Alpha", "Beta", "Gamma")]
    AppearanceFactory(session=session, person=people[0], role=role.SPEAKER, position=2)
    AppearanceFactory(
        session=session,
        person=people[1],
        role=role.SPEAKER,
        position=1,
        function_fr="Maire de Dijon",
        organisation="",
        represents_fr="Michaël Delafosse",
    )
    AppearanceFactory(session=session, person=people[2], role=role.CHAIR, position=3)
    AppearanceFactory(
        session=session,
        person=None,
        label_fr="Secrétaire général",
        function_fr="",
        organisation="MINDDEVEL",
        is_pending=True,
        position=4,
    )
    AppearanceFactory(
        session=session, person=None, function_fr="", organisation="", is_pending=True, position=5
    )

    text = words(client.get(session.get_absolute_url()))

    assert text.partition("Intervenant·es ")[2] == (
        "Présidence Gamma Maire Ville de Dijon "
        "Intervention Beta Maire de Dijon représentant Michaël Delafosse "
        "Alpha Maire Ville de Dijon "
        "Secrétaire général à confirmer MINDDEVEL "
        "intervenant·e en attente"
    )


def test_session_page_after_the_event_gives_report_and_slides_but_no_places(client):
    session = SessionFactory(
        edition__state=Edition.State.OVER, report_fr="On a conclu.", slides="slides/a.pdf"
    )

    response = client.get(session.get_absolute_url())

    assert words(response).endswith(
        "Après la session Compte rendu On a conclu. Diaporama de la session"
    )
    assert 'href="/media/slides/a.pdf"' in response.content.decode()
    assert "Places" not in words(response)


@pytest.mark.parametrize("is_open", [True, False])
def test_session_page_leads_to_registration_while_it_is_open(client, edition, is_open):
    if not is_open:
        Edition.objects.update(state=Edition.State.CLOSED)
    session = SessionFactory(edition=edition)

    page = client.get(session.get_absolute_url()).content.decode()
    main = page.partition("<main")[2]

    assert (f'href="{reverse("registrations:register")}"' in main) is is_open


def test_session_page_links_its_neighbours_in_the_programme(client, edition):
    first = SessionFactory(edition=edition, start=dt.time(9), end=dt.time(10))
    SessionFactory(
        edition=edition,
        kind=Session.Kind.BREAK,
        booking=Session.Booking.FREE,
        start=dt.time(10),
        end=dt.time(11),
    )
    second = SessionFactory(edition=edition, start=dt.time(11), end=dt.time(12))
    third = SessionFactory(edition=edition, day=None, start=None, end=None)
    SessionFactory(edition=edition, is_published=False)

    def neighbours(session):
        page = client.get(session.get_absolute_url()).content.decode()
        return re.findall(
            r'href="([^"]+)"', page.partition('class="neighbours"')[2].partition("</nav>")[0]
        )

    assert neighbours(first) == [second.get_absolute_url()]
    assert neighbours(second) == [first.get_absolute_url(), third.get_absolute_url()]
    assert neighbours(third) == [second.get_absolute_url()]


@pytest.mark.parametrize(
    "values", [{"is_published": False}, {"edition__state": Edition.State.DRAFT}]
)
def test_session_that_is_not_public_is_not_found(client, values):
    session = SessionFactory(**values)

    assert client.get(session.get_absolute_url()).status_code == 404
    assert client.get("/programme/inconnue/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_session_page_asks_the_database_four_times(client, django_assert_num_queries, rows):
    edition = EditionFactory()
    session = SessionFactory(edition=edition)
    for _row in range(rows):
        AppearanceFactory(session=session)
        SessionFactory(edition=edition)

    # the session, its neighbours, its speakers, the current edition of the frame
    with django_assert_num_queries(4):
        client.get(session.get_absolute_url())
