"""What does not fit, or is missing, in a programme as it will be once its changes are published.

All rules are here, and each is a generator of sentences over loaded sessions: `found` asks the
database a fixed number of times, whatever the edition holds.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Edition
from sessions import moves
from sessions.models import Appearance, Session, with_margin
from sessions.schedule import PAUSES

_K, _R = Session.Kind, Appearance.Role
# Who must be named for a session of that kind: one of these is enough. What is not here needs nobody.
ROLES_NEEDED = {
    _K.PLENARY: (_R.CHAIR, _R.MODERATOR),
    _K.GEOGRAPHIC_MEETING: (_R.CHAIR,),
    _K.THEMATIC_WORKSHOP: (_R.CHAIR, _R.MODERATOR),
    _K.CAFE: (_R.HOST,),
}
# Tables of one gallery: they are meant to share a room.
SHARES_ROOM = (_K.CAFE,)
# What visitors read in both languages.
PUBLIC_TEXTS = ("title", "short_name", "question", "framing", "context", "aims", "zone", "topic")

RELATIONS = ("appearances__person",)


@dataclass(frozen=True)
class Conflict:
    """One thing to mend. `where` is the page of the board that mends it: place, texts or people.

    A clash cannot take place as it is planned; the rest is only not complete yet.
    """

    session: Session
    rule: str
    sentence: str
    where: str = "place"
    is_clash: bool = False


def found(edition: Edition) -> list[Conflict]:
    """The edition's conflicts in the order of its sessions, clashes first. Four queries."""
    return of_sessions([future for _now, future in moves.planned(edition, *RELATIONS)], edition)


def of_sessions(sessions: list[Session], edition: Edition) -> list[Conflict]:
    """The same of sessions that are loaded with `RELATIONS`, as they will be."""
    every = [*_shared_rooms(sessions), *_shared_speakers(sessions, edition), *_in_pauses(sessions)]
    for session in sessions:
        every += [*_place(session, edition), *_seats(session), *_people(session), *_texts(session)]
    order = {session.pk: place for place, session in enumerate(sessions)}
    return sorted(every, key=lambda one: (order[one.session.pk], not one.is_clash))


def by_session(conflicts: list[Conflict]) -> dict[int, list[Conflict]]:
    """Session → what is to be mended there."""
    grouped = defaultdict(list)
    for conflict in conflicts:
        grouped[conflict.session.pk].append(conflict)
    return grouped


def _both(first: Session, second: Session, rule: str, sentence: str, **words) -> Iterator[Conflict]:
    """A clash of two is said on each of them, naming the other."""
    for one, other in ((first, second), (second, first)):
        said = sentence % {**words, "other": other.name}
        yield Conflict(one, rule, said, is_clash=True)


def _shared_rooms(sessions: list[Session]) -> Iterator[Conflict]:
    for first, second in combinations([one for one in sessions if one.room_id], 2):
        if first.room_id != second.room_id or not first.overlaps(second):
            continue
        if first.kind == second.kind and first.kind in SHARES_ROOM:
            continue
        sentence = _("The room %(room)s also has « %(other)s » at that time.")
        yield from _both(first, second, "room", sentence, room=first.room)


def _shared_speakers(sessions: list[Session], edition: Edition) -> Iterator[Conflict]:
    theirs = defaultdict(dict)
    for session in sessions:
        for appearance in session.appearances.all():
            if appearance.person_id:
                theirs[appearance.person][session.pk] = session
    for person, own in theirs.items():
        for first, second in combinations(own.values(), 2):
            if first.overlaps(second):
                sentence = _("%(person)s also speaks in « %(other)s » at that time.")
            elif first.overlaps(second, edition.walking):
                sentence = _(
                    "%(person)s has less than %(minutes)d minutes to walk from or to « %(other)s »."
                )
            else:
                continue
            words = {"person": person.full_name, "minutes": edition.walking_minutes}
            yield from _both(first, second, "speaker", sentence, **words)


def _in_pauses(sessions: list[Session]) -> Iterator[Conflict]:
    """A meal or a break without a room of its own is everybody's."""
    common = [one for one in sessions if one.kind in PAUSES and one.room_id is None]
    for pause in common:
        for session in sessions:
            if session.kind not in PAUSES and session.overlaps(pause):
                sentence = _("It runs into « %(other)s », which is for everybody.")
                said = sentence % {"other": pause.name}
                yield Conflict(session, "pause", said, is_clash=True)


def _place(session: Session, edition: Edition) -> Iterator[Conflict]:
    missing = []
    if session.day is None:
        missing.append(_("day"))
    if session.start is None:
        missing.append(_("start"))
    elif session.end is None:
        missing.append(_("end"))
    if session.room_id is None and session.kind not in PAUSES:
        missing.append(_("room"))
    if missing:
        yield Conflict(session, "place", _("To be set: %(parts)s.") % {"parts": ", ".join(missing)})
    if session.day and edition.starts_on and session.day not in edition.days:
        sentence = _("This day is outside the edition's dates.")
        yield Conflict(session, "outside", sentence, is_clash=True)


def _seats(session: Session) -> Iterator[Conflict]:
    seats = session.room.capacity if session.room else None
    if seats and (session.capacity or 0) > seats:
        words = {"capacity": session.capacity, "room": session.room, "seats": seats}
        sentence = _("%(capacity)d seats are planned, and the room %(room)s has %(seats)d.")
        yield Conflict(session, "capacity", sentence % words, "texts", is_clash=True)
    offered = with_margin(session.capacity, session.overbooking)
    excess = 0 if offered is None else session.seats_taken - offered
    if excess > 0:
        sentence = ngettext(
            "The room is too small: %(count)d person too many has a seat.",
            "The room is too small: %(count)d people too many have a seat.",
            excess,
        )
        yield Conflict(session, "excess", sentence % {"count": excess}, is_clash=True)


def _people(session: Session) -> Iterator[Conflict]:
    appearances = session.appearances.all()
    needed = ROLES_NEEDED.get(session.kind, ())
    if needed and not any(one.role in needed for one in appearances):
        roles = " / ".join(str(role.label) for role in needed)
        yield Conflict(session, "role", _("Nobody yet as: %(roles)s.") % {"roles": roles}, "people")
    pending = [one.who or str(one.get_role_display()) for one in appearances if one.is_pending]
    if pending:
        sentence = _("To be confirmed: %(names)s.") % {"names": ", ".join(pending)}
        yield Conflict(session, "pending", sentence, "people")


def _texts(session: Session) -> Iterator[Conflict]:
    if session.kind not in PAUSES and not (session.title_fr or session.short_name_fr):
        yield Conflict(session, "title", _("The title is missing."), "texts")
    missing = [
        str(session._meta.get_field(f"{name}_en").verbose_name)
        for name in PUBLIC_TEXTS
        if getattr(session, f"{name}_fr") and not getattr(session, f"{name}_en")
    ]
    if missing:
        sentence = _("Not translated: %(texts)s.") % {"texts": ", ".join(missing)}
        yield Conflict(session, "english", sentence, "texts")
