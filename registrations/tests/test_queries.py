"""What registering asks of the database: the same for one session and for three."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from registrations.models import Booking, Registration
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORM = "/en/inscription/"
TOKENS = ("csrfmiddlewaretoken", "nonce")


@pytest.fixture
def sessions(edition):
    return [
        SessionFactory(edition=edition, start=dt.time(9 + n), end=dt.time(10 + n))
        for n in (0, 1, 2)
    ]


@pytest.fixture
def answers(category):
    return {
        "first_name": "Awa",
        "last_name": "Diop",
        "email": "awa@example.org",
        "country": "SN",
        "organisation": "Ville de Saint-Louis",
        "category": str(category.pk),
        "consent_photos": "on",
    }


@pytest.mark.parametrize("count", [1, 3])
def test_form_page(client, edition, category, sessions, count, django_assert_num_queries):
    for session in sessions[count:]:
        session.delete()
    # The edition, its sessions, categories and organisations to suggest.
    with django_assert_num_queries(4):
        assert client.get(FORM).status_code == 200
    # The empty page is the same for everybody, and kept for a second.
    with django_assert_num_queries(0):
        assert client.get(FORM).status_code == 200


def test_kept_page_gives_each_visitor_tokens_of_their_own(edition, category):
    """And each of them is good: the forms of both are accepted, with the check on."""
    pages, people = [], [Client(enforce_csrf_checks=True) for _visitor in range(2)]
    for person in people:
        html = person.get(FORM).content.decode()
        pages.append([re.search(f'name="{name}" value="([^"]+)"', html)[1] for name in TOKENS])
    assert len({token for page in pages for token in page}) == 4
    assert not {"token-of-this-visitor", "nonce-of-this-page"} & {
        token for page in pages for token in page
    }
    for number, (person, tokens) in enumerate(zip(people, pages, strict=True)):
        answers = dict(zip(TOKENS, tokens, strict=True)) | {
            "first_name": "Awa",
            "last_name": "Diop",
            "email": f"awa{number}@example.org",
            "country": "SN",
            "category": str(category.pk),
        }
        assert person.post(FORM, answers).status_code == 302
    assert Registration.objects.count() == 2


def test_kept_page_is_a_second_old_at_most(client, edition, category, sessions):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert "20 places left" in client.get(FORM).content.decode()
        Session.objects.update(seats_taken=3)
        clock.shift(1.1)
        assert "17 places left" in client.get(FORM).content.decode()


def test_kept_page_is_of_its_language(client, edition, category):
    assert 'lang="en"' in client.get(FORM).content.decode()
    assert 'lang="fr"' in client.get("/inscription/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_sending(client, sessions, answers, count, django_assert_num_queries):
    seats = {f"slot_{one.day:%Y%m%d}_{one.start:%H%M}": one.pk for one in sessions[:count]}
    with django_assert_num_queries(24):
        assert client.post(FORM, {**answers, **seats}).status_code == 302
    assert Registration.objects.count() == 1
    assert Booking.objects.count() == count
