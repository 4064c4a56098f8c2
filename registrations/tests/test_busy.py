"""A lock that does not come in time: a polite page, and nothing written."""

import threading

import pytest
from django.db import connection, connections, transaction

from raict.mail.models import Message
from registrations.locked import lock
from registrations.models import Registration

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
FORM = "/en/inscription/"


@pytest.fixture
def held(edition, category):
    """Somebody else holds the seats for as long as the test lasts; we wait a tenth of a second."""
    is_held, is_over = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            lock(edition.pk)
            is_held.set()
            is_over.wait(timeout=30)
        connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    assert is_held.wait(timeout=30)
    with connection.cursor() as cursor:
        cursor.execute(
            "SET lock_timeout = 100"
            if connection.vendor == "postgresql"
            else "PRAGMA busy_timeout = 100"
        )
    yield is_over
    is_over.set()
    other.join()
    connection.close()  # with its short patience


@pytest.fixture
def answers(category):
    return {
        "first_name": "Awa",
        "last_name": "Diop",
        "email": "awa@example.org",
        "country": "SN",
        "category": str(category.pk),
    }


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (FORM, "Nothing was written: please send again in a few seconds"),
        ("/inscription/", "Rien n’a été enregistré\u00a0: renvoyez dans quelques secondes"),
    ],
)
def test_who_meets_a_lock_is_told_to_send_again(client, held, answers, form, sentence):
    answer = client.post(form, answers)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert sentence in answer.content.decode()
    assert [Registration.objects.count(), Message.objects.count()] == [0, 0]


def test_sending_again_registers(client, held, answers):
    client.post(FORM, answers)
    held.set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SET lock_timeout = 10000"
            if connection.vendor == "postgresql"
            else "PRAGMA busy_timeout = 10000"
        )
    assert client.post(FORM, answers).status_code == 302
    assert Registration.objects.count() == 1
