"""A real worker that makes the kit, and one that is killed while it does."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
import redis
from django.db import connection
from django.utils import timezone

from events.models import PressKit
from events.tests.factories import EditionFactory, PressReleaseFactory
from sessions.press_kit import making
from sessions.tests.kits import files

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# Stands for the admin: it publishes in a process of its own, and leaves the rest to the worker.
PUBLISH = """
import django
django.setup()
from events.models import PressRelease
from events.press import publishing
publishing.freeze(PressRelease.objects.get())
"""
WORKER = ("-m", "celery", "--app", "raict", "--quiet", "worker", "--concurrency", "1")
WORKER += ("--loglevel", "WARNING", "--without-gossip", "--without-mingle")


@pytest.fixture
def start(redis_url, settings, tmp_path, worker_id):
    """Starts a process over the test's database and folders, and a Redis database of its own."""
    settings.VAR = tmp_path
    number = 7 + int(worker_id.removeprefix("gw") if worker_id != "master" else 0) % 8
    url = urlsplit(redis_url)._replace(path=f"/{number}").geturl()
    _flush(url)
    its = connection.settings_dict
    who = f"{its['USER']}:{its['PASSWORD']}".rstrip(":")
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://{who}@{its['HOST']}:{its['PORT']}/{its['NAME']}",
        "REDIS_URL": url,
        "RAICT_VAR": str(tmp_path),
        "LOG_LEVEL": "WARNING",
    }
    started = []

    def start(*command):
        process = subprocess.Popen(
            [sys.executable, *command], env=environment, start_new_session=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)
    _flush(url)


def _flush(url: str) -> None:
    with contextlib.closing(redis.Redis.from_url(url)) as server:
        server.flushdb()


def kill(process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(condition, seconds=60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "this takes far too long"
        time.sleep(0.005)


def test_a_worker_makes_the_kit_of_what_is_published(start, client):
    PressReleaseFactory(edition=EditionFactory(number=15, current=True), draft=True)
    assert client.get("/presse/dossier.zip").status_code == 503
    start(*WORKER)
    assert start("-c", PUBLISH).wait() == 0
    wait_for(PressKit.objects.exclude(key="").exists)
    answer = client.get("/presse/dossier.zip")
    content = b"".join(answer)
    kit = PressKit.objects.get()
    assert (answer.status_code, len(content)) == (200, kit.size)
    assert b"communiques/2024-11-06-" in content
    wait_for(PressKit.objects.filter(leased_until=None).exists)
    assert files() == [kit.file.name.rpartition("/")[2]]


def test_a_killed_worker_leaves_a_lease_that_ends_and_nothing_else(start):
    """It is killed between taking the lease and writing its row, where printing takes its time."""
    edition = EditionFactory(number=15, current=True)
    PressReleaseFactory(edition=edition, draft=True)
    worker = start(*WORKER)
    assert start("-c", PUBLISH).wait() == 0
    wait_for(PressKit.objects.filter(leased_until__gt=timezone.now()).exists)
    kill(worker)
    kit = PressKit.objects.get()
    assert (kit.key, files()) == ("", [])
    left = kit.leased_until - timezone.now()
    assert making.LEASE * 0.9 < left < making.LEASE
    assert making.make(edition) == 0  # somebody may still be at it
    PressKit.objects.update(leased_until=timezone.now())  # ten minutes later
    assert making.make(edition) == 1
    assert len(files()) == 1
