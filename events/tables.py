"""What belongs to an edition in a spreadsheet; the partners."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from events.models import Edition, Partner
from raict.tables.kinds import LINE, POSITION, TEXT, choice
from raict.tables.table import KEY, Column, Table, of_other_scope, unknown_key
from raict.typography import folded

EDITION = Column(
    "edition",
    _("Edition"),
    is_shown_only=True,
    synonyms=("édition",),
    value=lambda row: row.edition.number,
)


class EditionTable(Table):
    """Rows of one edition, chosen when the file is sent."""

    @classmethod
    def scopes(cls) -> list[tuple[int, str]]:
        editions = Edition.objects.order_by("-is_current", "-number")
        return [(edition.pk, edition.title) for edition in editions]

    @classmethod
    def usual_scope(cls) -> int | None:
        current = Edition.objects.current()
        return current and current.pk

    @cached_property
    def edition(self) -> Edition:
        return Edition.objects.select_related("venue").get(pk=self.scope)

    def by_key(self, rows: dict, key: str):
        """The row of this edition with that key. DomainError for one that is none, or elsewhere."""
        if key in rows:
            return rows[key]
        raise of_other_scope() if self.is_elsewhere(key) else unknown_key(key)

    def is_elsewhere(self, key: str) -> bool:
        """Whether a row of another edition has that key."""
        return key.isdecimal() and self.model._base_manager.filter(pk=key[:18]).exists()


class Partners(EditionTable):
    subject = "partners"
    title = _("partners and exhibitors")
    model = Partner
    columns = [
        KEY,
        Column("kind", _("Kind"), choice(Partner.Kind), ["type", "nature", "genre"]),
        Column(
            "name_fr", _("Name (French)"), LINE, ["nom", "partenaire", "structure"], is_needed=True
        ),
        Column("name_en", _("Name (English)"), LINE, ["nom anglais", "name"]),
        Column("acronym", _("Acronym"), LINE, ["sigle"]),
        Column("motto", _("Motto"), LINE, ["devise", "slogan"]),
        Column("description_fr", _("Description (French)"), TEXT, ["description", "présentation"]),
        Column("description_en", _("Description (English)"), TEXT, ["description anglais"]),
        Column("url", _("Web address"), LINE, ["site", "site web", "site internet", "url", "web"]),
        Column("stand", _("Stand"), LINE, ["stand n°", "emplacement"]),
        Column("position", _("Position"), POSITION, ["ordre", "rang"]),
        EDITION,
    ]

    def rows(self, queryset):
        return queryset.select_related("edition").order_by("edition__number", "position", "name_fr")

    def load(self) -> None:
        self.standing = {str(row.pk): row for row in self.held(self.edition.partners.all())}
        self._by_name = {folded(row.name_fr): row for row in self.standing.values()}

    def find(self, key: str, values: dict) -> Partner | None:
        if key:
            return self.by_key(self.standing, key)
        return self._by_name.get(folded(values.get("name_fr", "")))

    def identity(self, row: Partner | None, values: dict) -> object:
        return row.pk if row else folded(values.get("name_fr", ""))

    def name(self, row: Partner | None, values: dict) -> str:
        return row.name_fr if row else values.get("name_fr", "")

    def blank(self) -> Partner:
        return Partner(edition=self.edition)

    def checked(self, row: Partner | None, values: dict) -> Partner:
        """A web address without « https:// » gets it, as in the form."""
        url = values.get("url", "")
        if url and "://" not in url:
            values["url"] = f"https://{url}"
        return super().checked(row, values)
