import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from events.models import Edition
from events.tests.factories import EditionFactory
from registrations import seats
from registrations.models import Booking, Membership
from registrations.tests.factories import OrganisationFactory, RegistrationFactory
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def counters(edition, *sessions):
    edition.refresh_from_db()
    for session in sessions:
        session.refresh_from_db()
    return [edition.places_taken, *(session.seats_taken for session in sessions)]


def test_take_counts_seats_and_place(edition, ten, eleven):
    registration = RegistrationFactory(edition=edition)
    bookings = seats.take(registration, [eleven, ten, ten])
    assert {booking.session_id for booking in bookings} == {ten.pk, eleven.pk}
    assert registration.booked_sessions() == [ten, eleven]
    assert counters(edition, ten, eleven) == [1, 1, 1]


def test_take_counts_without_a_limit(edition):
    session = SessionFactory(edition=edition, capacity=None)
    Edition.objects.update(capacity=None)
    edition.refresh_from_db()
    seats.take(RegistrationFactory(edition=edition), [session])
    assert counters(edition, session) == [1, 1]


def test_full_session_leaves_no_trace(edition, ten, eleven):
    Session.objects.filter(pk=eleven.pk).update(capacity=1, seats_taken=1)
    registration = RegistrationFactory(edition=edition)
    with pytest.raises(seats.SessionFull) as refusal:
        seats.take(registration, [ten, eleven])
    assert refusal.value.sessions == (eleven,)
    assert refusal.value.field == "sessions"
    assert counters(edition, ten, eleven) == [0, 0, 1]
    assert Booking.objects.count() == 0


def test_full_edition_leaves_no_trace(edition, ten):
    Edition.objects.update(capacity=1, places_taken=1)
    with pytest.raises(seats.EditionFull):
        seats.take(RegistrationFactory(edition=edition), [ten])
    assert counters(edition, ten) == [1, 0]
    assert Booking.objects.count() == 0


def test_release_gives_everything_back(edition, ten, eleven):
    leaving, staying = RegistrationFactory.create_batch(2, edition=edition)
    seats.take(leaving, [ten, eleven])
    seats.take(staying, [ten])
    seats.release(leaving)
    assert counters(edition, ten, eleven) == [1, 1, 0]
    assert leaving.booked_sessions() == []
    assert staying.booked_sessions() == [ten]
    assert leaving.bookings.filter(state="released", released_at__isnull=False).count() == 2


def test_back_to_back_is_no_overlap(edition, ten, eleven):
    seats.refuse_unbookable(edition, [ten, eleven], None)


def test_overlap_names_both(edition, ten):
    other = SessionFactory(
        edition=edition, title_fr="Diasporas", start=dt.time(10, 30), end=dt.time(12)
    )
    with override("en"), pytest.raises(seats.SessionsOverlap) as refusal:
        seats.take(RegistrationFactory(edition=edition), [other, ten])
    assert str(refusal.value) == (
        f"“Water and sanitation” and “{other.title_en}” take place at the same time: "
        "choose one of them."
    )
    assert Booking.objects.count() == 0


@pytest.mark.parametrize(
    "change", [{"is_published": False}, {"booking": "free"}, {"booking": "ranked"}]
)
def test_unbookable_session_is_refused(edition, change):
    session = SessionFactory(edition=edition, **change)
    with pytest.raises(seats.SeatRefused):
        seats.take(RegistrationFactory(edition=edition), [session])
    assert counters(edition, session) == [0, 0]


def test_session_of_another_edition_is_refused(edition):
    session = SessionFactory(edition=EditionFactory(open=True))
    with pytest.raises(seats.SeatRefused):
        seats.take(RegistrationFactory(edition=edition), [session])


def test_members_only_asks_for_this_years_membership(edition):
    session = SessionFactory(edition=edition, is_members_only=True)
    organisation = OrganisationFactory()
    Membership.objects.create(organisation=organisation, year=edition.year - 1)
    registration = RegistrationFactory(edition=edition, organisation=organisation)
    with pytest.raises(seats.SeatRefused):
        seats.take(registration, [session])
    Membership.objects.create(organisation=organisation, year=edition.year)
    seats.take(registration, [session])
    assert counters(edition, session) == [1, 1]


def test_members_only_refuses_somebody_without_organisation(edition):
    session = SessionFactory(edition=edition, is_members_only=True)
    with pytest.raises(seats.SeatRefused):
        seats.take(RegistrationFactory(edition=edition, organisation=None), [session])


def test_check_seats_agrees(edition, ten, capsys):
    seats.take(RegistrationFactory(edition=edition), [ten])
    call_command("check_seats")
    assert capsys.readouterr().out == "Every counter agrees with the rows.\n"


def test_check_seats_says_what_differs(edition, ten, capsys):
    registration = RegistrationFactory(edition=edition)
    seats.take(registration, [ten])
    Session.objects.filter(pk=ten.pk).update(seats_taken=3)
    registration.bookings.update(state=Booking.State.RELEASED)
    Edition.objects.filter(pk=edition.pk).update(places_taken=0, number=112)
    with override("en"), pytest.raises(CommandError) as error:
        call_command("check_seats")
    assert str(error.value) == "2 counter(s) differ from the rows."
    assert capsys.readouterr().err.splitlines() == [
        f"session {ten.pk} (Water and sanitation): the counter says 3, 0 rows.",
        f"edition {edition.pk} (112th edition): the counter says 0, 1 rows.",
    ]
