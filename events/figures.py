"""The numbers of an edition: each has one definition, computed here or declared with its source.

A definition says which rows are counted, so the number and the rows behind it are the same query.
Registrations and programme are downstream: they are named by the reverse relations of Edition.

A declared row (events.models.Figure) of the same key takes precedence over the computed one: the
organiser knows more than this site about an edition whose registrations are not here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Model, Q, QuerySet
from django.utils.translation import get_language, npgettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from events.models import Edition, Figure
from raict.typography import NBSP, number

_CONFIRMED = {"state": "confirmed"}
# How far « nearly » and « about » reach, as a part of the number.
_MARGIN = Decimal("0.1")
# Authorities and their groupings, as the kinds of organisations name them.
_AUTHORITIES = ("commune", "epci", "departement", "region", "syndicat")


@dataclass(frozen=True)
class Definition:
    """What a figure counts: `rows` of the edition that are `where` and not `without`.

    `rows` is a path of reverse relations from Edition, and the rest is said from its end. `each`
    is what is counted once (an organisation, however many people it sends); empty: the rows.
    `share_of`: the figure is the percentage of that other one, rounded half up to a whole number.
    """

    label: str
    meaning: str
    rows: str
    where: Mapping[str, object] = field(default_factory=dict)
    without: Mapping[str, object] = field(default_factory=dict)
    each: str = ""
    share_of: str = ""

    def condition(self, prefix: str = "") -> Q:
        """The conditions, from the end of the path or, with its prefix, from Edition."""
        found = Q(**{f"{prefix}{name}": value for name, value in self.where.items()})
        if self.without:
            found &= ~Q(**{f"{prefix}{name}": value for name, value in self.without.items()})
        return found

    def count(self) -> Count:
        """From Edition."""
        prefix = f"{self.rows}__"
        return Count(
            f"{prefix}{self.each or 'pk'}",
            filter=self.condition(prefix),
            distinct=bool(self.each),
        )

    def queryset(self, edition: Edition) -> QuerySet:
        """The rows behind the number."""
        owner = "__".join(relation.field.name for relation in reversed(self._path()))
        return self.model._default_manager.filter(self.condition(), **{owner: edition})

    @property
    def model(self) -> type[Model]:
        """Of the rows."""
        return self._path()[-1].related_model

    def _path(self) -> list:
        """The reverse relations from Edition to the rows."""
        relations, model = [], Edition
        for name in self.rows.split("__"):
            relations.append(model._meta.get_field(name))
            model = relations[-1].related_model
        return relations

    def behind(self, edition: Edition) -> QuerySet:
        """What is counted: the rows, or each organisation, person … once.

        Of a plain column (the country): its values, each with the number of rows.
        """
        rows = self.queryset(edition)
        if not self.each:
            return rows
        counted = rows.model._meta.get_field(self.each)
        if counted.related_model is None:
            return rows.order_by(self.each).values_list(self.each).annotate(Count("pk"))
        chosen = rows.order_by().values(self.each)
        return counted.related_model._default_manager.filter(pk__in=chosen)


COMPUTED = {
    "registered": Definition(
        npgettext_lazy("key figure", "person registered", "people registered", "count"),
        _("Confirmed registrations; those that wait, or were cancelled, are left out."),
        "registrations",
        _CONFIRMED,
    ),
    "participants": Definition(
        npgettext_lazy("key figure", "participant", "participants", "count"),
        _("People present: confirmed registrations that were checked in at least once."),
        "registrations__check_ins",
        {"registration__state": "confirmed"},
        each="registration",
    ),
    "countries": Definition(
        npgettext_lazy("key figure", "country", "countries", "count"),
        _("Countries of the confirmed registrations, with those declared present."),
        "registrations",
        _CONFIRMED,
        each="country",
    ),
    "foreign_participants": Definition(
        npgettext_lazy(
            "key figure", "participant from abroad", "participants from abroad", "count"
        ),
        _("Confirmed registrations from another country than France."),
        "registrations",
        _CONFIRMED,
        {"country": "FR"},
    ),
    "foreign_share": Definition(
        npgettext_lazy(
            "key figure", "of participants from abroad", "of participants from abroad", "count"
        ),
        _("Confirmed registrations from another country than France, of all confirmed ones."),
        "registrations",
        _CONFIRMED,
        {"country": "FR"},
        share_of="registered",
    ),
    "french_authorities": Definition(
        npgettext_lazy("key figure", "French local authority", "French local authorities", "count"),
        _(
            "Communes, groupings, départements, régions and syndicates in France with at least one"
            " confirmed registration."
        ),
        "registrations",
        {
            **_CONFIRMED,
            "organisation__kind__in": _AUTHORITIES,
            "organisation__country__in": ("FR", ""),
        },
        each="organisation",
    ),
    "foreign_delegations": Definition(
        npgettext_lazy("key figure", "foreign delegation", "foreign delegations", "count"),
        _(
            "Local authorities, ministries and agencies abroad with at least one confirmed"
            " registration; embassies are counted apart."
        ),
        "registrations",
        {**_CONFIRMED, "organisation__kind__in": ("foreign_authority", "foreign_state")},
        each="organisation",
    ),
    "embassies": Definition(
        npgettext_lazy("key figure", "embassy", "embassies", "count"),
        _("Embassies with at least one confirmed registration."),
        "registrations",
        {**_CONFIRMED, "organisation__kind": "embassy"},
        each="organisation",
    ),
    "organisations": Definition(
        npgettext_lazy("key figure", "organisation", "organisations", "count"),
        _("Organisations of every kind with at least one confirmed registration."),
        "registrations",
        {**_CONFIRMED, "organisation__isnull": False},
        each="organisation",
    ),
    "elected": Definition(
        npgettext_lazy("key figure", "elected representative", "elected representatives", "count"),
        _("Confirmed registrations in the category « élu »."),
        "registrations",
        {**_CONFIRMED, "category__key": "elu"},
    ),
    "officers": Definition(
        npgettext_lazy(
            "key figure", "local government officer", "local government officers", "count"
        ),
        _("Confirmed registrations in the category « technicien »."),
        "registrations",
        {**_CONFIRMED, "category__key": "technicien"},
    ),
    "journalists": Definition(
        npgettext_lazy("key figure", "journalist", "journalists", "count"),
        _("Confirmed registrations in the category « presse »."),
        "registrations",
        {**_CONFIRMED, "category__key": "presse"},
    ),
    "speakers": Definition(
        npgettext_lazy("key figure", "speaker", "speakers", "count"),
        _("People who are named in a published session, each once, whatever their role."),
        "sessions__appearances",
        {"session__is_published": True, "person__isnull": False},
        each="person",
    ),
    "partners": Definition(
        npgettext_lazy("key figure", "partner", "partners", "count"),
        _("Partners and supporters, without the exhibitors."),
        "partners",
        without={"kind": "exhibitor"},
    ),
    "exhibitors": Definition(
        npgettext_lazy("key figure", "exhibitor", "exhibitors", "count"),
        _("Partners of the kind « exhibitor »."),
        "partners",
        {"kind": "exhibitor"},
    ),
    "plenaries": Definition(
        npgettext_lazy("key figure", "plenary", "plenaries", "count"),
        _("Published plenary sessions, without the official opening."),
        "sessions",
        {"is_published": True, "kind": "plenary"},
    ),
    "geographic_meetings": Definition(
        npgettext_lazy("key figure", "geographic meeting", "geographic meetings", "count"),
        _("Published geographic meetings."),
        "sessions",
        {"is_published": True, "kind": "geographic_meeting"},
    ),
    "thematic_workshops": Definition(
        npgettext_lazy("key figure", "thematic workshop", "thematic workshops", "count"),
        _("Published thematic workshops."),
        "sessions",
        {"is_published": True, "kind": "thematic_workshop"},
    ),
    "cafes": Definition(
        npgettext_lazy("key figure", "Café des RAICT", "Cafés des RAICT", "count"),
        _("Published Cafés des RAICT."),
        "sessions",
        {"is_published": True, "kind": "cafe"},
    ),
    "sessions": Definition(
        npgettext_lazy("key figure", "session", "sessions", "count"),
        _("Published sessions of every kind but meals and breaks."),
        "sessions",
        {"is_published": True},
        {"kind__in": ("meal", "break")},
    ),
}
_PATHS = tuple(dict.fromkeys(definition.rows for definition in COMPUTED.values()))


def tallies_of(editions: Iterable[Edition]) -> dict[int, dict[str, int]]:
    """What is counted, by the editions' primary keys: six queries, however many there are."""
    editions = list(editions)
    found: dict[int, dict[str, int]] = {edition.pk: {} for edition in editions}
    rows = Edition.objects.filter(pk__in=found).order_by()
    for path in _PATHS:
        counts = {f"n_{key}": one.count() for key, one in COMPUTED.items() if one.rows == path}
        for row in rows.values("pk").annotate(**counts):
            pk = row.pop("pk")
            found[pk] |= {name.removeprefix("n_"): count for name, count in row.items()}
    countries = {edition.pk: {c.code for c in edition.declared_countries} for edition in editions}
    confirmed = rows.filter(COMPUTED["countries"].condition("registrations__"))
    for pk, country in confirmed.values_list("pk", "registrations__country").distinct():
        countries[pk].add(country)
    for pk, codes in countries.items():
        found[pk]["countries"] = len(codes)
    return found


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
        return written_number(self.value, is_percentage=self.is_percentage)

    @property
    def words(self) -> str:
        """« plus de », "about"; nothing before an exact number."""
        return str(QUALIFIERS.get(self.qualifier, ""))

    @property
    def phrase(self) -> str:
        """« plus de 500 », "about 40%": the number with its qualifier, on one line."""
        return f"{self.words} {self.number}".replace(" ", NBSP) if self.words else self.number

    @property
    def is_known(self) -> bool:
        """A computed zero says that the rows are not here (yet), not that nobody came."""
        return self.is_declared or self.value > 0

    def bears(self, claim: str, number: Decimal) -> bool:
        """Whether « plus de 500 » and the like may be said of this figure.

        Claims: the qualifiers of Figure, and « at_least », « less_than ». « Nearly » is up to a
        tenth below, « about » a tenth around. Of a figure that is itself a floor or about, only
        what follows from it for certain.
        """
        low, high = self._bounds()
        match claim:
            case Figure.Qualifier.MORE_THAN:
                is_floor = self.qualifier == Figure.Qualifier.MORE_THAN
                return low > number or (is_floor and low == number)
            case "at_least":
                return low >= number
            case "less_than":
                return high < number
            case Figure.Qualifier.EXACT:
                return self.qualifier == Figure.Qualifier.EXACT and self.value == number
            case _:  # nearly, about
                if self.qualifier == claim and self.value == number:
                    return True
                margin = number * _MARGIN
                above = number if claim == Figure.Qualifier.NEARLY else number + margin
                return number - margin <= low and high <= above

    def _bounds(self) -> tuple[Decimal, Decimal]:
        """Between which two numbers the true one lies, both included."""
        margin = self.value * _MARGIN
        return {
            Figure.Qualifier.MORE_THAN: (self.value, Decimal("Infinity")),
            Figure.Qualifier.NEARLY: (self.value - margin, self.value),
            Figure.Qualifier.ABOUT: (self.value - margin, self.value + margin),
        }.get(self.qualifier, (self.value, self.value))

    def __str__(self) -> str:
        return self.phrase


