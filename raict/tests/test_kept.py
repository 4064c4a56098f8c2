"""Public files that are answered in front of everything else."""

import datetime as dt

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from events.models import PressRelease
from events.press import publishing
from events.tests.factories import PressReleaseFactory
from raict import kept

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture
def pdf():
    return reverse("events:release_pdf", args=[PressReleaseFactory().slug])


def test_second_answer_is_the_first_and_asks_nothing(client, pdf, django_assert_num_queries):
    client.get(pdf)
    first = client.get(pdf, headers={"if-none-match": '"other"'})
    with django_assert_num_queries(0):
        second = client.get(pdf)
        head = client.head(pdf)
        known = client.get(pdf, headers={"if-none-match": first["ETag"]})
        since = client.get(pdf, headers={"if-modified-since": first["Last-Modified"]})
    assert (second.content, dict(second.headers)) == (first.content, dict(first.headers))
    assert (head.status_code, head.content) == (200, b"")
    assert [(one.status_code, one.content) for one in (known, since)] == [(304, b"")] * 2
    assert "default-src 'self'" in second["Content-Security-Policy"]


def test_answer_is_asked_for_anew_after_a_second(
    client, pdf, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(kept, "SECONDS", 0)
    client.get(pdf)
    with django_assert_num_queries(1):
        client.get(pdf)


@pytest.mark.django_db(transaction=True)
def test_what_is_withdrawn_is_gone_at_once(client, pdf):
    assert [client.get(pdf).status_code for _again in range(2)] == [200, 200]
    publishing.withdraw(PressRelease.objects.get(), {"fr": "Erreur."})
    assert client.get(pdf).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_withdrawal_that_is_rolled_back_changes_nothing(client, pdf, django_assert_num_queries):
    client.get(pdf)
    client.get(pdf)
    with transaction.atomic():
        publishing.withdraw(PressRelease.objects.get(), {"fr": "Erreur."})
        transaction.set_rollback(True)
    with django_assert_num_queries(0):
        assert client.get(pdf).status_code == 200


def test_only_public_files_are_kept(client, django_assert_num_queries):
    now = timezone.now()
    release = PressReleaseFactory(embargo_until=now + dt.timedelta(hours=1))
    pdf = reverse("events:release_pdf", args=[release.slug])
    assert client.get(pdf).status_code == 404
    with time_machine.travel(now + dt.timedelta(hours=2)):
        assert client.get(pdf).status_code == 200
    page = release.get_absolute_url()
    client.get(page)
    with django_assert_num_queries(2):
        client.get(page)
