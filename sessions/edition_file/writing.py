"""From checked rows to the database, in one transaction."""

import datetime as dt
from dataclasses import dataclass, field
from itertools import product

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_countries.fields import Country, MultipleCountriesDescriptor

from events.models import Edition, Figure, Partner, PressRelease, Room, Venue
from events.press import publishing
from events.press.text import placeholder_problems, values
from raict.typography import folded
from sessions import moves
from sessions.edition_file.content import Content, Row
from sessions.edition_file.problems import Problems
from sessions.models import Appearance, Person, Session, with_margin

# Columns of a release that may hold placeholders.
_BOUND = PressRelease.TEXTS
CREATED, CHANGED, DELETED, KEPT = "created", "changed", "deleted", "kept"
# A time or a room that waits until the team publishes it.
GATHERED = "gathered"


@dataclass(frozen=True)
class Change:
    """One row: what happened to it, and which of its columns changed."""

    what: str
    model: type[models.Model]
    name: str
    columns: tuple[str, ...] = ()


@transaction.atomic
def write(
    content: Content, problems: Problems, *, current: bool = False, dry_run: bool = False
) -> list[Change]:
    """Make the database say what the file says; returns what changed, [] when nothing did.

    The edition and its parts become what the file holds: what it leaves out becomes empty, and
    sessions, partners and figures that it no longer holds are deleted, unless somebody has booked
    them. Venues, rooms and people serve other editions: what the file leaves out stays. Counters
    of seats are never touched; lines move with the next registrations.settle. Times and rooms that
    visitors may have noted wait for the team's publication (sessions/moves.py). Any problem raises
    EditionFileError and undoes everything.
    """
    changes = _Writer(content, problems, current).write()
    if dry_run:
        transaction.set_rollback(True)
    return changes


