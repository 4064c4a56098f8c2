"""What goes along with a mail, made when the mail leaves."""

import pytest
from icalendar import Calendar

from raict.mail.envelope import envelope
from registrations import emails, services
from registrations.documents import calendar_file

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.mark.parametrize(
    ("is_cancelled", "names"), [(False, ["badge.pdf", "agenda.ics"]), (True, ["agenda.ics"])]
)
def test_a_badge_queued_before_the_cancellation_is_left_out(awa, is_cancelled, names):
    message = emails.registered(awa)
    if is_cancelled:
        services.cancel(awa, notify=False)
    assert [part.get_filename() for part in envelope(message).attachments] == names


def entries(registration) -> dict[str, tuple[str, int]]:
    """Session → status and sequence."""
    events = Calendar.from_ical(calendar_file(registration)).events
    return {event["UID"].split("@")[0]: (event["STATUS"], event["SEQUENCE"]) for event in events}


def test_a_seat_given_back_is_cancelled_in_the_calendar(awa, ten, eleven):
    """Importing the file again takes it away; a list that was left never was in it."""
    among = [ten.pk, eleven.pk]
    services.change_sessions(awa, sessions=[ten], among=among)
    standing = entries(awa)
    assert standing == {ten.slug: ("CONFIRMED", standing[ten.slug][1])}
    services.change_sessions(awa, sessions=[eleven], among=among)
    moved = entries(awa)
    assert moved[ten.slug] == ("CANCELLED", standing[ten.slug][1] + 1)
    assert moved[eleven.slug][0] == "CONFIRMED"
    services.change_sessions(awa, sessions=[ten, eleven], among=among)
    assert entries(awa)[ten.slug] == ("CONFIRMED", standing[ten.slug][1] + 2)


def test_who_receives_a_place_never_had_what_was_given_back_before(awa, ten, eleven):
    among = [ten.pk, eleven.pk]
    services.change_sessions(awa, sessions=[ten, eleven], among=among)
    services.change_sessions(awa, sessions=[eleven], among=among)
    heir = {"first_name": "Ada", "last_name": "Ndiaye", "email": "ada@example.org"}
    services.pass_on(awa, heir)
    assert list(entries(awa)) == [eleven.slug]
    services.change_sessions(awa, sessions=[], among=among)
    assert entries(awa)[eleven.slug][0] == "CANCELLED"
    assert ten.slug not in entries(awa)
