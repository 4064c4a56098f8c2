"""The numbers of an edition."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from events.figures import COMPUTED, figures, tallies_of
from events.models import Figure
from events.tests.factories import EditionFactory, PartnerFactory
from registrations.models import Category, CheckIn
from registrations.tests.factories import OrganisationFactory, RegistrationFactory
from sessions.models import Appearance, Person
from sessions.tests.factories import SessionFactory

pytestmark = pytest.mark.django_db


def _declare(edition, key, value, **fields):
    return Figure.objects.create(
        edition=edition, key=key, value=value, label_fr=key, source="Communiqué", **fields
    )


@pytest.fixture
def edition():
    """Three confirmed people from two countries, one of them checked in twice; six sessions."""
    edition = EditionFactory(declared_countries=["CM", "FR"])
    town = OrganisationFactory(name="Ville", kind="commune", country="FR")
    dakar = OrganisationFactory(name="Dakar", kind="foreign_authority", country="SN")
    embassy = OrganisationFactory(name="Ambassade", kind="embassy", country="SN")
    rows = [
        RegistrationFactory(
            edition=edition, country=country, state=state, organisation=organisation, category=whom
        )
        for country, state, organisation, whom in (
            ("FR", "confirmed", town, _category("elu")),
            ("SN", "confirmed", dakar, _category("elu")),
            ("SN", "confirmed", dakar, _category("presse")),
            ("SN", "confirmed", embassy, _category("technicien")),
            ("JP", "cancelled", None, _category("elu")),
        )
    ]
    for kind in ("opening", "plenary", "geographic_meeting", "geographic_meeting", "cafe", "meal"):
        session = SessionFactory(edition=edition, kind=kind)
        CheckIn.objects.create(registration=rows[0], session=session)
    CheckIn.objects.create(registration=rows[4], session=session)
    SessionFactory(edition=edition, kind="cafe", is_published=False)
    SessionFactory(kind="cafe")
    person = Person.objects.create(slug="awa", last_name="Awa")
    for one in edition.sessions.filter(kind="geographic_meeting"):
        Appearance.objects.create(session=one, person=person)
    PartnerFactory(edition=edition)
    PartnerFactory(edition=edition, kind="exhibitor")
    return edition


def _category(key):
    return Category.objects.get(key=key)


COUNTED = {
    "registered": 4,
    "participants": 1,
    "countries": 3,
    "foreign_participants": 3,
    "foreign_share": 75,
    "french_authorities": 1,
    "foreign_delegations": 1,
    "embassies": 1,
    "organisations": 3,
    "elected": 2,
    "officers": 1,
    "journalists": 1,
    "speakers": 1,
    "partners": 1,
    "exhibitors": 1,
    "plenaries": 1,
    "geographic_meetings": 2,
    "thematic_workshops": 0,
    "cafes": 1,
    "sessions": 5,
}


def test_computed_figures_count_what_is_confirmed_and_published(edition):
    assert {key: int(one.value) for key, one in figures(edition).items()} == COUNTED


@pytest.mark.parametrize("key", COUNTED)
def test_rows_behind_a_figure_are_those_that_it_counts(edition, key):
    rows = len(COMPUTED[key].behind(edition))
    declared_only = 1 if key == "countries" else 0  # Cameroon, of which nobody is registered
    assert rows + declared_only == {**COUNTED, "foreign_share": 3}[key]


@pytest.mark.parametrize(
    ("qualifier", "value", "true", "false"),
    [
        (
            "exact",
            100,
            [
                "exact 100",
                "more_than 99",
                "at_least 100",
                "less_than 101",
                "nearly 105",
                "about 95",
            ],
            ["exact 99", "more_than 100", "less_than 100", "nearly 99", "nearly 120", "about 120"],
        ),
        (
            "more_than",
            500,
            ["more_than 500", "more_than 400", "at_least 500"],
            ["exact 500", "more_than 501", "nearly 500", "about 500", "less_than 900"],
        ),
        ("nearly", 500, ["nearly 500", "less_than 501"], ["exact 500", "more_than 450"]),
        ("about", 500, ["about 500", "more_than 400"], ["exact 500", "more_than 500"]),
    ],
)
def test_figure_bears_only_what_is_true_of_it(qualifier, value, true, false):
    edition = EditionFactory()
    _declare(edition, "x", value, qualifier=qualifier)
    figure = figures(edition)["x"]
    claims = [claim.split() for claim in (*true, *false)]
    borne = [
        f"{claim} {number}" for claim, number in claims if figure.bears(claim, Decimal(number))
    ]
    assert borne == true


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


def test_seven_queries_for_all_figures(django_assert_num_queries):
    edition = EditionFactory()
    _declare(edition, "a", 1)
    SessionFactory.create_batch(3, edition=edition)
    with django_assert_num_queries(7):
        figures(edition)


def test_tallies_of_many_editions_take_six_queries(django_assert_num_queries):
    editions = EditionFactory.create_batch(3)
    SessionFactory(edition=editions[1])
    with django_assert_num_queries(6):
        found = tallies_of(editions)
    assert [found[edition.pk]["thematic_workshops"] for edition in editions] == [0, 1, 0]
