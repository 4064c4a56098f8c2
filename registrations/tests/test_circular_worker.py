"""Group mail by a real worker and beat over a real mail server, killed half-way; two who begin at once."""

import email
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from raict.mail.models import Message
from raict.mail.tests.conftest import smtp  # noqa: F401 -- a fixture
from raict.mail.tests.test_worker import Files, Redis, kill, stage, wait_for, worker  # noqa: F401 -- fixtures
from registrations.models import Circular, Registration
from registrations.services import circulars
from registrations.tests.factories import CategoryFactory, RegistrationFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PEOPLE = 60


@pytest.fixture
def circular(edition):
    category = CategoryFactory()
    for number in range(PEOPLE):
        RegistrationFactory(edition=edition, category=category, email=f"p{number}@example.org")
    made = circulars.draft(Registration.objects.all())
    Circular.objects.update(subject_fr="Accès", text_fr="Bonjour {{ prenom }}")
    made.refresh_from_db()
    return made


@pytest.fixture(autouse=True)
def often(monkeypatch):
    """The processes that `stage` starts read these from the environment."""
    monkeypatch.setenv("CIRCULAR_SWEEP_SECONDS", "1")
    monkeypatch.setenv("CIRCULAR_PER_MINUTE", "1000")


@pytest.mark.parametrize(
    "stage",
    [pytest.param(Files, marks=pytest.mark.sqlite), Redis],
    indirect=True,
)
def test_nobody_gets_it_twice_when_the_worker_is_killed(stage, smtp, circular):  # noqa: F811 -- fixtures
    broker, start = stage
    first = worker(start)
    beat = ("-m", "celery", "--app", "raict", "--quiet", "beat", "--loglevel", "WARNING")
    start(*beat, "--pidfile=")
    assert circulars.begin(circular) == PEOPLE
    wait_for(lambda: len(smtp.letters) >= 5)
    kill(first)
    received_before = len(smtp.letters)
    broker.throw_away()
    worker(start)
    wait_for(
        lambda: (
            not circular.recipients.filter(written_at=None).exists()
            and not Message.objects.exclude(state="sent").exists()
        )
    )

    assert received_before < PEOPLE
    assert Counter(Message.objects.values_list("to", flat=True)) == {
        f"p{number}@example.org": 1 for number in range(PEOPLE)
    }
    ids = Counter(email.message_from_bytes(one.content)["Message-ID"] for one in smtp.letters)
    assert len(ids) == PEOPLE
    # Only what was in hand when the worker died may arrive twice: one for each of its children.
    assert sum(ids.values()) - PEOPLE <= 2


@pytest.mark.sqlite
def test_two_who_begin_at_once_and_two_workers_write_it_once(circular, settings):
    settings.CIRCULAR_PER_MINUTE = 1000

    def run(act):
        try:
            return act()
        finally:
            connection.close()

    at = time.monotonic() + 0.3

    def begin():
        time.sleep(max(0, at - time.monotonic()))
        return circulars.begin(circular)

    with ThreadPoolExecutor(4) as pool:
        begun = list(pool.map(run, [begin] * 4))
    assert sorted(begun) == [0, 0, 0, PEOPLE]
    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(run, [circulars.write_open] * 4))
    assert sum(written) == PEOPLE
    addresses = Counter(Message.objects.values_list("to", flat=True))
    assert set(addresses.values()) == {1}
    assert len(addresses) == PEOPLE
