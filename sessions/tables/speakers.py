"""Speakers with their appearances at one edition: a line each appearance, the person's part repeated."""

import copy
from collections.abc import Callable

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.tables import EDITION, EditionTable
from raict.errors import DomainError
from raict.tables.kinds import LINE, NAME, POSITION, TEXT, YES_OR_NO, choice, named
from raict.tables.table import KEY, Column, Entry
from raict.typography import folded
from sessions import addresses
from sessions.models import Appearance, Person

_OF_PERSON = ("title", "first_name", "last_name", "biography_fr", "biography_en")
_SESSION = named(
    "sessions",
    lambda session: session.slug,
    gettext_lazy("“%(text)s” is no session of this edition: write its identifier or its title."),
)


def of_person(name: str) -> Callable:
    return lambda row: getattr(row.person, name) if row.person else ""


class Speakers(EditionTable):
    subject = "speakers"
    title = gettext_lazy("speakers and their appearances")
    model = Appearance
    columns = [
        KEY,
        Column(
            "person",
            gettext_lazy("Speaker (identifier)"),
            LINE,
            ["fiche", "intervenant", "intervenante"],
            value=of_person("slug"),
        ),
        Column("title", gettext_lazy("Title"), LINE, ["titre"], value=of_person("title")),
        Column(
            "first_name",
            gettext_lazy("First name"),
            NAME,
            ["prénom", "prénoms"],
            value=of_person("first_name"),
        ),
        Column(
            "last_name",
            gettext_lazy("Last name"),
            NAME,
            ["nom", "nom de famille"],
            value=of_person("last_name"),
        ),
        Column("label_fr", gettext_lazy("Not named (French)"), LINE, ["sans nom", "à désigner"]),
        Column("label_en", gettext_lazy("Not named (English)"), LINE, ["sans nom anglais"]),
        Column(
            "session",
            gettext_lazy("Session"),
            _SESSION,
            ["séance", "atelier", "titre de la session"],
            is_needed=True,
        ),
        Column("role", gettext_lazy("Role"), choice(Appearance.Role), ["rôle", "qualité"]),
        Column("function_fr", gettext_lazy("Function (French)"), LINE, ["fonction", "poste"]),
        Column("function_en", gettext_lazy("Function (English)"), LINE, ["fonction anglais"]),
        Column("organisation", gettext_lazy("Organisation"), LINE, ["structure", "collectivité"]),
        Column("represents_fr", gettext_lazy("Represents (French)"), LINE, ["représente"]),
        Column("represents_en", gettext_lazy("Represents (English)"), LINE, ["représente anglais"]),
        Column("is_pending", gettext_lazy("To be confirmed"), YES_OR_NO, ["en attente"]),
        Column("position", gettext_lazy("Position"), POSITION, ["ordre", "rang"]),
        Column(
            "biography_fr",
            gettext_lazy("Biography (French)"),
            TEXT,
            ["biographie"],
            value=of_person("biography_fr"),
        ),
        Column(
            "biography_en",
            gettext_lazy("Biography (English)"),
            TEXT,
            ["biographie anglais"],
            value=of_person("biography_en"),
        ),
        Column(
            "edition",
            EDITION.header,
            is_shown_only=True,
            synonyms=EDITION.synonyms,
            value=lambda row: row.session.edition.number,
        ),
    ]

    def rows(self, queryset):
        order = ("session__edition__number", "person__last_name", "person__first_name", "pk")
        return queryset.select_related("person", "session__edition").order_by(*order)

    def load(self) -> None:
        rows = self.rows(self.held(Appearance.objects.filter(session__edition=self.edition)))
        self.standing = {str(row.pk): row for row in rows}
        self._by_who = {
            (row.session_id, _who(row.person, row.label_fr), row.role): row
            for row in self.standing.values()
        }
        self._taken: dict[tuple, Appearance] = {
            key: row for key, row in self._by_who.items() if row.person
        }
        people = list(self.held(Person.objects.all()))
        self._people = {person.slug: person for person in people}
        self._by_name: dict[str, list[Person]] = {}
        for person in people:
            self._by_name.setdefault(_full(person.first_name, person.last_name), []).append(person)
        # One object each, so that two lines about a person change the same one.
        self._candidates: dict[object, Person] = {}
        self._said: dict[tuple, str] = {}
        sessions = list(self.edition.sessions.all())
        named_so = {folded(session.name): session for session in sessions}
        self.names["sessions"] = named_so | {folded(one.slug): one for one in sessions}

    def find(self, key: str, values: dict) -> Appearance | None:
        if key:
            return self.by_key(self.standing, key)
        session = values.get("session")
        role = values.get("role", Appearance.Role.SPEAKER)
        person = self._known(values)
        who = _who(person, values.get("label_fr", ""))
        return self._by_who.get((session and session.pk, who, role))

    def identity(self, row: Appearance | None, values: dict) -> object:
        if row:
            return row.pk
        session, role = values.get("session"), values.get("role", Appearance.Role.SPEAKER)
        who = values.get("person") or _full(
            values.get("first_name", ""), values.get("last_name", "")
        )
        return (session and session.pk, who, role) if who else None

    def name(self, row: Appearance | None, values: dict) -> str:
        if row:
            return row.who
        names = (values.get("first_name", ""), values.get("last_name", ""))
        return " ".join(filter(None, names)) or values.get("label_fr", "")

    def checked(self, row: Appearance | None, values: dict) -> Appearance:
        candidate = copy.copy(row) if row else Appearance()
        person = row.person if row else None
        if row is None or person is None or "person" in values:
            person = self._known(values)
        own = {name: value for name, value in values.items() if name in _OF_PERSON}
        if person or own.get("last_name"):
            candidate.person = person or Person()  # for the rules of an appearance
        for name, value in values.items():
            if name not in (*_OF_PERSON, "person"):
                setattr(candidate, name, value)
        candidate.full_clean(exclude=["session", "person"])
        if person or own.get("last_name"):
            candidate.person = self._changed(person, own)
        self._refuse_nobody(candidate)
        self._refuse_twice(candidate)
        return candidate

    # What the constraints say, which `full_clean` leaves out with a person still to be written.
    def _refuse_nobody(self, candidate: Appearance) -> None:
        named = candidate.person or candidate.label_fr or candidate.organisation
        if not (named or candidate.is_pending):
            constraints = {one.name: one for one in Appearance._meta.constraints}
            raise DomainError(constraints["appearance_of_somebody"].violation_error_message)

    def _refuse_twice(self, candidate: Appearance) -> None:
        person = candidate.person
        if person is None:
            return
        who = person.pk or _full(person.first_name, person.last_name)
        other = self._taken.setdefault((candidate.session_id, who, candidate.role), candidate)
        if other is not candidate and other.pk != candidate.pk:
            raise DomainError(_("This person has that role in that session already."), field="role")

    def _known(self, values: dict) -> Person | None:
        """By identifier, else by name; DomainError where several have it."""
        if slug := values.get("person"):
            if slug not in self._people:
                raise DomainError(_("No speaker has this identifier."), field="person")
            return self._people[slug]
        name = _full(values.get("first_name", ""), values.get("last_name", ""))
        found = self._by_name.get(name, []) if name else []
        if len(found) > 1:
            slugs = ", ".join(person.slug for person in found)
            sentence = _("Several speakers have this name: give the identifier (%(slugs)s).")
            raise DomainError(sentence % {"slugs": slugs}, field="person")
        return found[0] if found else None

    def _changed(self, person: Person | None, own: dict) -> Person:
        """The person as the lines say; two lines that say two things are refused."""
        identity = person.pk if person else _full(own.get("first_name", ""), own["last_name"])
        for name, value in own.items():
            if self._said.setdefault((identity, name), value) != value:
                raise DomainError(_("Another line says something else of this person."), field=name)
        candidate = self._candidates.get(identity)
        candidate = candidate or (copy.copy(person) if person else self._new(own))
        trial = copy.copy(candidate)
        for name, value in own.items():
            setattr(trial, name, value)
        trial.full_clean(validate_unique=False, validate_constraints=False)
        for name, value in own.items():
            setattr(candidate, name, value)
        self._candidates[identity] = candidate
        return candidate

    def _new(self, own: dict) -> Person:
        given = {one.slug for one in self._candidates.values()}
        wanted = slugify(f"{own.get('first_name', '')} {own['last_name']}") or "intervenant"
        return Person(slug=addresses.free_among(wanted, Person.objects, given))

    def write(self, entries: list[Entry], *, is_telling: bool, user, progress: Callable) -> list:
        for number, entry in enumerate(entries):
            person = entry.candidate.person
            if person and (not person.pk or set(_OF_PERSON) & set(entry.values)):
                person.save()
            entry.candidate.person = person  # its key, where it is new
            entry.candidate.save()
            progress(number)
        return [entry.candidate for entry in entries]


def _full(first: str, last: str) -> str:
    return folded(f"{first} {last}")


def _who(person: Person | None, label: str) -> object:
    return person.pk if person else folded(label)
