"""The programme and its speakers from a spreadsheet."""

import datetime as dt

import pytest

from events.tests.factories import EditionFactory, RoomFactory
from raict.tables.tests.files import applied, compared, counts, told, xlsx
from sessions.models import Appearance, Person, Session
from sessions.tests.factories import AppearanceFactory, PersonFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def edition():
    return EditionFactory(number=77, starts_on=dt.date(2999, 6, 5), ends_on=dt.date(2999, 6, 6))


# ------------------------------------------------------------------------------- the programme
def test_a_new_session_gets_its_address_and_its_usual_booking(edition):
    room = RoomFactory(venue=edition.venue, name="Étoile 1", capacity=40)
    rows = [
        ["Type", "Titre", "Jour", "Début", "Fin", "Salle", "Pays"],
        [
            "atelier thématique",
            "L’eau",
            "05/06/2999",
            "9 h 30",
            dt.time(11),
            "etoile 1",
            "Mali, FR",
        ],
        ["Plénière", "Ouverture", None, None, None, None, None],
    ]
    imported = applied("programme", xlsx(rows), edition)
    assert (imported.state, counts(imported)) == ("done", (2, 0, 0, 0))
    water, opening = Session.objects.order_by("title_fr")
    assert (water.slug, water.booking, water.room, water.capacity, water.start) == (
        *("77-leau", "seat", room, 40, dt.time(9, 30)),
    )
    assert [country.code for country in water.countries] == ["FR", "ML"]
    assert (opening.slug, opening.booking) == ("77-ouverture", "free")


def test_what_the_form_would_refuse_is_refused(edition):
    room = RoomFactory(venue=edition.venue, capacity=10)
    session = SessionFactory(edition=edition, room=room, capacity=10)
    rows = [
        ["Identifiant", "Jour", "Début", "Fin", "Salle", "Jauge"],
        [session.slug, "07/06/2999", None, None, None, None],
        [None, None, None, None, None, None],
    ]
    others = [
        [session.slug, None, "11 h", "10 h", None, None],
        [session.slug, None, None, None, "Nulle part", None],
        [session.slug, None, None, None, None, 50],
    ]
    for other in ([], *([one] for one in others)):
        lines = [rows[0], *(other or [rows[1]])]
        imported = compared("programme", xlsx(lines), edition)
        assert counts(imported) == (0, 0, 0, 1)


def test_time_and_room_are_written_while_nobody_is_registered(edition):
    session = SessionFactory(edition=edition)
    file = xlsx([["Identifiant", "Début", "Fin"], [session.slug, "15 h", "16 h"]])
    applied("programme", file, edition)
    session.refresh_from_db()
    assert (session.start, session.revision, session.moves.count()) == (dt.time(15), 1, 0)


# ---------------------------------------------------------------------------------- the speakers
def test_a_line_makes_an_appearance_and_its_speaker_once(edition):
    first, second = SessionFactory.create_batch(2, edition=edition)
    rows = [
        ["Prénom", "Nom de famille", "Session", "Rôle", "Fonction", "Structure"],
        ["Awa", "DIOP", first.title_fr, "présidence", "Maire", "Ville de Thiès"],
        ["AWA", "Diop", second.slug, None, "Maire", "Ville de Thiès"],
        ["Awa", "Diop", "Nulle part", None, None, None],
    ]
    rows[1][3] = str(Appearance.Role.CHAIR.label)
    imported = applied("speakers", xlsx(rows), edition)
    assert (imported.state, counts(imported)) == ("done", (2, 0, 0, 1))
    person = Person.objects.get()
    assert (person.slug, person.full_name) == ("awa-diop", "Awa Diop")
    found = Appearance.objects.order_by("session").values_list("session", "role", "function_fr")
    assert list(found) == [(first.pk, "chair", "Maire"), (second.pk, "speaker", "Maire")]
    assert counts(compared("speakers", xlsx(rows[:3]), edition)) == (0, 0, 2, 0)


def test_a_name_is_corrected_on_one_line_for_all_and_two_ways_are_refused(edition):
    person = PersonFactory(first_name="Awa", last_name="Diop")
    one, two = (
        AppearanceFactory(session=SessionFactory(edition=edition), person=person) for _n in range(2)
    )
    rows = [["Identifiant", "Nom", "Fonction"], [one.pk, "Diop-Sy", None], [two.pk, "Diop", "Élue"]]
    imported = applied("speakers", xlsx(rows), edition)
    person.refresh_from_db()
    two.refresh_from_db()
    assert (counts(imported), person.last_name, two.function_fr) == (
        (0, 2, 0, 0),
        "Diop-Sy",
        "Élue",
    )
    rows = [["Identifiant", "Nom"], [one.pk, "Sow"], [two.pk, "Fall"]]
    imported = applied("speakers", xlsx(rows), edition)
    person.refresh_from_db()
    assert (counts(imported), person.last_name) == ((0, 1, 0, 1), "Sow")


def test_a_name_that_several_have_is_asked_for_by_identifier(edition):
    session = SessionFactory(edition=edition)
    twins = PersonFactory.create_batch(2, first_name="Awa", last_name="Diop")
    rows = [["Fiche", "Prénom", "Nom", "Session"], [None, "Awa", "Diop", session.slug]]
    imported = compared("speakers", xlsx(rows), edition)
    assert twins[0].slug in told(imported)[0][2]
    rows[1][0] = twins[1].slug
    applied("speakers", xlsx(rows), edition)
    assert Appearance.objects.get().person == twins[1]


def test_nobody_has_a_role_twice_in_a_session(edition):
    session, person = SessionFactory(edition=edition), PersonFactory()
    AppearanceFactory(session=session, person=person, role="chair")
    other = AppearanceFactory(session=session, person=person, role="speaker")
    rows = [["Identifiant", "Rôle"], [other.pk, str(Appearance.Role.CHAIR.label)]]
    assert counts(compared("speakers", xlsx(rows), edition)) == (0, 0, 0, 1)


def test_an_office_without_a_name_is_an_appearance(edition):
    session = SessionFactory(edition=edition)
    rows = [["Sans nom", "Session", "Nom", "Prénom"], ["Le préfet", session.slug, None, None]]
    imported = applied("speakers", xlsx([*rows, [None, session.slug, None, None]]), edition)
    assert (counts(imported), Appearance.objects.get().label_fr) == ((1, 0, 0, 1), "Le préfet")
