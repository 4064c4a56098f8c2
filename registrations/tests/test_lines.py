"""Waiting lists and offers, of sessions and of the edition: who has a freed seat, and who is told."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from events.models import Edition
from raict.mail.models import Message
from registrations import rules, services
from registrations.models import Booking, Quota
from registrations.seats import Seats
from registrations.tests.factories import CategoryFactory
from registrations.tests.seating import (
    booking_of,
    counters,
    full,
    happened,
    line,
    seated,
    states,
)
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def also_ten(edition):
    """At the same time as `ten`."""
    return SessionFactory(edition=edition, title_fr="Diasporas", start=dt.time(10), end=dt.time(11))


def mails():
    return list(Message.objects.order_by("pk").values_list("to", "template"))


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


# ------------------------------------------------------------------------------ change_sessions
def test_a_seat_that_is_offered_is_taken_in_the_form(edition, ten, also_ten):
    Session.objects.filter(pk=ten.pk).update(offer_hours=6)
    (holder,) = full(edition, ten)
    person = seated(edition, lists=[ten, also_ten])
    services.cancel(holder)
    services.change_sessions(person, sessions=[ten], among={ten.pk, also_ten.pk})
    assert states(person) == {ten.title_fr: "confirmed"}


def test_an_offer_outside_what_is_wanted_stays(edition, ten, eleven):
    Session.objects.filter(pk=ten.pk).update(offer_hours=6)
    (holder,) = full(edition, ten)
    person = seated(edition, lists=[ten])
    services.cancel(holder)
    services.change_sessions(person, sessions=[eleven], among={ten.pk, eleven.pk})
    assert states(person) == {ten.title_fr: "offered", eleven.title_fr: "confirmed"}


def test_seat_and_list_of_one_session_is_a_seat(edition, ten):
    person = seated(edition, ten, lists=[ten])
    other = seated(edition)
    services.change_sessions(other, sessions=[ten], lists=[ten], among={ten.pk})
    assert states(person) == states(other) == {ten.title_fr: "confirmed"}


def test_what_a_move_made_overlap_hinders_no_other_seat(edition, ten, eleven):
    noon = SessionFactory(edition=edition, title_fr="Midi", start=dt.time(12), end=dt.time(13))
    person = seated(edition, ten, eleven)
    Session.objects.filter(pk=eleven.pk).update(start=dt.time(10), end=dt.time(11))
    among = {ten.pk, eleven.pk, noon.pk}
    services.change_sessions(person, sessions=[ten, eleven, noon], among=among)
    assert len(person.booked_sessions()) == 3
    with pytest.raises(rules.SessionsOverlap):
        services.change_sessions(seated(edition), sessions=[ten, eleven], among=among)


def test_change_is_about_what_the_form_showed(edition, ten, eleven):
    person = seated(edition, ten, eleven)
    assert services.change_sessions(person, sessions=[], among={ten.pk}) is True
    assert states(person) == {eleven.title_fr: "confirmed"}
    assert services.change_sessions(person, sessions=[], among={ten.pk}) is False
    assert happened(person)[-1] == "released"


def test_change_answers_about_the_person_only(edition, ten):
    """What the same transaction found due for others is their change."""
    full(edition, ten)
    first, person = seated(edition, lists=[ten]), seated(edition, lists=[ten])
    Session.objects.filter(pk=ten.pk).update(capacity=2)
    assert services.change_sessions(person, sessions=[], lists=[ten], among={ten.pk}) is False
    assert states(first) == {ten.title_fr: "confirmed"}
    assert mails() == [(first.email, "seats_changed")]


def test_the_revision_in_hand_is_that_of_the_row(edition, ten):
    """Whoever read the person's row first: one object is written to, the caller's."""
    full(edition, ten)
    person = seated(edition, lists=[ten])
    Session.objects.filter(pk=ten.pk).update(capacity=2)
    with pytest.raises(services.ChangedMeanwhile):
        services.change_sessions(person, sessions=[], among={ten.pk}, revision=person.revision + 1)
    services.change_sessions(person, sessions=[ten], among={ten.pk}, revision=person.revision)
    in_hand = person.revision
    person.refresh_from_db()
    assert in_hand == person.revision == 1


def test_a_stale_form_is_refused(edition, ten, eleven):
    person = seated(edition, ten)
    services.change_sessions(person, sessions=[eleven], among={ten.pk, eleven.pk}, revision=0)
    with pytest.raises(services.ChangedMeanwhile):
        services.change_sessions(person, sessions=[ten], among={ten.pk, eleven.pk}, revision=0)
    assert states(person) == {eleven.title_fr: "confirmed"}


# --------------------------------------------------------------------------- the edition's line
@pytest.fixture
def crowd(edition):
    """The one who has the only place."""
    Edition.objects.update(capacity=1)
    return seated(edition)


def test_a_free_place_brings_what_was_asked_for(edition, ten, eleven, also_ten, crowd, person):
    hidden = SessionFactory(edition=edition, title_fr="Retirée", start=dt.time(15), end=None)
    waiting = services.register(
        edition=edition, person=person, sessions=[ten, eleven, hidden], lists=[also_ten]
    )
    assert (waiting.state, waiting.badge_made_at) == ("waiting", None)
    Session.objects.filter(pk=eleven.pk).update(capacity=1, seats_taken=1)
    Session.objects.filter(pk=hidden.pk).update(is_published=False)
    Message.objects.all().delete()
    services.cancel(crowd, notify=False)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.turn) == ("confirmed", None)
    assert waiting.badge_made_at is not None
    assert states(waiting) == {
        ten.title_fr: "confirmed",
        eleven.title_fr: "waiting",
        also_ten.title_fr: "offered",  # free, but at the same time as the seat
    }
    assert mails() == [(waiting.email, "seats_changed")]
    assert set(waiting.changes.filter(action="displaced").values_list("session", "by")) == {
        (hidden.pk, "site")
    }
    assert set(waiting.changes.filter(action="booked").values_list("by", flat=True)) == {"site"}


def test_what_the_team_sets_off_is_not_booked_by_the_team(edition, ten, crowd):
    waiting = seated(edition, ten)
    Edition.objects.update(capacity=2)
    services.fill(edition)
    assert set(waiting.changes.filter(action="booked").values_list("by", flat=True)) == {"site"}


def test_asking_anew_leaves_what_was_not_shown(edition, ten, eleven, crowd):
    waiting = seated(edition, ten, lists=[eleven])
    services.change_sessions(waiting, sessions=[], among={ten.pk})
    assert states(waiting) == {eleven.title_fr: "asked"}
    services.change_sessions(waiting, sessions=[ten], lists=[ten], among={ten.pk})
    assert states(waiting) == {eleven.title_fr: "asked", ten.title_fr: "asked"}
    assert happened(waiting) == ["registered", "queued", "asked", "asked", "left", "asked"]
    assert services.step_back(booking_of(waiting, ten)) is True
    assert states(waiting) == {eleven.title_fr: "asked"}


def test_a_place_of_somebody_to_approve_is_to_be_approved(edition, crowd, person):
    press = CategoryFactory(needs_approval=True)
    waiting = services.register(edition=edition, person=person | {"category": press})
    written = services.register(
        edition=edition,
        person=person | {"category": press, "email": "by-team@example.org"},
        by_staff=True,
    )
    Edition.objects.update(capacity=3)
    services.fill(edition)
    waiting.refresh_from_db()
    written.refresh_from_db()
    assert (waiting.state, waiting.badge_made_at) == ("pending", None)
    assert written.state == "confirmed"


def test_cancelling_while_in_the_edition_s_line_moves_the_others_up(edition, ten, crowd):
    first, second = seated(edition, ten), seated(edition)
    assert services.cancel(first) is True
    assert (second.rank(), counters(edition, ten)) == (1, [1, 0])
    assert Booking.objects.filter(state="asked").count() == 0


def test_a_former_holder_cancels_nothing(edition, ten, person):
    """Two tabs: the place was passed on in one, and is cancelled in the other."""
    former = services.register(edition=edition, person=person, sessions=[ten])
    heir = {**person, "email": "heir@example.org", "organisation": former.organisation}
    row = type(former).objects.get(pk=former.pk)
    services.pass_on(row, heir)
    with pytest.raises(services.LinkReplaced):
        services.cancel(former)
    row.refresh_from_db()
    assert (row.state, states(row)) == ("confirmed", {ten.title_fr: "confirmed"})
    former = type(former).objects.get(pk=row.pk)
    former.key_version -= 1
    former.email = person["email"]
    assert services.cancel(former, by="team") is True
    assert mails()[-1] == ("heir@example.org", "registration_cancelled")


# -------------------------------------------------------------------------------------- quotas
@pytest.fixture
def elected():
    return CategoryFactory(name_fr="Élu·e de quota")


def kept(session):
    session.refresh_from_db()
    return session.seats_kept


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


# ------------------------------------------------------------------------------------ the team
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
