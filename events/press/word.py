"""A release as a Word document, for those who paste it into a tool of their own.

Everything has a style, Word's own where it has one, so that any tool knows headline from text. The
faces are those that every office has. The same release gives the same bytes.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

import docx
from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.encoding import iri_to_uri
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from PIL import Image, ImageOps

from events.press.writing import PICTURES, Written
from raict.markup import is_own_picture, without_controls

_LOCALES = {"fr": "fr-FR", "en": "en-GB"}
_COLUMN, _TALLEST = (
    170,
    200,
)  # millimetres: the width of the text on A4, and of a picture the height
_PIXELS = 2000  # of a picture's longer side: 300 dots an inch over the column
_DOTS = 150  # an inch, of a picture that is smaller than the column
_SERIF, _SANS = "Georgia", "Calibri"
_INK, _SOFT, _LINK, _RUST = "16203A", "4A5266", "2B3F92", "A3421C"


@dataclass(frozen=True)
class _Look:
    """How a style is set: face, points, colour, and points of space before and after."""

    face: str = _SERIF
    size: float = 10.5
    colour: str = _INK
    before: float = 0
    after: float = 7
    bold: bool = False
    italic: bool = False


_STYLES = {
    "Normal": _Look(),
    "Notice": _Look(_SANS, bold=True, colour=_RUST),
    "Banner": _Look(_SANS, colour=_SOFT),
    "Support": _Look(_SANS),
    "Kicker": _Look(_SANS, 10, _RUST, before=10, after=3, bold=True),
    "Title": _Look(size=18, after=10, bold=True),
    "Dateline": _Look(_SANS, bold=True),
    "Lead": _Look(size=11, bold=True),
    "Heading 1": _Look(size=13, before=12, after=4, bold=True),
    "Heading 2": _Look(size=11.5, before=10, after=3, bold=True),
    "Heading 3": _Look(before=8, after=3, bold=True),
    "Quote": _Look(before=4, after=2, italic=True),
    "Quote Source": _Look(_SANS, 10, _SOFT),
    "Footer": _Look(_SANS, 8, _SOFT, after=0),
}
# Of the template: a picture of an empty page, and its styles once more, for an older Word.
_LEFT_OUT = ("/thumbnail", "/stylesWithEffects")
_HEADINGS = {"h1": "Title", "h2": "Heading 1", "h3": "Heading 2", "h4": "Heading 3"}
_BLOCKS = {*_HEADINGS, "p", "div", "li", "ul", "ol", "blockquote", "figcaption", "hr", "td", "th"}
_VOID = {"br", "hr", "img"}
_MARKS = {
    "strong": "bold",
    "th": "bold",
    "em": "italic",
    "sup": "superscript",
    "sub": "subscript",
}


def release_docx(written: Written) -> bytes:
    """The release on A4. A picture that is not there any more is replaced by its words."""
    document = docx.Document()
    _set_up(document, _LOCALES[written.language])
    _describe(document, written)
    _sign_pages(document, written)
    html = render_to_string("events/press/word.html", {"written": written})
    body = _Body(document)
    body.feed(without_controls(html))
    body.close()
    return _saved(document)


# ---------------------------------------------------------------------------------- document
def _set_up(document: Document, locale: str) -> None:
    """Paper, styles and their language; nothing is left of the library's own template."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm((210 - _COLUMN) / 2)
    page.top_margin = page.bottom_margin = Mm(20)
    for name, look in _STYLES.items():
        _set_style(document, name, look)
    for name in ("Kicker", "Quote"):
        document.styles[name].paragraph_format.keep_with_next = True
    link = document.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
    link.font.color.rgb, link.font.underline = RGBColor.from_string(_LINK), True
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), locale)
    for relations in (document.part.package.rels, document.part.rels):
        for found in [one for one in relations.values() if one.reltype.endswith(_LEFT_OUT)]:
            del relations[found.rId]


