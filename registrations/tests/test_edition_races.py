"""Two members of the team at the same moment: one next edition, one translation."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry

from events.models import Edition, Partner
from events.next_edition import Plan
from events.tests.factories import EditionFactory, PartnerFactory
from raict.errors import DomainError
from registrations import services
from registrations.tests.threads import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def test_two_at_once_make_one_next_edition():
    source = EditionFactory(number=16)
    PartnerFactory(edition=source)
    first = dt.date(2027, 10, 20)
    plan = Plan(source, 17, first, first, source.venue, parts=frozenset({"partners"}))
    results = race(*[lambda: services.prepare(plan)] * 4)
    refused = [one for one in results if isinstance(one, DomainError)]
    assert [one.field for one in refused] == ["number"] * 3
    assert (Edition.objects.count(), Partner.objects.count()) == (2, 2)


def test_of_two_translators_one_writes_and_the_other_reads_it(admin_user):
    edition = EditionFactory(theme_en="")
    key = f"edition.{edition.pk}.theme.en"
    words = ["Water", "Waters", "The water", "Of water"]
    jobs = [
        lambda said=one: services.translate(edition, key, said, user=admin_user) for one in words
    ]
    results = race(*jobs)
    edition.refresh_from_db()
    late = [one for one in results if isinstance(one, services.WrittenMeanwhile)]
    assert [one.theirs for one in late] == [edition.theme_en] * 3
    assert LogEntry.objects.count() == 1
