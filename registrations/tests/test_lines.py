"""Waiting lists and offers of sessions: who has a freed seat, and who is told."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from events.models import Edition
from raict.mail.models import Message
from registrations import rules, services
from registrations.models import Booking, Quota
from registrations.seats import Seats
from registrations.tests.seating import (
    booking_of,
    counters,
    full,
    happened,
    kept,
    line,
    mails,
    seated,
    states,
)
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


# ------------------------------------------------------------------------------- a freed seat
def test_a_freed_seat_goes_to_the_first_in_line_at_once(edition, ten):
    (holder,) = full(edition, ten)
    first, second = seated(edition, lists=[ten]), seated(edition, lists=[ten])
    assert services.cancel(holder) is True
    assert (states(first), states(second)) == (
        {ten.title_fr: "confirmed"},
        {ten.title_fr: "waiting"},
    )
    assert counters(edition, ten) == [2, 1]
    assert mails() == [
        (holder.email, "registration_cancelled"),
        (first.email, "seats_changed"),
    ]
    assert happened(first)[-1:] == ["won"]
    assert second.bookings.with_rank().get().rank == 1


def test_where_answers_are_asked_the_first_in_line_has_an_offer(edition, ten):
    Session.objects.filter(pk=ten.pk).update(offer_hours=6)
    (holder,) = full(edition, ten)
    first, second = seated(edition, lists=[ten]), seated(edition, lists=[ten])
    services.cancel(holder)
    offer = booking_of(first, ten)
    assert (offer.state, line(ten)) == ("offered", [second.pk])
    assert dt.timedelta(hours=5) < offer.offered_until - timezone.now() < dt.timedelta(hours=6)
    assert counters(edition, ten) == [2, 1]
    assert services.accept(offer) is True
    assert services.accept(offer) is False
    assert states(first) == {ten.title_fr: "confirmed"}


def test_an_offer_that_runs_out_goes_to_the_next(edition, ten):
    Session.objects.filter(pk=ten.pk).update(offer_hours=6)
    (holder,) = full(edition, ten)
    first, second = seated(edition, lists=[ten]), seated(edition, lists=[ten])
    services.cancel(holder)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=6, seconds=1), tick=False):
        assert services.accept(booking_of(first, ten)) is False
        Message.objects.all().delete()
        assert services.settle_due() == 1
        assert services.settle_due() == 0
    assert (states(first), states(second)) == ({}, {ten.title_fr: "offered"})
    assert sorted(mails()) == sorted(
        [(first.email, "seats_changed"), (second.email, "seats_changed")]
    )
    assert happened(first)[-2:] == ["offered", "expired"]


def test_declining_and_leaving_give_the_seat_to_the_next(edition, ten):
    Session.objects.filter(pk=ten.pk).update(offer_hours=6)
    (holder,) = full(edition, ten)
    first, second, third = (seated(edition, lists=[ten]) for _number in range(3))
    services.cancel(holder)
    assert services.step_back(booking_of(second, ten)) is True
    offer = booking_of(first, ten)
    assert services.step_back(offer) is True
    assert services.step_back(offer) is False
    assert (states(first), states(second), states(third)) == ({}, {}, {ten.title_fr: "offered"})
    assert (happened(first)[-1], happened(second)[-1]) == ("declined", "left")


def test_who_holds_something_else_then_is_asked_and_accepting_gives_it_back(edition, ten, also_ten):
    (holder,) = full(edition, ten)
    torn = seated(edition, also_ten, lists=[ten])
    heir = seated(edition)
    Session.objects.filter(pk=also_ten.pk).update(capacity=1)
    services.change_sessions(heir, sessions=[], lists=[also_ten], among={also_ten.pk})
    services.cancel(holder)
    assert states(torn) == {ten.title_fr: "offered", also_ten.title_fr: "confirmed"}
    offer = booking_of(torn, ten)
    assert dt.timedelta(hours=23) < offer.offered_until - timezone.now() < dt.timedelta(hours=24)
    Message.objects.all().delete()
    assert services.accept(offer) is True
    assert states(torn) == {ten.title_fr: "confirmed"}
    assert states(heir) == {also_ten.title_fr: "confirmed"}
    assert happened(torn)[-2:] == ["booked", "released"]
    assert mails() == [(torn.email, "seats_changed"), (heir.email, "seats_changed")]


def test_accepting_declines_the_other_offer_at_that_time(edition, ten, also_ten):
    Session.objects.update(offer_hours=6)
    holders = full(edition, ten) + full(edition, also_ten)
    torn = seated(edition, lists=[ten, also_ten])
    second = seated(edition, lists=[also_ten])
    for holder in holders:
        services.cancel(holder)
    assert states(torn) == {ten.title_fr: "offered", also_ten.title_fr: "offered"}
    services.accept(booking_of(torn, ten))
    assert states(torn) == {ten.title_fr: "confirmed"}
    assert happened(torn)[-2:] == ["booked", "declined"]
    assert states(second) == {also_ten.title_fr: "offered"}


def test_of_two_seats_freed_at_once_that_overlap_one_is_won_and_the_other_goes_on(
    edition, ten, also_ten
):
    """The second list is read after the first seat was given."""
    full(edition, ten)
    full(edition, also_ten)
    first = seated(edition, lists=[ten, also_ten])
    second = seated(edition, lists=[ten, also_ten])
    Session.objects.update(capacity=2)
    assert services.settle_due() == 1
    assert (states(first), states(second)) == (
        {ten.title_fr: "confirmed"},
        {also_ten.title_fr: "confirmed"},
    )
    assert happened(first)[-2:] == ["won", "withdrawn"]
    assert sorted(mails()) == sorted(
        [(first.email, "seats_changed"), (second.email, "seats_changed")]
    )


def test_who_cancels_while_waiting_or_with_an_offer_leaves_no_hole(edition, ten):
    Session.objects.filter(pk=ten.pk).update(offer_hours=6)
    (holder,) = full(edition, ten)
    first, second, third = (seated(edition, lists=[ten]) for _number in range(3))
    services.cancel(second)
    services.cancel(holder)
    services.cancel(first)
    assert states(third) == {ten.title_fr: "offered"}
    assert counters(edition, ten) == [1, 1]


def test_without_a_limit_the_whole_line_has_seats(edition, ten):
    Session.objects.filter(pk=ten.pk).update(room=None)
    full(edition, ten)
    waiting = [seated(edition, lists=[ten]) for _number in range(3)]
    services.resize(ten, capacity=None)
    assert [states(one) for one in waiting] == [{ten.title_fr: "confirmed"}] * 3
    assert counters(edition, ten) == [4, 4]


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({}, "confirmed"),
        ({"is_published": False}, "waiting"),
        ({"booking": "free"}, "waiting"),
        ({"day": dt.date(2020, 1, 1)}, "waiting"),
    ],
)
def test_lines_of_closed_sessions_stand_still(edition, ten, columns, state):
    (holder,) = full(edition, ten)
    waiting = seated(edition, lists=[ten])
    Session.objects.filter(pk=ten.pk).update(**columns)
    services.cancel(holder)
    assert states(waiting) == {ten.title_fr: state}
    assert services.settle_due() == 0


@pytest.mark.parametrize(("state", "after"), [("closed", "confirmed"), ("over", "waiting")])
def test_lines_move_until_the_edition_is_over(edition, ten, state, after):
    (holder,) = full(edition, ten)
    waiting = seated(edition, lists=[ten])
    Edition.objects.update(state=state)
    services.cancel(holder)
    assert states(waiting) == {ten.title_fr: after}


def test_an_offer_ends_when_the_session_begins(edition, ten):
    Session.objects.filter(pk=ten.pk).update(offer_hours=240)
    (holder,) = full(edition, ten)
    waiting = seated(edition, lists=[ten])
    ten.refresh_from_db()
    with time_machine.travel(ten.starts_at - dt.timedelta(hours=1), tick=False):
        services.cancel(holder)
    assert booking_of(waiting, ten).offered_until == ten.starts_at


def test_a_session_without_time_overlaps_nothing(edition, ten):
    later = SessionFactory(edition=edition, title_fr="Sans heure", start=None, end=None, capacity=1)
    (holder,) = full(edition, later)
    waiting = seated(edition, ten, lists=[later])
    services.cancel(holder)
    assert states(waiting) == {ten.title_fr: "confirmed", "Sans heure": "confirmed"}


# ------------------------------------------------------------------------- nobody is overtaken
def test_a_seat_freed_behind_the_back_is_not_for_the_newcomer(edition, ten):
    full(edition, ten)
    first = seated(edition, lists=[ten])
    Session.objects.filter(pk=ten.pk).update(capacity=2)
    with pytest.raises(rules.SessionFull):
        seated(edition, ten)
    newcomer = seated(edition, lists=[ten])
    assert (states(first), states(newcomer)) == (
        {ten.title_fr: "confirmed"},
        {ten.title_fr: "waiting"},
    )


def test_a_place_freed_behind_the_back_is_not_for_the_newcomer(edition):
    Edition.objects.update(capacity=1)
    seated(edition)
    first = seated(edition)
    Edition.objects.update(capacity=2)
    newcomer = seated(edition)
    first.refresh_from_db()
    assert (first.state, newcomer.state, newcomer.rank()) == ("confirmed", "waiting", 1)


def test_from_a_seat_to_the_list_is_behind_those_who_wait(edition, ten):
    (holder,) = full(edition, ten)
    first = seated(edition, lists=[ten])
    services.change_sessions(holder, sessions=[], lists=[ten], among={ten.pk})
    assert (states(first), states(holder)) == (
        {ten.title_fr: "confirmed"},
        {ten.title_fr: "waiting"},
    )


def test_who_waits_for_a_session_that_is_hidden_does_not_take_it(edition, ten):
    (holder,) = full(edition, ten)
    seated(edition, lists=[ten])
    second = seated(edition, lists=[ten])
    Session.objects.filter(pk=ten.pk).update(is_published=False)
    services.cancel(holder)
    with pytest.raises(rules.SeatRefused):
        services.change_sessions(second, sessions=[ten], among={ten.pk})
    assert services.change_sessions(second, sessions=[], lists=[ten], among={ten.pk}) is False


def test_an_offer_that_has_run_out_is_no_seat_for_the_asking(edition, ten):
    Session.objects.filter(pk=ten.pk).update(offer_hours=1)
    (holder,) = full(edition, ten)
    late, _second = seated(edition, lists=[ten]), seated(edition, lists=[ten])
    services.cancel(holder)
    with (
        time_machine.travel(timezone.now() + dt.timedelta(hours=2), tick=False),
        pytest.raises(rules.SessionFull),
    ):
        services.change_sessions(late, sessions=[ten], among={ten.pk})


# ------------------------------------------------------------------------- history and the clock
def test_a_new_registration_has_its_seats_in_the_history(edition, person, ten, eleven):
    full(edition, eleven)
    registration = services.register(edition=edition, person=person, sessions=[ten], lists=[eleven])
    assert happened(registration) == ["registered", "booked", "joined"]
    assert set(registration.changes.values_list("by", flat=True)) == {"person"}
    registration.refresh_from_db()
    assert registration.revision == 0


def test_settle_due_goes_on_after_one_edition_has_failed(edition, ten, monkeypatch, caplog):
    other = SessionFactory(capacity=1)
    for where, session in ((edition, ten), (other.edition, other)):
        full(where, session)
        seated(where, lists=[session])
    Session.objects.update(capacity=2)
    settle = Seats.settle

    def failing(self, session_ids):
        if self.edition.pk == min(edition.pk, other.edition_id):
            raise RuntimeError("the first one")
        settle(self, session_ids)

    monkeypatch.setattr(Seats, "settle", failing)
    with pytest.raises(ExceptionGroup) as failure:
        services.settle_due()
    assert [str(error) for error in failure.value.exceptions] == ["the first one"]
    assert Booking.objects.filter(state="waiting").count() == 1
    assert mails() != []


def test_settle_due_leaves_alone_what_cannot_move(edition, ten, elected):
    """Seats that are kept, and lines of hidden sessions, take no lock every minute."""
    Session.objects.filter(pk=ten.pk).update(capacity=2)
    Quota.objects.create(session=ten, category=elected, seats=1)
    Quota.objects.create(
        session=ten, is_for_abroad=True, seats=1, until=timezone.localdate() - dt.timedelta(days=1)
    )
    services.settle(ten)
    seated(edition, ten)
    seated(edition, lists=[ten])
    assert kept(ten) == 1
    assert services.settle_due() == 0


def test_settle_due_finds_free_places(edition, django_assert_num_queries):
    Edition.objects.update(capacity=1)
    seated(edition)
    waiting = seated(edition)
    Edition.objects.update(capacity=2)
    assert services.settle_due() == 1
    waiting.refresh_from_db()
    assert waiting.state == "confirmed"
    with django_assert_num_queries(5):
        assert services.settle_due() == 0
