"""Tables for spreadsheet programs (.xlsx, .csv).

Cells are defused. A text that starts with = + - @, a tab or a carriage return could be run as a
formula by the program that opens the file. Such a cell is written with the type « text » *and*
with the mark that spreadsheet programs show as a leading apostrophe (`quotePrefix`): it is not
evaluated when the file is opened, nor when somebody edits the cell and presses Enter. The text
itself stays as it was typed: « +33 1 … » remains what people can copy. A .csv has no such mark:
there the apostrophe is written. A text that has apostrophes before such a sign by itself gets one
more in both, so that `reading.py` takes exactly one away again.
"""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_QUOTED = re.compile(r"'+[=+\-@\t\r]")
_FORMATS = {dt.datetime: "dd/mm/yyyy hh:mm", dt.date: "dd/mm/yyyy", dt.time: "hh:mm"}
_WRITTEN = {dt.datetime: "%d/%m/%Y %H:%M", dt.date: "%d/%m/%Y", dt.time: "%H:%M"}
_MOMENT = re.compile(rb">\d{4}-\d\d-\d\dT[\d:.]+Z<")  # of making, in a workbook's properties
_LONGEST_CELL = 32_767  # Excel refuses more
_NARROWEST, _WIDEST = 8, 48


def workbook(
    headers: Sequence[str],
    rows: Iterable[Sequence],
    *,
    title: str = "",
    dated: dt.date | None = None,
) -> bytes:
    """One sheet: bold frozen header, filter arrows, widths after the content, typed dates.

    With `dated`, that day stands for the moment of making: the same rows are the same bytes.
    """
    rows = [[_marked(as_cell(value)) for value in row] for row in rows]
    book = Workbook(write_only=True)
    # A sheet's name has at most 31 signs, and none of []:*?/\
    sheet = book.create_sheet("".join(sign for sign in title if sign not in "[]:*?/\\")[:31])
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headers) or 1)}{len(rows) + 1}"
    for number, header in enumerate(headers):
        longest = max((_width(row[number]) for row in rows), default=0)
        width = min(max(longest, len(header), _NARROWEST) + 2, _WIDEST)
        sheet.column_dimensions[get_column_letter(number + 1)].width = width
    sheet.append([_header(sheet, header) for header in headers])
    for row in rows:
        sheet.append([_cell(sheet, value) if _is_special(value) else value for value in row])
    file = io.BytesIO()
    book.save(file)
    return _dated(file, dated) if dated else file.getvalue()


def _dated(book: io.BytesIO, day: dt.date) -> bytes:
    """The same workbook without the moment at which it was made."""
    file = io.BytesIO()
    with zipfile.ZipFile(book) as made, zipfile.ZipFile(file, "w") as archive:
        for info in made.infolist():
            content = made.read(info)
            if info.filename == "docProps/core.xml":
                content = _MOMENT.sub(f">{day}T00:00:00Z<".encode(), content)
            part = zipfile.ZipInfo(info.filename, (day.year, day.month, day.day, 0, 0, 0))
            archive.writestr(part, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def csv_table(
    headers: Sequence[str], rows: Iterable[Sequence], *, as_french: bool = False
) -> bytes:
    """As Excel opens it rightly in France: UTF-8 with its mark, semicolons, decimal commas.

    With `as_french`, days and times too are written as people there write them: 23/10/2024, 09:30.
    """
    file = io.StringIO(newline="")
    table = csv.writer(file, delimiter=";")
    table.writerow(headers)
    table.writerows([[_written(value, as_french=as_french) for value in row] for row in rows])
    return file.getvalue().encode("utf-8-sig")


def _written(value, *, as_french: bool) -> str:
    value = _marked(as_cell(value))
    if isinstance(value, float):
        return f"{Decimal(str(value)):f}".replace(".", ",")
    if isinstance(value, dt.date | dt.time) and as_french:
        return value.strftime(_WRITTEN[type(value)])
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_DANGEROUS) else text


def as_cell(value):
    """What a cell can hold: local time without zone, text without control signs."""
    if isinstance(value, dt.datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if value is None or isinstance(value, bool | int | float | dt.date | dt.time):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))[:_LONGEST_CELL] or None


def _marked(value):
    return f"'{value}" if isinstance(value, str) and _QUOTED.match(value) else value


def _width(value) -> int:
    if isinstance(value, str):
        return max((len(line) for line in value.splitlines()), default=0)
    return len(_FORMATS.get(type(value), "00000"))


def _is_special(value) -> bool:
    """Plain cells are written as they are: that is three times as fast."""
    return type(value) in _FORMATS or (isinstance(value, str) and value.startswith(_DANGEROUS))


def _cell(sheet, value):
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str) and value.startswith(_DANGEROUS):
        cell.data_type = "s"
        cell.quotePrefix = True
    elif type(value) in _FORMATS:
        cell.number_format = _FORMATS[type(value)]
    return cell


def _header(sheet, text: str):
    cell = _cell(sheet, text)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="16244F")
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell
