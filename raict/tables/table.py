"""The columns of a table, and what an app says of its rows.

An app declares a subclass in its tables.py and settings.TABLES names it. One column more is one
line in `columns`. Everything that is written goes through the writers that the app has already.
"""

import copy
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from raict.errors import DomainError
from raict.spreadsheets import as_cell
from raict.tables.kinds import LINE, Kind
from raict.typography import folded


@dataclass(frozen=True)
class Column:
    """A column in and out: its name in the model, its header, what its cells mean.

    `is_needed`: a new row cannot do without. `is_shown_only`: written in an export, never read back.
    `value` gives what the row has, where it is not the attribute of that name.
    """

    name: str
    header: str
    kind: Kind = LINE
    synonyms: Sequence[str] = ()
    is_needed: bool = False
    is_shown_only: bool = False
    value: Callable | None = None

    def cell(self, row):
        """What an export writes."""
        return self.written((self.value or attrgetter(self.name))(row))

    def written(self, value):
        """The value as a cell."""
        return None if value is None else as_cell(self.kind.write(value))

    def names(self) -> set[str]:
        """The headers that mean this column, folded."""
        found = {folded(one) for one in (self.name, *self.synonyms)}
        for language in ("fr", "en"):
            with override(language):
                found.add(folded(str(self.header)))
        return found


KEY = Column(
    "key",
    gettext_lazy("Identifier"),
    synonyms=("identifiant", "id", "référence", "reference", "clé"),
)


@dataclass
class Entry:
    """A row to be written: as it is (None: new), as it will be, and the values that differ."""

    number: int
    row: models.Model | None
    candidate: models.Model
    values: dict = field(default_factory=dict)


class Table:
    """The rows of one subject, of one scope (an edition) where it has one.

    `load()` reads what `find` and `check` need, in a few queries; with `is_writing` it holds the
    rows, so that nobody changes them until the transaction ends.
    """

    subject = ""
    title = ""
    model: type[models.Model]
    columns: Sequence[Column] = ()
    has_scope = True
    # A mail to each person is possible.
    can_tell = False

    def __init__(self, scope: int | None = None, *, is_writing: bool = False) -> None:
        self.scope = scope
        self.is_writing = is_writing
        self.names: dict[str, dict[str, object]] = {}

    # -------------------------------------------------------------------------------------- out
    def rows(self, queryset: models.QuerySet) -> Iterable:
        """The rows of an export, with what the columns read."""
        return queryset

    def key(self, row) -> str:
        return str(row.pk)

    def exported(self, queryset: models.QuerySet) -> tuple[list[str], list[list]]:
        """Headers and rows: the columns of an import, the key first."""
        columns = [column for column in self.columns if column is not KEY]
        rows = [
            [as_cell(self.key(row)), *(column.cell(row) for column in columns)]
            for row in self.rows(queryset)
        ]
        return [str(KEY.header), *(str(column.header) for column in columns)], rows

    # --------------------------------------------------------------------------------------- in
    @classmethod
    def scopes(cls) -> list[tuple[int, str]]:
        """What the lines of a file may belong to: (key, name)."""
        return []

    @classmethod
    def usual_scope(cls) -> int | None:
        return None

    def held(self, queryset: models.QuerySet) -> models.QuerySet:
        if not self.is_writing:
            return queryset
        return queryset.select_for_update(no_key=True, of=("self",))

    def load(self) -> None:
        raise NotImplementedError

    def find(self, key: str, values: dict) -> models.Model | None:
        """The row that the line is about; None for a new one. DomainError where nobody can say."""
        raise NotImplementedError

    def identity(self, row: models.Model | None, values: dict) -> object:
        """What two lines of a file may not both be about; None: they may."""
        return row.pk if row else None

    def name(self, row: models.Model | None, values: dict) -> str:
        """What the preview calls the line."""
        return str(row) if row else ""

    def blank(self) -> models.Model:
        """A new row with what no column says."""
        return self.model()

    def checked(self, row: models.Model | None, values: dict) -> models.Model:
        """The row as it will be; ValidationError or DomainError where it cannot be. Not saved."""
        candidate = copy.copy(row) if row else self.blank()
        for name, value in values.items():
            setattr(candidate, name, value)
        candidate.full_clean()
        return candidate

    def clean(self, candidate: models.Model, names: Collection[str]) -> None:
        """`full_clean` of the fields that a line sets, for tables of thousands: without a query.

        What is unique is then the table's to check, in one query for all.
        """
        others = {one.name for one in candidate._meta.fields} - set(names)
        candidate.clean_fields(exclude=others)
        candidate.clean()

    def write(self, entries: list[Entry], *, is_telling: bool, user, progress: Callable) -> list:
        """Write them all, in the caller's transaction; the rows as written, in that order."""
        written = []
        for number, entry in enumerate(entries):
            entry.candidate.save()
            written.append(entry.candidate)
            progress(number)
        return written


def unknown_key(key: str) -> DomainError:
    sentence = _("No row has the identifier “%(key)s”. Leave it empty for a new one.")
    return DomainError(sentence % {"key": key[:60]}, field="key")


def of_other_scope() -> DomainError:
    return DomainError(_("This row belongs to another edition than the one chosen."), field="key")


def table_class(subject: str) -> type[Table] | None:
    """The one that settings.TABLES names."""
    path = settings.TABLES.get(subject)
    return import_string(path) if path else None
