"""Exactly one mail a person and announcement: first shown to fail without the claim, then to hold.

Threads with connections of their own; on SQLite the test database is a file, as in production.
"""

import contextlib
import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from raict.mail.models import Message
from registrations import services
from registrations.models import Change, Notice
from registrations.services import telling
from registrations.tests.factories import RegistrationFactory
from registrations.tests.threads import race
from sessions import moves

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture
def published(edition, ten):
    """Some people to be told that a session moved."""

    def published(people: int):
        for registration in RegistrationFactory.create_batch(people, edition=edition):
            services.change_sessions(registration, sessions=[ten], among=[ten.pk])
        Message.objects.all().delete()
        moves.place(ten, day=ten.day, start=dt.time(16), end=dt.time(17), room=ten.room)
        return services.publish_changes(edition)

    return published


def test_without_the_claim_two_workers_tell_twice(published, monkeypatch):
    """If this one fails, the next proves nothing.

    SQLite is safe even so, because BEGIN IMMEDIATE lets one writer in at a time.
    """
    published(1)
    both_have_read = threading.Barrier(2)

    def read_then_write(notice_id):
        is_open = Notice.objects.filter(pk=notice_id, told_at=None).exists()
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_read.wait(timeout=2)
        Notice.objects.filter(pk=notice_id).update(told_at=timezone.now())
        return is_open

    monkeypatch.setattr(telling, "_claim", read_then_write)
    race(services.tell_open, services.tell_open)
    assert Message.objects.count() == (2 if connection.vendor == "postgresql" else 1)


def test_four_workers_tell_each_person_once(published):
    announcement = published(20)
    told = race(*[services.tell_open] * 4)
    services.tell_open()
    assert sum(told) == 20
    assert announcement.notices.filter(told_at=None).count() == 0
    mails = list(Message.objects.values_list("to", flat=True))
    assert (len(mails), len(set(mails))) == (20, 20)
    assert Change.objects.filter(action="moved").count() == 20


def test_two_members_who_publish_at_once_publish_once(edition, ten):
    registration = RegistrationFactory(edition=edition)
    services.change_sessions(registration, sessions=[ten], among=[ten.pk])
    moves.place(ten, day=ten.day, start=dt.time(16), end=dt.time(17), room=ten.room)
    answers = race(*[lambda: services.publish_changes(edition)] * 4)
    assert sorted(type(one).__name__ for one in answers) == [
        "Announcement",
        *["DomainError"] * 3,
    ]
    assert Notice.objects.count() == 1
    ten.refresh_from_db()
    assert ten.revision == 1


def test_a_worker_killed_in_the_middle_leaves_the_notice_open(published, monkeypatch):
    """What kill -9 does to a transaction: it never was."""
    published(2)

    class Killed(BaseException):
        """No `except Exception` sees it."""

    def die(*args, **kwargs):
        raise Killed

    first = Notice.objects.order_by("pk").first()
    assert telling.tell(first.pk)
    with monkeypatch.context() as patch:
        patch.setattr(telling.emails, "programme_changed", die)
        with pytest.raises(Killed):
            services.tell_open()
    assert (Message.objects.count(), Notice.objects.filter(told_at=None).count()) == (1, 1)
    assert Change.objects.filter(action="moved").count() == 1
    services.tell_open()
    assert (Message.objects.count(), Notice.objects.filter(told_at=None).count()) == (2, 0)
