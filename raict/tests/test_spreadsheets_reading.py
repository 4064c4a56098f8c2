"""Files as people have them, and as nobody should send them."""

import datetime as dt
import io
import struct
import subprocess
import sys
import zipfile
import zlib

import pytest
from defusedxml import EntitiesForbidden
from django.utils import translation
from openpyxl import Workbook, load_workbook

from raict.errors import DomainError
from raict.spreadsheets import reading, workbook
from raict.spreadsheets.reading import Broken, read

KNOWN = {"nom", "stand", "jour", "ordre"}
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
CELLS = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Nom</t></is></c></row>{}</sheetData>'


def table(data: bytes, name: str = "tableau.xlsx"):
    return read(io.BytesIO(data), name, is_known=lambda title: title.strip().lower() in KNOWN)


def rows(data: bytes, name: str = "tableau.xlsx") -> list:
    return [(number, list(cells.values())) for number, cells in table(data, name).rows]


def refusal(data: bytes, name: str = "tableau.xlsx") -> str:
    with pytest.raises(DomainError) as refused:
        table(data, name)
    return str(refused.value.message)


def book(*lines, prepare=None) -> bytes:
    made, file = Workbook(), io.BytesIO()
    for line in lines:
        made.active.append(line)
    if prepare:
        prepare(made)
    made.save(file)
    return file.getvalue()


def changed(data: bytes, **parts: str | bytes | None) -> bytes:
    """The archive with parts replaced (`sheet`, `strings` …) or others added."""
    names = {
        "sheet": "xl/worksheets/sheet1.xml",
        "strings": "xl/sharedStrings.xml",
        "macros": "xl/vbaProject.bin",
        "link": "xl/externalLinks/externalLink1.xml",
    }
    parts = {names[key]: value for key, value in parts.items()}
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, parts.pop(info.filename, old.read(info)))
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


def sheet(cells: str, before: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = (
        f'<?xml version="1.0"?>{before}<worksheet xmlns="{space}">{CELLS.format(cells)}</worksheet>'
    )
    return changed(book(["Nom"], ["x"]), sheet=xml)


# ---------------------------------------------------------------------------------- as people do
def test_titles_above_blank_lines_and_the_header_again_do_not_disturb():
    data = book(
        ["Liste des partenaires", None, "état au 3 mars"],
        [],
        ["NOM", "Remarque", " stand "],
        ["AFD", "?", "A1"],
        [None, "  ", None],
        [],
        ["Nom", "Remarque", "Stand"],
        ["CNFPT", None, 4],
    )
    found = table(data)
    assert found.headers == {1: "NOM", 2: "Remarque", 3: "stand"}
    assert rows(data)[0] == (4, ["AFD", "?", "A1"])
    assert rows(data)[-1] == (8, ["CNFPT", 4])


def test_a_cell_merged_downwards_says_the_same_of_each_row():
    def merge(made):
        made.active.merge_cells("B2:B3")

    data = book(["Nom", "Stand"], ["AFD", "A1"], ["CNFPT"], ["Unicef"], prepare=merge)
    assert rows(data) == [(2, ["AFD", "A1"]), (3, ["CNFPT", "A1"]), (4, ["Unicef"])]


def test_the_sheet_with_the_table_is_found_and_hidden_ones_are_left():
    def more(made):
        made.active.title = "Lisez-moi"
        hidden = made.create_sheet("Cachée")
        hidden.sheet_state = "hidden"
        hidden.append(["Nom", "Stand", "Ordre"])
        second = made.create_sheet("Stands")
        second.append(["Nom", "Stand"])
        second.append(["AFD", "A1"])

    found = table(book(["Bonjour"], prepare=more))
    assert (found.sheet, found.rows) == ("Stands", [(2, {1: "AFD", 2: "A1"})])


def test_days_times_numbers_and_marks_keep_their_type():
    moment = dt.datetime(2024, 10, 23)  # noqa: DTZ001 -- a spreadsheet knows no zones
    data = book(["Nom", "Jour", "Ordre", "Stand"], ["x", moment, 2.5, dt.time(9, 30)], [True, 3])
    assert rows(data) == [(2, ["x", moment, 2.5, dt.time(9, 30)]), (3, [True, 3])]


@pytest.mark.parametrize("text", ["=1+1", "'=x", "''+y", "+33 1", "@a", "-", "'Aïd", "_x0041_"])
def test_defused_cells_come_back_as_they_were(text):
    assert rows(workbook(["Nom"], [[text]])) == [(2, [text])]


def test_a_csv_that_excel_saved_as_xlsx_has_its_marks_taken_away():
    assert rows(book(["Nom"], ["'=1+1"])) == [(2, ["=1+1"])]


def test_of_a_formula_the_last_result_is_read_and_nothing_is_evaluated():
    data = sheet(
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>HYPERLINK("http://x")</f><v>ici</v></c></row>'
        '<row r="4"><c r="A4"><f>1+1</f></c></row>'
        '<row r="5"><c r="A5" t="e"><f>A9</f><v>#REF!</v></c></row>'
    )
    (two, here, without, error) = [cells[0] for _number, cells in rows(data)]
    assert (two, here) == (2, "ici")
    assert isinstance(without, Broken)
    assert isinstance(error, Broken)
    assert "#REF!" in error.reason


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_files_are_read_whatever_program_wrote_them(delimiter, encoding):
    text = f'Titre, avec virgule\nNom{delimiter}Stand\n"Élu ; x, y"{delimiter}\'=1\n\n'
    assert rows(text.encode(encoding), "t.csv") == [(3, ["Élu ; x, y", "=1"])]


# ------------------------------------------------------------------------------- other files
def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (OLE + b"\0" * 600, "vieux.xls", ".xlsx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "secret.xlsx", "password"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "t.ods", ".xlsx"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "t.xlsx", ".xlsx"),
        (b"<html><table>", "t.xls", ".xlsx"),
        (archive(word__document=b""), "t.xlsx", "no table"),
        (b"%PDF-1.7", "t.pdf", "no table"),
        (b"\x89PNG\r\n\x1a\n\0\0", "t.csv", "no table"),
        (b"PK\x03\x04 and nothing else", "t.xlsx", "no table"),
        (b"", "t.xlsx", "empty"),
        (b"x" * (10 * 1024 * 1024 + 1), "t.csv", "10 MB"),
    ],
)
def test_another_file_is_refused_with_a_sentence_of_its_own(data, name, word):
    with translation.override("en"):
        assert word in refusal(data, name)


