"""From a file to checked rows, without touching the database."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from django.utils.translation import gettext as _

from sessions.edition_file.checks import check
from sessions.edition_file.content import Content, Row
from sessions.edition_file.places import lines_of
from sessions.edition_file.problems import (
    EditionFileError,
    Path,
    Problem,
    Problems,
    WrongValueError,
    meant,
)
from sessions.edition_file.tables import EDITION, LISTS, PARTS, Key, Table
from sessions.edition_file.values import shown

_WHERE = re.compile(
    r"^(?P<reason>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end.*)\)$"
)
_BARE_DATE = re.compile(r"=\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\s*(#.*)?$")
_BARE_TIME = re.compile(r"=\s*\d{1,2}\s*[:h]\s*\d{0,2}\s*(#.*)?$")


def read(path: FilePath) -> tuple[Content, Problems]:
    """The content of a file, every reference resolved, every value checked.

    Raises EditionFileError with all the problems, and not only with the first. The second result
    is what `write` reports its own refusals to: it knows the file's lines.
    """
    text = _text(path)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EditionFileError([_syntax(path.name, text, str(error))]) from None
    problems = Problems(path.name, lines_of(text))
    content = _Reader(problems).content(raw)
    check(content, problems)
    problems.stop_if_any()
    return content, problems


def _meant_or_known(name: str, known: list[str]) -> str:
    """The key that was meant, else all of them, each bilingual one once."""
    once = [key for key in known if not key.endswith(("_fr", "_en"))]
    return meant(name, known) or " " + _("The keys are %(known)s.") % {"known": ", ".join(once)}


def _text(path: FilePath) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        sentence = _("there is no such file.")
    except IsADirectoryError:
        sentence = _("this is a folder; expected a TOML file.")
    except UnicodeDecodeError:
        sentence = _("the file is not UTF-8 text. Save it in that encoding.")
    except OSError as error:
        sentence = _("the file cannot be read: %(reason)s.") % {"reason": error.strerror}
    raise EditionFileError([Problem(str(path), sentence)])


def _syntax(file: str, text: str, message: str) -> Problem:
    """File, line, column, the parser's reason and the line itself."""
    where = _WHERE.match(message)
    reason = _reason(where["reason"] if where else message)
    last = len(text.splitlines()) or 1
    number = int(where["line"]) if where and where["line"] else last
    column = int(where["column"]) if where and where["column"] else 1
    lines = text.splitlines()
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    sentence = _("column %(column)d: this is not TOML. %(reason)s: %(line)s") % {
        "column": column,
        "reason": reason,
        "line": line,
    }
    if _BARE_TIME.search(line):
        sentence += " " + _('A time stands between quotes: start = "9:30".')
    elif _BARE_DATE.search(line):
        sentence += " " + _(
            "A date is written year-month-day, without quotes: starts_on = 2026-06-10."
        )
    return Problem(file, sentence, line=number)


def _reason(message: str) -> str:
    """What Python's parser says in English, for somebody who does not program."""
    reasons = {
        "Expected newline": _("the line should end before this column"),
        "Expected '=' after": _("an equals sign is expected between a key and its value"),
        "Invalid value": _(
            "expected a value: text between quotes, a number, a date, true or false"
        ),
        "Invalid date": _("there is no such date"),
        "Cannot overwrite": _("this key stands twice in its table"),
        "Cannot declare": _("this table stands twice"),
        "Unclosed array": _("a list is not closed; a comma or ] is missing"),
        "Illegal character": _("text is not closed; a quotation mark is missing"),
        "Unterminated string": _("text is not closed; a quotation mark is missing"),
        "Expected ']": _("the square brackets of the table are not closed"),
        "Invalid statement": _("a line is a [table] or a key = value"),
        "Unescaped": _("a backslash in text is written twice"),
    }
    return next((said for start, said in reasons.items() if message.startswith(start)), message)


@dataclass
class _Reader:
    problems: Problems
    rows: list[Row] = field(default_factory=list)

    def content(self, raw: dict) -> Content:
        for name in raw.keys() - {"edition", *LISTS}:
            self.problems.add(
                (name,),
                _("unknown table. The tables are %(known)s.")
                % {"known": ", ".join(["edition", *LISTS])}
                + meant(name, ["edition", *LISTS]),
            )
        edition = raw.get("edition")
        if not isinstance(edition, dict):
            self.problems.add(
                ("edition",),
                _("expected one table [edition], with its number and name.")
                if edition is None
                else _("expected one table [edition], written with single brackets."),
            )
            edition = None
        lists = {
            name: self._rows(raw.get(name, []), (name,), table) for name, table in LISTS.items()
        }
        row = Row(("edition",), EDITION, {}) if edition is None else None
        return Content(row or self._row(edition, ("edition",), EDITION), **lists)

    def _rows(self, raw: object, path: Path, table: Table) -> list[Row]:
        if not isinstance(raw, list):
            self.problems.add(
                path,
                _("expected a list of tables, each written [[%(name)s]] with double brackets.")
                % {"name": path[0] if len(path) == 1 else f"{path[0]}.{path[-1]}"},
            )
            return []
        rows = []
        for index, item in enumerate(raw):
            if isinstance(item, str) and table is PARTS["rooms"]:
                item = {"name": item}  # noqa: PLW2901 -- rooms = ["Étoile 1", "Marly"]
            if isinstance(item, dict):
                rows.append(self._row(item, (*path, index), table))
            else:
                self.problems.add(
                    (*path, index),
                    _("expected a table, found %(found)s.") % {"found": shown(item)},
                )
        return rows

    def _row(self, raw: dict, path: Path, table: Table) -> Row:
        row = Row(path, table, {})
        if len(path) == 2:  # a part goes by the name of its whole
            self.problems.names[path] = _name(raw, table)
        for name, value in raw.items():
            if name == table.parts:
                row.parts = self._rows(value, (*path, name), PARTS[name])
            elif name in table.keys:
                self._value(row, name, table.keys[name], value)
            else:
                known = [*table.keys, *([table.parts] if table.parts else [])]
                self.problems.add((*path, name), _("unknown key.") + _meant_or_known(name, known))
        self._check_required(raw, row)
        return row

    def _value(self, row: Row, name: str, key: Key, value: object) -> None:
        if value == "":
            return  # « not known yet »
        if key.attribute in row.read:
            self.problems.add(
                (*row.path, name),
                _("given twice: “%(name)s” and “%(name)s_fr” both mean the French text.")
                % {"name": name.removesuffix("_fr")},
            )
            return
        row.read.add(key.attribute)
        try:
            row.values[key.attribute] = key.read(value)
        except WrongValueError as refusal:
            self.problems.add((*row.path, name), str(refusal))

    def _check_required(self, raw: dict, row: Row) -> None:
        """Once a key, not once for `title` and again for `title_fr`."""
        seen = set()
        for name, key in row.table.keys.items():
            if not key.required or key.attribute in row.read | seen:
                continue
            seen.add(key.attribute)
            self.problems.add((*row.path, name), _("this key is compulsory."))


def _name(raw: dict, table: Table) -> str:
    """What a person calls this row: its slug, name or key, else its title."""
    for key in (table.name, f"{table.name}_fr", "slug", "title", "title_fr"):
        if isinstance(raw.get(key), str):
            return raw[key][:60]
    return ""
