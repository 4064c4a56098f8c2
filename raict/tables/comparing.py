"""A file against the rows: every difference, cell by cell. Nothing is written here."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from raict.errors import DomainError
from raict.spreadsheets import reading
from raict.tables.kinds import Shouted, shown
from raict.tables.models import Line
from raict.tables.table import KEY, Column, Entry, Table
from raict.typography import folded

# What a person types who means « nothing »: an empty cell leaves the value as it is.
NOTHING = {"–", "—", "-"}
# How many people one import may tell: each mail takes some 8 ms, under the edition's lock.
TOLD_AT_ONCE = 500
_O = Line.Outcome


@dataclass
class Plan:
    """What applying would do."""

    lines: list[Line] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Of all that is shown and of the rows that it is about."""
        shown_lines = [
            [line.number, line.outcome, line.name, line.changes, line.column, line.reason]
            for line in self.lines
        ]
        keys = [entry.row.pk if entry.row else None for entry in self.entries]
        content = json.dumps([shown_lines, keys, sorted(self.counts.items())])
        return hashlib.sha256(content.encode()).hexdigest()


class Refused(Exception):  # noqa: N818 -- a line's, kept as its outcome
    def __init__(self, reason: str, column: str = "") -> None:
        self.reason, self.column = str(reason), column


def headers_of(table: Table) -> dict[str, Column]:
    """Folded header → column, the key's among them."""
    found: dict[str, Column] = {}
    for column in (*table.columns, KEY):
        found |= {name: column for name in column.names() if name not in found}
    return found


def compare(table: Table, file, name: str, progress: Callable[[int, int], None]) -> Plan:
    """Read the file and compare it. DomainError when the file as a whole cannot be taken."""
    known = headers_of(table)
    sheet = reading.read(file, name, is_known=lambda title: folded(title) in known)
    columns, plan = _columns(table, sheet, known)
    table.load()
    seen: dict[object, int] = {}
    # What has nothing in a known column is a title, or somebody's remark.
    rows = [(number, cells) for number, cells in sheet.rows if cells.keys() & columns.keys()]
    for count, (number, cells) in enumerate(rows):
        progress(count, 2 * len(rows))
        line, entry = _line(table, number, cells, columns, seen)
        plan.counts[line.outcome] += 1
        if line.outcome != _O.UNCHANGED:
            plan.lines.append(line)
        if entry:
            plan.entries.append(entry)
    if not rows:
        raise DomainError(_("There is no line under the titles of the columns."))
    return plan


def refuse_telling_many(plan: Plan) -> None:
    """Mails are written in the transaction that changes the rows, which then waits for nobody long."""
    if len(plan.entries) > TOLD_AT_ONCE:
        sentence = _(
            "%(count)d people cannot be told by e-mail at once, %(limit)d can: import without"
            " telling them, or send the file in parts."
        )
        raise DomainError(sentence % {"count": len(plan.entries), "limit": TOLD_AT_ONCE})


def _columns(table: Table, sheet, known: dict[str, Column]) -> tuple[dict[int, Column], Plan]:
    """Which column of the file is which; what is not taken is said."""
    plan, columns, unknown, shown_only = Plan(), {}, [], []
    for number, header in sheet.headers.items():
        column = known.get(folded(header))
        if column is None:
            unknown.append(header)
        elif column.is_shown_only:
            shown_only.append(header)
        elif column in columns.values():
            raise DomainError(
                _("Two columns mean the same: “%(one)s”. Take one of them away.")
                % {"one": column.header}
            )
        else:
            columns[number] = column
    _refuse_missing(table, list(columns.values()))
    if sheet.sheet:
        plan.notes.append(_("The sheet “%(sheet)s” was read.") % {"sheet": sheet.sheet})
    if unknown:
        sentence = _("Columns that are not known here, and left out: %(columns)s.")
        plan.notes.append(sentence % {"columns": " ; ".join(one[:60] for one in unknown)})
    if shown_only:
        sentence = _("Columns for reading only, not taken from a file: %(columns)s.")
        plan.notes.append(sentence % {"columns": " ; ".join(shown_only)})
    return columns, plan


def _refuse_missing(table: Table, columns: list[Column]) -> None:
    """With identifiers, rows that exist can be changed column by column."""
    missing = [column for column in table.columns if column.is_needed and column not in columns]
    if missing and KEY not in columns:
        sentence = _(
            "Columns are missing: %(columns)s. Or send the column « %(key)s » of an export."
        )
        names = " ; ".join(str(column.header) for column in missing)
        raise DomainError(sentence % {"columns": names, "key": KEY.header})