def test_macros_are_refused_and_links_to_other_files_are_not_looked_at():
    assert ".xlsm" in refusal(changed(book(["Nom"], ["x"]), macros=b"\0"), "t.xlsm")
    linked = changed(book(["Nom"], ["x"]), link=b"<!DOCTYPE x><no xml")
    assert rows(linked) == [(2, ["x"])]


def test_a_file_that_is_cut_off_is_refused():
    data = book(["Nom"], *[[f"x{number}"] for number in range(3000)])
    assert refusal(data[:-400])
    assert refusal(changed(data, sheet="<worksheet><sheetData>"))
    assert refusal(sheet('<row r="2"><c r="A2" t="s"><v>99</v></c></row>'))


# ----------------------------------------------------------------------------------- hostile ones
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "before", [BOMB, '<!DOCTYPE x SYSTEM "file:///etc/passwd">', "<!DOCTYPE worksheet>"]
)
def test_entities_are_refused_before_they_are_read(before):
    data = sheet('<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c></row>', before)
    assert refusal(data)


def test_openpyxl_itself_refuses_entities_too():
    """It is not asked to read what people send; elsewhere it might be: requirements.in."""
    data = sheet('<row r="2"><c r="A2"><v>1</v></c></row>', BOMB)
    with pytest.raises(ValueError) as refused:  # noqa: PT011 -- its sentence is openpyxl's own
        load_workbook(io.BytesIO(data))
    assert isinstance(refused.value.__context__, EntitiesForbidden)


def unpacked_to(size: int, declared: int | None = None) -> bytes:
    """A workbook whose sheet unpacks to so many bytes of spaces, and may declare fewer."""
    data = bytearray(sheet(" " * size))
    if declared is not None:
        with zipfile.ZipFile(io.BytesIO(data)) as made:
            info = made.getinfo("xl/worksheets/sheet1.xml")
            real = info.file_size
        assert data.count(struct.pack("<L", real)) >= 1
        data = data.replace(struct.pack("<L", real), struct.pack("<L", declared))
    return bytes(data)


def test_a_bomb_is_refused_by_what_it_declares_and_one_that_lies_is_cut():
    assert refusal(unpacked_to(reading.xlsx.PART_BYTES + 1))
    assert refusal(unpacked_to(20_000_000, declared=1000))


_HOSTILE = {
    "ten million cells": '<row r="2">' + "<c/>" * 10_000_000 + "</row>",
    "a hundred thousand rows": "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 100_000)
    ),
    "millions of nothing": "<x/>" * 6_000_000,
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_what_is_too_much_stops_early_and_stays_small(name, tmp_path):
    """In a process of its own, so that its peak memory can be read."""
    path = tmp_path / "t.xlsx"
    path.write_bytes(sheet(_HOSTILE[name]))
    code = (
        "import sys, resource, django; django.setup()\n"
        "from raict.spreadsheets.reading import read\n"
        "from raict.errors import DomainError\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    read(open(sys.argv[1], 'rb'), 't.xlsx', is_known=lambda title: title == 'Nom')\n"
        "except DomainError: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "raict.settings", "ENV_FILE": "/dev/null"}
    output = subprocess.check_output(
        [sys.executable, "-c", code, path], text=True, env=environment | {"PATH": "/usr/bin:/bin"}
    )
    assert int(output) < 120_000  # kilobytes


def test_a_row_far_down_and_a_column_far_right_cost_nothing():
    data = sheet(
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c><c r="A1048576"><v>7</v></c></row>'
    )
    assert rows(data) == [(1048576, [7])]


def test_a_part_that_is_no_deflate_stream_is_damaged():
    data = bytearray(book(["Nom"], ["x"] * 50))
    packed = zlib.compress(b"x")
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as made:
        offset = made.getinfo("xl/worksheets/sheet1.xml").header_offset
    data[offset + 60 : offset + 60 + len(packed)] = packed
    assert refusal(bytes(data))
