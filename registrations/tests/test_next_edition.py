"""What goes from one edition to the next, and what stays with it."""

import datetime as dt

import pytest

from events import next_edition as of_events
from events.models import Edition, Partner, Room, Venue
from events.next_edition import Plan
from events.tests.factories import EditionFactory, PartnerFactory, RoomFactory, VenueFactory
from raict.errors import DomainError
from registrations import services
from registrations.models import Circular, Quota, TimedLetter, Wording
from registrations.services.next_edition import PARTS
from sessions import next_edition as of_sessions
from sessions.models import Session
from sessions.tests.factories import AppearanceFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

ALL = frozenset(part.key for part in PARTS)
FIRST, LAST = dt.date(2027, 10, 20), dt.date(2027, 10, 21)

# Every model that hangs on an edition, near or far, and what becomes of it.
COPIED, LEFT = "copied", "left"
VERDICTS = {
    "events.Partner": (COPIED, "most partners and exhibitors come again"),
    "programme.Session": (COPIED, "the grid stays from year to year; texts only if ticked"),
    "registrations.Quota": (COPIED, "seats are kept for the same groups"),
    "events.Figure": (LEFT, "numbers declared of that year, with their source"),
    "events.PressPicture": (LEFT, "photographs of that year, with rights for that year"),
    "events.PressKit": (LEFT, "a file that the worker makes"),
    "events.PressRelease": (LEFT, "what was told of that year"),
    "events.Quote": (LEFT, "somebody's words in a release"),
    "events.ReleaseContact": (LEFT, "a part of a release; the edition's contact is a setting"),
    "events.Publication": (LEFT, "a release as it was published"),
    "events.SignOff": (LEFT, "a warning of a release that somebody answered for"),
    "events.Revision": (LEFT, "the history of a release"),
    "events.Mailing": (LEFT, "a release that was sent"),
    "events.Recipient": (LEFT, "who received a release"),
    "programme.Appearance": (LEFT, "speakers are people, asked anew each year"),
    "programme.Move": (LEFT, "a change of that programme"),
    "programme.Announcement": (LEFT, "changes of that programme that were told"),
    "registrations.Registration": (LEFT, "a participant"),
    "registrations.Accreditation": (LEFT, "a journalist"),
    "registrations.Needs": (LEFT, "a participant's diet and access needs"),
    "registrations.Consent": (LEFT, "what a participant agreed to, for that edition"),
    "registrations.Booking": (LEFT, "a participant's seat"),
    "registrations.CafePreference": (LEFT, "a participant's wish"),
    "registrations.Change": (LEFT, "the history of a registration"),
    "registrations.CheckIn": (LEFT, "a participant came"),
    "registrations.Note": (LEFT, "what the team noted of a participant"),
    "registrations.Notice": (LEFT, "a participant was told"),
    "registrations.Wording": (COPIED, "the team's words serve again"),
    "registrations.TimedLetter": (COPIED, "the same mails leave each year, once they are active"),
    "registrations.Circular": (LEFT, "a mail that was sent"),
    "registrations.CircularRecipient": (LEFT, "a participant was written to"),
}
# Columns of an edition that a copy leaves, and why.
EDITION_LEFT = {
    "id": "the copy's own",
    "is_demonstration": "a next edition is a real one",
    "is_current": "made so by hand, once it is published",
    "state": "a draft",
    "places_taken": "nobody has registered",
    "theme_fr": "each year's own",
    "theme_en": "each year's own",
    "duration_fr": "as it was announced that year",
    "duration_en": "as it was announced that year",
    "state_note_fr": "why that edition was cancelled or postponed",
    "state_note_en": "why that edition was cancelled or postponed",
    "first_starts_on": "of that edition's postponement",
    "first_ends_on": "of that edition's postponement",
    "guest_country": "each year's own",
    "guest_note_fr": "each year's own",
    "guest_note_en": "each year's own",
    "declared_countries": "who came that year",
    "hashtag": "often holds the year",
    "next_number": "a promise made that year",
    "next_when_fr": "a promise made that year",
    "next_when_en": "a promise made that year",
    "internal_notes": "of that year",
}
SESSION_LEFT = {
    "id": "the copy's own",
    "edition": "the copy's own",
    "slug": "an address stays with its session for ever",
    "seats_taken": "nobody has booked",
    "seats_kept": "counted from the quotas",
    "contacts": "people's data",
    "report_fr": "what was said that year",
    "report_en": "what was said that year",
    "slides": "what was shown that year",
    "is_published": "the team publishes the grid when it is right",
    "revision": "no calendar has it yet",
}


