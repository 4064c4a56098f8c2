"""A table that somebody made in a spreadsheet program, read as it is: .xlsx, or .csv.

Above the header may stand titles, between the lines blank ones; what a cell holds is read by its
column (raict/tables/kinds.py).
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from raict.errors import DomainError
from raict.spreadsheets import xlsx
from raict.spreadsheets.xlsx import Broken
from raict.typography import folded

__all__ = ["Broken", "Table", "read", "refuse_kind", "text_of"]

FILE_BYTES = 10 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_WITHIN = 40  # rows that are not blank
_COLUMNS = 300
_DELIMITERS = ";,\t"
# One apostrophe is the mark of a text that looks like a formula: writing.py.
_DEFUSED = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True)
class Table:
    """The header as it was typed, and the rows under it by their number in the file."""

    sheet: str
    headers: dict[int, str]
    rows: list[tuple[int, dict[int, object]]]


def read(file: BinaryIO, name: str, *, is_known: Callable[[str], bool]) -> Table:
    """The first table with a header that is known. DomainError, with a sentence, for anything else."""
    refuse_kind(file, name)
    file.seek(0)
    if file.read(4) == b"PK\x03\x04":
        file.seek(0)
        tables = ((sheet.name, sheet.rows) for sheet in xlsx.sheets(file))
    else:
        file.seek(0)
        tables = (("", rows) for rows in _csv(file.read()))
    found = max(
        (_with_header(sheet, rows, is_known) for sheet, rows in tables),
        key=lambda one: sum(map(is_known, one.headers.values())),
        default=Table("", {}, []),
    )
    if not any(map(is_known, found.headers.values())):
        raise DomainError(
            _("No line of this file has titles of columns that are known here: see the list below.")
        )
    return found


def text_of(value: str) -> str:
    """A text without the spaces around it, and with one kind of line end."""
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def _unmarked(value):
    """Without the mark of a cell that was defused; Excel writes a carriage return as a word."""
    if not isinstance(value, str):
        return value
    text = value[1:] if _DEFUSED.match(value) else value
    return text.replace("_x000D_", "\r")


# ------------------------------------------------------------------------------ what it is
def refuse_kind(file: BinaryIO, name: str) -> None:
    """A sentence for each file that is no .xlsx and no .csv, by what is in it rather than its name."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > FILE_BYTES:
        raise DomainError(
            _("This file is larger than %(limit)d MB. Make it smaller and send it again.")
            % {"limit": FILE_BYTES // 1024**2}
        )
    head, ending = file.read(8), Path(name).suffix.lower()
    file.seek(0)
    if not head:
        raise DomainError(_("This file is empty."))
    if head == _OLE:
        _refuse_ole(file, ending)
    if head.startswith(b"PK\x03\x04"):
        _refuse_other_archive(file)
    elif ending == ".ods" or ending.startswith(".xl"):
        raise DomainError(_save_as())
    elif ending not in (".csv", ".txt", ".tsv"):
        raise _no_table()


def _save_as() -> str:
    return _("This is not a file of the kind .xlsx. Open it, choose « save as .xlsx », send that.")


def _no_table() -> DomainError:
    return DomainError(_("This file is no table that can be read. Send an .xlsx or a .csv file."))


def _refuse_ole(file: BinaryIO, ending: str) -> None:
    """Two things look alike: a workbook of before 2007, and one behind a password."""
    is_locked = "EncryptedPackage".encode("utf-16-le") in file.read()
    if is_locked:
        raise DomainError(
            _("This file is locked by a password. Save it without and send it again.")
        )
    raise DomainError(_save_as()) if ending.startswith(".xl") else _no_table()


def _refuse_other_archive(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            is_ods = "mimetype" in names and b"spreadsheet" in archive.open("mimetype").read(100)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _no_table() from error
    if is_ods or "xl/workbook.bin" in names:
        raise DomainError(_save_as())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise DomainError(
            _("This file holds macros (.xlsm), which are not taken. Save it as .xlsx, send that.")
        )
    if not xlsx.is_workbook(names):
        raise _no_table()


# ------------------------------------------------------------------------------------- .csv
def _csv(data: bytes) -> Iterable[dict[int, dict[int, object]]]:
    """The rows, once for each sign that may stand between cells: the header says which it is."""
    text = _decoded(data)
    for delimiter in _DELIMITERS:
        rows = {}
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            for cells in reader:
                found = {number: cell for number, cell in enumerate(cells, 1) if cell.strip()}
                if found:
                    rows[reader.line_num] = found
                if len(rows) > xlsx.ROWS or len(cells) > xlsx.CELLS // 100:
                    raise xlsx.too_large()
        except csv.Error as error:
            raise _no_table() from error
        yield rows


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _no_table()


# ------------------------------------------------------------------------------- the header
def _with_header(sheet: str, rows: dict, is_known: Callable[[str], bool]) -> Table:
    """The row with most known titles, of the first ones; what stands above is no part of the table."""
    candidates = sorted(rows)[:_HEADER_WITHIN]
    number = max(candidates, key=lambda row: _known(rows[row], is_known), default=0)
    headers = {
        column: text_of(str(title))
        for column, title in rows.get(number, {}).items()
        if column <= _COLUMNS and isinstance(title, str)
    }
    below = (
        (row, {column: _unmarked(value) for column, value in cells.items() if column in headers})
        for row, cells in sorted(rows.items())
        if row > number and not _repeats(cells, headers)
    )
    return Table(sheet, headers, [(row, cells) for row, cells in below if cells])


def _known(cells: dict, is_known: Callable[[str], bool]) -> int:
    return sum(is_known(title) for title in cells.values() if isinstance(title, str))


def _repeats(cells: dict, headers: dict[int, str]) -> bool:
    """The header again, as on every printed page."""
    return all(folded(str(value)) == folded(headers.get(key, "")) for key, value in cells.items())
