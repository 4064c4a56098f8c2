"""Races between eight processes, each with its own connection, on both databases.

Threads and the race without the lock are in test_concurrency.py. After each race every counter, turn
and seat agrees with the rows.
"""

import datetime as dt
import json
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from events.models import Edition
from raict.mail.models import Message
from registrations import services
from registrations.models import Booking, Registration
from registrations.reckoning import differences
from registrations.tests.seating import booking_of, counters, full, line, mails, seated, states
from sessions.models import Session

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite, pytest.mark.slow]
COUNT = 8


@pytest.fixture(scope="module")
def workers(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-m", "registrations.tests.worker", name]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = [subprocess.Popen(command, cwd=settings.BASE_DIR, **pipes) for _one in range(COUNT)]
    for worker in started:
        assert worker.stdout.readline() == "ready\n"
    yield started
    for worker in started:
        worker.stdin.close()
        assert worker.wait(timeout=30) == 0
        worker.stdout.close()


@pytest.fixture
def race(workers):
    """Jobs, dealt to the eight, which begin at the same moment; the answers in the jobs' order."""

    def run(*jobs):
        at = time.time() + 0.2
        for number, worker in enumerate(workers):
            worker.stdin.write(json.dumps({"at": at, "jobs": jobs[number::COUNT]}) + "\n")
            worker.stdin.flush()
        answers = [None] * len(jobs)
        for number, worker in enumerate(workers):
            answers[number::COUNT] = json.loads(worker.stdout.readline())
        assert differences() == []
        return answers

    return run


@pytest.fixture
def come(edition, category):
    """So many jobs, each of a newcomer who takes these seats or stays away."""

    def jobs(count, *sessions, name="come"):
        pks = [session.pk for session in sessions]
        return [["come", edition.pk, f"{name}{n}@example.org", *pks] for n in range(count)]

    return jobs


def test_200_attempts_on_20_seats(edition, ten, come, race):
    Edition.objects.update(capacity=None)
    answers = race(*come(200, ten))
    assert (answers.count("confirmed"), answers.count("SessionFull")) == (20, 180)
    assert Booking.objects.filter(session=ten, state="confirmed").count() == 20
    assert counters(edition, ten) == [20, 20]


def test_the_last_places_of_the_edition(edition, ten, come, race):
    Edition.objects.update(capacity=5)
    answers = race(*come(24, ten))
    assert (answers.count("confirmed"), answers.count("waiting")) == (5, 19)
    waiting = Registration.objects.in_line()
    assert [one.rank() for one in waiting] == list(range(1, 20))


def test_cancel_against_take(edition, ten, come, race):
    """Half of a full session's people leave while others come: nothing lost, nothing sold twice."""
    leaving = full(edition, ten, seats=8)[:4]
    cancels = [["cancel", one.pk] for one in leaving]
    answers = race(*(job for pair in zip(cancels, come(4, ten), strict=True) for job in pair))
    taken = answers.count("confirmed")
    assert answers.count(True) == 4
    assert answers.count("SessionFull") == 4 - taken
    assert counters(edition, ten)[1] == 4 + taken


def test_two_seats_freed_at_once_go_to_the_first_two(edition, ten, race):
    """Promote against promote: each has one seat and is told once, and the third waits on."""
    holders = full(edition, ten, seats=2)
    first, second, third = (seated(edition, lists=[ten]) for _number in range(3))
    assert race(*(["cancel", one.pk] for one in holders)) == [True, True]
    assert states(first) == states(second) == {ten.title_fr: "confirmed"}
    assert line(ten) == [third.pk]
    assert sorted(mails()) == sorted(
        [(one.email, "registration_cancelled") for one in holders]
        + [(one.email, "seats_changed") for one in (first, second)]
    )


def test_capacity_against_take(edition, ten, come, race):
    full(edition, ten, seats=4)
    answers = race(*come(7, ten), ["resize", ten.pk, 8])
    taken = answers.count("confirmed")
    assert answers.count("SessionFull") == 7 - taken
    assert taken <= 4
    assert counters(edition, ten)[1] == 4 + taken


def test_a_smaller_room_against_take(edition, ten, come, race):
    """Either the team is told that too many have seats, or those who come later are."""
    full(edition, ten, seats=4)
    Session.objects.filter(pk=ten.pk).update(capacity=12)
    *answers, resized = race(*come(7, ten), ["resize", ten.pk, 6])
    taken = answers.count("confirmed")
    ten.refresh_from_db()
    if resized == "TooManySeats":
        assert (taken, ten.capacity) == (7, 12)
    else:
        assert (taken, ten.capacity) == (2, 6)


def test_sessions_in_opposite_orders(edition, ten, eleven, come, race):
    answers = race(*come(8, ten, eleven, name="a"), *come(8, eleven, ten, name="b"))
    assert answers == ["confirmed"] * 16
    assert counters(edition, ten, eleven) == [16, 16, 16]


@pytest.fixture
def offer(edition, ten):
    """Of a seat, to the first of two in line."""
    Session.objects.filter(pk=ten.pk).update(offer_hours=1)
    (holder,) = full(edition, ten)
    first = seated(edition, lists=[ten])
    seated(edition, lists=[ten])
    services.cancel(holder, notify=False)
    Message.objects.all().delete()
    return booking_of(first, ten)


def test_double_accept(offer, ten, race):
    answers = race(*[["accept", offer.pk]] * 8)
    assert sorted(answers) == [False] * 7 + [True]
    assert sorted(mails()) == [(offer.registration.email, "seats_changed")]


def test_accept_against_expiry(offer, ten, race):
    """The offer ends while both look at it: one of the two has its way, and one has the seat."""
    Booking.objects.filter(pk=offer.pk).update(
        offered_until=timezone.now() + dt.timedelta(milliseconds=220)
    )
    accepted, *_rest = race(["accept", offer.pk], *[["settle"]] * 7)
    race(["settle"])
    offer.refresh_from_db()
    assert offer.state == ("confirmed" if accepted else "released")
    assert ten.bookings.held().count() == 1
    assert len(mails()) == (1 if accepted else 2)


def test_cancel_against_accept(offer, ten, race):
    answers = race(["accept", offer.pk], ["cancel", offer.registration_id])
    assert answers[1] is True
    assert ten.bookings.held().get().registration_id != offer.registration_id


def test_passing_on_against_cancel(edition, ten, race):
    holder = seated(edition, ten)
    passed, cancelled = race(["pass_on", holder.pk, "heir@example.org"], ["cancel", holder.pk])
    holder.refresh_from_db()
    assert holder.state == ("cancelled" if cancelled is True else "confirmed")
    if passed is None:
        assert holder.email == "heir@example.org"
        assert cancelled in (True, "LinkReplaced")
    else:
        assert (passed, cancelled) == ("DomainError", True)


def test_one_address_eight_times(edition, category, race):
    answers = race(*[["register", edition.pk, "awa@example.org"]] * 8)
    assert set(answers) == {Registration.objects.get().reference}
    assert Message.objects.filter(template="registration_confirmed").count() == 1


def test_filling_against_registering(edition, category, race):
    """Three places more while five come: those who waited have theirs first, and are told once."""
    Edition.objects.update(capacity=1)
    seated(edition)
    waiting = [seated(edition) for _number in range(2)]
    Edition.objects.update(capacity=4)
    people = [["register", edition.pk, f"new{number}@example.org"] for number in range(5)]
    race(*people, ["fill", edition.pk], ["settle"])
    had = Registration.objects.filter(pk__in=[one.pk for one in waiting])
    assert set(had.values_list("state", flat=True)) == {"confirmed"}
    new = Registration.objects.filter(email__startswith="new").values_list("state", flat=True)
    assert sorted(new) == ["confirmed", *["waiting"] * 4]
    assert sorted(Message.objects.values_list("template", flat=True)) == [
        "registration_confirmed",
        *["registration_waiting"] * 4,
        *["seats_changed"] * 2,
    ]
    told = Message.objects.filter(template="seats_changed").values_list("to", flat=True)
    assert sorted(told) == sorted(one.email for one in waiting)