@pytest.fixture
def source():
    """Two days, 21 and 22 October 2026, with a partner, two rooms and three sessions."""
    venue = VenueFactory(name="Palais")
    edition = EditionFactory(
        number=16,
        starts_on=dt.date(2026, 10, 21),
        ends_on=dt.date(2026, 10, 22),
        venue=venue,
        state=Edition.State.OPEN,
        presentation_fr="Deux jours.",
        hashtag="#2026",
        guest_country="CM",
        walking_minutes=10,
        places_taken=3,
        questions_close_on=dt.date(2026, 10, 14),
    )
    PartnerFactory(edition=edition, name_fr="Ville de Dijon", logo="partners/dijon.png")
    room = RoomFactory(venue=venue, name="Étoile", capacity=40)
    session = SessionFactory(
        edition=edition, short_name_fr="Méditerranée", room=room, capacity=40, seats_taken=5
    )
    AppearanceFactory(session=session)
    Quota.objects.create(session=session, is_for_abroad=True, seats=4, until=dt.date(2026, 10, 1))
    SessionFactory(edition=edition, cafe=True, position=3, day=edition.ends_on, capacity=12)
    SessionFactory(edition=edition, kind="meal", day=None, start=None, end=None)
    return edition


def plan(source, **values) -> Plan:
    known = {"number": 17, "starts_on": FIRST, "ends_on": LAST, "venue": source.venue}
    return Plan(source=source, parts=ALL, **{**known, **values})


def only(source, *parts, **values) -> Plan:
    return Plan(source, 17, FIRST, LAST, source.venue, parts=frozenset(parts), **values)


def grid(edition) -> list[tuple]:
    rows = edition.sessions.in_order().select_related("room")
    return [
        (row.slug, row.day, row.start, row.room and row.room.venue.name, row.capacity)
        for row in rows
    ]


# ---------------------------------------------------------------------------- what hangs on it
def hanging_on(model, found=None) -> set[str]:
    found = set() if found is None else found
    for relation in model._meta.related_objects:
        related = relation.related_model._meta
        if related.label not in found and not relation.many_to_many:
            found.add(related.label)
            hanging_on(relation.related_model, found)
    return found


def test_every_model_that_hangs_on_an_edition_is_copied_or_left_for_a_reason():
    assert hanging_on(Edition) == set(VERDICTS)


def test_exactly_the_models_that_are_copied_have_a_part():
    copied = {label for label, (verdict, _why) in VERDICTS.items() if verdict == COPIED}
    assert {part.model._meta.label for part in PARTS} - {"events.Edition"} == copied


def columns(model) -> list[str]:
    return sorted(field.name for field in model._meta.concrete_fields)


def test_every_column_of_an_edition_is_asked_copied_moved_or_left():
    module = of_events
    said = [*module.ASKED, *module.COPIED, *module.OF_VENUE, *module.TEXTS, *module.MOVED]
    assert sorted([*said, *EDITION_LEFT]) == columns(Edition)


def test_every_column_of_a_session_is_copied_or_left():
    said = [*of_sessions.GRID, *of_sessions.PLACED, *of_sessions.TEXTS, *SESSION_LEFT]
    assert sorted(said) == columns(Session)


# ------------------------------------------------------------------------------------ the copy
def test_the_next_edition_is_a_draft_with_the_settings(source):
    made = services.prepare(plan(source)).target
    made.refresh_from_db()
    assert (made.number, made.state, made.is_current, made.places_taken) == (17, "draft", False, 0)
    assert (made.name_fr, made.contact_email) == (source.name_fr, source.contact_email)
    assert (made.capacity, made.walking_minutes) == (500, 10)
    assert (made.hashtag, made.guest_country.code or "", made.theme_fr) == ("", "", "")
    assert made.presentation_fr == "Deux jours."
    assert made.questions_close_on == dt.date(2027, 10, 13)


def test_sessions_go_to_the_day_of_the_same_place(source):
    made = services.prepare(plan(source)).target
    ten, two = dt.time(10), dt.time(14)
    assert grid(made) == [
        ("17-mediterranee", FIRST, ten, "Palais", 40),
        ("17-cafe-3", LAST, two, None, 12),
        ("17-meal", None, None, None, 20),
    ]
    assert set(made.sessions.values_list("is_published", "seats_taken")) == {(False, 0)}


def test_nobody_who_spoke_goes_along(source):
    made = services.prepare(plan(source)).target
    assert [row.appearances.count() for row in made.sessions.all()] == [0, 0, 0]


def test_texts_of_sessions_only_if_they_are_wished(source):
    bare = services.prepare(only(source, "sessions")).target
    assert set(bare.sessions.values_list("title_fr", flat=True)) == {""}
    bare.sessions.all().delete()
    bare.delete()
    full = services.prepare(only(source, "sessions", "session_texts")).target
    titles = source.sessions.order_by("pk").values_list("title_fr", flat=True)
    assert sorted(full.sessions.values_list("title_fr", flat=True)) == sorted(titles)


def test_partners_keep_their_logo(source):
    made = services.prepare(plan(source)).target
    rows = Partner.objects.order_by("edition__number").values_list("edition", "name_fr", "logo")
    assert list(rows) == [
        (source.pk, "Ville de Dijon", "partners/dijon.png"),
        (made.pk, "Ville de Dijon", "partners/dijon.png"),
    ]


