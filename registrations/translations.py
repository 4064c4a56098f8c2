"""What the public reads of an edition, or will read, and what of it stands in one language only.

Columns are found in the models: whatever is `bilingual` and belongs to an edition is a text here,
unless NOT_PUBLIC says why not. Press releases count while they are drafts in both languages: what is
checked or published is not touched.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.db.models import Func, Q, QuerySet, Sum, Value
from django.db.models.expressions import Combinable

from events.models import (
    Edition,
    Figure,
    Partner,
    PressPicture,
    PressRelease,
    Quote,
    ReleaseContact,
    Venue,
)
from raict.typography import folded
from registrations.models import Category
from sessions.models import Appearance, Person, Session

OTHER = {"fr": "en", "en": "fr"}
# Bilingual columns that nobody translates here, and why.
NOT_PUBLIC = {
    "events.PressRelease.withdrawal": "written when a release is withdrawn, and frozen then",
    **{
        f"registrations.{mail}.{name}": "a mail: what is written in one language goes to all"
        for mail in ("Circular", "TimedLetter")
        for name in ("subject", "text")
    },
}


def bilingual_names(model: type[models.Model]) -> list[str]:
    """`title` for the columns `title_fr` and `title_en`, in the model's order."""
    columns = [field.name for field in model._meta.concrete_fields]
    names = [name.removesuffix("_fr") for name in columns if name.endswith("_fr")]
    return [name for name in names if f"{name}_en" in columns]


@dataclass(frozen=True)
class Group:
    """A model whose rows the public reads; `rows` are those of an edition."""

    model: type[models.Model]
    rows: Callable[[Edition], QuerySet]

    @property
    def key(self) -> str:
        return self.model._meta.model_name

    @property
    def label(self) -> str:
        return self.model._meta.verbose_name_plural

    @cached_property
    def names(self) -> list[str]:
        label = self.model._meta.label
        found = bilingual_names(self.model)
        return [name for name in found if f"{label}.{name}" not in NOT_PUBLIC]

    def permission(self, action: str) -> str:
        return f"{self.model._meta.app_label}.{action}_{self.key}"


def _of_edition(model: type[models.Model]) -> Callable[[Edition], QuerySet]:
    return lambda edition: model.objects.filter(edition=edition)


def _venues(edition: Edition) -> QuerySet:
    rooms = Session.objects.filter(edition=edition, room__isnull=False).values("room__venue")
    return Venue.objects.filter(Q(pk=edition.venue_id) | Q(pk__in=rooms))


def _people(edition: Edition) -> QuerySet:
    seen = Appearance.objects.filter(session__edition=edition, person__isnull=False)
    return Person.objects.filter(pk__in=seen.values("person"))


def _releases(edition: Edition) -> QuerySet:
    return PressRelease.objects.filter(
        edition=edition,
        state=PressRelease.State.DRAFT,
        language=PressRelease.Language.BOTH,
    )


def _of_releases(model: type[models.Model]) -> Callable[[Edition], QuerySet]:
    return lambda edition: model.objects.filter(release__in=_releases(edition))


def _appearances(edition: Edition) -> QuerySet:
    return Appearance.objects.filter(session__edition=edition).select_related("person", "session")


GROUPS = (
    Group(Edition, lambda edition: Edition.objects.filter(pk=edition.pk)),
    Group(Session, _of_edition(Session)),
    Group(Appearance, _appearances),
    Group(Person, _people),
    Group(Partner, _of_edition(Partner)),
    Group(Figure, lambda edition: Figure.objects.filter(edition=edition).select_related("edition")),
    Group(Venue, _venues),
    Group(Category, lambda _edition: Category.objects.all()),
    Group(PressRelease, _releases),
    Group(Quote, _of_releases(Quote)),
    Group(ReleaseContact, _of_releases(ReleaseContact)),
    Group(PressPicture, _of_edition(PressPicture)),
)
BY_KEY = {group.key: group for group in GROUPS}