@dataclass
class _Writer:
    content: Content
    problems: Problems
    current: bool
    changes: list[Change] = field(default_factory=list)
    # Sessions whose time and room are gathered, by slug; and where they are to be.
    gathering: dict[str, Session] = field(default_factory=dict)
    planned: dict[str, moves.Place] = field(default_factory=dict)
    # Press releases whose words the file publishes.
    to_publish: list[PressRelease] = field(default_factory=list)

    def write(self) -> list[Change]:
        number = self.content.edition.get("number")
        edition = Edition.objects.select_for_update().filter(number=number).first()
        # Held until the end, so that no seat is taken between the check and the write.
        sessions = list(
            Session.objects.select_for_update().filter(edition=edition).order_by("pk")
            if edition
            else ()
        )
        self._venues()
        self._find_gathering(edition, sessions)
        self._check_database(edition, sessions)
        self.problems.stop_if_any()
        for row in self.content.people:
            self._save(row, Person.objects.filter(slug=row.get("slug")).first())
        edition = self._edition(edition)
        self._sessions(edition, {session.slug: session for session in sessions})
        self._parts_of(edition, Partner, self.content.partners, folded, "name_fr")
        self._figures(edition)
        self._releases(edition)
        self._delete_sessions(edition)
        self._check_placeholders(edition)
        self.problems.stop_if_any()
        for release in self.to_publish:
            noon = dt.datetime.combine(release.issued_on, dt.time(12))
            publishing.freeze(release, at=timezone.make_aware(noon))
        return self.changes

    def _find_gathering(self, edition: Edition | None, sessions: list[Session]) -> None:
        if edition is None:
            return
        found = {move.session_id: moves.after(move) for move in moves.in_preparation(edition)}
        waits = moves.gathers_for(edition)
        for session in sessions:
            session.edition = edition
            if session.pk in found or (waits and session.is_published):
                self.gathering[session.slug] = session
                self.planned[session.slug] = found.get(session.pk, moves.place_of(session))

    # ------------------------------------------------------------------------------ refusals
    def _check_database(self, edition: Edition | None, sessions: list[Session]) -> None:
        """What only the rows that stand can tell; collected like the problems of the file."""
        row = self.content.edition
        capacity = row.get("capacity")
        if edition and capacity and edition.places_taken > capacity:
            self.problems.add(
                row.key_of("capacity"),
                _("%(taken)d people are registered already: the capacity cannot be %(capacity)d.")
                % {"taken": edition.places_taken, "capacity": capacity},
            )
        stays_current = edition is not None and edition.is_current
        if (self.current or stays_current) and _is_draft(row, edition):
            self.problems.add(
                row.key_of("state"),
                _("the current edition is on the home page: expected another state than draft."),
            )
        taken = {session.slug: session.seats_taken for session in sessions}
        for session in self.content.sessions:
            seats, held = self._capacity(session), taken.get(session.get("slug"), 0)
            if seats and held > with_margin(seats, session.get("overbooking")):
                self.problems.add(
                    session.key_of("capacity"),
                    _("%(taken)d seats are booked already: the capacity cannot be %(capacity)d.")
                    % {"taken": held, "capacity": seats},
                )
        self._check_addresses(Session, self.content.sessions, edition)
        self._check_addresses(PressRelease, self.content.press_releases, edition)
        kept = {session.get("slug") for session in self.content.sessions}
        used = Session.objects.filter(
            Q(bookings__isnull=False) | Q(preferences__isnull=False), edition=edition
        )
        for session in used.exclude(slug__in=kept).distinct() if edition else ():
            self.problems.add(
                ("sessions",),
                _(
                    "the session “%(slug)s” is no longer in the file, but people have booked it."
                    " Put it back, or cancel their bookings first."
                )
                % {"slug": session.slug},
            )

    def _check_addresses(
        self, model: type[models.Model], rows: list[Row], edition: Edition | None
    ) -> None:
        """An address stays with its edition for ever."""
        elsewhere = model.objects.filter(slug__in=[row.get("slug") for row in rows])
        if edition:
            elsewhere = elsewhere.exclude(edition=edition)
        owners = {other.slug: other.edition for other in elsewhere.select_related("edition")}
        for row in rows:
            if owner := owners.get(row.get("slug")):
                self.problems.add(
                    row.key_of("slug"),
                    _("this address belongs to another edition: %(edition)s.")
                    % {"edition": owner.title},
                )

    # ------------------------------------------------------------------------------ the rows
    def _venues(self) -> None:
        venues = {folded(venue.name): venue for venue in Venue.objects.all()}
        for row in self.content.venues:
            venue = self._save(row, venues.get(folded(row.get("name"))))
            rooms = {folded(room.name): room for room in Room.objects.filter(venue=venue)}
            for part in row.parts:
                self._save(part, rooms.get(folded(part.get("name"))), venue=venue)

    def _edition(self, edition: Edition | None) -> Edition:
        row = self.content.edition
        if edition and "state" not in row.values:
            row.values["state"] = edition.state  # opening and closing is done in the admin
        known = Edition.objects.filter(is_current=True).first()
        is_first = known is None and not row.get("is_demonstration") and not _is_draft(row, edition)
        becomes_current = self.current or is_first or (edition is not None and known == edition)
        if becomes_current and known is not None and known != edition:
            Edition.objects.filter(pk=known.pk).update(is_current=False)
        return self._save(row, edition, is_current=becomes_current)

    def _sessions(self, edition: Edition, known: dict[str, Session]) -> None:
        for row in self.content.sessions:
            row.values["capacity"] = self._capacity(row)
            where = self._set_place_apart(row)
            session = self._save(row, known.get(row.get("slug")), edition=edition)
            if where is not None:
                self._place(session, where)
            self._appearances(row, session)

    def _capacity(self, row: Row) -> int | None:
        """The session's own, else its room's: the row holds it, as Session.save() writes it.

        While another room waits to be published, what holds is the room that is published.
        """
        room, own = row.get("room"), row.get("capacity")
        session = self.gathering.get(row.get("slug"))
        if session is None or (room and room.instance) == session.room:
            return own or (room.instance.capacity if room else None)
        if own is None or session.room is None or session.room.capacity is None:
            return own or session.capacity
        return min(own, session.room.capacity)

    def _set_place_apart(self, row: Row) -> moves.Place | None:
        """Where the file wants a session whose published place stays for now."""
        session = self.gathering.get(row.get("slug"))
        if session is None:
            return None
        room = row.get("room")
        where = moves.Place(
            row.get("day"), row.get("start"), row.get("end"), room.instance if room else None
        )
        row.values |= moves.place_of(session)._asdict()
        return where

    def _place(self, session: Session, where: moves.Place) -> None:
        before = self.planned[session.slug]
        if where == before:
            return
        pairs = zip(moves.COLUMNS, where, before, strict=True)
        columns = tuple(name for name, new, old in pairs if new != old)
        move = moves.place(session, **where._asdict())
        what = GATHERED if move else CHANGED
        self.changes.append(Change(what, Session, session.slug, columns))

    def _appearances(self, row: Row, session: Session) -> None:
        """Nothing hangs on an appearance: the list is written anew when it differs."""
        known = list(Appearance.objects.filter(session=session).order_by("position", "pk"))
        wanted = [Appearance(session=session, **_all_values(part)) for part in row.parts]
        wanted.sort(key=lambda appearance: appearance.position)
        if [_comparable(one) for one in known] == [_comparable(one) for one in wanted]:
            return
        Appearance.objects.filter(session=session).delete()
        Appearance.objects.bulk_create(wanted)
        created = Change(CREATED, Session, session.slug)
        if created not in self.changes:
            self.changes.append(Change(CHANGED, Session, session.slug, ("appearances",)))

    def _parts_of(self, edition: Edition, model, rows: list[Row], identity, key: str) -> None:
        """Rows of the edition by their key; those that are gone from the file are deleted."""
        known = {identity(getattr(one, key)): one for one in model.objects.filter(edition=edition)}
        for row in rows:
            self._save(row, known.pop(identity(row.get(key)), None), edition=edition)
        for gone in known.values():
            self.changes.append(Change(DELETED, model, getattr(gone, key)))
            gone.delete()

    def _figures(self, edition: Edition) -> None:
        """A whole is written before its parts, whatever their order in the file."""
        rows = sorted(self.content.figures, key=_depth)
        self._parts_of(edition, Figure, rows, str, "key")

    def _releases(self, edition: Edition) -> None:
        """Published words are not taken back by leaving them out: they stay, and we say so.

        Words that the file publishes are frozen; other words than before are published anew. What
        the team has published is not rewritten by a file that calls it a draft.
        """
        published = PressRelease.State.PUBLISHED
        known = {one.slug: one for one in PressRelease.objects.filter(edition=edition)}
        for row in self.content.press_releases:
            release = known.pop(row.get("slug"), None)
            is_out = row.values.pop("state", "") == published
            if release and not release.is_editable and not is_out:
                self.changes.append(Change(KEPT, PressRelease, release.slug))
                continue
            before = len(self.changes)
            release = self._save(row, release, edition=edition)
            if is_out and (release.state != published or len(self.changes) > before):
                self.to_publish.append(release)
        self.changes += [Change(KEPT, PressRelease, slug) for slug in known]

    def _delete_sessions(self, edition: Edition) -> None:
        kept = [row.get("slug") for row in self.content.sessions]
        for session in Session.objects.filter(edition=edition).exclude(slug__in=kept):
            self.changes.append(Change(DELETED, Session, session.slug))
            session.delete()

    def _check_placeholders(self, edition: Edition) -> None:
        """Last, because the placeholders stand for what has just been written."""
        known = values(edition)
        for row in self.content.press_releases:
            for name, language in product(_BOUND, ("fr", "en")):
                column = f"{name}_{language}"
                for sentence in placeholder_problems(row.get(column, ""), known):
                    self.problems.add(row.key_of(column), sentence)

    def _save(self, row: Row, known: models.Model | None, **other) -> models.Model:
        """Create the row, or change the columns that differ and no others."""
        model = row.table.model
        values = {**_all_values(row, known), **other}
        instance = known or model()
        changed = {
            name: value
            for name, value in values.items()
            if known is None or _plain(getattr(known, name)) != _plain(value)
        }
        row.instance = instance
        if not changed and known is not None:
            return instance
        for name, value in changed.items():
            setattr(instance, name, value)
        if known is not None and model is Session and changed.keys() & set(moves.COLUMNS):
            instance.revision += 1
            changed["revision"] = instance.revision
        self._validate(row, instance)
        if known is None:
            instance.save()
        else:
            instance.save(update_fields=list(changed))
        columns = () if known is None else tuple(sorted(changed.keys() - {"revision"}))
        what = CREATED if known is None else CHANGED
        self.changes.append(Change(what, model, _name(instance), columns))
        return instance

    def _validate(self, row: Row, instance: models.Model) -> None:
        """The model's own rules, as a net under the checks: stop at once, the rest hangs on it."""
        try:
            instance.full_clean()
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                for sentence in sentences:
                    self.problems.add(row.key_of(name), sentence)
            self.problems.stop_if_any()


