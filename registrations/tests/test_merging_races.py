"""Merging at the same moment as somebody registers, cancels or merges the other way."""

import pytest
from django.db import IntegrityError

from raict.errors import DomainError
from registrations import services
from registrations.models import Organisation, Registration
from registrations.reckoning import differences
from registrations.services.organisations import find_organisation
from registrations.tests.factories import OrganisationFactory
from registrations.tests.seating import seated
from registrations.tests.threads import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def row(registration):
    rows = Registration.objects.select_related("edition__venue", "category", "organisation")
    return rows.get(pk=registration.pk)


def merging(survivor, other):
    seen = services.plan(row(survivor), row(other)).digest

    def job():
        try:
            return services.merge(row(survivor), row(other), theirs=["email"], seen=seen)
        except DomainError as refusal:
            return type(refusal)

    return job


def test_both_ways_at_once_one_goes_on(edition, ten, eleven):
    first, second = seated(edition, ten), seated(edition, eleven)
    answers = race(merging(first, second), merging(second, first))
    assert answers.count(True) == 1
    assert Registration.objects.live().count() == 1
    assert differences() == []


def test_against_registering_with_the_address_that_moves(edition, ten, person):
    first, second = seated(edition, ten), seated(edition, email=person["email"])
    answers = race(
        merging(first, second), lambda: services.register(edition=edition, person=person).pk
    )
    assert answers[0] is True
    assert answers[1] in (first.pk, second.pk)
    assert Registration.objects.live().get().email == person["email"]
    assert differences() == []


def test_against_cancelling(edition, ten, eleven):
    first, second = seated(edition, ten), seated(edition, eleven)
    answers = race(merging(first, second), lambda: services.cancel(row(second), notify=False))
    assert answers[1] in (True, False)
    assert Registration.objects.live().get() == first
    assert differences() == []


def test_organisations_merged_while_people_register_for_them(edition, person):
    """Nobody is lost, and no spelling comes back."""
    names = [f"Ville de Saint-Louis {number}" for number in range(4)]
    first, *others = (OrganisationFactory(name=name, country="SN") for name in names)
    people = [
        {**person, "email": f"awa{number}@example.org", "organisation": name}
        for number, name in enumerate(names)
    ]
    answers = race(
        lambda: services.merge_organisations(first, others, values={}),
        *(
            lambda one=one: services.register(edition=edition, person=one, notify=False).pk
            for one in people
        ),
    )
    assert not [one for one in answers if isinstance(one, IntegrityError)]
    assert Registration.objects.count() == 4
    assert {one.organisation for one in Registration.objects.all()} == {first}
    assert Organisation.objects.count() == 1
    assert {find_organisation(name, "SN") for name in names} == {first}
