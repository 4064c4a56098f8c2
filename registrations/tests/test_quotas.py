"""Seats kept for a group."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from registrations import rules, services
from registrations.models import Quota
from registrations.tests.seating import (
    booking_of,
    counters,
    full,
    kept,
    seated,
    states,
)
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_kept_seats_are_for_their_group_even_behind_others_in_line(edition, ten, elected):
    Session.objects.filter(pk=ten.pk).update(capacity=2)
    Quota.objects.create(session=ten, category=elected, seats=1)
    services.settle(ten)
    seated(edition, ten)
    assert kept(ten) == 1
    other = seated(edition, lists=[ten])
    with pytest.raises(rules.SessionFull):
        seated(edition, ten)
    holder = seated(edition, ten, category=elected)
    second = seated(edition, lists=[ten], category=elected)
    assert kept(ten) == 0
    services.cancel(holder)
    assert (states(other), states(second)) == (
        {ten.title_fr: "waiting"},
        {ten.title_fr: "confirmed"},
    )


def test_somebody_of_two_groups_uses_one_seat_of_the_larger(edition, ten, elected):
    few = Quota.objects.create(session=ten, category=elected, seats=1)
    many = Quota.objects.create(session=ten, is_for_abroad=True, seats=2)
    services.settle(ten)
    assert kept(ten) == 3
    both = seated(edition, ten, category=elected, country="SN")
    assert (booking_of(both, ten).quota, kept(ten)) == (many, 2)
    assert booking_of(seated(edition, ten, category=elected), ten).quota == few
    assert booking_of(seated(edition, ten, country="SN"), ten).quota == many
    assert booking_of(seated(edition, ten, country="SN"), ten).quota is None
    assert (kept(ten), counters(edition, ten)) == (0, [4, 4])


def test_kept_seats_go_down_the_line_after_their_day(edition, ten, elected):
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    today = timezone.localdate()
    Quota.objects.create(session=ten, category=elected, seats=1, until=today)
    services.settle(ten)
    waiting = seated(edition, lists=[ten])
    assert services.settle_due() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        assert services.settle_due() == 1
        assert services.settle_due() == 0
    assert (states(waiting), kept(ten)) == ({ten.title_fr: "confirmed"}, 0)


def test_more_is_kept_than_is_left(edition, ten, elected):
    Session.objects.filter(pk=ten.pk).update(room=None)
    full(edition, ten, seats=2)
    Quota.objects.create(session=ten, category=elected, seats=5)
    services.settle(ten)
    assert kept(ten) == 0
    services.resize(ten, capacity=4)
    assert kept(ten) == 2
    seated(edition, ten, category=elected)
    assert kept(ten) == 1
    services.resize(ten, capacity=None)
    assert kept(ten) == 0


def test_kept_seats_tell_a_stranger_nothing_of_who_is_registered(edition, ten, elected, person):
    standing = services.register(edition=edition, person=person)
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    Quota.objects.create(session=ten, category=elected, seats=1)
    services.settle(ten)
    ten.refresh_from_db()
    also = SessionFactory(edition=edition)
    for email in (standing.email, "stranger@example.org"):
        with pytest.raises(rules.SessionFull):
            services.register(edition=edition, person=person | {"email": email}, sessions=[ten])
        with pytest.raises(rules.SessionsOverlap):
            services.register(
                edition=edition, person=person | {"email": email}, sessions=[ten, also]
            )
