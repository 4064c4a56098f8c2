"""Badges by the hundred: printed in parts by the worker, each marked as made."""

import datetime as dt
import io

import pypdf
import pytest
from django.utils import timezone

from raict.jobs import running
from registrations.documents import badges
from registrations.models import Registration
from registrations.tests.factories import RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(badges, "PART", 2)


@pytest.fixture
def people(edition):
    return [
        RegistrationFactory(edition=edition, first_name="Awa", last_name=f"Diop{number}")
        for number in range(5)
    ]


def printed(people, **arguments):
    job = running.begin(
        "badges", "Badges", arguments={"registrations": [one.pk for one in people], **arguments}
    )
    running.run_waiting()
    job.refresh_from_db()
    return job


def names(pdf: bytes) -> list[str]:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return [next(w for w in page.extract_text().split() if "Diop" in w) for page in pages]


def test_parts_are_bound_in_the_order_asked_for(people):
    job = printed(people[::-1])
    assert (job.state, job.done, job.total, job.report) == ("done", 5, 5, ["Badges\u00a0: 5."])
    with job.file.open() as file:
        assert names(file.read()) == ["Diop4", "Diop3", "Diop2", "Diop1", "Diop0"]


def test_whoever_is_not_confirmed_has_no_badge(people):
    Registration.objects.filter(pk=people[1].pk).update(state="cancelled")
    job = printed(people)
    with job.file.open() as file:
        assert names(file.read()) == ["Diop0", "Diop2", "Diop3", "Diop4"]
    assert Registration.objects.get(pk=people[1].pk).badge_made_at is None


def test_nobody_confirmed_is_a_sentence(people):
    Registration.objects.update(state="cancelled")
    job = printed(people)
    assert (job.state, job.report) == (
        "failed",
        ["Aucune de ces inscriptions n’est confirmée\u00a0: il n’y a pas de badge à imprimer."],
    )


def test_what_changes_while_they_are_printed_stays_marked(people):
    later = timezone.now() + dt.timedelta(hours=1)
    Registration.objects.filter(pk=people[0].pk).update(badge_changed_at=later)
    printed(people)
    marked = Registration.objects.filter(badge_changed_at=later)
    assert list(marked) == [people[0]]
    assert Registration.objects.filter(badge_made_at=None).count() == 1
