"""The numbers of an edition."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from events.figures import figures, tallies_of
from events.models import Figure
from events.tests.factories import EditionFactory
from registrations.tests.factories import RegistrationFactory
from sessions.tests.factories import SessionFactory

pytestmark = pytest.mark.django_db


def _declare(edition, key, value, **fields):
    return Figure.objects.create(
        edition=edition, key=key, value=value, label_fr=key, source="Communiqué", **fields
    )


def test_computed_figures_count_what_is_confirmed_and_published():
    edition = EditionFactory(declared_countries=["CM", "FR"])
    for country, state in (
        ("FR", "confirmed"),
        ("SN", "confirmed"),
        ("SN", "confirmed"),
        ("JP", "cancelled"),
    ):
        RegistrationFactory(edition=edition, country=country, state=state)
    for kind in ("opening", "plenary", "geographic_meeting", "geographic_meeting", "cafe", "meal"):
        SessionFactory(edition=edition, kind=kind)
    SessionFactory(edition=edition, kind="cafe", is_published=False)
    SessionFactory(kind="cafe")
    counted = {key: int(figure.value) for key, figure in figures(edition).items()}
    assert counted == {
        "participants": 3,
        "countries": 3,
        "plenaries": 1,
        "geographic_meetings": 2,
        "thematic_workshops": 0,
        "cafes": 1,
        "sessions": 5,
    }


def test_declared_figure_takes_precedence_and_others_join():
    edition = EditionFactory()
    RegistrationFactory(edition=edition)
    whole = _declare(edition, "participants", 500, qualifier="more_than")
    _declare(edition, "delegations", 40, part_of=whole)
    found = figures(edition)
    assert (found["participants"].value, found["participants"].is_declared) == (Decimal(500), True)
    assert found["participants"].parts == ("delegations",)
    assert found["delegations"].part_of == "participants"
    assert list(found)[-1] == "delegations"


@pytest.mark.parametrize(
    ("value", "fields", "french", "english"),
    [
        (500, {"qualifier": "more_than"}, "plus de 500", "more than 500"),
        (500, {"qualifier": "nearly"}, "près de 500", "nearly 500"),
        (1300, {"qualifier": "about"}, "environ 1\u202f300", "about 1,300"),
        (6, {}, "6", "6"),
        (40, {"is_percentage": True}, "40\u202f%", "40%"),
    ],
)
def test_phrase_says_the_number_with_its_qualifier(value, fields, french, english):
    edition = EditionFactory()
    _declare(edition, "x", value, **fields)
    for language, phrase in (("fr", french), ("en", english)):
        with override(language):
            assert figures(edition)["x"].phrase == phrase.replace(" ", "\u00a0")


def test_three_queries_for_all_figures(django_assert_num_queries):
    edition = EditionFactory()
    _declare(edition, "a", 1)
    SessionFactory.create_batch(3, edition=edition)
    with django_assert_num_queries(3):
        figures(edition)


def test_tallies_of_many_editions_take_two_queries(django_assert_num_queries):
    editions = EditionFactory.create_batch(3)
    SessionFactory(edition=editions[1])
    with django_assert_num_queries(2):
        found = tallies_of(editions)
    assert [found[edition.pk].sessions for edition in editions] == [
        {},
        {"thematic_workshop": 1},
        {},
    ]
