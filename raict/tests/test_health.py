import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from raict import health
from raict.mail.models import Message
from raict.tests.sources import TOP


def overdue(minutes: int) -> Message:
    return Message.objects.create(
        template="test",
        to="lea@example.org",
        language="fr",
        subject="S",
        text="T",
        not_before=timezone.now() - timedelta(minutes=minutes),
    )


def test_healthz_asks_nothing_of_the_database(client):
    answer = client.get("/healthz")  # without the db mark, a query fails

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_readyz_is_well(client):
    overdue(minutes=4)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "well", "broker": "well", "mail": "well"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_readyz_names_the_mail_that_waits(client):
    overdue(minutes=6)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "well", "broker": "well", "mail": "unwell"}


@pytest.mark.django_db
def test_message_that_waits_for_a_later_attempt_is_no_backlog(client):
    overdue(minutes=-60)

    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readyz_names_the_broker_that_is_away(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "well", "broker": "unwell", "mail": "well"}


@pytest.mark.django_db
def test_broker_of_files_is_well_before_its_first_task(settings, tmp_path):
    settings.REDIS_URL = ""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"folder": str(tmp_path / "broker")}

    assert health.parts()["broker"] == "well"


def test_readyz_names_the_database_that_is_away_and_tells_no_secret(tmp_path):
    script = (
        "import django; django.setup(); from django.test import Client;"
        "answer = Client(headers={'host': 'localhost'}).get('/readyz');"
        "print(answer.status_code, answer.content.decode())"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "raict.settings",
        "RAICT_VAR": str(tmp_path),
        "DATABASE_URL": "postgres://raict:hidden@127.0.0.1:1/raict",
        "REDIS_URL": "",
    }

    done = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        cwd=TOP,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.stdout == (
        '503 {"ready": false, "database": "unwell", "broker": "well", "mail": "unknown"}\n'
    )
    assert "hidden" not in done.stdout + done.stderr
