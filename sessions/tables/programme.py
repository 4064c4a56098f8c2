"""The programme in a spreadsheet. Time and room are written by `moves.place`, and by nothing else."""

import copy
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from events.models import Room
from events.press import kits
from events.tables import EDITION, EditionTable
from raict.tables.kinds import (
    COUNTRIES,
    DAY,
    LINE,
    NUMBER,
    POSITION,
    TIME,
    YES_OR_NO,
    choice,
    named,
)
from raict.tables.table import KEY, Column, Entry
from raict.typography import folded
from sessions import addresses, moves
from sessions.models import Move, Session


def room_name(room: Room) -> str:
    """Rooms of one name exist in several places."""
    return f"{room.venue} – {room}"


def planned(name: str) -> Callable:
    """Where a session is to be: the change that waits for its publication goes before."""
    return lambda session: getattr(session.planned, name)


_ROOM = named(
    "rooms", room_name, _("“%(text)s” is no room that is known: write it as an export does.")
)


class ProgrammeTable(EditionTable):
    """Registered with the seats, by registrations/tables.py."""

    subject = "programme"
    title = _("programme")
    model = Session
    columns = [
        KEY,
        Column(
            "kind", _("Kind"), choice(Session.Kind), ["type", "format", "nature"], is_needed=True
        ),
        Column("title_fr", _("Title (French)"), LINE, ["titre", "intitulé", "session"]),
        Column("title_en", _("Title (English)"), LINE, ["titre anglais", "title"]),
        Column("short_name_fr", _("Short name (French)"), LINE, ["nom court"]),
        Column("short_name_en", _("Short name (English)"), LINE, ["nom court anglais"]),
        Column("question_fr", _("Question (French)"), LINE, ["question"]),
        Column("question_en", _("Question (English)"), LINE, ["question anglais"]),
        Column("day", _("Day"), DAY, ["jour", "date"], value=planned("day")),
        Column("start", _("Start"), TIME, ["début", "heure", "horaire"], value=planned("start")),
        Column("end", _("End"), TIME, ["fin", "heure de fin"], value=planned("end")),
        Column("room", _("Room"), _ROOM, ["salle", "lieu"], value=planned("room")),
        Column("capacity", _("Capacity"), NUMBER, ["jauge", "capacité", "places"]),
        Column("booking", _("Booking"), choice(Session.Booking), ["réservation", "accès"]),
        Column("is_members_only", _("Reserved for members"), YES_OR_NO, ["adhérents seulement"]),
        Column("language", _("Language"), choice(Session.Language), ["langue"]),
        Column("zone_fr", _("Zone (French)"), LINE, ["zone"]),
        Column("zone_en", _("Zone (English)"), LINE, ["zone anglais"]),
        Column("topic_fr", _("Topic (French)"), LINE, ["thème", "thématique", "sujet"]),
        Column("topic_en", _("Topic (English)"), LINE, ["thème anglais"]),
        Column("countries", _("Countries"), COUNTRIES, ["pays"]),
        Column("is_published", _("Published"), YES_OR_NO, ["publiée", "publié"]),
        Column("position", _("Position"), POSITION, ["ordre", "rang", "numéro"]),
        Column("seats_taken", _("Seats taken"), is_shown_only=True, synonyms=["inscrits"]),
        EDITION,
    ]

    def key(self, row: Session) -> str:
        return row.slug

    def rows(self, queryset) -> list[Session]:
        sessions = list(queryset.select_related("edition", "room__venue").in_order())
        gathered = Move.objects.filter(announcement=None, session__in=sessions)
        moving = {move.session_id: move for move in gathered.select_related("room__venue")}
        for session in sessions:
            move = moving.get(session.pk)
            session.planned = moves.after(move) if move else moves.place_of(session)
        return sessions

    def load(self) -> None:
        self._gathers = moves.gathers_for(self.edition)
        self._slugs: set[str] = set()
        sessions = self.rows(self.held(self.edition.sessions.all()))
        self.standing = {session.slug: session for session in sessions}
        self._by_title = {
            (session.kind, folded(session.title_fr)): session
            for session in sessions
            if session.title_fr
        }
        self.names["rooms"] = _rooms(self.edition.venue_id)

    def is_elsewhere(self, key: str) -> bool:
        return Session.objects.filter(slug=key[:90]).exists()

    def find(self, key: str, values: dict) -> Session | None:
        if key:
            return self.by_key(self.standing, key)
        return self._by_title.get(_title_key(values))

    def identity(self, row: Session | None, values: dict) -> object:
        return row.pk if row else _title_key(values)

    def name(self, row: Session | None, values: dict) -> str:
        return row.name if row else values.get("title_fr") or values.get("short_name_fr") or ""

    def blank(self) -> Session:
        return Session(edition=self.edition)

    def checked(self, row: Session | None, values: dict) -> Session:
        """As the form checks it: what is gathered apart from what is published."""
        candidate = copy.copy(row) if row else self.blank()
        for name, value in values.items():
            if row is None or name not in moves.COLUMNS:
                setattr(candidate, name, value)
        if row is None:
            self._complete(candidate, values)
        else:
            self._check_place(candidate, values)
        candidate.full_clean()
        return candidate

    def _complete(self, candidate: Session, values: dict) -> None:
        words = candidate.short_name_fr or candidate.title_fr
        slug = addresses.proposed(self.edition.number, words, candidate.kind, candidate.position)
        candidate.slug = addresses.free_among(slug, Session.objects, self._slugs)
        self._slugs.add(candidate.slug)
        if "booking" not in values:
            candidate.booking = Session.USUAL_BOOKING.get(candidate.kind, Session.Booking.FREE)

    def _check_place(self, candidate: Session, values: dict) -> None:
        moved = {name: values[name] for name in moves.COLUMNS if name in values}
        candidate.planned = candidate.planned._replace(**moved)
        if not moved:
            return
        future = moves.to_be(candidate, candidate.planned)
        if candidate.is_published and self._gathers:
            future.capacity = None  # settled when the change is published
        future.clean()
        move = Move(session=candidate, **candidate.planned._asdict())
        move.validate_constraints({"session"})

    def write(self, entries: list[Entry], *, is_telling: bool, user, progress: Callable) -> list:
        """What is withdrawn leaves the press kit at once, as in the form."""
        written = []
        for number, entry in enumerate(entries):
            session = entry.candidate
            if entry.row and set(moves.COLUMNS) & set(entry.values):
                moves.place(session, **session.planned._asdict())
            session.save()
            written.append(session)
            progress(number)
        if any("is_published" in one.values and not one.candidate.is_published for one in entries):
            kits.retract(self.scope)
        return written


def _title_key(values: dict) -> tuple | None:
    title = values.get("title_fr")
    return (values.get("kind"), folded(title)) if title else None


def _rooms(venue_id: int | None) -> dict[str, Room]:
    """By « venue – room »; by the room's name where it is of the edition's venue, or the only one."""
    rooms = list(Room.objects.select_related("venue"))
    found: dict[str, Room] = {}
    for room in sorted(rooms, key=lambda one: one.venue_id != venue_id):
        found.setdefault(folded(room.name), room)
    return found | {folded(room_name(room)): room for room in rooms}