def written_number(value: Decimal, *, is_percentage: bool = False) -> str:
    """« 1 300 », « 40 % » in the active language."""
    written = number(value)
    if not is_percentage:
        return written
    return f"{written}%" if get_language() == "en" else f"{written}\u202f%"


QUALIFIERS = {
    Figure.Qualifier.MORE_THAN: pgettext_lazy("before a number", "more than"),
    Figure.Qualifier.NEARLY: pgettext_lazy("before a number", "nearly"),
    Figure.Qualifier.ABOUT: pgettext_lazy("before a number", "about"),
}


def figures(edition: Edition, tallies: Mapping[str, int] | None = None) -> dict[str, FigureValue]:
    """Every figure of the edition by key: the computed ones in their order, then other declared ones.

    Seven queries, however many figures there are; six less with `tallies` (tallies_of).
    """
    rows = list(edition.figures.all())
    declared = {row.key: _declared(row, rows) for row in rows}
    tallies = tallies or tallies_of([edition])[edition.pk]
    counted = {
        key: _counted(key, definition, tallies)
        for key, definition in COMPUTED.items()
        if key not in declared
    }
    return {key: declared.get(key) or counted[key] for key in COMPUTED} | declared


def _counted(key: str, definition: Definition, tallies: Mapping[str, int]) -> FigureValue:
    value = tallies[key]
    if definition.share_of:
        whole = Decimal(tallies[definition.share_of] or 1)
        value = int((100 * Decimal(value) / whole).quantize(Decimal(1), ROUND_HALF_UP))
    return FigureValue(
        key=key,
        label=definition.label % {"count": value or 2},  # a name, while there are none
        value=Decimal(value),
        is_percentage=bool(definition.share_of),
        definition=str(definition.meaning),
    )


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
