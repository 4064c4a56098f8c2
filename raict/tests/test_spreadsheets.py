import datetime as dt
import io
import time
from decimal import Decimal

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from raict.spreadsheets import csv_table, workbook


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


def test_the_same_rows_of_one_day_are_the_same_bytes():
    day = dt.date(2024, 10, 23)
    first = workbook(["Nom"], [["=a"]], dated=day)
    time.sleep(2)  # ZIP files count in steps of two seconds
    assert workbook(["Nom"], [["=a"]], dated=day) == first
    assert load_workbook(io.BytesIO(first)).properties.modified == dt.datetime(2024, 10, 23)  # noqa: DTZ001 -- as above
    assert workbook(["Nom"], [["=a"]], dated=day + dt.timedelta(1)) != first
    [(cell,)] = cells(first)[1:]
    assert (cell.value, cell.quotePrefix) == ("=a", True)


def test_a_csv_file_opens_in_a_french_excel():
    rows = [
        ["Élu·e ; « x »", 1300, Decimal("2.50"), Decimal("500.00")],
        ['a "b"\nc', 0, -3, dt.date(2024, 10, 23)],
        ["=1+1", "+33 1", "@a", None],
    ]
    assert csv_table(["Nom", "a", "b", "c"], rows) == (
        b"\xef\xbb\xbf"
        + (
            "Nom;a;b;c\r\n"
            '"Élu·e ; « x »";1300;2,5;500\r\n'
            '"a ""b""\nc";0;-3;2024-10-23\r\n'
            "'=1+1;'+33 1;'@a;\r\n"
        ).encode()
    )
