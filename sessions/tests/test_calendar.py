import datetime as dt

import pytest
from django.utils.translation import override
from icalendar import Calendar

from events.tests.factories import EditionFactory, RoomFactory, VenueFactory
from sessions.calendar import calendar
from sessions.tests.factories import SessionFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 10, 24)


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://raict.example"


@pytest.fixture
def edition():
    venue = VenueFactory(
        name="Pavillon", address="Allée de Longchamp", postcode="75016", city="Paris"
    )
    return EditionFactory(
        number=15,
        starts_on=dt.date(2024, 10, 23),
        ends_on=DAY,
        venue=venue,
        theme_fr="La Diplomatie",
    )


def events(content):
    return Calendar.from_ical(content).events


def test_session_is_an_event_in_paris_time(edition):
    session = SessionFactory(
        edition=edition,
        slug="eau",
        title_fr="Eau, assainissement",
        question_fr="Qui paie ?",
        day=DAY,
        start=dt.time(9, 30),
        end=dt.time(11),
        room=RoomFactory(venue=edition.venue, name="Étoile 1"),
        language="fr",
        revision=2,
    )
    with override("en"):
        content = calendar([session], edition=edition, revision=3)
    [event] = events(content)
    assert event["UID"] == "eau@raict.example"
    assert event["SEQUENCE"] == 5
    assert event["LOCATION"] == "Étoile 1, Pavillon, Allée de Longchamp, 75016 Paris"
    assert event["URL"] == "https://raict.example/en/programme/eau/"
    assert event["STATUS"] == "CONFIRMED"
    assert event.start.isoformat() == "2024-10-24T09:30:00+02:00"
    assert event.end.isoformat() == "2024-10-24T11:00:00+02:00"
    assert event.stamp.tzinfo is not None
    lines = content.decode().splitlines()
    assert "DTSTART;TZID=Europe/Paris:20241024T093000" in lines
    assert event["DESCRIPTION"] == (
        "Thematic workshop\nQui paie ?\nin French\nhttps://raict.example/en/programme/eau/"
    )


def test_the_same_sessions_stamped_alike_are_the_same_bytes(edition):
    session = SessionFactory(edition=edition, day=DAY)
    made_at = dt.datetime(2024, 10, 1, tzinfo=dt.UTC)
    content = calendar([session], edition=edition, made_at=made_at)
    [event] = events(content)
    assert event.stamp == made_at
    assert calendar([session], edition=edition, made_at=made_at) == content


def test_timezone_is_written_out_once(edition):
    session = SessionFactory(edition=edition, day=DAY)
    [zone] = Calendar.from_ical(calendar([session], edition=edition)).timezones
    assert zone.tz_name == "Europe/Paris"
    paris = zone.to_tz()
    for moment, hours in [
        ("2024-07-01T12:00", 2),
        ("2024-12-01T12:00", 1),
        ("2024-03-31T01:59", 1),
        ("2024-03-31T03:01", 2),
        ("2026-10-25T01:59", 2),
        ("2026-10-25T03:01", 1),
    ]:
        clock = dt.datetime.fromisoformat(moment).replace(tzinfo=paris)
        assert clock.utcoffset() == dt.timedelta(hours=hours)


def test_unknown_end_is_an_hour_later(edition):
    session = SessionFactory(edition=edition, day=DAY, start=dt.time(23, 30), end=None)
    [event] = events(calendar([session], edition=edition))
    assert event.end - event.start == dt.timedelta(hours=1)


def test_session_without_time_is_all_day_and_the_edition_stands_beside(edition):
    session = SessionFactory(edition=edition, slug="eau", day=DAY, start=None, end=None)
    found = events(calendar([session], edition=edition))
    assert [(event["UID"], event.start, event.end) for event in found] == [
        ("eau@raict.example", DAY, dt.date(2024, 10, 25)),
        ("edition-15@raict.example", dt.date(2024, 10, 23), dt.date(2024, 10, 25)),
    ]


def test_session_without_day_is_left_out(edition):
    session = SessionFactory(edition=edition, day=None, start=None, end=None)
    [event] = events(calendar([session], edition=edition))
    assert event["UID"] == "edition-15@raict.example"
    assert event["LOCATION"] == "Pavillon, Allée de Longchamp, 75016 Paris"


def test_nothing_known_is_an_empty_calendar(edition):
    edition.starts_on = None
    assert events(calendar([], edition=edition)) == []


def test_cancelled_edition_cancels_its_entries(edition):
    edition.state = "cancelled"
    session = SessionFactory(edition=edition, day=DAY)
    [event] = events(calendar([session], edition=edition))
    assert event["STATUS"] == "CANCELLED"
