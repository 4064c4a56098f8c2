"""The grid of the programme, handed on to the next edition. Nobody who spoke goes along."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.models import Edition, Room
from events.next_edition import Copying, Part
from raict.typography import folded
from sessions import addresses
from sessions.models import Session

# Every column of a session stands in one of these three, or is left (a test says why).
GRID = [
    *("kind", "position", "short_name_fr", "short_name_en", "booking", "is_members_only"),
    *("overbooking", "offer_hours", "language"),
]
PLACED = ["day", "start", "end", "room", "capacity"]
TEXTS = [
    *(
        f"{name}_{language}"
        for name in ("title", "question", "framing", "context", "aims", "zone", "topic")
        for language in ("fr", "en")
    ),
    "framing_is_preliminary",
    "countries",
]


def _copy_sessions(copying: Copying) -> None:
    """Unpublished: last year's grid must not go public with the edition. One address each."""
    target = copying.target
    taken = set(Session.objects.values_list("slug", flat=True))
    rooms = {folded(room.name): room for room in target.venue.rooms.all()} if target.venue else {}
    sessions = copying.plan.source.sessions.select_related("room").in_order()
    for session in sessions:
        copied = Session(edition=target, is_published=False)
        for name in GRID:
            setattr(copied, name, getattr(session, name))
        wanted = addresses.proposed(
            target.number, session.short_name_fr, session.kind, session.position
        )
        copied.slug = addresses.free(wanted, taken)
        taken.add(copied.slug)
        if day := copying.plan.day(session.day):
            copied.day, copied.start, copied.end = day, session.start, session.end
        copied.room = _room(copying, session, rooms)
        copied.capacity = _capacity(session, copied.room)
        copying.copies[session] = copied
    Session.objects.bulk_create(copying.copies[session] for session in sessions)
    _say(copying, [(session, copying.copies[session]) for session in sessions])


def _room(copying: Copying, session: Session, rooms: dict[str, Room]) -> Room | None:
    """The same, or at another venue the one of the same name."""
    room = session.room
    if room is None or copying.plan.keeps_venue or room.venue_id == copying.target.venue_id:
        return room
    return rooms.get(folded(room.name))


def _capacity(session: Session, room: Room | None) -> int | None:
    """The session's own, never above its room's; what was the room's is the new room's."""
    seats = room.capacity if room else None
    is_own = not session.room or session.capacity != session.room.capacity
    own = session.capacity if is_own else None
    return min(own, seats) if own and seats else own or seats


def _say(copying: Copying, pairs: list[tuple[Session, Session]]) -> None:
    days = sum(bool(session.day and not copied.day) for session, copied in pairs)
    rooms = sum(bool(session.room and not copied.room) for session, copied in pairs)
    if days:
        sentence = ngettext(
            "%d session has neither day nor time now: the new edition has no such day.",
            "%d sessions have neither day nor time now: the new edition has no such day.",
            days,
        )
        copying.notes.append(sentence % days)
    if rooms:
        sentence = ngettext(
            "%d session has no room now: the new venue has none of that name.",
            "%d sessions have no room now: the new venue has none of that name.",
            rooms,
        )
        copying.notes.append(sentence % rooms)


def _copy_texts(copying: Copying) -> None:
    sessions = list(copying.plan.source.sessions.all())
    for session in sessions:
        for name in TEXTS:
            setattr(copying.copies[session], name, getattr(session, name))
    Session.objects.bulk_update([copying.copies[session] for session in sessions], TEXTS)


def _count(edition: Edition) -> int:
    return edition.sessions.count()


PARTS = (
    Part(
        "sessions",
        _("the grid of the programme, without texts and without speakers"),
        Session,
        _count,
        _copy_sessions,
        help=_(
            "Kinds, short names, times, rooms, capacities, booking and languages. The first day"
            " becomes the new first day, and so on. Nothing of it is published yet."
        ),
    ),
    Part(
        "session_texts",
        _("titles and texts of the sessions"),
        Session,
        _count,
        _copy_texts,
        help=_("With their zones, topics and countries. Only if the subjects stay the same."),
        after="sessions",
        is_usual=False,
    ),
)
