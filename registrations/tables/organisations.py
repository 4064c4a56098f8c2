"""Organisations in a spreadsheet, with a column « adhérente » for each year."""

import copy
from collections.abc import Callable

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from raict.errors import DomainError
from raict.tables.kinds import COUNTRY, DIGITS, LINE, YES_OR_NO, choice
from raict.tables.table import KEY, Column, Entry, Table, unknown_key
from raict.typography import folded
from registrations.models import Membership, Organisation

_BATCH = 500


def member_in(year: int) -> Column:
    """« Adhérente 2026 »."""
    return Column(
        f"member_{year}",
        format_lazy("{} {}", gettext_lazy("Member"), year),
        YES_OR_NO,
        [f"adhérente {year}", f"adhérent {year}", f"adhésion {year}", f"cotisation {year}"],
        value=lambda row: year in row.years,
    )


class Organisations(Table):
    subject = "organisations"
    title = gettext_lazy("organisations")
    model = Organisation
    has_scope = False

    @cached_property
    def columns(self) -> list[Column]:
        """The years: from the first that is known, or three ago, to the next."""
        this = timezone.localdate().year
        first = Membership.objects.aggregate(first=models.Min("year"))["first"] or this
        years = range(min(first, this - 3), this + 2)
        return [
            KEY,
            Column("name", gettext_lazy("Name"), LINE, ["nom", *_ORGANISATION], is_needed=True),
            Column("kind", gettext_lazy("Kind"), choice(Organisation.Kind), ["type", "nature"]),
            Column("country", gettext_lazy("Country"), COUNTRY, ["pays", "code pays"]),
            Column("siret", "SIRET", DIGITS, ["n° siret", "numéro siret"]),
            Column("is_checked", gettext_lazy("Checked"), YES_OR_NO, ["vérifiée", "vérifié"]),
            *map(member_in, years),
        ]

    def rows(self, queryset) -> list[Organisation]:
        rows = list(queryset.order_by("name_folded", "pk").prefetch_related("memberships"))
        for row in rows:
            row.years = {membership.year for membership in row.memberships.all()}
        return rows

    def load(self) -> None:
        rows = self.rows(self.held(Organisation.objects.all()))
        self.standing = {str(row.pk): row for row in rows}
        self._by_name = {(row.name_folded, row.country.code or ""): row for row in rows}
        self._taken: dict[tuple[str, str], Organisation] = dict(self._by_name)
        self._by_siret = {row.siret: row for row in rows if row.siret}

    def find(self, key: str, values: dict) -> Organisation | None:
        if key:
            if key not in self.standing:
                raise unknown_key(key)
            return self.standing[key]
        found = self._by_siret.get(values.get("siret"))
        return found or self._by_name.get(self._name_key(values))

    def identity(self, row: Organisation | None, values: dict) -> object:
        return row.pk if row else self._name_key(values)

    def name(self, row: Organisation | None, values: dict) -> str:
        return row.name if row else values.get("name", "")

    def blank(self) -> Organisation:
        blank = Organisation()
        blank.years = set()
        return blank

    def checked(self, row: Organisation | None, values: dict) -> Organisation:
        candidate = copy.copy(row) if row else self.blank()
        candidate.years = set(candidate.years)
        for name, value in values.items():
            if name.startswith("member_"):
                (candidate.years.add if value else candidate.years.discard)(int(name[7:]))
            else:
                setattr(candidate, name, value)
        self.clean(candidate, {"name", "kind", "siret"} & values.keys())
        candidate.name_folded = folded(candidate.name)
        pair = candidate.name_folded, candidate.country.code or ""
        other = self._taken.setdefault(pair, candidate)
        if other is not candidate and other.pk != candidate.pk:
            raise DomainError(_("This organisation exists already in that country."), field="name")
        return candidate

    def write(self, entries: list[Entry], *, is_telling: bool, user, progress: Callable) -> list:
        new = [entry.candidate for entry in entries if entry.row is None]
        Organisation.objects.bulk_create(new, batch_size=_BATCH)
        joined, left = [], models.Q()
        for number, entry in enumerate(entries):
            candidate, before = entry.candidate, entry.row.years if entry.row else set()
            if entry.row and not all(name.startswith("member_") for name in entry.values):
                candidate.save()
            joined += [
                Membership(organisation=candidate, year=year) for year in candidate.years - before
            ]
            for year in before - candidate.years:
                left |= models.Q(organisation=candidate.pk, year=year)
            progress(number)
        Membership.objects.bulk_create(joined, batch_size=_BATCH)
        if left:
            Membership.objects.filter(left).delete()
        return [entry.candidate for entry in entries]

    @staticmethod
    def _name_key(values: dict) -> tuple[str, str]:
        return folded(values.get("name", "")), values.get("country", "")


_ORGANISATION = ["organisation", "structure", "collectivité", "organisme", "raison sociale"]