def _is_draft(row: Row, edition: Edition | None) -> bool:
    """After the load: what the file says, else the state as it stands, else a draft."""
    state = row.get("state", edition.state if edition else Edition.State.DRAFT)
    return state == Edition.State.DRAFT


def _name(instance: models.Model) -> str:
    """What the file calls the row."""
    return getattr(instance, "slug", "") or getattr(instance, "key", "") or str(instance)


def _depth(figure: Row) -> int:
    whole = figure.get("part_of")
    return 1 + _depth(whole) if whole else 0


def _all_values(row: Row, known: models.Model | None = None) -> dict[str, object]:
    """What the row says; what it leaves out is empty, but kept in what editions share."""
    values = {
        name: value.instance if isinstance(value, Row) else value
        for name, value in row.values.items()
    }
    if known is not None and row.table.is_shared:
        return values
    defaults = {
        name: row.table.model._meta.get_field(name).get_default()
        for name in row.table.attributes
        if row.table.model._meta.get_field(name).editable
    }
    return {**defaults, **values}


def _plain(value: object) -> object:
    """For comparing a column with a value of the file; « nothing » is always the empty text."""
    if isinstance(value, list | MultipleCountriesDescriptor):
        return ",".join(sorted(str(_plain(one)) for one in value))
    if value is None:
        return ""
    if isinstance(value, Country):
        return value.code or ""
    return value


def _comparable(appearance: Appearance) -> tuple:
    return tuple(
        getattr(appearance, column.attname)
        for column in Appearance._meta.concrete_fields
        if column.name != "id"
    )