@dataclass(frozen=True)
class Text:
    """A text of a row that stands in one language; `lacking` is the language it is not in."""

    group: Group
    row: models.Model
    name: str
    lacking: str

    @property
    def key(self) -> str:
        return f"{self.group.key}.{self.row.pk}.{self.name}.{self.lacking}"

    @property
    def column(self) -> str:
        return f"{self.name}_{self.lacking}"

    @property
    def field(self) -> models.Field:
        return self.row._meta.get_field(self.column)

    @property
    def given(self) -> str:
        return getattr(self.row, f"{self.name}_{OTHER[self.lacking]}")

    @property
    def given_field(self) -> models.Field:
        return self.row._meta.get_field(f"{self.name}_{OTHER[self.lacking]}")

    @property
    def is_long(self) -> bool:
        return isinstance(self.field, models.TextField)


@dataclass(frozen=True)
class Progress:
    """How many texts of a group stand in both languages, of those that stand in one at least."""

    group: Group
    total: int
    missing: int

    @property
    def done(self) -> int:
        return self.total - self.missing


def progress(edition: Edition) -> list[Progress]:
    """Every group's count, in one query."""
    first, *others = (_counted(group, edition) for group in GROUPS)
    found = {row["part"]: row for row in first.union(*others, all=True)}
    return [
        Progress(group, found[group.key]["total"] or 0, found[group.key]["missing"] or 0)
        for group in GROUPS
        if group.key in found
    ]


def missing_count(edition: Edition) -> int:
    """How many texts of the edition lack one of the two languages. One query."""
    return sum(one.missing for one in progress(edition))


class _Said(Func):
    """1 when a text stands in one of the two languages at least, else 0."""

    arity = 2
    template, arg_joiner = "CASE WHEN %(expressions)s <> '' THEN 1 ELSE 0 END", " || "
    output_field = models.IntegerField()


class _Lacking(Func):
    """1 when a text stands in one of the two languages only, else 0."""

    arity = 2
    template, arg_joiner = "CASE WHEN (%(expressions)s = '') THEN 1 ELSE 0 END", " = '') <> ("
    output_field = models.IntegerField()


def _each(kind: type[Func], group: Group) -> Combinable:
    """The sum over the texts of a row. (As Q and Case it took the tenth of a second to build.)"""
    one, *others = (kind(f"{name}_fr", f"{name}_en") for name in group.names)
    return sum(others, start=one)


def _counted(group: Group, edition: Edition) -> QuerySet:
    return (
        group.rows(edition)
        .select_related(None)
        .order_by()
        .annotate(part=Value(group.key))
        .values("part")
        .annotate(total=Sum(_each(_Said, group)), missing=Sum(_each(_Lacking, group)))
        .values("part", "total", "missing")
    )


def missing(
    edition: Edition, groups: Iterable[Group] = GROUPS, *, lacking: str = "", words: str = ""
) -> list[Text]:
    """Texts in one language, by group and row; one query a group.

    `lacking` keeps those without that language; `words` those that hold all of them, without
    accents and capitals, in the text or in the name of the row.
    """
    wanted = folded(words).split()
    found = []
    for group in groups:
        for row in group.rows(edition).alias(lacking=_each(_Lacking, group)).filter(lacking__gt=0):
            found += [text for text in _texts(group, row) if _matches(text, lacking, wanted)]
    return found


def _texts(group: Group, row: models.Model) -> list[Text]:
    return [
        Text(group, row, name, language)
        for name in group.names
        for language in ("en", "fr")
        if not getattr(row, f"{name}_{language}") and getattr(row, f"{name}_{OTHER[language]}")
    ]


def _matches(text: Text, lacking: str, wanted: list[str]) -> bool:
    if lacking and text.lacking != lacking:
        return False
    if not wanted:
        return True
    said = folded(f"{text.row} {text.given}")
    return all(word in said for word in wanted)


def text_of(edition: Edition, key: str) -> Text | None:
    """The text of that key, filled meanwhile or not; None when there is none (any more)."""
    parts = key.split(".")
    if len(parts) != 4:
        return None
    group_key, pk, name, lacking = parts
    group = BY_KEY.get(group_key)
    if not (group and pk.isdecimal() and name in group.names and lacking in OTHER):
        return None
    row = group.rows(edition).filter(pk=pk[:18]).first()
    return Text(group, row, name, lacking) if row else None
