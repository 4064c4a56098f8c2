"""Participants in a spreadsheet: `services.register_many` and `services.correct_many` write them."""

import copy
from collections.abc import Callable

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.tables import EDITION, EditionTable
from raict.errors import DomainError
from raict.tables.kinds import COUNTRY, EMAIL, LINE, NAME, choice, named
from raict.tables.table import KEY, Column, Entry
from raict.typography import folded
from registrations import services
from registrations.forms.staff import REGISTRABLE
from registrations.locked import lock
from registrations.models import Category, Organisation, Registration

_CIVILITIES = {
    **dict.fromkeys(["m", "mr", "monsieur", "h", "homme"], Registration.Civility.SIR),
    **dict.fromkeys(
        ["mme", "madame", "mlle", "mademoiselle", "mrs", "ms", "f", "femme"],
        Registration.Civility.MADAM,
    ),
}
_CATEGORY = named(
    "categories",
    lambda category: category.name_fr,
    gettext_lazy("“%(text)s” is none of these: %(choices)s."),
)


class Participants(EditionTable):
    subject = "participants"
    title = gettext_lazy("participants")
    model = Registration
    can_tell = True
    columns = [
        KEY,
        Column(
            "civility",
            gettext_lazy("Civility"),
            choice(Registration.Civility, _CIVILITIES),
            ["civilité", "m mme", "genre"],
        ),
        Column("title", gettext_lazy("Title"), LINE, ["titre"]),
        Column(
            "first_name", gettext_lazy("First name"), NAME, ["prénom", "prénoms"], is_needed=True
        ),
        Column(
            "last_name",
            gettext_lazy("Last name"),
            NAME,
            ["nom", "nom de famille", "surname"],
            is_needed=True,
        ),
        Column(
            "email",
            gettext_lazy("E-mail"),
            EMAIL,
            ["courriel", "e-mail", "email", "mail", "adresse mail", "adresse électronique"],
            is_needed=True,
        ),
        Column("function", gettext_lazy("Function"), LINE, ["fonction", "poste", "qualité"]),
        Column(
            "organisation",
            gettext_lazy("Organisation"),
            LINE,
            ["structure", "collectivité", "organisme", "employeur", "institution"],
            value=lambda row: row.organisation.name if row.organisation else "",
        ),
        Column("country", gettext_lazy("Country"), COUNTRY, ["pays", "code pays"], is_needed=True),
        Column(
            "category",
            gettext_lazy("Category"),
            _CATEGORY,
            ["catégorie", "profil"],
            is_needed=True,
        ),
        Column(
            "language",
            gettext_lazy("Language"),
            choice(Registration.Language, {"francais": "fr", "anglais": "en"}),
            ["langue"],
        ),
        Column(
            "state",
            gettext_lazy("State"),
            is_shown_only=True,
            synonyms=["état", "statut"],
            value=Registration.get_state_display,
        ),
        Column(
            "created_at",
            gettext_lazy("Registered on"),
            is_shown_only=True,
            synonyms=["inscrit le", "date d’inscription"],
        ),
        EDITION,
    ]

    def key(self, row: Registration) -> str:
        return row.reference

    def rows(self, queryset):
        return queryset.select_related("edition", "category", "organisation").order_by(
            "edition__number", "last_name", "first_name", "pk"
        )

    def load(self) -> None:
        """Under the edition's lock when it is written, first of all, as for every change of seats."""
        if self.is_writing:
            lock(self.scope)
        rows = self.rows(self.held(self.edition.registrations.all()))
        self.standing = {row.reference: row for row in rows}
        for row in self.standing.values():
            row.edition = self.edition
        self._by_email = {row.email.lower(): row for row in self.standing.values() if row.is_live}
        self._taken: dict[str, Registration] = dict(self._by_email)
        categories = list(Category.objects.all())
        self.names["categories"] = {
            folded(name): category
            for category in categories
            for name in (
                category.key,
                category.name_en,
                category.name_feminine_fr,
                category.name_fr,
                *_both(category.name_fr),
            )
            if name
        }

    def is_elsewhere(self, key: str) -> bool:
        return Registration.objects.filter(reference=key[:12]).exists()

    def find(self, key: str, values: dict) -> Registration | None:
        if key:
            return self.by_key(self.standing, key.upper())
        return self._by_email.get(values.get("email", "").lower())

    def identity(self, row: Registration | None, values: dict) -> object:
        return row.pk if row else values.get("email", "").lower() or None

    def name(self, row: Registration | None, values: dict) -> str:
        if row:
            return row.full_name
        return f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()

    @cached_property
    def is_registrable(self) -> bool:
        return self.edition.state in REGISTRABLE

    def checked(self, row: Registration | None, values: dict) -> Registration:
        if row is None and not self.is_registrable:
            raise DomainError(_("Nobody can be registered any more for this edition."))
        if row and not row.is_live:
            raise DomainError(_("This registration is cancelled."))
        candidate = copy.copy(row) if row else Registration(edition=self.edition)
        for name, value in values.items():
            if name != "organisation":
                setattr(candidate, name, value)
        self._check_organisation(values)
        self.clean(candidate, values.keys() - {"organisation", "category", "country"})
        if "email" in values:
            other = self._taken.setdefault(candidate.email.lower(), candidate)
            if other is not candidate and other.pk != candidate.pk:
                raise DomainError(_("This e-mail is registered already."), field="email")
        return candidate

    def _check_organisation(self, values: dict) -> None:
        limit = Organisation._meta.get_field("name").max_length
        if len(values.get("organisation", "")) > limit:
            sentence = _("Too long: %(limit)d signs at most.") % {"limit": limit}
            raise DomainError(sentence, field="organisation")

    # ------------------------------------------------------------------------------------ writing
    def write(self, entries: list[Entry], *, is_telling: bool, user, progress: Callable) -> list:
        self._settle_organisations(entries)
        new = [entry.candidate for entry in entries if entry.row is None]
        services.register_many(edition=self.edition, people=new, notify=is_telling, user=user)
        corrected = services.correct_many(
            {entry.row.pk: entry.values for entry in entries if entry.row},
            notify=is_telling,
            user=user,
            progress=lambda number: progress(len(new) + number),
        )
        return [corrected[entry.row.pk] if entry.row else entry.candidate for entry in entries]

    def _settle_organisations(self, entries: list[Entry]) -> None:
        """The rows in place of the names."""
        named_now = [entry for entry in entries if "organisation" in entry.values]
        pairs = [
            (entry.values["organisation"], entry.candidate.country.code) for entry in named_now
        ]
        found = services.write_organisations(pairs)
        for entry, (name, country) in zip(named_now, pairs, strict=True):
            entry.values["organisation"] = found.get((folded(name), country))
            entry.candidate.organisation = entry.values["organisation"]


def _both(name: str) -> list[str]:
    """« Élu·e » is « Élu » and « Élue » as well."""
    stem, point, ending = name.partition("·")
    return [stem, f"{stem}{ending.replace('·', '')}"] if point and " " not in name else []
