"""What registering asks of the database: the same for one session and for three."""

import datetime as dt

import pytest

from registrations.models import Booking, Registration
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORM = "/en/inscription/"


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
    # What is the same for everybody is kept: organisations are not read again.
    with django_assert_num_queries(3):
        assert client.get(FORM).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_sending(client, sessions, answers, count, django_assert_num_queries):
    seats = {f"slot_{one.day:%Y%m%d}_{one.start:%H%M}": one.pk for one in sessions[:count]}
    with django_assert_num_queries(22):
        assert client.post(FORM, {**answers, **seats}).status_code == 302
    assert Registration.objects.count() == 1
    assert Booking.objects.count() == count
