"""Publishing changes: sessions move, rooms decide capacities, everybody concerned is noted once."""

import datetime as dt

import pytest
from django.utils import timezone
from icalendar import Calendar

from events.models import Edition
from events.tests.factories import RoomFactory
from raict.errors import DomainError
from raict.mail.models import Message
from registrations import services
from registrations.documents import calendar_file
from registrations.models import Booking, Change, Notice
from registrations.reckoning import differences
from registrations.rules import TooManySeats
from registrations.tasks import tell
from sessions import moves
from sessions.calendar import calendar
from sessions.models import Announcement, Move, Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def enrol(edition, person):
    """Register somebody, without a mail."""

    def enrol(name: str, *sessions, **other):
        data = person | {"first_name": name, "email": f"{name.lower()}@example.org"}
        return services.register(
            edition=edition, person=data, sessions=sessions, notify=False, **other
        )

    return enrol


def move(session, **values) -> Move:
    session = Session.objects.get(pk=session.pk)
    return moves.place(session, **moves.place_of(session)._asdict() | values)


def at(hour: int) -> dict:
    return {"start": dt.time(hour), "end": dt.time(hour + 1)}


def publish(edition, *args, **options) -> Announcement:
    return services.publish_changes(Edition.objects.get(pk=edition.pk), *args, **options)


def told() -> dict[str, list[str]]:
    """Address → templates, in order."""
    found: dict[str, list[str]] = {}
    for message in Message.objects.order_by("pk"):
        found.setdefault(message.to, []).append(message.template)
    return found


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


# ------------------------------------------------------------------------------ publishing
def test_sessions_move_together_and_keep_what_they_were(edition, ten, eleven, enrol, admin_user):
    enrol("Awa", ten)
    hall = RoomFactory(venue=edition.venue, capacity=90)
    was = ten.room
    move(ten, **at(15), room=hall)
    move(eleven, day=eleven.day + dt.timedelta(1))
    announcement = publish(edition, user=admin_user)
    ten, eleven = Session.objects.get(pk=ten.pk), Session.objects.get(pk=eleven.pk)
    assert (ten.start, ten.room, ten.revision) == (dt.time(15), hall, 1)
    assert (eleven.day, eleven.revision) == (edition.ends_on, 1)
    assert (announcement.user, announcement.moves.count()) == (admin_user, 2)
    kept = announcement.moves.get(session=ten)
    assert moves.before(kept) == (edition.starts_on, dt.time(10), dt.time(11), was)
    assert not moves.in_preparation(edition).exists()
    assert differences() == []


def test_who_is_concerned(edition, ten, eleven, cafes, enrol):
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    opening = SessionFactory(edition=edition, kind="opening", booking="free", start=dt.time(9))
    holds, waits = enrol("Holds", ten), enrol("Waits", lists=[ten])
    wishes, elsewhere = enrol("Wishes", cafes=cafes[:1]), enrol("Elsewhere", eleven)
    gone = enrol("Gone", eleven, lists=[ten])
    services.cancel(gone)
    move(ten, **at(16))
    move(cafes[0], **at(17))
    announcement = publish(edition)
    assert {one.registration for one in announcement.notices.all()} == {holds, waits, wishes}
    move(opening, start=dt.time(8))
    announcement = publish(edition)
    assert {one.registration for one in announcement.notices.all()} == {
        *(holds, waits, wishes, elsewhere)
    }


def test_nothing_to_publish_is_said(edition):
    with pytest.raises(DomainError, match="rien à publier"):
        publish(edition)
    assert not Announcement.objects.exists()


def test_a_change_that_nobody_has_seen_is_not_published(edition, ten, eleven, enrol):
    enrol("Awa", ten)
    move(ten, **at(15))
    seen = services.preview(edition).seen
    move(eleven, **at(16))
    with pytest.raises(DomainError, match="ne sont plus les mêmes"):
        publish(edition, seen=seen)
    assert not Announcement.objects.exists()
    publish(edition, seen=services.preview(edition).seen)


