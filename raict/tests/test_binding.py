"""Parts bound into one document: pages, tags, bookmarks, and nothing twice."""

import io

import pikepdf
import pypdf
import pytest

from raict import fonts
from raict.binding import bind
from raict.pdf import render_pdf

WORDS = ["un", "deux", "trois", "quatre", "cinq"]


def part(*words: str) -> bytes:
    pages = "".join(f'<h1 style="break-before:page">{word}</h1><p>{word} !</p>' for word in words)
    head = '<meta charset="utf-8"><title>Des mots</title><meta name="author" content="CUF">'
    html = f'<!DOCTYPE html><html lang="fr"><head>{head}</head><body>{pages}</body></html>'
    return render_pdf(html, stylesheets=(), faces=fonts.SANS)


@pytest.fixture(scope="module")
def bound():
    with pikepdf.open(io.BytesIO(bind([part(*WORDS[:2]), part(WORDS[2]), part(*WORDS[3:])]))) as it:
        yield it


def test_pages_keep_their_order_and_their_words():
    reader = pypdf.PdfReader(io.BytesIO(bind([part("un", "deux"), part("trois")])))
    assert [page.extract_text().split() for page in reader.pages] == [
        [word, word, "!"] for word in ("un", "deux", "trois")
    ]


def test_one_document_holds_what_the_parts_held(bound):
    (document,) = bound.Root.StructTreeRoot.K
    assert document.S == "/Document"
    assert [str(element.S) for element in document.K] == ["/H1", "/P"] * 5
    assert all(element.P.objgen == document.objgen for element in document.K)
    pages = [page.obj.objgen for page in bound.pages]
    assert [element.Pg.objgen for element in document.K] == [one for one in pages for _ in "12"]


def test_every_page_finds_its_own_tags(bound):
    numbers = bound.Root.StructTreeRoot.ParentTree.Nums
    assert [int(number) for number in list(numbers)[::2]] == [0, 1, 2, 3, 4]
    for page in bound.pages:
        marked = numbers[int(page.StructParents) * 2 + 1]
        assert {element.Pg.objgen for element in marked} == {page.obj.objgen}


def test_bookmarks_lead_to_their_pages(bound):
    with bound.open_outline() as outline:
        marks = [(mark.title, mark.destination[0].objgen) for mark in outline.root]
    assert marks == [(word, page.obj.objgen) for word, page in zip(WORDS, bound.pages, strict=True)]


def test_title_language_and_claims_are_those_of_the_parts(bound):
    with bound.open_metadata() as data:
        assert (data["dc:title"], data["pdfuaid:part"]) == ("Des mots", "1")
    assert str(bound.Root.Lang) == "fr"
    assert bool(bound.Root.MarkInfo.Marked)
    assert bound.check_pdf_syntax() == []


def test_the_same_parts_are_the_same_bytes():
    parts = [part("un"), part("deux")]
    assert bind(parts) == bind(parts)


def test_without_parts_and_without_tags_it_refuses():
    with pytest.raises(ValueError, match="nothing to bind"):
        bind([])
    plain = pypdf.PdfWriter()
    plain.add_blank_page(100, 100)
    file = io.BytesIO()
    plain.write(file)
    with pytest.raises(ValueError, match="without tags"):
        bind([part("un"), file.getvalue()])
