"""The list of speakers, and the page of each."""

import re

import pytest

from events.tests.factories import EditionFactory, RoomFactory
from sessions.tests.factories import AppearanceFactory, PersonFactory, SessionFactory
from sessions.tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return EditionFactory(number=15, current=True, open=True)


def test_speakers_are_listed_by_surname_with_function_and_sessions(client, edition):
    session = SessionFactory(edition=edition, title_fr="Eau")
    for name in ("Zola", "Éluard"):
        AppearanceFactory(session=session, person=PersonFactory(first_name="", last_name=name))
    AppearanceFactory(person=PersonFactory(last_name="Absent"))
    AppearanceFactory(
        session=SessionFactory(edition=edition, is_published=False),
        person=PersonFactory(last_name="Secret"),
    )

    text = words(client.get("/intervenants/"))

    each = "Intervention · atelier thématique Eau Maire Ville de Dijon"
    assert text.endswith(f"Intervenant·es E Éluard {each} Z Zola {each}")


def test_speakers_page_without_speakers_says_so(client, edition):
    assert "seront annoncé·es" in words(client.get("/intervenants/"))


def test_speakers_page_without_edition_says_so(client):
    assert "seront annoncé·es" in words(client.get("/intervenants/"))


@pytest.mark.parametrize("rows", [1, 3])
def test_speakers_page_asks_the_database_twice(client, edition, django_assert_num_queries, rows):
    for _row in range(rows):
        AppearanceFactory(session=SessionFactory(edition=edition))

    with django_assert_num_queries(2):  # the current edition; appearances
        client.get("/intervenants/")


def test_person_page_keeps_the_function_of_each_edition(client):
    person = PersonFactory(
        slug="arnaud-n", first_name="Arnaud", last_name="N", biography_fr="Une **vie**."
    )
    for number, function in ((14, "Conseiller"), (15, "Adjoint à la Maire")):
        AppearanceFactory(
            person=person,
            session=SessionFactory(edition=EditionFactory(number=number), title_fr=f"S{number}"),
            function_fr=function,
            organisation="Paris",
        )

    response = client.get("/intervenants/arnaud-n/")

    assert words(response, "h1") == "Arnaud N"
    text = words(response)
    assert "Une vie ." in text
    assert re.findall(r"S\d+ .*? Paris", text) == [
        "S15 Adjoint à la Maire Paris",
        "S14 Conseiller Paris",
    ]


def test_person_of_the_demonstration_is_labelled_so(client, edition):
    demonstration = EditionFactory(number=0, is_demonstration=True)
    person = AppearanceFactory(session__edition=demonstration).person
    real = AppearanceFactory(session__edition=edition).person

    def is_labelled(each):
        return 'class="site-banner"' in client.get(each.get_absolute_url()).content.decode()

    assert (is_labelled(person), is_labelled(real)) == (True, False)


def test_person_without_public_session_is_not_found(client):
    person = AppearanceFactory(session__is_published=False).person

    assert client.get(person.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_person_page_asks_the_database_three_times(client, django_assert_num_queries, rows):
    person = PersonFactory()
    for _row in range(rows):
        AppearanceFactory(person=person, session__room=RoomFactory())

    with django_assert_num_queries(3):  # the person, the appearances, the frame's edition
        client.get(person.get_absolute_url())
