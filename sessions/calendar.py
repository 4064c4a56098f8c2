"""Sessions as an iCalendar file (RFC 5545), in the event's time zone."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from icalendar import Calendar, Event, Timezone

from events.models import Edition, Room, Venue
from raict.typography import capitalised
from sessions.models import ASSUMED_LENGTH, Session

# Written by hand, as two rules in force since 1996: short, and read rightly by every program. What
# icalendar generates is a list of dates, with spring's changes an hour late.
_PARIS = """\
BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def calendar(
    sessions: Iterable[Session],
    *,
    edition: Edition,
    name: str = "",
    revision: int = 0,
    left: Iterable[Session] = (),
    made_at: dt.datetime | None = None,
) -> bytes:
    """The sessions as one calendar, named `name` or after the edition.

    Those of `left` were in an earlier one, and are cancelled: importing it again takes them away.

    A session with a time lasts until its end, or for an hour while that is not known. One with a
    day alone is an all-day entry; one without a day is left out. When nothing has a time yet, the
    edition itself stands in as an all-day entry, so that the days are kept free. UIDs stay the same
    for ever; SEQUENCE grows with the session's revision and with the caller's. DTSTAMP says
    `made_at`, or now.

    There is no METHOD and no ORGANIZER: the file is imported, not answered, and programs that send
    answers would write to an address that nobody expects them at.
    """
    found = Calendar()
    found.add("prodid", f"-//{edition.organiser}//RAICT//{(get_language() or 'fr').upper()}")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("x-wr-calname", name or f"{edition.short_name} – {edition.title}")
    found.add_component(Timezone.from_ical(_PARIS))
    dated = [session for session in sessions if session.day]
    for session in dated:
        found.add_component(_session_event(session, edition, revision))
    for session in left:
        if session.day:
            event = _session_event(session, edition, revision)
            event["status"] = "CANCELLED"
            found.add_component(event)
    if edition.starts_on and not any(session.start for session in dated):
        found.add_component(_edition_event(edition, revision))
    stamp = (made_at or timezone.now()).astimezone(dt.UTC)
    for event in found.walk("VEVENT"):
        event.add("dtstamp", stamp)
    return found.to_ical()


def _session_event(session: Session, edition: Edition, revision: int) -> Event:
    event = _event(session.slug, session.name, edition, session.revision + revision)
    if session.starts_at:
        event.add("dtstart", session.starts_at)
        event.add("dtend", session.ends_at or session.starts_at + ASSUMED_LENGTH)
    else:
        event.add("dtstart", session.day)
        event.add("dtend", session.day + dt.timedelta(days=1))
    event.add("categories", [capitalised(session.get_kind_display())])
    event.add("url", settings.SITE_URL + session.get_absolute_url())
    _add_place(event, session.room, session.room.venue if session.room else edition.venue)
    lines = [
        capitalised(session.get_kind_display()),
        session.question,
        session.get_language_display() if session.language else "",
        settings.SITE_URL + session.get_absolute_url(),
    ]
    event.add("description", "\n".join(line for line in lines if line))
    return event


def _edition_event(edition: Edition, revision: int) -> Event:
    event = _event(
        f"edition-{edition.number}", f"{edition.short_name} – {edition.title}", edition, revision
    )
    last = edition.ends_on or edition.starts_on
    event.add("dtstart", edition.starts_on)
    event.add("dtend", last + dt.timedelta(days=1))
    event.add("url", settings.SITE_URL + edition.get_absolute_url())
    event.add("transp", "TRANSPARENT")
    _add_place(event, None, edition.venue)
    event.add("description", edition.theme or edition.name)
    return event


def _event(uid: str, summary: str, edition: Edition, sequence: int) -> Event:
    event = Event()
    event.add("uid", f"{uid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("summary", summary)
    event.add("sequence", sequence)
    is_cancelled = edition.state == Edition.State.CANCELLED
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if edition.contact_email:
        event.add("contact", edition.contact_email)
    return event


def _add_place(event: Event, room: Room | None, venue: Venue | None) -> None:
    parts = [room.name] if room else []
    if venue:
        parts += [venue.name, venue.address, f"{venue.postcode} {venue.city}".strip()]
    if parts:
        event.add("location", ", ".join(part for part in parts if part))
