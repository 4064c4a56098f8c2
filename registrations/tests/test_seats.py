"""The writer of seats, one person after the other; the races are in test_concurrency.py."""

import datetime as dt

import pytest
from django.utils.translation import override

from events.models import Edition
from events.tests.factories import EditionFactory
from registrations import rules
from registrations.models import Booking, Membership
from registrations.tests.factories import OrganisationFactory, RegistrationFactory
from registrations.tests.seating import counters, seated
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_admit_counts_seats_and_place(edition, ten, eleven):
    registration = seated(edition, eleven, ten, ten)
    assert registration.booked_sessions() == [ten, eleven]
    assert counters(edition, ten, eleven) == [1, 1, 1]


def test_admit_counts_without_a_limit(edition):
    session = SessionFactory(edition=edition, capacity=None)
    Edition.objects.update(capacity=None)
    seated(edition, session)
    assert counters(edition, session) == [1, 1]


def test_full_session_leaves_no_trace(edition, ten, eleven):
    Session.objects.filter(pk=eleven.pk).update(capacity=1, seats_taken=1)
    with pytest.raises(rules.SessionFull) as refusal:
        seated(edition, ten, eleven)
    assert refusal.value.sessions == (eleven,)
    assert refusal.value.field == "sessions"
    assert counters(edition, ten, eleven) == [0, 0, 1]
    assert Booking.objects.count() == 0


def test_full_edition_is_a_waiting_list(edition, ten, eleven):
    Edition.objects.update(capacity=1)
    seated(edition)
    first, second = seated(edition, ten, lists=[eleven]), seated(edition)
    assert [first.state, second.state] == ["waiting", "waiting"]
    assert [first.rank(), second.rank()] == [1, 2]
    assert counters(edition, ten, eleven) == [1, 0, 0]
    assert set(first.bookings.values_list("session", "state")) == {
        (ten.pk, "asked"),
        (eleven.pk, "asked"),
    }


def test_back_to_back_is_no_overlap(edition, ten, eleven):
    rules.refuse_overlaps([ten, eleven], dt.timedelta(0))


def test_overlap_names_both(edition, ten):
    other = SessionFactory(
        edition=edition, title_fr="Diasporas", start=dt.time(10, 30), end=dt.time(12)
    )
    with override("en"), pytest.raises(rules.SessionsOverlap) as refusal:
        seated(edition, other, ten)
    assert str(refusal.value) == (
        f"“{other.title_en}” and “Water and sanitation” take place at the same time: "
        "choose one of them."
    )
    assert Booking.objects.count() == 0


@pytest.mark.parametrize(
    "change", [{"is_published": False}, {"booking": "free"}, {"booking": "ranked"}]
)
def test_unbookable_session_is_refused(edition, change):
    session = SessionFactory(edition=edition, **change)
    with pytest.raises(rules.SeatRefused):
        rules.refuse_unbookable(edition, [session], None)


def test_session_of_another_edition_is_refused(edition):
    session = SessionFactory(edition=EditionFactory(open=True))
    with pytest.raises(rules.SeatRefused):
        rules.refuse_unbookable(edition, [session], None)


def test_members_only_asks_for_this_years_membership(edition):
    session = SessionFactory(edition=edition, is_members_only=True)
    organisation = OrganisationFactory()
    Membership.objects.create(organisation=organisation, year=edition.year - 1)
    with pytest.raises(rules.SeatRefused):
        rules.refuse_unbookable(edition, [session], organisation)
    Membership.objects.create(organisation=organisation, year=edition.year)
    rules.refuse_unbookable(edition, [session], organisation)


def test_members_only_refuses_somebody_without_organisation(edition):
    session = SessionFactory(edition=edition, is_members_only=True)
    with pytest.raises(rules.SeatRefused):
        rules.refuse_unbookable(
            edition, [session], RegistrationFactory(organisation=None).organisation
        )