def _describe(document: Document, written: Written) -> None:
    """The properties of the file; its date is that of the release."""
    properties = document.core_properties
    said = {
        "title": written.headline,
        "subject": written.banner,
        "author": written.organiser,
        "last_modified_by": written.organiser,
        "keywords": written.short_name,
        "comments": "",
        "language": _LOCALES[written.language],
    }
    for name, text in said.items():
        setattr(properties, name, without_controls(text)[:255])  # the format takes no more
    issued = dt.datetime.combine(dt.date.fromisoformat(written.issued_on), dt.time(), dt.UTC)
    properties.created = properties.modified = issued


def _set_style(document: Document, name: str, look: _Look) -> None:
    styles = document.styles
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    faces = style.element.get_or_add_rPr().get_or_add_rFonts()
    faces.attrib.clear()  # the faces of the template's theme would go first
    for signs in ("ascii", "hAnsi", "eastAsia", "cs"):
        faces.set(qn(f"w:{signs}"), look.face)
    style.font.size, style.font.color.rgb = Pt(look.size), RGBColor.from_string(look.colour)
    style.font.bold, style.font.italic = look.bold, look.italic
    style.paragraph_format.space_before = Pt(look.before)
    style.paragraph_format.space_after = Pt(look.after)
    for border in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def _sign_pages(document: Document, written: Written) -> None:
    """« Contact presse » and « page / pages » at the foot of each page."""
    contact = next(iter(written.contacts), None)
    said = [contact.name, contact.email] if contact else []
    label = written.labels["contact"] if contact else written.organiser
    foot = document.sections[0].footer.paragraphs[0]
    stops = foot.style.paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Mm(_COLUMN), WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run(without_controls(f"{label} {' · '.join(filter(None, said))}".strip() + "\t"))
    _add_field(foot, "PAGE")
    foot.add_run("\u00a0/\u00a0")
    _add_field(foot, "NUMPAGES")


