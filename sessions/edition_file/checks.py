"""What the rows of a file must agree on among themselves: dates, rooms, people, figures."""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events.models import Figure
from raict.typography import folded
from sessions.edition_file.content import Content, Row
from sessions.edition_file.problems import Problems, meant
from sessions.models import Session

WEDNESDAY = 2
_RELATIVE = {
    "registration_opens_in_days": "registration_opens_on",
    "registration_closes_in_days": "registration_closes_on",
}
# Kinds whose sessions are told apart by a number while they have no title.
_NUMBERED = {
    Session.Kind.PLENARY,
    Session.Kind.GEOGRAPHIC_MEETING,
    Session.Kind.THEMATIC_WORKSHOP,
    Session.Kind.CAFE,
}


def check(content: Content, problems: Problems) -> None:
    """Resolve references and relative dates in place; report everything that does not hold."""
    _relative_dates(content, problems)
    _edition(content.edition, problems)
    venues = _unique(content.venues, lambda row: folded(row.get("name", "")), problems, "name")
    for venue in content.venues:
        _unique(venue.parts, lambda row: folded(row.get("name", "")), problems, "name")
    _reference(content.edition, "venue", venues, "[[venues]]", problems)
    people = _people(content, problems)
    _unique(content.sessions, lambda row: row.get("slug", ""), problems, "slug")
    for session in content.sessions:
        _session(session, content, venues, problems)
        _appearances(session, people, problems)
    _unique(content.partners, lambda row: folded(row.get("name_fr", "")), problems, "name")
    _figures(content, problems)
    _unique(content.press_releases, lambda row: row.get("slug", ""), problems, "slug")
    _releases(content, problems)
    _positions(content)


def _unique(
    rows: list[Row], identity: Callable[[Row], str], problems: Problems, key: str
) -> dict[str, Row]:
    """The rows by what identifies them; two of the same are refused."""
    known: dict[str, Row] = {}
    for row in rows:
        if not (name := identity(row)):
            continue
        if name in known:
            problems.add((*row.path, key), _("this one stands twice in the file."))
        known.setdefault(name, row)
    return known


def _reference(
    row: Row, attribute: str, known: dict[str, Row], table: str, problems: Problems
) -> None:
    """Put the row in place of its name."""
    name = row.get(attribute)
    if name is None:
        return
    row.values[attribute] = known.get(folded(name))
    if row.values[attribute] is None:
        del row.values[attribute]
        names = [str(other.get("name")) for other in known.values()]
        problems.add(
            row.key_of(attribute),
            _("no %(table)s of this file is called “%(name)s”.") % {"table": table, "name": name}
            + meant(name, names),
        )


def _relative_dates(content: Content, problems: Problems) -> None:
    """`starts_in_days = 60` → the first Wednesday sixty days from today or later."""
    edition, today = content.edition, timezone.localdate()
    rows = [(edition, {"starts_in_days", "lasts_days", *_RELATIVE})]
    rows += [(release, {"issued_in_days"}) for release in content.press_releases]
    for row, attributes in rows:
        for attribute in sorted(attributes & row.values.keys()):
            if not edition.get("is_demonstration"):
                problems.add(
                    row.key_of(attribute),
                    _("only the demonstration counts its dates from today. Write the date."),
                )
    if "starts_in_days" in edition.values:
        start = today + dt.timedelta(edition.values.pop("starts_in_days"))
        start += dt.timedelta((WEDNESDAY - start.weekday()) % 7)
        edition.values["starts_on"] = start
        edition.values["ends_on"] = start + dt.timedelta(edition.get("lasts_days", 2) - 1)
    edition.values.pop("lasts_days", None)
    for relative, absolute in _RELATIVE.items():
        if relative in edition.values:
            edition.values[absolute] = today + dt.timedelta(edition.values.pop(relative))
    for release in content.press_releases:
        if "issued_in_days" in release.values:
            release.values["issued_on"] = today + dt.timedelta(release.values.pop("issued_in_days"))


def _edition(edition: Row, problems: Problems) -> None:
    number = edition.get("number")
    if number == 0 and not edition.get("is_demonstration"):
        problems.add(
            edition.key_of("number"),
            _("0 is the demonstration: write demonstration = true, or the edition's number."),
        )
    if number and edition.get("is_demonstration"):
        problems.add(edition.key_of("number"), _("the demonstration has the number 0."))
    for first, last in (
        ("starts_on", "ends_on"),
        ("first_starts_on", "first_ends_on"),
        ("registration_opens_on", "registration_closes_on"),
    ):
        _in_order(edition, first, last, problems)
    if "ends_on" in edition.values and "starts_on" not in edition.read | edition.values.keys():
        problems.add(edition.key_of("ends_on"), _("a last day needs a first day: starts_on."))
    if "first_ends_on" in edition.values and "first_starts_on" not in edition.read:
        problems.add(
            edition.key_of("first_ends_on"), _("a last day needs a first day: first_starts_on.")
        )


