"""Decisions of the team at the same moment as others: each is taken once, and the counters are right."""

import pytest

from events.models import Edition
from registrations import services
from registrations.models import Registration
from registrations.reckoning import differences
from registrations.tests.factories import CategoryFactory
from registrations.tests.seating import counters, happened, mails, seated
from registrations.tests.threads import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def row(registration):
    return Registration.objects.select_related("edition__venue", "category").get(pk=registration.pk)


def states(*registrations):
    return [Registration.objects.get(pk=one.pk).state for one in registrations]


@pytest.fixture
def pending(edition, person, ten):
    category = CategoryFactory(needs_approval=True)
    return services.register(
        edition=edition, person={**person, "category": category}, sessions=[ten], notify=False
    )


def test_approve_against_cancel(pending, ten):
    """The person cancels while the team confirms: as if one had come after the other."""
    answers = race(lambda: services.approve(row(pending)), lambda: services.cancel(row(pending)))
    assert answers == [True, True]
    done = [one for one in happened(pending) if one in ("approved", "cancelled", "reopened")]
    ended = {("approved", "cancelled"): "cancelled", ("cancelled", "reopened"): "confirmed"}
    assert states(pending) == [ended[tuple(done)]]
    assert len(mails()) == 2
    assert differences() == []


def test_approve_twice_confirms_once(pending):
    answers = race(*[lambda: services.approve(row(pending))] * 4)
    assert sorted(answers) == [False, False, False, True]
    assert mails() == [(pending.email, "registration_approved")]


def test_waiting_list_against_promotion(edition, ten):
    """One is put on the list while another cancels: two places, two who wait, nobody is lost."""
    Edition.objects.update(capacity=2)
    first, second = seated(edition, ten), seated(edition, ten)
    waiting, last = seated(edition), seated(edition)
    answers = race(lambda: services.defer(row(first)), lambda: services.cancel(row(second)))
    assert answers == [True, True]
    assert states(first, second, waiting, last) == [
        *("waiting", "cancelled", "confirmed", "confirmed")
    ]
    assert row(first).rank() == 1
    assert counters(edition, ten) == [2, 0]
    assert differences() == []


def test_opened_again_against_registering_with_the_address(awa, person):
    services.cancel(awa, notify=False)
    answers = race(
        lambda: services.approve(row(awa)),
        lambda: services.register(edition=awa.edition, person=person).pk,
    )
    assert Registration.objects.standing().count() == 1
    assert differences() == []
    assert len(answers) == 2