def _add_field(paragraph: Paragraph, name: str) -> None:
    """A number that Word reckons itself; the library has no word for fields."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)


def _saved(document: Document) -> bytes:
    """The file, without the moment at which it was packed."""
    packed, dated = io.BytesIO(), io.BytesIO()
    document.save(packed)
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(dated, "w") as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_DEFLATED)
    return dated.getvalue()


# -------------------------------------------------------------------------------------- text
@dataclass(frozen=True)
class _Piece:
    """Words that are set alike, or a picture and the words that stand for it."""

    text: str
    marks: frozenset[str] = frozenset()
    address: str = ""
    picture: str = ""


class _Body(HTMLParser):
    """Our own clean HTML, written into the document block by block."""

    def __init__(self, document: Document) -> None:
        super().__init__(convert_charrefs=True)
        self._document = document
        self._pieces: list[_Piece] = []
        self._open: list[str] = []  # blocks and marks, the innermost last
        self._class, self._address = "", ""
        self._lists: list[
            int | None
        ] = []  # the numbering of each open list; None of a bulleted one
        self._is_new_item = False
        self._rows: list[list[list[_Piece]]] = []
        self._is_after_table = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in _BLOCKS:
            self._write()
        if tag in {"ul", "ol"}:
            self._lists.append(self._new_numbering() if tag == "ol" else None)
        elif tag == "li":
            self._is_new_item = True
        elif tag == "tr":
            self._rows.append([])
        elif tag == "br":
            self._pieces.append(_Piece("\n"))
        elif tag == "img":
            self._pieces.append(_Piece(given.get("alt") or "", picture=given.get("src") or ""))
        elif tag == "a":
            address = urljoin(f"{settings.SITE_URL}/", given.get("href") or "")
            self._address = iri_to_uri(address)
        elif tag in {"p", "div"} and given.get("class") in _STYLES:
            self._class = given["class"]
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if tag in _VOID:
            return
        if tag in {"td", "th"}:
            self._rows[-1].append(self._taken())
        elif tag == "table":
            self._write_table()
        elif tag in _BLOCKS:
            self._write()
        if tag in {"ul", "ol"}:
            self._lists.pop()
        elif tag == "a":
            self._address = ""
        if tag == "div" or (tag == "p" and "div" not in self._open):
            self._class = ""
        self._open.pop()

    def handle_data(self, data):
        text = re.sub(r"[ \t\r\n\f]+", " ", data)
        if not self._pieces or self._pieces[-1].text.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if text:
            marks = frozenset(self._open) & _MARKS.keys()
            self._pieces.append(_Piece(text, marks, self._address))

    def close(self):
        super().close()
        self._write()

    def _taken(self) -> list[_Piece]:
        """The pieces of the block that ends here, without the space at its end."""
        pieces, self._pieces = self._pieces, []
        while pieces and not pieces[-1].picture and not pieces[-1].text.strip(" \n"):
            pieces.pop()
        return pieces

    def _write(self) -> None:
        pieces = self._taken()
        if not pieces:
            return
        paragraph = self._document.add_paragraph(style=self._style())
        if self._lists and self._lists[-1] is not None and self._is_new_item:
            numbers = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            numbers.get_or_add_numId().val = self._lists[-1]
        if self._is_after_table:
            paragraph.paragraph_format.space_before = Pt(7)
        self._is_new_item = self._is_after_table = False
        _fill(paragraph, pieces)

    def _style(self) -> str:
        for tag in reversed(self._open):
            if tag in _HEADINGS:
                return _HEADINGS[tag]
            if tag == "li":
                kind = "Number" if self._lists[-1] is not None else "Bullet"
                depth = min(len(self._lists), 3)  # Word has no more
                kind = kind if self._is_new_item else "Continue"
                return f"List {kind} {depth}" if depth > 1 else f"List {kind}"
            if tag in {"blockquote", "figcaption"}:
                return "Quote" if tag == "blockquote" else "Quote Source"
        return self._class or "Normal"

    def _new_numbering(self) -> int:
        """A numbering that starts at 1: those of Word's style would go on from list to list."""
        depth = min(len(self._lists) + 1, 3)
        style = self._document.styles[f"List Number {depth}" if depth > 1 else "List Number"]
        numbering = self._document.part.numbering_part.element
        of_style = numbering.num_having_numId(style.element.pPr.numPr.numId.val)
        number = numbering.add_num(of_style.abstractNumId.val)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        return number.numId

    def _write_table(self) -> None:
        rows, self._rows = self._rows, []
        columns = max(map(len, rows), default=0)
        if not columns:
            return
        table = self._document.add_table(len(rows), columns, style="Table Grid")
        # Read aloud as the head of each column, and repeated on the next page.
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, pieces in zip(row.cells, cells, strict=False):
                cell.paragraphs[0].paragraph_format.space_after = Pt(2)
                _fill(cell.paragraphs[0], pieces)
        self._is_after_table = True


def _fill(paragraph: Paragraph, pieces: Iterable[_Piece]) -> None:
    for piece in pieces:
        if piece.picture and _add_picture(paragraph, piece):
            continue
        run = paragraph.add_run(piece.text)
        for mark in piece.marks:
            setattr(run.font, _MARKS[mark], True)
        if piece.address:
            _link(paragraph, run, piece.address)


def _link(paragraph: Paragraph, run: Run, address: str) -> None:
    """The run, clickable; the library reads links and does not write them."""
    run.style = "Hyperlink"
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATION.HYPERLINK, is_external=True))
    link.append(run._r)
    paragraph._p.append(link)


def _add_picture(paragraph: Paragraph, piece: _Piece) -> bool:
    """The picture as wide as the column at most, with its words; False when it is not there."""
    if not is_own_picture(piece.picture, PICTURES):
        return False
    try:
        with default_storage.open(piece.picture.removeprefix(settings.MEDIA_URL)) as file:
            picture = ImageOps.exif_transpose(Image.open(file))
    except OSError:  # gone, or no picture
        return False
    picture.thumbnail((_PIXELS, _PIXELS))
    scale = min(25.4 / _DOTS, _COLUMN / picture.width, _TALLEST / picture.height)
    stream = io.BytesIO()
    if picture.has_transparency_data:
        picture.convert("RGBA").save(stream, "PNG")
    else:
        picture.convert("RGB").save(stream, "JPEG", quality=88)
    shape = paragraph.add_run().add_picture(stream, width=Mm(picture.width * scale))
    shape._inline.docPr.set("descr", piece.text)
    return True
