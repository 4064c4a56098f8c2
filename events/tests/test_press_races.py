"""One mail to each, whoever begins and whoever writes; one row for each address.

Threads with connections of their own; on SQLite the test database is a file, as in production.
"""

import contextlib
import threading

import pytest
from django.db import connection
from django.utils import timezone

from events.models import PressContact, Recipient, Revision
from events.press import mailing, subscription
from events.tests.factories import PressContactFactory, PressReleaseFactory
from raict.mail.models import Message
from registrations.tests.threads import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture
def release():
    return PressReleaseFactory()


@pytest.mark.parametrize("had_it", [0, 1])
def test_four_who_begin_at_once_send_it_once(release, had_it):
    """The history tells of each person once too."""
    if had_it:
        PressContactFactory()
        mailing.begin(release)
    PressContactFactory.create_batch(50)
    begun = race(*[lambda: mailing.begin(release)] * 4)
    assert len({one.pk for one in begun}) == 1
    assert Recipient.objects.count() == 50 + had_it
    noted = Revision.objects.filter(action=Revision.Action.SENT).order_by("pk")
    assert [one.note.split()[0] for one in noted] == ["1"] * had_it + ["50"]


def test_without_the_claim_two_workers_write_twice(release, monkeypatch):
    """If this one fails, the next proves nothing.

    SQLite is safe even so, because BEGIN IMMEDIATE lets one writer in at a time.
    """
    PressContactFactory()
    mailing.begin(release)
    both_have_read = threading.Barrier(2)

    def read_then_write(pk):
        is_open = Recipient.objects.filter(pk=pk, written_at=None).exists()
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_read.wait(timeout=2)
        Recipient.objects.filter(pk=pk).update(written_at=timezone.now())
        return is_open

    monkeypatch.setattr(mailing, "_claim", read_then_write)
    race(mailing.write_open, mailing.write_open)
    assert Message.objects.count() == (2 if connection.vendor == "postgresql" else 1)


def test_four_workers_write_to_each_once(release):
    PressContactFactory.create_batch(20)
    mailing.begin(release)
    written = race(*[mailing.write_open] * 4)
    assert sum(written) == 20
    mails = list(Message.objects.values_list("to", flat=True))
    assert (len(mails), len(set(mails))) == (20, 20)
    assert Recipient.objects.filter(message=None).count() == 0


def test_who_clicks_four_times_at_once_is_on_the_list_once():
    asked = subscription.Asked("Jane Roe", "The Gazette", "foreign", "en", "jane@example.org")
    assert race(*[lambda: subscription.join(asked, consent="Oui")] * 4) == [None] * 4
    assert PressContact.objects.count() == 1
