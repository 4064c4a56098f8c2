"""The cells of an .xlsx file, read without trust.

openpyxl keeps a whole row, all shared strings and all styles in memory before one can count them; a
file of a few kilobytes can make that gigabytes. Here the parts stream through expat: nothing is kept
but the cells that have something in them, and what is too much stops at once. A document type is
refused (ECMA-376 part 2 forbids it), so there are no entities. Formulas are not evaluated: their
last result is read. Links to other files, macros and pictures are not even looked at.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from raict.errors import DomainError

# A table of 20,000 lines and 30 columns has some 40 MB of XML.
PART_BYTES = 100 * 1024 * 1024
ROWS, CELLS, ELEMENTS = 20_000, 1_000_000, 5_000_000
STRINGS, SIGNS = 1_000_000, 30_000_000
_STYLES, _MERGED, _SHEETS, _PARTS = 100_000, 20_000, 50, 5_000
_CHUNK = 64 * 1024
_LETTERS = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_DAMAGED_BY = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError)
_DAMAGED_BY += (KeyError, ValueError, IndexError, NotImplementedError, RuntimeError, OverflowError)


@dataclass(frozen=True)
class Broken:
    """A cell without a value to take, and why, in a sentence."""

    reason: str


@dataclass
class Sheet:
    """What stands in the cells, blank ones left out: row number → column number → value."""

    name: str
    rows: dict[int, dict[int, object]] = field(default_factory=dict)


def is_workbook(names: set[str]) -> bool:
    return "xl/workbook.xml" in names


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    """The visible sheets in their order. DomainError for a file that is damaged or too large."""
    try:
        with zipfile.ZipFile(file) as archive:
            _refuse_bomb(archive)
            yield from _Book(archive).sheets()
    except DomainError:
        raise
    except _DAMAGED_BY as error:
        raise DomainError(
            _("This file is damaged: it cannot be read to its end. Save it and send it again.")
        ) from error


def too_large() -> DomainError:
    sentence = _(
        "This file is too large for a table: at most %(rows)s lines are read. Split it, or copy the"
        " cells that matter to a new file."
    )
    return DomainError(sentence % {"rows": f"{ROWS:,}".replace(",", "\u202f")})


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    """By what the archive declares; what it really unpacks to is counted while it is read."""
    infos = archive.infolist()
    if len(infos) > _PARTS:
        raise too_large()
    if any(info.flag_bits & 1 for info in infos):
        raise DomainError(
            _("This file is locked by a password. Save it without and send it again.")
        )
    texts = [info for info in infos if info.filename.endswith((".xml", ".rels"))]
    if any(info.file_size > PART_BYTES for info in texts):
        raise too_large()


class _Book:
    """The parts of one workbook."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = set(archive.namelist())
        self.elements = 0
        self.cells = 0

    def sheets(self) -> Iterator[Sheet]:
        found, epoch = self._contents()
        strings, dated = self._strings(), self._dated_styles()
        for name, part in found[:_SHEETS]:
            yield _Cells(self, Sheet(name), strings, dated, epoch).read(part)

    def stream(
        self, part: str, start: Callable, end: Callable | None = None, text: Callable | None = None
    ) -> None:
        """Calls `start(name, attributes)`, `end(name)` and `text(signs)` as they come, without prefixes."""

        def begin(name: str, attributes: dict) -> None:
            self.elements += 1
            if self.elements > ELEMENTS:
                raise too_large()
            start(name.rpartition("}")[2], attributes)

        def refuse_type(*_declared) -> None:
            raise DomainError(
                _("This file holds instructions that no spreadsheet needs: it is not read.")
            )

        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse_type
        parser.StartElementHandler = begin
        if end:
            parser.EndElementHandler = lambda name: end(name.rpartition("}")[2])
        if text:
            parser.CharacterDataHandler = text
        unpacked = 0
        with self.archive.open(part) as source:
            while chunk := source.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > PART_BYTES:
                    raise too_large()
                parser.Parse(chunk, False)
            parser.Parse(b"", True)

    def _contents(self) -> tuple[list[tuple[str, str]], object]:
        """Name and part of each visible sheet, and the day from which days are counted."""
        targets, found, epoch = {}, [], [WINDOWS_EPOCH]

        def relation(name: str, attributes: dict) -> None:
            if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
                target = attributes["Target"]
                inside = target.lstrip("/") if target.startswith("/") else join("xl", target)
                targets[attributes["Id"]] = normpath(inside)

        def sheet(name: str, attributes: dict) -> None:
            if name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                epoch[0] = MAC_EPOCH
            if name == "sheet" and attributes.get("state", "visible") == "visible":
                key = next((v for k, v in attributes.items() if k.endswith("}id")), "")
                found.append((attributes.get("name", ""), targets.get(key)))

        self.stream("xl/_rels/workbook.xml.rels", relation)
        self.stream("xl/workbook.xml", sheet)
        return [(name, part) for name, part in found if part in self.names], epoch[0]

    def _strings(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.names:
            return []
        strings = _Strings()
        self.stream("xl/sharedStrings.xml", strings.start, strings.end, strings.text)
        return strings.found

    def _dated_styles(self) -> set[str]:
        """The styles that show a number as a day or a time."""
        formats = dict(BUILTIN_FORMATS)
        dated: set[str] = set()
        state = {"inside": False, "count": 0}

        def start(name: str, attributes: dict) -> None:
            if name == "numFmt":
                formats[int(attributes["numFmtId"])] = attributes["formatCode"]
            elif name == "cellXfs":
                state["inside"] = True
            elif name == "xf" and state["inside"]:
                if is_date_format(formats.get(int(attributes.get("numFmtId", 0)))):
                    dated.add(str(state["count"]))
                state["count"] += 1
            if state["count"] > _STYLES or len(formats) > _STYLES:
                raise too_large()

        def end(name: str) -> None:
            if name == "cellXfs":
                state["inside"] = False

        if "xl/styles.xml" in self.names:
            self.stream("xl/styles.xml", start, end)
        return dated


class _Strings:
    """The texts that cells share; the reading of Japanese names beside them is left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.parts: list[str] = []
        self.signs = 0
        self.inside = {"t": False, "rPh": False}

    def start(self, name: str, _attributes: dict) -> None:
        if name in self.inside:
            self.inside[name] = True

    def text(self, data: str) -> None:
        if self.inside["t"] and not self.inside["rPh"]:
            self.parts.append(data)
            self.signs += len(data)

    def end(self, name: str) -> None:
        if name in self.inside:
            self.inside[name] = False
        elif name == "si":
            self.found.append("".join(self.parts))
            self.parts.clear()
        if self.signs > SIGNS or len(self.found) > STRINGS:
            raise too_large()


class _Cells:
    """One sheet while it streams by."""

    def __init__(self, book: _Book, sheet: Sheet, strings, dated, epoch) -> None:
        self.book, self.sheet = book, sheet
        self.strings, self.dated, self.epoch = strings, dated, epoch
        self.row = self.column = 0
        self.kind = self.style = ""
        self.parts: list[str] = []
        self.has_formula = self.has_value = self.takes_text = self.is_reading_aloud = False
        self.merged: list[str] = []

    def read(self, part: str) -> Sheet:
        self.book.stream(part, self.start, self.end, self.text)
        self._spread_merged()
        return self.sheet

    def start(self, name: str, attributes: dict) -> None:
        if name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "t"):
            self.has_value = self.takes_text = True
        elif name == "f":
            self.has_formula = True
        elif name == "rPh":
            self.is_reading_aloud = True
        elif name == "mergeCell" and len(self.merged) < _MERGED:
            self.merged.append(attributes.get("ref", ""))

    def text(self, data: str) -> None:
        if self.takes_text and not self.is_reading_aloud:
            self.parts.append(data)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.takes_text = False
        elif name == "rPh":
            self.is_reading_aloud = False
        elif name == "c":
            self._end_cell()

    def _begin_cell(self, attributes: dict) -> None:
        self.book.cells += 1
        if self.book.cells > CELLS:
            raise too_large()
        if match := _LETTERS.fullmatch(attributes.get("r", "")):
            self.column = column_index_from_string(match[1])
            self.row = int(match[2])
        else:
            self.column += 1
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
        self.parts.clear()
        self.has_formula = self.has_value = False

    def _end_cell(self) -> None:
        value = self._value("".join(self.parts))
        if value is None or value == "":
            return
        if self.row not in self.sheet.rows and len(self.sheet.rows) >= ROWS:
            raise too_large()
        self.sheet.rows.setdefault(self.row, {})[self.column] = value

    def _value(self, text: str):
        if self.has_formula and not self.has_value:
            return Broken(
                _(
                    "the formula has no result: open the file in your program, save it, send it again"
                )
            )
        if self.kind == "s":
            return self.strings[int(text)] if text else None
        if self.kind == "e":
            return Broken(_("the cell shows an error (%(error)s)") % {"error": text[:20]})
        if self.kind == "b":
            return text == "1"
        if self.kind in ("str", "inlineStr", "d") or not text:
            return text
        return self._number(text)

    def _number(self, text: str):
        number = float(text)
        if self.style in self.dated:
            try:
                return from_excel(number, self.epoch)
            except (OverflowError, ValueError):
                return Broken(_("the cell shows a day that does not exist"))
        return int(number) if number.is_integer() and abs(number) < 1e15 else number

    def _spread_merged(self) -> None:
        """A cell merged downwards says the same of each of its rows."""
        for ref in self.merged:
            first, _colon, last = ref.partition(":")
            top, bottom = _LETTERS.fullmatch(first), _LETTERS.fullmatch(last)
            if not (top and bottom):
                continue
            column, above = column_index_from_string(top[1]), int(top[2])
            value = self.sheet.rows.get(above, {}).get(column)
            if value is None or int(bottom[2]) - above > ROWS:
                continue
            for row in range(above + 1, int(bottom[2]) + 1):
                if row in self.sheet.rows:
                    self.sheet.rows[row].setdefault(column, value)