def test_quotas_keep_their_seats_at_once(source):
    made = services.prepare(plan(source)).target
    quota = Quota.objects.get(session__edition=made)
    assert (quota.seats, quota.is_for_abroad, quota.until) == (4, True, dt.date(2027, 9, 30))
    assert quota.session.seats_kept == 4


def test_mails_keep_their_words_and_timed_ones_wait_to_be_made_active(source):
    own = {"subject": "Merci", "text": "Venez.", "shipped": ["a", "", "b"]}
    Wording.objects.create(edition=source, letter="confirmed", language="fr", **own)
    timed = TimedLetter.objects.create(
        edition=source, name="Rappel", days=-3, subject_fr="S", text_fr="T", is_active=True
    )
    Circular.objects.create(edition=source, timed=timed)
    made = services.prepare(plan(source)).target
    assert list(made.wordings.values("letter", "language", *own)) == [
        {"letter": "confirmed", "language": "fr", **own}
    ]
    copied = made.timed_letters.get()
    assert (copied.name, copied.days, copied.text_fr, copied.is_active) == (
        "Rappel",
        -3,
        "T",
        False,
    )
    assert (copied.moment.date(), Circular.objects.count()) == (FIRST - dt.timedelta(days=3), 1)
    assert (source.wordings.count(), source.timed_letters.get()) == (1, timed)


def test_the_source_stays_as_it_was(source):
    before = grid(source)
    services.prepare(plan(source))
    source.refresh_from_db()
    assert (grid(source), source.number, source.partners.count()) == (before, 16, 1)


def test_nothing_else_than_what_was_ticked(source):
    made = services.prepare(only(source)).target
    made.refresh_from_db()
    found = (made.presentation_fr, made.partners.count(), made.sessions.count())
    assert found == ("", 0, 0)


def test_a_day_that_is_no_more_leaves_its_sessions_without_one(source):
    copying = services.prepare(plan(source, ends_on=None))
    assert grid(copying.target)[1:] == [
        ("17-meal", None, None, None, 20),
        ("17-cafe-3", None, None, None, 12),
    ]
    assert len(copying.notes) == 1


def test_another_venue_has_the_rooms_of_the_same_name(source):
    there = VenueFactory(name="Cité")
    RoomFactory(venue=there, name="ÉTOILE", capacity=30)
    made = services.prepare(plan(source, venue=there)).target
    assert grid(made)[0] == ("17-mediterranee", FIRST, dt.time(10), "Cité", 30)
    assert (made.capacity, made.walking_minutes) == (None, 0)


def test_a_venue_without_that_room_is_said(source):
    copying = services.prepare(plan(source, venue=VenueFactory(name="Cité")))
    assert grid(copying.target)[0] == ("17-mediterranee", FIRST, dt.time(10), None, None)
    assert len(copying.notes) == 1


def test_a_room_that_has_become_smaller_holds_the_session(source):
    Room.objects.filter(name="Étoile").update(capacity=25)
    made = services.prepare(plan(source)).target
    assert grid(made)[0][-1] == 25


def test_an_edition_without_dates_hands_on_its_grid_without_days(source):
    source.sessions.update(day=None, start=None, end=None)
    source.starts_on = source.ends_on = None
    source.save()
    copying = services.prepare(plan(source))
    assert {row[1] for row in grid(copying.target)} == {None}
    assert (copying.target.questions_close_on, copying.notes) == (None, [])


@pytest.mark.parametrize("state", ["postponed", "cancelled", "over", "draft"])
def test_the_state_of_the_source_is_not_handed_on(source, state):
    source.state, source.state_note_fr = state, "Grève"
    source.first_starts_on = dt.date(2026, 1, 1)
    source.save()
    made = services.prepare(plan(source)).target
    assert (made.state, made.state_note_fr, made.first_starts_on) == ("draft", "", None)


def test_a_number_that_exists_is_refused_and_nothing_is_written(source):
    with pytest.raises(DomainError) as refusal:
        services.prepare(plan(source, number=16))
    assert refusal.value.field == "number"
    assert (Edition.objects.count(), Session.objects.count()) == (1, 3)


def test_addresses_that_are_taken_get_a_number(source):
    other = EditionFactory(number=18)
    SessionFactory(edition=other, slug="17-mediterranee")
    made = services.prepare(plan(source)).target
    assert grid(made)[0][0] == "17-mediterranee-2"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_copy_asks_little_of_the_database(django_assert_num_queries, rows):
    edition = EditionFactory(number=16)
    SessionFactory.create_batch(rows, edition=edition)
    parts = {"texts", "sessions", "session_texts"}
    wished = Plan(edition, 17, FIRST, LAST, edition.venue, parts=frozenset(parts))
    # Savepoint and its release; the edition and its texts; addresses, rooms, sessions read and
    # written; their texts read and written.
    with django_assert_num_queries(10):
        services.prepare(wished)
    assert Venue.objects.count() == 1
