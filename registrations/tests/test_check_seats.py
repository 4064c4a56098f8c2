"""manage.py check_seats: every kind of difference, and what is none."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from events.models import Edition
from registrations import services
from registrations.models import Booking, Quota, Registration
from registrations.tests.factories import CategoryFactory
from registrations.tests.seating import full, seated
from sessions.models import Announcement, Move, Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def _english(edition):
    Edition.objects.filter(pk=edition.pk).update(number=112)
    with override("en"):
        yield


@pytest.fixture
def said(capsys):
    """What the command says of differences."""

    def run():
        capsys.readouterr()
        with pytest.raises(CommandError) as error:
            call_command("check_seats")
        lines = capsys.readouterr().err.splitlines()
        assert str(error.value) == f"{len(lines)} difference(s)."
        return lines

    return run


def agrees(capsys):
    capsys.readouterr()
    call_command("check_seats")
    return capsys.readouterr().out.splitlines()


def test_everything_agrees(edition, ten, eleven, capsys):
    Quota.objects.create(session=eleven, is_for_abroad=True, seats=2)
    services.settle(eleven)
    full(edition, ten)
    seated(edition, eleven, lists=[ten])
    assert agrees(capsys) == ["Every counter, line and seat agrees with the rows."]


def test_counters(edition, ten, said):
    seated(edition, ten)
    Session.objects.filter(pk=ten.pk).update(seats_taken=3, seats_kept=2)
    Edition.objects.filter(pk=edition.pk).update(places_taken=0)
    assert said() == [
        f"session {ten.pk} (Water and sanitation): counted 3 seats taken, 1 held.",
        f"session {ten.pk} (Water and sanitation): counted 2 seats kept, 0 by its quotas.",
        f"edition {edition.pk} (112th edition): counted 0 places taken, 1 registrations.",
    ]


def test_kept_seats_that_are_not_counted(edition, ten, said):
    quota = Quota.objects.create(session=ten, category=CategoryFactory(), seats=2)
    assert said() == [
        f"session {ten.pk} (Water and sanitation): counted 0 seats kept, 2 by its quotas."
    ]
    services.settle(ten)
    quota.until = timezone.localdate() - dt.timedelta(days=1)
    quota.save()
    assert said() == [
        f"session {ten.pk} (Water and sanitation): counted 2 seats kept, 0 by its quotas."
    ]


def test_turns_twice(edition, ten, said):
    full(edition, ten)
    seated(edition, lists=[ten])
    second = seated(edition, lists=[ten])
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX booking_one_a_turn")
    second.bookings.update(turn=1)
    assert said() == [f"session {ten.pk}: the turn 1 is given to 2 in line."]


def test_turns_missing(edition, ten, said):
    Edition.objects.update(capacity=1)
    seated(edition)
    waiting = seated(edition)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys, or it refuses to alter
            cursor.execute(
                "ALTER TABLE registrations_registration DROP CONSTRAINT registration_waits_in_turn"
            )
    Registration.objects.filter(pk=waiting.pk).update(turn=None)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert said() == [f"edition {edition.pk}: 1 in line without a turn."]


def test_somebody_waits_in_front_of_what_is_free(edition, ten, said):
    full(edition, ten)
    seated(edition, lists=[ten])
    Edition.objects.update(capacity=2)
    seated(edition)
    Session.objects.filter(pk=ten.pk).update(capacity=2)
    Edition.objects.update(capacity=3)
    assert said() == [
        f"session {ten.pk} (Water and sanitation): 1 in line in front of a free seat.",
        f"edition {edition.pk} (112th edition): 1 in line in front of a free place.",
    ]


def test_seats_without_a_place(edition, ten, eleven, said):
    gone, asking = seated(edition, ten), seated(edition, eleven)
    Registration.objects.filter(pk=gone.pk).update(state="cancelled")
    Edition.objects.filter(pk=edition.pk).update(places_taken=1)
    asking.bookings.update(state="asked")
    Session.objects.filter(pk=eleven.pk).update(seats_taken=0)
    assert said() == [
        (
            f"registration {gone.reference} (cancelled): its booking of"
            f" session {ten.pk} (Water and sanitation) is confirmed."
        ),
        (
            f"registration {asking.reference} (confirmed): its booking of"
            f" session {eleven.pk} (Culture) is asked."
        ),
    ]


def test_offers_that_nobody_ends(edition, ten, said, capsys):
    person = seated(edition)
    booking = services.invite(person, ten, until=timezone.now() + dt.timedelta(hours=1))
    ended = Booking.objects.filter(pk=booking.pk)
    ended.update(offered_until=timezone.now() - dt.timedelta(minutes=9))
    assert len(agrees(capsys)) == 1
    ended.update(offered_until=timezone.now() - dt.timedelta(minutes=11))
    assert said() == [
        (
            f"registration {person.reference}: the offer of session {ten.pk} (Water and sanitation)"
            " has run out and stands. Is the worker running?"
        ),
    ]


def test_seats_at_one_time(edition, ten, eleven, said, capsys):
    person = seated(edition, ten, eleven)
    Session.objects.filter(pk=eleven.pk).update(start=dt.time(10), end=dt.time(11))
    both = f"session {ten.pk} (Water and sanitation) and session {eleven.pk} (Culture)."
    assert said() == [f"registration {person.reference}: holds at one time {both}"]
    announcement = Announcement.objects.create(edition=edition)
    Move.objects.create(session=eleven, announcement=announcement, day=eleven.day)
    assert agrees(capsys) == [
        f"registration {person.reference}: asked to choose between {both}",
        "Every counter, line and seat agrees with the rows.",
    ]
    Announcement.objects.update(made_at=timezone.now() - dt.timedelta(days=1))
    assert said() == [f"registration {person.reference}: holds at one time {both}"]


@pytest.mark.parametrize("count", [1, 3])
def test_queries(edition, count, capsys, django_assert_num_queries):
    for _number in range(count):
        session = SessionFactory(edition=edition)
        full(edition, session)
        seated(edition, lists=[session])
    with django_assert_num_queries(18):
        agrees(capsys)
