"""The numbers of an edition: each has one definition, computed here or declared with its source.

A declared row (events.models.Figure) of the same key takes precedence over the computed one: the
organiser knows more than this site about an edition whose registrations are not here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count
from django.utils.translation import get_language, npgettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from events.models import Edition, Figure
from raict.typography import NBSP, number


@dataclass(frozen=True)
class Tallies:
    """What the figures are made of: two grouped counts of rows that belong to the apps above."""

    participants: dict[str, int]  # confirmed registrations by country
    sessions: dict[str, int]  # published sessions by kind
    declared_countries: frozenset[str]


def tallies_of(editions: Iterable[Edition]) -> dict[int, Tallies]:
    """By the editions' primary keys; two queries, however many editions there are."""
    found = {
        edition.pk: Tallies({}, {}, frozenset(c.code for c in edition.declared_countries))
        for edition in editions
    }
    rows = Edition.objects.filter(pk__in=found).order_by()
    confirmed = rows.filter(registrations__state="confirmed")
    for pk, country, count in confirmed.values_list("pk", "registrations__country").annotate(
        Count("registrations")
    ):
        found[pk].participants[country] = count
    published = rows.filter(sessions__is_published=True)
    for pk, kind, count in published.values_list("pk", "sessions__kind").annotate(
        Count("sessions")
    ):
        found[pk].sessions[kind] = count
    return found


@dataclass(frozen=True)
class Definition:
    label: str
    meaning: str
    count: Callable[[Tallies], int]


@dataclass(frozen=True)
class FigureValue:
    """A number with what is said of it. `parts` are figures that count a part of this one."""

    key: str
    label: str
    value: Decimal
    qualifier: str = Figure.Qualifier.EXACT
    is_percentage: bool = False
    source: str = ""
    definition: str = ""
    is_declared: bool = False
    part_of: str = ""
    parts: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """« 1 300 », « 40 % », "1,300", in the active language."""
        written = number(self.value)
        if not self.is_percentage:
            return written
        return f"{written}%" if get_language() == "en" else f"{written}\u202f%"

    @property
    def words(self) -> str:
        """« plus de », "about"; nothing before an exact number."""
        return str(_QUALIFIERS.get(self.qualifier, ""))

    @property
    def phrase(self) -> str:
        """« plus de 500 », "about 40%": the number with its qualifier, on one line."""
        return f"{self.words} {self.number}".replace(" ", NBSP) if self.words else self.number

    def __str__(self) -> str:
        return self.phrase


_QUALIFIERS = {
    Figure.Qualifier.MORE_THAN: pgettext_lazy("before a number", "more than"),
    Figure.Qualifier.NEARLY: pgettext_lazy("before a number", "nearly"),
    Figure.Qualifier.ABOUT: pgettext_lazy("before a number", "about"),
}


COMPUTED = {
    "participants": Definition(
        npgettext_lazy("key figure", "participant", "participants", "count"),
        _("Confirmed registrations, cancelled ones left out."),
        lambda tallies: sum(tallies.participants.values()),
    ),
    "countries": Definition(
        npgettext_lazy("key figure", "country", "countries", "count"),
        _("Countries of the confirmed registrations, with those declared present."),
        lambda tallies: len({*tallies.participants, *tallies.declared_countries}),
    ),
    "plenaries": Definition(
        npgettext_lazy("key figure", "plenary", "plenaries", "count"),
        _("Published plenary sessions, without the official opening."),
        lambda tallies: tallies.sessions.get("plenary", 0),
    ),
    "geographic_meetings": Definition(
        npgettext_lazy("key figure", "geographic meeting", "geographic meetings", "count"),
        _("Published geographic meetings."),
        lambda tallies: tallies.sessions.get("geographic_meeting", 0),
    ),
    "thematic_workshops": Definition(
        npgettext_lazy("key figure", "thematic workshop", "thematic workshops", "count"),
        _("Published thematic workshops."),
        lambda tallies: tallies.sessions.get("thematic_workshop", 0),
    ),
    "cafes": Definition(
        npgettext_lazy("key figure", "Café des RAICT", "Cafés des RAICT", "count"),
        _("Published Cafés des RAICT."),
        lambda tallies: tallies.sessions.get("cafe", 0),
    ),
    "sessions": Definition(
        npgettext_lazy("key figure", "session", "sessions", "count"),
        _("Published sessions of every kind but meals and breaks."),
        lambda tallies: sum(
            count for kind, count in tallies.sessions.items() if kind not in ("meal", "break")
        ),
    ),
}


def figures(edition: Edition, tallies: Tallies | None = None) -> dict[str, FigureValue]:
    """Every figure of the edition by key: the computed ones in their order, then other declared ones.

    Three queries, however many figures there are; two less with `tallies` (tallies_of).
    """
    rows = list(edition.figures.all())
    declared = {row.key: _declared(row, rows) for row in rows}
    tallies = tallies or tallies_of([edition])[edition.pk]
    counted = {
        key: FigureValue(
            key=key,
            label=definition.label % {"count": definition.count(tallies)},
            value=Decimal(definition.count(tallies)),
            definition=str(definition.meaning),
        )
        for key, definition in COMPUTED.items()
        if key not in declared
    }
    return {key: declared.get(key) or counted[key] for key in COMPUTED} | declared


def _declared(row: Figure, rows: list[Figure]) -> FigureValue:
    parent = next((other.key for other in rows if other.pk == row.part_of_id), "")
    known = COMPUTED.get(row.key)
    return FigureValue(
        key=row.key,
        label=row.label or (known.label % {"count": int(row.value)} if known else row.key),
        value=row.value,
        qualifier=row.qualifier,
        is_percentage=row.is_percentage,
        source=row.source,
        definition=str(known.meaning) if known else "",
        is_declared=True,
        part_of=parent,
        parts=tuple(other.key for other in rows if other.part_of_id == row.pk),
    )
