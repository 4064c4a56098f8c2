"""An organisation that was typed in several ways becomes one, and is found under each of them."""

import pytest

from registrations import services
from registrations.duplicates import core, possible_doubles, similar_organisations
from registrations.models import Change, Membership, Organisation, OtherName, Registration
from registrations.services.organisations import find_organisation, write_organisation
from registrations.tests.factories import OrganisationFactory, RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LYON = ["Ville de Lyon", "Mairie de Lyon", "LYON (ville)", "Commune de Lyon", "Lyon"]


@pytest.fixture
def lyon(db):
    return [OrganisationFactory(name=name) for name in LYON]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *((name, "lyon") for name in LYON),
        ("Hôtel de Ville d’Aix-en-Provence", "aix provence"),
        ("Métropole de Lyon", "lyon metropole"),
        ("Ville", "ville"),
    ],
)
def test_core_is_what_names_it(name, expected):
    assert core(name) == expected


def test_spellings_of_one_country_are_a_group(lyon):
    abroad = OrganisationFactory(name="City of Lyon", country="US")
    typos = [OrganisationFactory(name=name) for name in ("Villeurbanne", "Ville de Vileurbanne")]
    OrganisationFactory(name="Métropole de Lyon")
    groups = [[one.name for one in group] for group in similar_organisations()]
    assert groups == [LYON, [one.name for one in typos]]
    assert abroad.name not in groups[0]


def test_those_told_apart_are_no_group(lyon):
    for one in lyon:
        one.others.add(*(other for other in lyon if other != one))
    assert similar_organisations() == []


def test_everything_moves_and_each_spelling_finds_it(lyon, admin_user):
    first, second, *others = lyon
    kept, moved = RegistrationFactory(organisation=first), RegistrationFactory(organisation=second)
    for organisation, year in ((first, 2024), (second, 2024), (second, 2025)):
        Membership.objects.create(organisation=organisation, year=year)
    count = services.merge_organisations(
        first, [second, *others], values={"name": "Mairie de Lyon"}, user=admin_user
    )
    assert (count, Organisation.objects.count()) == (4, 1)
    first.refresh_from_db()
    assert first.name == "Mairie de Lyon"
    assert {one.organisation for one in Registration.objects.all()} == {first}
    assert sorted(first.memberships.values_list("year", flat=True)) == [2024, 2025]
    assert sorted(OtherName.objects.values_list("name", flat=True)) == sorted(
        name for name in LYON if name != "Mairie de Lyon"
    )
    assert {find_organisation(name.upper(), "FR") for name in LYON} == {first}
    change = Change.objects.get()
    assert (change.registration, change.by, change.user) == (moved, "team", admin_user)
    assert kept.changes.count() == 0


def test_a_second_time_merges_nothing(lyon):
    first, *others = lyon
    counts = [services.merge_organisations(first, others, values={}) for _again in range(2)]
    assert counts == [4, 0]


def test_everything_that_hangs_on_an_organisation_is_known(lyon):
    """Whoever adds a relation decides what a merge does with it."""
    relations = {one.name for one in Organisation._meta.related_objects if not one.hidden}
    assert relations == {"registrations", "memberships", "other_names"}


def test_who_found_the_row_before_the_merge_gets_the_one_that_goes_on(lyon):
    first, second, *_others = lyon
    found = find_organisation("Mairie de Lyon", "FR")
    services.merge_organisations(first, [second], values={})
    assert write_organisation(found) == first


# ---------------------------------------------------------------------------------------- people
def test_people_of_one_organisation_with_like_names_are_a_group(edition, lyon):
    def come(first, last, email, organisation):
        return RegistrationFactory(
            edition=edition,
            first_name=first,
            last_name=last,
            email=email,
            organisation=organisation,
        )

    awa = come("Awa", "N’Diaye", "awa@example.org", lyon[0])
    again = come("N'DIAYE", "Awa", "a.ndiaye@example.net", lyon[1])
    jean = come("Jean", "Dupont", "jean.dupont@example.org", lyon[0])
    typo = come("Jean", "Dupond", "jdupont@example.org", lyon[2])
    home = come("Jean", "Dupont", "jean.dupont@example.net", None)
    come("Jean", "Martin", "j.martin@example.org", lyon[0])
    elsewhere = OrganisationFactory()
    come("Awa", "N’Diaye", "awa.nd@example.org", elsewhere)
    assert possible_doubles(edition) == [[jean, typo, home], [awa, again]]
    jean.others.add(typo, home)
    assert possible_doubles(edition) == [[awa, again]]


def test_who_has_cancelled_is_no_double(edition):
    for state in ("confirmed", "cancelled"):
        RegistrationFactory(
            edition=edition, first_name="Awa", last_name="Diop", organisation=None, state=state
        )
    assert possible_doubles(edition) == []