def _in_order(row: Row, first: str, last: str, problems: Problems) -> None:
    start, end = row.get(first), row.get(last)
    if start is not None and end is not None and end < start:
        problems.add(
            row.key_of(last),
            _("%(end)s comes before %(first)s, %(start)s.")
            % {"end": end.isoformat(), "first": first, "start": start.isoformat()},
        )


def _people(content: Content, problems: Problems) -> dict[str, Row]:
    """By slug and by name, as an appearance may refer to them."""
    for person in content.people:
        full_name = " ".join(
            filter(None, (person.get("first_name", ""), person.get("last_name", "")))
        )
        if "slug" not in person.read and slugify(full_name):
            person.values["slug"] = slugify(full_name)
        elif "slug" not in person.read and "last_name" in person.values:
            problems.add(
                (*person.path, "slug"),
                _("this key is compulsory for a name that is not written in Latin letters."),
            )
    known = _unique(content.people, lambda row: row.get("slug", ""), problems, "slug")
    for person in content.people:
        name = folded(f"{person.get('first_name', '')} {person.get('last_name', '')}")
        known.setdefault(name, person)
    return known


def _session(session: Row, content: Content, venues: dict[str, Row], problems: Problems) -> None:
    _day(session, content.edition, problems)
    start, end = session.get("start"), session.get("end")
    # A key that was refused already stands in `read`: it is not reported a second time as missing.
    if start is not None and "day" not in session.read:
        problems.add(session.key_of("start"), _("a session with a start needs a day."))
    if end is not None and "start" not in session.read:
        problems.add(session.key_of("end"), _("a session with an end needs a start."))
    if start is not None and end is not None and end <= start:
        problems.add(
            session.key_of("end"),
            _("the session ends at %(end)s, before or when it starts at %(start)s.")
            % {"end": f"{end:%H:%M}", "start": f"{start:%H:%M}"}
            + _after_midnight(start, end),
        )
    _room(session, content, venues, problems)
    room, capacity = session.get("room"), session.get("capacity")
    seats = room.get("capacity") if room else None
    if capacity and seats and capacity > seats:
        problems.add(
            session.key_of("capacity"),
            _("%(capacity)d is above the capacity of the room “%(room)s”, %(seats)d.")
            % {"capacity": capacity, "room": room.get("name"), "seats": seats},
        )


def _after_midnight(start: dt.time, end: dt.time) -> str:
    if start.hour < 12 or end.hour > 5:
        return ""
    return " " + _('A session ends on the day it starts: write "23:59", or leave the end out.')


def _day(session: Row, edition: Row, problems: Problems) -> None:
    """A number becomes a date; a date must lie inside the edition."""
    day = session.get("day")
    start, end = edition.get("starts_on"), edition.get("ends_on")
    if day is None or (start is None and "starts_on" in edition.read) or (end and end < start):
        return  # the edition's dates have been refused already
    if isinstance(day, int):
        if start is None:
            problems.add(
                session.key_of("day"),
                _("a day given by its number needs the edition's starts_on."),
            )
            del session.values["day"]
            return
        number, day = day, start + dt.timedelta(min(day, 400) - 1)
        session.values["day"] = day
        if day > (end or start):
            problems.add(
                session.key_of("day"),
                _("there is no day %(number)d: the edition has %(days)d.")
                % {"number": number, "days": ((end or start) - start).days + 1},
            )
    elif start is not None and not start <= day <= (end or start):
        problems.add(
            session.key_of("day"),
            _("%(day)s is outside the edition's dates, %(start)s to %(end)s.")
            % {
                "day": day.isoformat(),
                "start": start.isoformat(),
                "end": (end or start).isoformat(),
            },
        )


def _room(session: Row, content: Content, venues: dict[str, Row], problems: Problems) -> None:
    """A room of the named venue, else of the edition's, else of the only venue that has one."""
    _reference(session, "venue", venues, "[[venues]]", problems)
    venue, name = session.values.pop("venue", None), session.get("room")
    if venue and "room" not in session.read:
        problems.add(
            session.key_of("venue"), _("a session's venue is its room's: add the key room.")
        )
    if name is None:
        return
    del session.values["room"]
    main = content.edition.get("venue")
    if venue:
        places = [venue]
    elif isinstance(main, Row) and any(_is_called(room, name) for room in main.parts):
        places = [main]
    else:
        places = content.venues
    rooms = [room for place in places for room in place.parts if _is_called(room, name)]
    if len(rooms) == 1:
        session.values["room"] = rooms[0]
    elif rooms:
        problems.add(
            session.key_of("room"),
            _("several venues have a room “%(name)s”: add the key venue.") % {"name": name},
        )
    elif venue and "venue" in session.read:
        problems.add(
            session.key_of("room"),
            _("the venue “%(venue)s” has no room “%(name)s”.")
            % {"venue": venue.get("name"), "name": name}
            + meant(name, [str(room.get("name")) for room in venue.parts]),
        )
    else:
        known = [str(room.get("name")) for place in content.venues for room in place.parts]
        problems.add(
            session.key_of("room"),
            _("no venue of this file has a room “%(name)s”.") % {"name": name} + meant(name, known),
        )


