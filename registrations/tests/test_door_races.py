"""Two volunteers at one door: first shown to give one chair twice without the lock, then not."""

import contextlib
import threading

import pytest
from django.db import connection

from registrations import door as doors
from registrations import services
from registrations.door import Ask
from registrations.models import Booking, Change, CheckIn
from registrations.services import door as service
from registrations.tests.factories import RegistrationFactory
from registrations.tests.threads import race
from sessions.models import Session

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def let_in(registration, session):
    return lambda: services.check_in(registration, session, ask=Ask.LET_IN)


@pytest.fixture
def one_chair(ten):
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    return ten


@pytest.fixture
def both_read(monkeypatch):
    """Nobody writes before both have read, or two seconds have passed."""
    barrier, read = threading.Barrier(2), doors.door_of

    def read_and_wait(session):
        found = read(session)
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=2)
        return found

    monkeypatch.setattr(doors, "door_of", read_and_wait)


def test_the_last_chair_is_given_twice_without_the_lock(one_chair, both_read, monkeypatch):
    """If this one fails, the next proves nothing. SQLite lets one writer in at a time anyway."""
    monkeypatch.setattr(service, "lock", lambda _edition_id: None)
    first, second = RegistrationFactory.create_batch(2, edition=one_chair.edition)
    race(let_in(first, one_chair), let_in(second, one_chair))
    assert CheckIn.objects.count() == (2 if connection.vendor == "postgresql" else 1)


def test_the_last_chair_is_given_once(one_chair, both_read):
    first, second = RegistrationFactory.create_batch(2, edition=one_chair.edition)
    results = race(let_in(first, one_chair), let_in(second, one_chair))
    assert CheckIn.objects.count() == 1
    assert [type(one) for one in results].count(services.NotMeant) == 1


def test_two_taps_on_one_person_are_one_check_in(ten):
    one = RegistrationFactory(edition=ten.edition)
    Booking.objects.create(registration=one, session=ten)
    results = race(*[lambda: services.check_in(one, ten)] * 4)
    assert sorted(is_new for _check_in, is_new in results) == [False, False, False, True]
    assert CheckIn.objects.count() == 1
    assert Change.objects.filter(action=Change.Action.CAME).count() == 1


def test_taking_back_twice_is_noted_once(ten):
    one = RegistrationFactory(edition=ten.edition)
    services.check_in(one, ten, ask=Ask.LET_IN)
    assert sorted(race(*[lambda: services.undo(one, ten)] * 3)) == [False, False, True]
    assert Change.objects.filter(action=Change.Action.UNDONE).count() == 1
