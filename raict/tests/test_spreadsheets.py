import datetime as dt
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from raict.spreadsheets import workbook


def cells(content: bytes) -> list:
    return list(load_workbook(io.BytesIO(content)).active.iter_rows())


@pytest.mark.parametrize("text", ["=1+1", "+33 1 23", "-2", "@SUM(A1)", "\t=1", "=cmd|' /C'!A0"])
def test_a_text_like_a_formula_stays_a_text(text):
    _header, (cell,) = cells(workbook(["Nom"], [[text]]))
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_values_keep_their_type_and_moments_are_local():
    moment = timezone.now().replace(microsecond=0)
    row = ["Élu·e", 3, True, None, "", dt.date(2024, 10, 23), moment, "a\x00b"]
    _header, found = cells(workbook(["H"] * 8, [row]))
    assert [cell.value for cell in found] == [
        "Élu·e",
        3,
        True,
        None,
        None,
        dt.datetime(2024, 10, 23),  # noqa: DTZ001 -- a spreadsheet knows no zones
        timezone.make_naive(moment),
        "ab",
    ]
    assert [found[5].number_format, found[6].number_format] == ["dd/mm/yyyy", "dd/mm/yyyy hh:mm"]


def test_the_header_stays_in_sight_and_filters():
    sheet = load_workbook(io.BytesIO(workbook(["Nom", "Pays"], [["a", "b"]], title="A/B"))).active
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.title) == ("A2", "A1:B2", "AB")


def test_a_table_without_rows_is_a_table():
    (header,) = cells(workbook(["Nom"], []))
    assert [cell.value for cell in header] == ["Nom"]