def _is_called(room: Row, name: str) -> bool:
    return folded(str(room.get("name", ""))) == folded(name)


def _appearances(session: Row, people: dict[str, Row], problems: Problems) -> None:
    seen = set()
    for position, row in enumerate(session.parts, start=1):
        row.values.setdefault("position", position)
        name = row.get("person")
        if name is not None:
            person = people.get(name) or people.get(folded(name))
            row.values["person"] = person
            if person is None:
                del row.values["person"]
                problems.add(
                    row.key_of("person"),
                    _("no [[people]] of this file has the slug or the name “%(name)s”.")
                    % {"name": name}
                    + meant(name, [str(other) for other in people]),
                )
            elif (person, row.get("role", "speaker")) in seen:
                problems.add(
                    row.key_of("person"), _("this person has that role twice in the session.")
                )
            else:
                seen.add((person, row.get("role", "speaker")))
            if "label_fr" in row.values:
                problems.add(row.key_of("label_fr"), _("either a person or a label, not both."))
        elif not (
            row.read & {"person", "label_fr", "organisation"} or row.get("is_pending", False)
        ):
            problems.add(
                row.path,
                _(
                    "nobody is named: expected one of person, label, organisation, or"
                    " pending = true."
                ),
            )


def _figures(content: Content, problems: Problems) -> None:
    figures = _unique(content.figures, lambda row: row.get("key", ""), problems, "key")
    for figure in content.figures:
        value = figure.get("value")
        if figure.get("is_percentage") and value is not None and value > 100:
            problems.add(figure.key_of("value"), _("a percentage is at most 100."))
        if (name := figure.get("part_of")) is None:
            continue
        whole = figure.values["part_of"] = figures.get(name)
        if whole is None:
            del figure.values["part_of"]
            problems.add(
                figure.key_of("part_of"),
                _("no [[figures]] of this file has the key “%(key)s”.") % {"key": name}
                + meant(name, figures),
            )
    for figure in content.figures:
        _part(figure, problems)


def _part(figure: Row, problems: Problems) -> None:
    """A part hangs on a whole that is not below it, and is not larger than it."""
    whole, seen = figure.get("part_of"), [figure]
    while isinstance(whole, Row) and whole not in seen:
        seen.append(whole)
        whole = whole.get("part_of")
    if whole is figure:
        problems.add(figure.key_of("part_of"), _("a figure cannot be a part of itself."))
        return
    whole = figure.get("part_of")
    value, total = figure.get("value"), whole.get("value") if whole else None
    if value is None or total is None or figure.get("is_percentage") or whole.get("is_percentage"):
        return
    # « plus de 500 dont 620 » may be true; « 500 dont 620 » may not.
    if whole.get("qualifier", Figure.Qualifier.EXACT) == Figure.Qualifier.EXACT and value > total:
        problems.add(
            figure.key_of("value"),
            _("the part, %(part)s, is larger than its whole “%(key)s”, %(whole)s.")
            % {"part": value, "key": whole.get("key"), "whole": total},
        )


def _releases(content: Content, problems: Problems) -> None:
    for release in content.press_releases:
        if not release.read & {"issued_on", "issued_in_days"}:
            problems.add((*release.path, "issued_on"), _("this key is compulsory."))
        if release.get("state", "draft") not in ("draft", "published"):
            problems.add(
                release.key_of("state"),
                _("a file says draft or published; the team does the rest."),
            )


def _positions(content: Content) -> None:
    """The order of the file, unless a row says otherwise; numbered kinds count from 1 each."""
    for rows in (content.partners, content.figures, *(venue.parts for venue in content.venues)):
        for position, row in enumerate(rows, start=1):
            row.values.setdefault("position", position)
    counts: dict[str, int] = {}
    for session in content.sessions:
        kind = session.get("kind", "")
        counts[kind] = counts.get(kind, 0) + 1
        several = sum(other.get("kind", "") == kind for other in content.sessions) > 1
        if kind in _NUMBERED and several:
            session.values.setdefault("position", counts[kind])