@pytest.mark.parametrize(
    ("capacity", "old", "new", "after"),
    [
        (40, 40, 60, 60),
        (40, 40, 30, 30),
        (20, 40, 60, 20),
        (20, 40, 10, 10),
        (40, 40, None, 40),
        (20, None, 60, 20),
        (None, None, 60, 60),
    ],
)
def test_the_capacity_follows_the_room_it_had(edition, capacity, old, new, after):
    room = RoomFactory(capacity=old)
    session = SessionFactory(edition=edition, room=room, capacity=capacity)
    planned = Move(session=session, room=RoomFactory(capacity=new))
    assert moves.capacity_after(planned.session, planned.room) == after


def test_a_larger_room_seats_those_who_wait(edition, ten, enrol):
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    ten.room.capacity = 1
    ten.room.save()
    enrol("First", ten)
    second = enrol("Second", lists=[ten])
    move(ten, room=RoomFactory(venue=edition.venue, capacity=5))
    publish(edition)
    assert second.bookings.get().state == "confirmed"
    assert told() == {"second@example.org": ["seats_changed"]}
    assert differences() == []


def test_who_wins_a_seat_by_the_larger_room_reads_of_it_once(edition, ten, eleven, enrol):
    ten.room.capacity = 1
    ten.room.save()
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    enrol("First", ten)
    wins, both = enrol("Wins", lists=[ten]), enrol("Both", eleven, lists=[ten])
    move(ten, **at(16), room=RoomFactory(venue=edition.venue, capacity=5))
    move(eleven, **at(14))
    publish(edition)
    tell()
    assert told() == {
        wins.email: ["seats_changed"],
        both.email: ["seats_changed", "programme_changed"],
        "first@example.org": ["programme_changed"],
    }
    assert "16 h – 17 h" in plain(Message.objects.get(to=wins.email).text)
    moved = plain(Message.objects.get(to=both.email, template="programme_changed").text)
    assert moved.count("Jusqu’ici") == 1


def test_who_wins_a_seat_before_the_telling_reads_of_it_once(edition, ten, enrol):
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    first, second = enrol("First", ten), enrol("Second", lists=[ten])
    move(ten, **at(16))
    publish(edition)
    services.cancel(first, notify=False)
    tell()
    assert told() == {second.email: ["seats_changed"]}


def test_an_offer_does_not_outlast_the_new_start(edition, ten, enrol):
    person = enrol("Awa")
    before = ten.starts_at - dt.timedelta(hours=1)
    services.invite(person, ten, until=before)
    move(ten, **at(8))
    publish(edition)
    offer = person.bookings.get()
    ten.refresh_from_db()
    assert (offer.state, offer.offered_until) == ("offered", ten.starts_at)
    move(ten, **at(16))
    publish(edition)
    offer.refresh_from_db()
    assert offer.offered_until == ten.starts_at
    yesterday = timezone.localdate() - dt.timedelta(1)
    move(ten, day=yesterday)
    publish(edition)
    offer.refresh_from_db()
    assert offer.state == "released"
    assert differences() == []


def test_a_room_that_is_too_small_stops_everything_until_the_team_has_chosen(
    edition, ten, eleven, enrol
):
    people = [enrol(name, ten, eleven) for name in ("Aa", "Bb", "Cc")]
    small = RoomFactory(venue=edition.venue, capacity=2)
    move(ten, room=small)
    (outlook,) = services.preview(edition).outlooks
    assert (outlook.excess, outlook.capacity) == (1, 2)
    assert outlook.held[0].registration == people[2]
    with pytest.raises(TooManySeats):
        publish(edition)
    assert (Announcement.objects.count(), Session.objects.get(pk=ten.pk).room) == (0, ten.room)
    announcement = publish(edition, {ten.pk: [outlook.held[0].pk]})
    assert people[2].bookings.get(session=ten, state="waiting").turn == 1
    mail = Message.objects.get(to="cc@example.org").text
    assert "n’a pas pu être gardée" in mail
    assert "sur la liste d’attente" in mail
    assert {one.registration for one in announcement.notices.all()} == set(people[:2])
    tell()
    assert told() == {
        "cc@example.org": ["seats_changed"],
        "aa@example.org": ["programme_changed"],
        "bb@example.org": ["programme_changed"],
    }
    assert differences() == []


def test_who_goes_hears_of_other_sessions_that_moved_and_not_of_this_one(
    edition, ten, eleven, enrol
):
    stays, goes = enrol("Stays", ten), enrol("Goes", ten, eleven)
    move(ten, room=RoomFactory(venue=edition.venue, capacity=1))
    move(eleven, **at(16))
    booking = goes.bookings.get(session=ten)
    announcement = publish(edition, {ten.pk: [booking.pk]}, to_line=False)
    assert not goes.bookings.filter(session=ten).exclude(state="released").exists()
    assert announcement.notices.count() == 2
    tell()
    assert told()["goes@example.org"] == ["seats_changed", "programme_changed"]
    text = Message.objects.get(to=goes.email, template="programme_changed").text
    assert "Eau et assainissement" not in text
    assert "Culture" in text
    assert told()[stays.email] == ["programme_changed"]


def test_bookings_of_other_sessions_are_not_taken_back(edition, ten, eleven, enrol):
    person = enrol("Awa", ten, eleven)
    move(ten, room=RoomFactory(venue=edition.venue, capacity=5))
    publish(edition, {ten.pk: [person.bookings.get(session=eleven).pk]})
    assert person.bookings.filter(state="confirmed").count() == 2


def test_overlaps_created_are_counted_before(edition, ten, eleven, enrol):
    enrol("Both", ten, eleven)
    enrol("One", ten)
    move(ten, **at(11))
    (outlook,) = services.preview(edition).outlooks
    assert (outlook.people, outlook.overlaps) == (2, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_preview_asks_the_same_for_one_person_and_three(
    edition, ten, eleven, enrol, django_assert_num_queries, rows
):
    for number in range(rows):
        enrol(f"Awa{number}", ten, eleven)
    move(ten, **at(11))
    edition = Edition.objects.get(pk=edition.pk)
    with django_assert_num_queries(5):
        services.preview(edition)


# --------------------------------------------------------------------------------- telling
def test_one_mail_says_what_changed_and_asks_to_choose(edition, ten, eleven, enrol):
    awa = enrol("Awa", ten, eleven)
    other = SessionFactory(edition=edition, title_fr="Inconnue", start=dt.time(14), end=dt.time(15))
    move(ten, start=dt.time(11, 30), end=dt.time(12, 30))
    move(other, **at(16))
    publish(edition)
    assert not Message.objects.exists()
    tell()
    tell()
    (message,) = Message.objects.all()
    text = plain(message.text)
    assert (message.to, message.template, message.attachments) == (
        awa.email,
        "programme_changed",
        ["calendar"],
    )
    assert "merci de choisir" in plain(message.subject)
    assert "Jusqu’ici : " in text
    assert "10 h – 11 h, Étoile 1" in text
    assert "11 h 30 – 12 h 30, Étoile 1" in text
    assert "« Culture » et « Eau et assainissement » ont lieu en même temps" in text
    assert "Inconnue" not in message.text + message.html
    change = awa.changes.get(action="moved")
    assert (change.by, change.detail[:21]) == ("site", "Eau et assainissement")
    assert Notice.objects.get().told_at is not None


def test_the_mail_is_in_the_person_s_language(edition, ten, eleven, enrol):
    enrol("Awa", ten, eleven, language="en")
    move(ten, start=dt.time(11, 30), end=dt.time(12, 30))
    publish(edition)
    tell()
    message = Message.objects.get()
    assert message.subject.startswith("The programme has changed: please choose")
    assert "From now on: " in message.text
    assert "11:30" in message.text
    assert "take place at the same time: choose one of them" in message.text


def test_who_waits_is_told_as_one_who_waits(edition, ten, enrol):
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    enrol("Holds", ten)
    enrol("Waits", lists=[ten])
    move(ten, **at(15))
    publish(edition)
    tell()
    words = "vous êtes sur la liste d’attente"
    found = {one.to: words in one.text for one in Message.objects.all()}
    assert found == {"holds@example.org": False, "waits@example.org": True}


@pytest.mark.parametrize("how", ["cancelled", "given back"])
def test_who_has_none_of_the_sessions_any_more_is_left_in_peace(edition, ten, enrol, how):
    awa = enrol("Awa", ten)
    move(ten, **at(15))
    publish(edition)
    if how == "cancelled":
        services.cancel(awa, notify=False)
    else:
        services.give_back(awa.bookings.get())
    Message.objects.all().delete()
    tell()
    assert (Message.objects.count(), Notice.objects.count()) == (0, 0)


@pytest.mark.parametrize("when", ["before publishing", "before telling"])
def test_nobody_is_told_of_a_session_that_is_withdrawn(edition, ten, eleven, enrol, when):
    enrol("Awa", ten)
    enrol("Bea", ten, eleven)
    move(ten, **at(15))
    move(eleven, **at(16))
    withdrawn = Session.objects.filter(pk=ten.pk)
    if when == "before publishing":
        withdrawn.update(is_published=False)
        preview = services.preview(edition)
        assert [one.people for one in preview.outlooks] == [0, 1]
        assert preview.people == 1
    publish(edition)
    withdrawn.update(is_published=False)
    tell()
    assert told() == {"bea@example.org": ["programme_changed"]}
    details = Change.objects.filter(action=Change.Action.MOVED).values_list("detail", flat=True)
    assert [detail.split(" : ")[0] for detail in details] == [eleven.name]
    assert Session.objects.get(pk=ten.pk).start == dt.time(15)


def test_who_has_a_seat_in_a_session_published_with_its_move_is_told(edition, ten, enrol):
    enrol("Awa", ten)
    move(ten, **at(15))
    Session.objects.filter(pk=ten.pk).update(is_published=False)
    publish(edition, appearing=[ten.pk])
    tell()
    assert told() == {"awa@example.org": ["programme_changed"]}


def test_one_mail_that_cannot_be_written_keeps_nobody_waiting(edition, ten, enrol):
    broken = enrol("Broken", ten)
    enrol("Awa", ten)
    type(broken).objects.filter(pk=broken.pk).update(email="no address")
    move(ten, **at(15))
    publish(edition)
    tell()
    assert told() == {"awa@example.org": ["programme_changed"]}
    assert Notice.objects.get(told_at=None).registration == broken
    type(broken).objects.filter(pk=broken.pk).update(email="broken@example.org")
    tell()
    assert told()["broken@example.org"] == ["programme_changed"]


def test_the_clock_finds_what_the_broker_lost(settings):
    assert settings.CELERY_BEAT_SCHEDULE["tell of changes"]["task"] == tell.name


# ------------------------------------------------------------------------------- calendars
def entries(content: bytes) -> dict[str, tuple]:
    return {
        str(event["uid"]): (event["sequence"], event.decoded("dtstart"), str(event.get("location")))
        for event in Calendar.from_ical(content).walk("VEVENT")
    }


def test_calendars_keep_the_uid_and_raise_the_sequence(edition, ten, eleven, enrol):
    awa = enrol("Awa", ten)
    shown = Session.objects.filter(edition=edition)
    files = [lambda: calendar_file(awa), lambda: calendar(shown.all(), edition=edition)]
    before = [entries(make()) for make in files]
    hall = RoomFactory(venue=edition.venue, name="Étoile 9")
    move(ten, **at(15), room=hall)
    move(eleven, **at(17))  # nobody holds it
    assert [entries(make()) for make in files] == before
    publish(edition)
    awa.refresh_from_db()
    after = [entries(make()) for make in files]
    assert [sorted(one) for one in after] == [sorted(one) for one in before]
    for old, new in zip(before, after, strict=True):
        for uid in old:
            assert new[uid][0] == old[uid][0] + 1
            assert new[uid][1] - old[uid][1] in (dt.timedelta(hours=5), dt.timedelta(hours=6))
    uid = next(iter(before[0]))
    assert after[0][uid][2].startswith("Étoile 9")


def test_the_history_of_moves_does_not_make_forms_out_of_date(edition, ten, enrol):
    awa = enrol("Awa", ten)
    revision = awa.revision
    move(ten, **at(15))
    publish(edition)
    tell()
    awa.refresh_from_db()
    assert awa.revision == revision
    assert Change.objects.filter(registration=awa, action="moved").count() == 1
    assert Booking.objects.get(registration=awa).state == "confirmed"
