import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from events.models import Edition
from events.tests.factories import EditionFactory, RoomFactory
from sessions.models import Appearance, Person, Session
from sessions.tests.factories import AppearanceFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.django_db

OURS = {"accounts", "mail", "events", "programme", "registrations"}


def test_no_model_of_ours_points_at_the_http_sessions():
    """`ForeignKey("sessions.Session")` would, and neither Django nor its checks say a word."""
    relations = {
        f"{model._meta.label}.{field.name}": field.related_model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model
    }

    assert relations["programme.Appearance.session"] == "programme.Session"
    assert relations["registrations.Booking.session"] == "programme.Session"
    assert [name for name, target in relations.items() if target.startswith("sessions.")] == []


def test_the_label_sessions_is_djangos_own():
    assert apps.get_app_config("sessions").name == "django.contrib.sessions"
    assert apps.get_app_config("programme").name == "sessions"


def test_public_leaves_out_drafts_and_unpublished_sessions():
    shown = SessionFactory()
    SessionFactory(is_published=False)
    SessionFactory(edition__state=Edition.State.DRAFT)

    assert list(Session.objects.public()) == [shown]


def test_public_people_are_those_of_public_sessions():
    shown = AppearanceFactory().person
    AppearanceFactory(session__is_published=False)
    AppearanceFactory(session__edition__state=Edition.State.DRAFT)
    PersonFactory()

    assert list(Person.objects.public()) == [shown]


def test_in_order_puts_what_has_no_time_or_no_day_last():
    edition = EditionFactory()
    day = edition.starts_on
    undated = SessionFactory(edition=edition, day=None, start=None, end=None)
    next_day = SessionFactory(edition=edition, day=day + dt.timedelta(days=1))
    untimed = SessionFactory(edition=edition, start=None, end=None)
    late = SessionFactory(edition=edition, start=dt.time(11), end=None)
    early = SessionFactory(edition=edition, start=dt.time(9), end=None)

    assert list(edition.sessions.in_order()) == [early, late, untimed, next_day, undated]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"title_fr": "Diplomatie", "short_name_fr": "D"}, "Diplomatie"),
        ({"title_fr": "", "short_name_fr": "Caraïbes"}, "Caraïbes"),
        ({"title_fr": "", "position": 3, "kind": "cafe"}, "Café des RAICT n°\u00a03"),
        ({"title_fr": "", "kind": "plenary"}, "Plénière"),
    ],
)
def test_session_name_is_the_best_that_is_known(values, name):
    assert SessionFactory.build(title_en="", edition=None, day=None, **values).name == name


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("10:00", "11:00"), ("10:30", "11:30"), True),
        (("10:00", "11:00"), ("11:00", "12:00"), False),
        (("10:00", None), ("10:59", "12:00"), True),
        (("10:00", None), ("11:00", "12:00"), False),
        (("23:30", None), ("23:45", None), True),
        ((None, None), ("10:00", "11:00"), False),
    ],
)
def test_sessions_overlap_when_both_run_at_some_moment(first, second, expected):
    def make(times):
        start, end = (dt.time.fromisoformat(time) if time else None for time in times)
        return Session(day=dt.date(2024, 10, 23), start=start, end=end)

    assert make(first).overlaps(make(second)) is expected
    assert make(second).overlaps(make(first)) is expected


def test_sessions_of_different_days_do_not_overlap():
    first = Session(day=dt.date(2024, 10, 23), start=dt.time(10))
    second = Session(day=dt.date(2024, 10, 24), start=dt.time(10))

    assert first.overlaps(second) is False


def test_capacity_is_the_rooms_unless_given():
    room = RoomFactory(capacity=40)

    assert SessionFactory(room=room, capacity=None).capacity == 40
    assert SessionFactory(room=room, capacity=30).capacity == 30


def test_capacity_above_the_rooms_is_refused():
    session = SessionFactory.build(
        edition=EditionFactory(), room=RoomFactory(capacity=40), capacity=41
    )

    with pytest.raises(ValidationError) as refusal:
        session.full_clean()
    assert list(refusal.value.message_dict) == ["capacity"]


def test_day_outside_the_edition_is_refused():
    edition = EditionFactory()
    session = SessionFactory.build(edition=edition, day=edition.ends_on + dt.timedelta(days=1))

    with pytest.raises(ValidationError) as refusal:
        session.full_clean()
    assert list(refusal.value.message_dict) == ["day"]


@pytest.mark.parametrize(
    "values",
    [
        {"start": dt.time(11), "end": dt.time(10)},
        {"start": None, "end": dt.time(10)},
        {"day": None},
        {"capacity": 20, "seats_taken": 21},
    ],
)
def test_database_refuses_sessions_that_cannot_be(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionFactory(**values)


def test_seats_left_is_never_negative_and_unknown_without_capacity():
    assert Session(capacity=20, seats_taken=8).seats_left == 12
    assert Session(capacity=20, seats_taken=20).is_full is True
    assert Session(capacity=None).seats_left is None
    assert Session(capacity=None).is_full is False


def test_appearance_names_a_person_an_office_or_an_organisation():
    assert Appearance(person=Person(last_name="Revel", first_name="Pierre")).who == "Pierre Revel"
    assert Appearance(label_fr="Le secrétaire général", organisation="MINDDEVEL").who == (
        "Le secrétaire général"
    )
    assert Appearance(organisation="Occitanie Coopération").who == "Occitanie Coopération"


def test_database_refuses_an_appearance_of_nobody():
    session = SessionFactory()
    AppearanceFactory(session=session, person=None, organisation="", is_pending=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        AppearanceFactory(session=session, person=None, organisation="")


def test_slides_are_documents_not_pages():
    session = SessionFactory(slides="slides/eau.pdf")
    session.full_clean()
    session.slides = "slides/eau.html"

    with pytest.raises(ValidationError) as refusal:
        session.full_clean()
    assert list(refusal.value.message_dict) == ["slides"]