# ------------------------------------------------------------------------------------ one line
def _line(
    table: Table, number: int, cells: dict, columns: dict[int, Column], seen: dict
) -> tuple[Line, Entry | None]:
    line, row, values = Line(number=number), None, {}
    try:
        key, values, unread = _values(table, cells, columns)
        line.name = table.name(None, values)[:200]
        _refuse_unread(unread)
        row = table.find(key, values)
        line.name = table.name(row, values)[:200]
        _refuse_again(table.identity(row, values), number, seen)
        differing = _differing(table, row, values)
        if row is not None and not differing:
            line.outcome = _O.UNCHANGED
            return line, None
        _refuse_incomplete(table, row, values)
        candidate = table.checked(row, differing)
    except (Refused, DomainError, ValidationError) as refusal:
        line.outcome = _O.REFUSED
        line.name = line.name or _first_words(cells)
        line.reason, line.column = _told(table, refusal)
        return line, None
    line.outcome = _O.CHANGED if row else _O.NEW
    line.changes = _changes(table, row, differing)
    return line, Entry(number, row, candidate, differing)


def _values(table: Table, cells: dict, columns: dict[int, Column]) -> tuple[str, dict, dict]:
    """Key, what each cell says, and what no cell may say by its column. An empty one says nothing."""
    values, unread = {}, {}
    for number, column in columns.items():
        cell = cells.get(number)
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        try:
            is_nothing = isinstance(cell, str) and cell.strip() in NOTHING
            values[column.name] = (
                column.kind.nothing if is_nothing else column.kind.read(cell, table)
            )
        except DomainError as refusal:
            unread[str(column.header)] = str(refusal.message)
    return values.pop(KEY.name, ""), values, unread


def _differing(table: Table, row, values: dict) -> dict:
    """The values that are not what the row has, both as a cell would show them."""
    if row is None:
        return values
    return {
        column.name: values[column.name]
        for column in table.columns
        if column.name in values and not _is_same(table, column, row, values[column.name])
    }


def _is_same(table: Table, column: Column, row, value) -> bool:
    before, after = column.cell(row), column.written(value)
    if shown(before) == shown(after):
        return True
    if before is None or after is None:
        # A dash that is the value itself, as an export has it.
        return value == column.kind.nothing and shown(before) in NOTHING
    if isinstance(value, Shouted):
        return folded(before) == folded(after)
    try:
        # What stands there may have been typed before these rules: read it as the file was read.
        return column.written(column.kind.read(before, table)) == after
    except DomainError:
        return False


def _refuse_unread(unread: dict[str, str]) -> None:
    """All of them at once: whoever mends the line does so once."""
    if unread:
        raise Refused(" ".join(unread.values()), " ; ".join(unread))


def _refuse_again(identity, number: int, seen: dict) -> None:
    if identity is None:
        return
    if (first := seen.setdefault(identity, number)) != number:
        raise Refused(_("Line %(number)d says something of the same already.") % {"number": first})


def _refuse_incomplete(table: Table, row, values: dict) -> None:
    missing = [
        str(column.header)
        for column in table.columns
        if column.is_needed and row is None and not values.get(column.name)
    ]
    if missing:
        raise Refused(_("This cell is needed for a new row."), " ; ".join(missing))


def _changes(table: Table, row, values: dict) -> list[list[str]]:
    return [
        [
            str(column.header),
            shown(column.cell(row)) if row else "",
            shown(column.written(values[column.name])),
        ]
        for column in table.columns
        if column.name in values
    ]


def _told(table: Table, refusal: Exception) -> tuple[str, str]:
    """Sentence and column."""
    if isinstance(refusal, Refused):
        return refusal.reason, refusal.column
    headers = {column.name: str(column.header) for column in (*table.columns, KEY)}
    if isinstance(refusal, DomainError):
        return str(refusal.message), headers.get(refusal.field, "")
    if not hasattr(refusal, "error_dict"):
        return " ".join(refusal.messages), ""
    names = [name for name in refusal.message_dict if name != NON_FIELD_ERRORS]
    sentences = [" ".join(messages) for messages in refusal.message_dict.values()]
    return " ".join(sentences), " ; ".join(headers.get(name, name) for name in names)


def _first_words(cells: dict) -> str:
    words = [str(cell) for cell in cells.values() if isinstance(cell, str)]
    return " ".join(" ".join(words).split())[:80]
