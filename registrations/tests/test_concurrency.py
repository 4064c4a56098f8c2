"""Races: first shown to happen when the lock is taken away, then shown not to.

Threads with connections of their own; on SQLite the test database is a file, as in production.
"""

import contextlib
import random
import threading

import pytest
from django.db import connection

from events.models import Edition
from raict.errors import DomainError
from raict.mail.models import Message
from registrations import locked, rules, seats, services
from registrations.models import Booking, Registration
from registrations.tests.factories import RegistrationFactory
from registrations.tests.seating import admit
from registrations.tests.threads import race
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def take(registration, *sessions):
    def job():
        try:
            admit(registration, *sessions)
        except DomainError as refusal:
            return type(refusal)
        return "taken"

    return job


@pytest.fixture
def without_lock(monkeypatch):
    """Both have read the session before either writes."""
    both_have_read = threading.Barrier(2)
    fresh = seats.Seats.fresh

    def read_together(self, sessions):
        found = fresh(self, sessions)
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_read.wait(timeout=2)
        return found

    monkeypatch.setattr(locked, "lock", lambda pk: Edition.objects.get(pk=pk))
    monkeypatch.setattr(seats.Seats, "fresh", read_together)


def constraint(change):
    with connection.schema_editor() as editor:
        (found,) = (one for one in Session._meta.constraints if one.name == "session_not_oversold")
        getattr(editor, f"{change}_constraint")(Session, found)


@pytest.fixture
def without_constraint():
    """SQLite needs none of this: BEGIN IMMEDIATE lets one writer in at a time, lock or not."""
    if connection.vendor == "postgresql":
        constraint("remove")
    yield
    if connection.vendor == "postgresql":
        Booking.objects.all().delete()
        Session.objects.update(seats_taken=0)
        constraint("add")


def test_race_is_real_without_the_lock(edition, ten, without_lock, without_constraint):
    """If this one fails, the others prove nothing."""
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    first, second = RegistrationFactory.create_batch(2, edition=edition)
    answers = race(take(first, ten), take(second, ten))
    ten.refresh_from_db()
    if connection.vendor == "postgresql":
        assert (answers, ten.seats_taken) == (["taken", "taken"], 2)
    else:
        assert (answers.count("taken"), ten.seats_taken) == (1, 1)


def test_the_database_refuses_even_without_the_lock(edition, ten, without_lock):
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    first, second = RegistrationFactory.create_batch(2, edition=edition)
    answers = race(take(first, ten), take(second, ten))
    refused = {"postgresql": "IntegrityError", "sqlite": "type"}[connection.vendor]
    assert sorted(type(answer).__name__ for answer in answers) == sorted([refused, "str"])
    ten.refresh_from_db()
    assert (Booking.objects.count(), ten.seats_taken) == (1, 1)


def test_last_place_of_the_edition_goes_once(edition, ten):
    Edition.objects.update(capacity=3, places_taken=2)
    registrations = RegistrationFactory.create_batch(8, edition=edition)
    answers = race(*(take(registration, ten) for registration in registrations))
    assert answers == ["taken"] * 8
    states = [Registration.objects.get(pk=one.pk).state for one in registrations]
    assert sorted(states) == ["confirmed", *["waiting"] * 7]
    assert sorted(one.rank() for one in edition.registrations.in_line()) == list(range(1, 8))
    ten.refresh_from_db()
    edition.refresh_from_db()
    assert (ten.seats_taken, edition.places_taken) == (1, 3)


def test_cancel_against_take(edition, ten):
    """A full session, half of whose people leave while others come: nothing lost, nothing sold twice."""
    Session.objects.filter(pk=ten.pk).update(capacity=8)
    leaving = RegistrationFactory.create_batch(8, edition=edition)
    for registration in leaving:
        admit(registration, ten)
    coming = RegistrationFactory.create_batch(8, edition=edition)
    jobs = [lambda one=one: services.cancel(one, notify=False) for one in leaving[:4]]
    jobs += [take(one, ten) for one in coming]
    random.shuffle(jobs)
    answers = race(*jobs)
    taken = answers.count("taken")
    assert answers.count(True) == 4
    assert answers.count(rules.SessionFull) == 8 - taken
    assert taken <= 4
    ten.refresh_from_db()
    assert ten.seats_taken == 4 + taken
    assert Booking.objects.filter(session=ten, state="confirmed").count() == 4 + taken


def test_cancelling_twice_frees_once(edition, ten):
    registration, _other = RegistrationFactory.create_batch(2, edition=edition)
    admit(registration, ten)
    admit(_other, ten)
    answers = race(*[lambda: services.cancel(registration, notify=False)] * 4)
    assert sorted(answers) == [False, False, False, True]
    ten.refresh_from_db()
    edition.refresh_from_db()
    assert (ten.seats_taken, edition.places_taken) == (1, 1)


def test_sessions_in_opposite_order_do_not_deadlock(edition, ten, eleven):
    Edition.objects.update(capacity=None)
    registrations = RegistrationFactory.create_batch(16, edition=edition)
    orders = [(ten, eleven), (eleven, ten)] * 8
    answers = race(*(take(one, *order) for one, order in zip(registrations, orders, strict=True)))
    assert answers == ["taken"] * 16
    ten.refresh_from_db()
    eleven.refresh_from_db()
    assert (ten.seats_taken, eleven.seats_taken) == (16, 16)


def test_double_click_gives_one_registration(edition, ten, person):
    def submit():
        return services.register(edition=edition, person=person, sessions=[ten]).reference

    answers = race(*[submit] * 4)
    assert set(answers) == {Registration.objects.get().reference}
    ten.refresh_from_db()
    edition.refresh_from_db()
    assert (ten.seats_taken, edition.places_taken) == (1, 1)
    assert Message.objects.filter(template="registration_confirmed").count() == 1


def test_same_new_organisation_twice_at_once(edition, person):
    people = [person | {"email": f"awa{number}@example.org"} for number in range(6)]
    answers = race(
        *(
            lambda one=one: services.register(edition=edition, person=one, notify=False)
            for one in people
        )
    )
    assert len({registration.organisation_id for registration in answers}) == 1


def test_link_asked_for_twice_at_once_leaves_once(edition, person):
    registration = services.register(edition=edition, person=person, notify=False)
    answers = race(*[lambda: services.send_link_to(registration)] * 4)
    assert sorted(answers) == [False, False, False, True]
    assert Message.objects.filter(template="registration_link").count() == 1


def test_places_are_counted_at_once_with_a_session_without_limit(edition):
    session = SessionFactory(edition=edition, capacity=None)
    registrations = RegistrationFactory.create_batch(8, edition=edition)
    answers = race(*(take(one, session) for one in registrations))
    assert answers == ["taken"] * 8
    session.refresh_from_db()
    assert session.seats_taken == 8
