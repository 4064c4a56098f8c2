"""A real worker and beat, killed in the middle of their work, their broker thrown away."""

import contextlib
import email
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings as site
from django.db import connection

from raict.mail.models import Message

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MESSAGES = 100
# Stands for the web processes: as many registrations one after the other, each its own commit.
WRITER = f"""
import django
django.setup()
from django.db import transaction
from raict.mail.outbox import queue
for number in range({MESSAGES}):
    with transaction.atomic():
        queue(to=f"p{{number}}@example.org", template="test", language="fr", context={{}})
"""


def database_url() -> str:
    """The test database, for another process."""
    its = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{its['NAME']}"
    who = f"{its['USER']}:{its['PASSWORD']}".rstrip(":")
    return f"postgres://{who}@{its['HOST']}:{its['PORT']}/{its['NAME']}"


class Files:
    url = ""

    def __init__(self, var) -> None:
        self.folder = var / "broker"

    def throw_away(self) -> int:
        lost = len(list(self.folder.glob("celery/*.json")))
        shutil.rmtree(self.folder)
        return lost


class Redis:
    def __init__(self, var) -> None:
        if not site.REDIS_URL:
            pytest.fail("REDIS_URL is not set: this test needs a Redis server, see `make test`.")
        # A database of its own, so that throwing it away takes nothing from other tests.
        self.url = urlsplit(site.REDIS_URL)._replace(path="/15").geturl()
        self.throw_away()

    def throw_away(self) -> int:
        with contextlib.closing(redis.Redis.from_url(self.url)) as server:
            lost = server.llen("celery")
            server.flushdb()
            return lost


@pytest.fixture
def stage(smtp, settings, tmp_path, request):
    """The broker asked for, and a function that starts a process over it."""
    broker = request.param(tmp_path)
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": broker.url,
        "RAICT_VAR": str(tmp_path),
        "EMAIL_URL": f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
        "MAIL_TIME_LIMIT": "4",
        "MAIL_SWEEP_SECONDS": "1",
        "LOG_LEVEL": "WARNING",
    }
    started = []

    def start(*command):
        process = subprocess.Popen(
            [sys.executable, *command], env=environment, start_new_session=True
        )
        started.append(process)
        return process

    yield broker, start
    for process in started:
        kill(process)


def kill(process) -> None:
    """kill -9 of the whole process group: nobody gets to say good-bye."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def worker(start):
    return start(
        *("-m", "celery", "--app", "raict", "--quiet", "worker", "--concurrency", "2"),
        *("--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
    )


def wait_for(condition, seconds=60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "this takes far too long"
        time.sleep(0.05)


@pytest.mark.parametrize(
    "stage", [pytest.param(Files, marks=pytest.mark.sqlite), Redis], indirect=True
)
def test_no_message_is_lost_when_worker_and_broker_die(stage, smtp):
    broker, start = stage
    first = worker(start)
    writer = start("-c", WRITER)
    wait_for(lambda: len(smtp.letters) >= MESSAGES // 4)
    kill(first)
    assert writer.wait() == 0
    received_before = len(smtp.letters)
    lost = broker.throw_away()

    worker(start)
    start(
        "-m", "celery", "--app", "raict", "--quiet", "beat", "--loglevel", "WARNING", "--pidfile="
    )
    wait_for(lambda: not Message.objects.exclude(state="sent").exists())

    # The scene was what it claims to be: the worker died half-way, and the broker lost tasks.
    assert received_before < MESSAGES
    assert lost > 0
    received = Counter(
        email.message_from_bytes(mail.content)["Message-ID"] for mail in smtp.letters
    )
    assert {name[1:37] for name in received} == {str(m.uid) for m in Message.objects.all()}
    assert len(received) == MESSAGES
    # Only what was in hand when the worker died may arrive twice: one for each of its children.
    assert sum(received.values()) - MESSAGES <= 2
    assert Message.objects.filter(attempts__gt=1).count() <= 2
