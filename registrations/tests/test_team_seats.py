"""What the team does with the seats of a session: capacity, margin, invitations."""

import datetime as dt

import pytest
from django.utils import timezone

from registrations import rules, services
from registrations.models import Booking, Quota
from registrations.tests.seating import (
    booking_of,
    counters,
    full,
    happened,
    line,
    mails,
    seated,
    states,
)
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_lowering_throws_nobody_out(edition, ten):
    holders = full(edition, ten, seats=3)
    with pytest.raises(rules.TooManySeats) as refusal:
        services.resize(ten, capacity=1)
    assert refusal.value.excess == 2
    assert counters(edition, ten) == [3, 3]
    assert ten.capacity == 3
    waiting = seated(edition, lists=[ten])
    leaving = rules.last_to_come(ten, 2)
    assert [one.registration for one in leaving] == [holders[2], holders[1]]
    services.resize(ten, capacity=1, leaving=[*leaving, leaving[0]])
    assert counters(edition, ten) == [4, 1]
    assert line(ten) == [waiting.pk, holders[1].pk, holders[2].pk]
    assert happened(holders[2])[-2:] == ["displaced", "joined"]
    assert sorted(mails()) == sorted((one.email, "seats_changed") for one in holders[1:])


def test_who_is_displaced_may_be_sent_without_a_line(edition, ten):
    (holder,) = full(edition, ten)
    waiting = seated(edition, lists=[ten])
    services.resize(ten, capacity=1, leaving=[booking_of(holder, ten)], to_line=False)
    assert (states(holder), states(waiting)) == ({}, {ten.title_fr: "confirmed"})


def test_a_seat_of_another_session_does_not_leave_with_this_one(edition, ten, eleven):
    person = seated(edition, ten, eleven)
    services.resize(ten, capacity=5, leaving=[booking_of(person, eleven)])
    assert len(person.booked_sessions()) == 2


def test_the_capacity_is_the_room_s_and_never_above_it(edition, ten):
    services.resize(ten, capacity=None)
    ten.refresh_from_db()
    assert ten.capacity == ten.room.capacity == 40
    with pytest.raises(rules.TooManyForRoom):
        services.resize(ten, capacity=41)
    services.resize(ten, capacity=40, overbooking=10)
    ten.refresh_from_db()
    assert ten.seats_offered == 44


def test_the_margin_is_given_out(edition, ten):
    full(edition, ten, seats=10)
    waiting = seated(edition, lists=[ten])
    services.resize(ten, capacity=10, overbooking=10)
    assert states(waiting) == {ten.title_fr: "confirmed"}
    with pytest.raises(rules.SessionFull):
        seated(edition, ten)
    with pytest.raises(rules.TooManySeats):
        services.resize(ten, capacity=10, overbooking=0)


def test_invitation(edition, ten):
    person = seated(edition)
    until = timezone.now() + dt.timedelta(days=2)
    booking = services.invite(person, ten, until=until)
    assert (booking.state, booking.offered_until) == ("offered", until)
    assert counters(edition, ten) == [1, 1]
    assert happened(person)[-1] == "invited"
    with pytest.raises(rules.SeatRefused):
        services.invite(person, ten, until=until)
    services.accept(booking)
    assert states(person) == {ten.title_fr: "confirmed"}


def test_invitations_that_cannot_be(edition, ten, eleven):
    later = timezone.now() + dt.timedelta(days=2)
    gone, person = seated(edition), seated(edition)
    services.cancel(gone, notify=False)
    Session.objects.filter(pk=eleven.pk).update(day=dt.date(2020, 1, 1))
    elsewhere = SessionFactory()
    for who, session, until in (
        (gone, ten, later),
        (person, ten, timezone.now()),
        (person, eleven, later),
        (person, elsewhere, later),
    ):
        with pytest.raises(rules.SeatRefused):
            services.invite(who, session, until=until)
    assert Booking.objects.count() == 0
    Session.objects.filter(pk=ten.pk).update(capacity=1, seats_taken=1)
    with pytest.raises(rules.SessionFull):
        services.invite(person, ten, until=later)


def test_who_waits_is_invited_out_of_the_line(edition, ten, elected):
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    Quota.objects.create(session=ten, category=elected, seats=1)
    services.settle(ten)
    waiting = seated(edition, lists=[ten])
    services.resize(ten, capacity=2)
    assert states(waiting) == {ten.title_fr: "confirmed"}
