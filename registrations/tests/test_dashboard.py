"""The team's home page: its numbers, and that each opens exactly its rows."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from events.figures import COMPUTED, figures
from events.models import Edition, PressKit
from events.tests.factories import EditionFactory, PressReleaseFactory, RoomFactory
from raict.mail.models import Message
from registrations import dashboard
from registrations.models import Booking, Quota, Registration
from registrations.tests.factories import (
    AccreditationFactory,
    CategoryFactory,
    OrganisationFactory,
    RegistrationFactory,
)
from sessions.models import Move, Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
HOME = reverse("admin:index")
TODAY = dt.date(2026, 3, 2)
S = Registration.State


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def edition():
    """In sixty days."""
    return EditionFactory(number=16, current=True, starts_on=dt.date(2026, 5, 1))


@pytest.fixture
def previous():
    return EditionFactory(number=15, starts_on=dt.date(2025, 5, 10), state=Edition.State.OVER)


def came(edition, before: int, count: int = 1, **values) -> list[Registration]:
    """Registered so many days before the first day, at half past midnight in Paris."""
    rows = RegistrationFactory.create_batch(count, edition=edition, **values)
    day = edition.starts_on - dt.timedelta(days=before)
    at = dt.datetime.combine(day, dt.time(0, 30), tzinfo=timezone.get_default_timezone())
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(created_at=at)
    return rows


@pytest.fixture
def busy(edition, previous):
    """Something of everything that the page counts."""
    elected, officer = CategoryFactory(name_fr="Élu"), CategoryFactory(name_fr="Technicien")
    embassy = OrganisationFactory(kind="embassy", country="SN")
    unsaid = OrganisationFactory(kind="")
    came(edition, 90, 2, category=elected, country="SN", organisation=embassy)
    came(edition, 75, 3, category=officer, organisation=None)
    changed = came(edition, 61, 1, category=officer, organisation=unsaid)[0]
    Registration.objects.filter(pk=changed.pk).update(badge_changed_at=timezone.now())
    for country in ["BE", "BF", "BI", "BJ", "CA", "CD", "CG", "CH", "CI", "CM"]:
        came(edition, 60, category=elected, country=country)
    came(edition, 70, 2, state=S.PENDING, category=elected)
    RegistrationFactory(edition=edition, state=S.WAITING, turn=1, category=elected)
    came(edition, 65, state=S.CANCELLED, category=elected)
    came(previous, 80, 5, category=elected)
    came(previous, 20, 6, category=elected)
    AccreditationFactory.create_batch(2, edition=edition)
    AccreditationFactory(edition=previous)
    full = SessionFactory(
        edition=edition, title_en="", room=RoomFactory(), capacity=3, seats_taken=2
    )
    placed = edition.registrations.confirmed()
    for person in placed[:2]:
        Booking.objects.create(registration=person, session=full)
    Booking.objects.create(registration=placed[3], session=full, state="waiting", turn=1)
    SessionFactory(edition=edition, start=None, end=None)
    Move.objects.create(session=full, day=full.day, start=dt.time(18))
    row = {"to": "a@example.org", "template": "test", "language": "fr", "subject": "S", "text": "T"}
    Message.objects.create(state=Message.State.FAILED, **row)
    Message.objects.create(**row)
    PressKit.objects.create(edition=edition, file="press/kits/x.zip")
    return edition


def rows_behind(client, url: str) -> int:
    """How many the page shows: of a list, of texts to translate, of the changes to publish."""
    response = client.get(url)
    assert response.status_code == 200, url
    context = response.context
    if "cl" in context:
        return context["cl"].result_count
    if "blocks" in context:
        return context["page"].paginator.count
    return len(context["preview"].outlooks)


# ----------------------------------------------------------------------------- numbers and rows
def test_every_number_opens_exactly_its_rows(admin_client, busy):
    context = admin_client.get(HOME).context
    counts = [(figure.value, figure.url) for figure in context["figures"]]
    for _title, rows, more in context["groups"]:
        counts += [(row.count.value, row.count.url) for row in [*rows, *more]]
    for _before, *numbers in context["growth"]["weeks"]:
        counts += [(number.value, number.url) for number in numbers if number]
    assert [value for value, _url in counts] == [
        rows_behind(admin_client, url) for _value, url in counts
    ]
    assert len(counts) == 15 + 2 + 12 + 4 + 5 * 2 + 14


def test_every_bar_of_a_session_opens_its_people(admin_client, busy):
    filling = admin_client.get(HOME).context["filling"]
    for row in filling:
        seats = admin_client.get(row["taken"].url).context
        assert row["taken"].value == len(seats["held"])
        assert row["waiting"].value == len(seats["waiting"])
    assert [(row["taken"].value, row["waiting"].value) for row in filling] == [(2, 1), (0, 0)]


def test_numbers_are_those_of_the_figures(admin_client, busy):
    known = figures(busy)
    context = admin_client.get(HOME).context
    registered = next(iter(context["figures"])).value
    assert registered == known["registered"].value == 16
    sums = [sum(row.count.value for row in rows + more) for _t, rows, more in context["groups"]]
    assert sums == [16, 16, 16]
    by_country = context["groups"][1]
    assert len(by_country[1] + by_country[2]) == known["countries"].value
    assert dashboard.REGISTERED is COMPUTED["registered"]
    assert context["growth"]["weeks"][-1][2] is None  # the event is to come


def test_tasks_are_what_waits_and_only_that(admin_client, busy):
    tasks = admin_client.get(HOME).context["tasks"]
    assert [(task.value, task.url.split("/")[3]) for task in tasks] == [
        (2, "registration"),  # to approve
        (1, "registration"),  # badge changed
        (1, "session"),  # without a time
        (1, "announcement"),
        (2, "edition"),  # in one language only
        (1, "presskit"),
        (2, "accreditation"),
        (1, "message"),
    ]


def test_one_is_said_in_the_singular(admin_client, edition):
    RegistrationFactory(edition=edition, state=S.PENDING)
    edition.theme_fr = ""
    edition.save()
    with override("fr"):
        context = admin_client.get(HOME).context
    said = [(figure.value, str(figure.label)) for figure in context["tasks"]]
    assert said == [(1, "inscription à approuver")]


def test_nothing_to_do_is_said(admin_client, edition):
    edition.theme_fr = ""  # the only text without English
    edition.save()
    context = admin_client.get(HOME).context
    assert (context["tasks"], context["growth"], context["groups"]) == ([], None, [])


# ---------------------------------------------------------------------------------------- curve
def test_the_curve_adds_up_by_days_of_paris(edition):
    came(edition, 63, 2)
    came(edition, 61)
    came(edition, 62, state=S.PENDING)
    growth = dashboard.growth(edition, None)
    assert growth.now == [(-63, 2), (-62, 2), (-61, 3), (-60, 3)]
    assert growth.previous == []


def test_both_curves_are_aligned_by_days_before_the_event(edition, previous):
    came(edition, 70, 2)
    came(previous, 71, 4)
    came(previous, -1, 3)
    growth = dashboard.growth(edition, previous)
    weeks = {week.before: week for week in growth.weeks}
    then = [weeks[70].previous.value, weeks[70].total.value, weeks[63].total.value]
    assert then == [4, 2, 2]
    assert (weeks[0].total, weeks[0].previous.value, weeks[-1].previous.value) == (None, 4, 7)


def test_new_ones_of_all_weeks_add_up_to_the_total(edition):
    for before in (90, 83, 77, 76, 75, 69, 61):
        came(edition, before)
    weeks = [week for week in dashboard.growth(edition, None).weeks if week.new]
    assert sum(week.new.value for week in weeks) == weeks[-1].total.value == 7


def test_an_edition_without_dates_is_alone(edition, previous):
    edition.starts_on = edition.ends_on = None
    edition.save()
    RegistrationFactory(edition=edition)
    assert dashboard.previous_of(edition, [edition, previous]) is None
    assert dashboard.growth(edition, None).now == [(0, 1)]


def test_the_previous_edition_is_the_last_real_one(edition, previous):
    others = [
        EditionFactory(number=14, starts_on=dt.date(2024, 5, 1)),
        EditionFactory(number=0, is_demonstration=True, starts_on=dt.date(2025, 9, 1)),
        EditionFactory(number=99, starts_on=dt.date(2025, 10, 1), state=Edition.State.CANCELLED),
        EditionFactory(number=17, starts_on=dt.date(2027, 5, 1)),
    ]
    assert dashboard.previous_of(edition, [*others, previous, edition]) == previous


# ------------------------------------------------------------------------------------- deadlines
def said(edition, **sees) -> list[tuple[str, str]]:
    known = {"names": True, "press": True, **sees}
    with override("en"):
        return [(one.distance, str(one.what)) for one in dashboard.deadlines(edition, **known)]


def test_deadlines_come_nearest_first_in_words(edition):
    edition.registration_opens_on = TODAY - dt.timedelta(days=9)
    edition.registration_closes_on = TODAY + dt.timedelta(days=3)
    edition.questions_close_on = TODAY + dt.timedelta(days=1)
    edition.ends_on = edition.starts_on
    session = SessionFactory(edition=edition, title_en="Water")
    for days in (-1, 4, 9):
        Quota.objects.create(
            session=session, is_for_abroad=True, seats=1, until=TODAY + dt.timedelta(days=days)
        )
    for hours in (5, 30):
        Booking.objects.create(
            registration=RegistrationFactory(edition=edition),
            session=session,
            state="offered",
            offered_until=timezone.now() + dt.timedelta(hours=hours),
        )
    soon = timezone.now() + dt.timedelta(days=2)
    PressReleaseFactory(edition=edition, headline_fr="Un titre", embargo_until=soon)
    assert said(edition) == [
        ("today", "2 offers end: Water"),
        ("tomorrow", "Questions (diet, access) close"),
        ("in 2 days", "Embargo ends: Un titre"),
        ("in 3 days", "Registrations close"),
        ("in 5 days", "Seats kept are released: Water"),
        ("in 60 days", "First day of the event"),
        ("in 60 days", "Last day of the event"),
    ]
    assert len(said(edition, names=False)) == 5
    assert len(said(edition, press=False)) == 6


# ------------------------------------------------------------------------------ who, and which one
@pytest.fixture
def member(client, django_user_model):
    def log_in(*names: str):
        paul = django_user_model.objects.create_user("paul", is_staff=True)
        paul.user_permissions.set(Permission.objects.filter(codename__in=names))
        client.force_login(paul)
        return client

    return log_in


def test_without_the_permission_no_numbers_of_registrations(member, busy):
    client = member("view_session", "view_edition")
    context = client.get(HOME).context
    assert {"growth", "groups", "filling"} & set(context.keys()) == set()
    assert [figure.value for figure in context["figures"]] == [2, 1]
    assert {one.about for one, _url in context["deadlines"]} == {busy}


def test_a_member_without_rights_sees_no_numbers(member, busy):
    context = member().get(HOME).context
    assert (context["figures"], context["app_list"]) == ([], [])
    assert {"growth", "groups", "filling", "deadlines"} & set(context.keys()) == set()


def test_another_edition_can_be_looked_at(admin_client, busy, previous):
    context = admin_client.get(HOME, {"edition": previous.pk}).context
    assert (context["edition"], next(iter(context["figures"])).value) == (previous, 11)
    assert context["previous"] is None


@pytest.mark.parametrize("asked", ["", "x", "999999"])
def test_an_unknown_edition_shows_the_current_one(admin_client, edition, previous, asked):
    assert admin_client.get(HOME, {"edition": asked}).context["edition"] == edition


# --------------------------------------------------------------------------------------- queries
@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_page_asks_little_of_the_database(
    admin_client, edition, previous, django_assert_num_queries, rows
):
    for number in range(rows):
        came(edition, 70 + number)
        came(previous, 70 + number)
        session = SessionFactory(edition=edition)
        Quota.objects.create(session=session, is_for_abroad=True, seats=1, until=TODAY)
        AccreditationFactory(edition=edition)
        PressReleaseFactory(edition=edition, embargo_until=timezone.now() + dt.timedelta(days=1))
    admin_client.get(HOME)
    with django_assert_num_queries(36):
        admin_client.get(HOME)


def test_sessions_with_free_entry_have_no_bar(edition):
    SessionFactory(edition=edition, booking=Session.Booking.FREE)
    assert dashboard.filling(edition) == []
