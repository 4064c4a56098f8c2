"""A published release as a Word document."""

import datetime as dt

import pytest
import time_machine
from docx.oxml.ns import qn

from events.models import Partner
from events.press.word import release_docx
from events.tests.factories import PartnerFactory
from events.tests.released import edition_15, opened, picture, written_release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_documents")]

BODY = """
Un **mot gras**, un *mot penché* et [un lien](https://example.org/a?b=1&c=2).

## Un titre

- une puce
    - une sous-puce
- une autre

1. premier
2. deuxième

Puis :

1. encore un

### Un sous-titre

{{ quote.1 }}

| Type | Nombre |
|---|---|
| Ateliers | **6** |

Après le tableau : « oui » !
"""
QUOTE = {"text_fr": "Nous irons.", "person": "Awa Diop", "function_fr": "maire"}


def test_docx_has_every_part_in_the_styles_of_word():
    edition = edition_15()
    PartnerFactory(
        edition=edition, kind=Partner.Kind.SUPPORT, name_fr="Le Ministère", motto="Devise"
    )
    document = opened(
        written_release(
            edition=edition, body_fr=BODY, quotes=[QUOTE], about_fr="Créée.", more_fr="Voir."
        )
    )
    assert [(one.style.name, one.text) for one in document.paragraphs] == [
        (
            "Banner",
            "Mercredi\xa023 et jeudi 24\xa0octobre\xa02024\xa0– Pavillon d’Armenonville\xa0– Paris",
        ),
        ("Support", "Avec le concours de\xa0: \nLe Ministère \nDevise"),
        ("Kicker", "COMMUNIQUÉ DE PRESSE\xa0:"),
        ("Title", "Un titre"),
        ("Dateline", "Paris, le 6\xa0novembre\xa02024"),
        ("Lead", "Un chapeau."),
        ("Normal", "Un mot gras, un mot penché et un lien."),
        ("Heading 1", "Un titre"),
        ("List Bullet", "une puce"),
        ("List Bullet 2", "une sous-puce"),
        ("List Bullet", "une autre"),
        ("List Number", "premier"),
        ("List Number", "deuxième"),
        ("Normal", "Puis\xa0:"),
        ("List Number", "encore un"),
        ("Heading 2", "Un sous-titre"),
        ("Quote", "«\u202fNous irons.\u202f»"),
        ("Quote Source", "Awa Diop, maire"),
        ("Normal", "Après le tableau\xa0: «\u202foui\u202f»\u202f!"),
        ("Heading 1", "À propos de Cités Unies France\xa0:"),
        ("Normal", "Créée."),
        ("Normal", "Voir."),
        (
            "Normal",
            "Contact presse\xa0: Claire Presse, Communication. Courriel\xa0: presse@example.org",
        ),
    ]


def test_docx_keeps_bold_italic_and_links():
    body = next(
        one
        for one in opened(written_release(body_fr=BODY, quotes=[QUOTE])).paragraphs
        if one.text.startswith("Un mot")
    )
    assert [(run.text, run.bold, run.italic) for run in body.runs] == [
        ("Un ", None, None),
        ("mot gras", True, None),
        (", un ", None, None),
        ("mot penché", None, True),
        (" et ", None, None),
        (".", None, None),
    ]
    assert [(one.text, one.url) for one in body.hyperlinks] == [
        ("un lien", "https://example.org/a?b=1&c=2")
    ]


def test_docx_table_has_a_head_and_each_list_starts_at_one():
    document = opened(written_release(body_fr=BODY, quotes=[QUOTE]))
    table = document.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Type", "Nombre"],
        ["Ateliers", "6"],
    ]
    assert [len(row._tr.findall(f".//{qn('w:tblHeader')}")) for row in table.rows] == [1, 0]
    numbered = [one._p.pPr.numPr for one in document.paragraphs if one.style.name == "List Number"]
    first, second, other = (numbers.numId.val for numbers in numbered)
    assert (first == second, first == other) == (True, False)
    definitions = document.part.numbering_part.element
    starts = [
        definitions.num_having_numId(one).find(f".//{qn('w:startOverride')}").get(qn("w:val"))
        for one in (first, other)
    ]
    assert starts == ["1", "1"]


@pytest.mark.parametrize(
    ("language", "locale", "title"), [("fr", "fr-FR", "Un titre"), ("en", "en-GB", "A title")]
)
def test_docx_says_its_language_title_author_and_date(language, locale, title):
    document = opened(
        written_release(language, headline_en="A title", lead_en="A lead.", body_en="A text.")
    )
    known = document.core_properties
    assert (known.title, known.author, known.language, known.created, known.comments) == (
        title,
        "Cités Unies France",
        locale,
        dt.datetime(2024, 11, 6, tzinfo=dt.UTC),
        "",
    )
    languages = document.styles.element.iter(qn("w:lang"))
    assert {one.get(qn("w:val")) for one in languages} == {locale}


def test_docx_foot_names_the_contact_and_numbers_the_pages():
    foot = opened(written_release()).sections[0].footer.paragraphs[0]
    assert foot.style.name == "Footer"
    # The text of fields is not the library's: it reads what stands around them.
    assert foot.text == "Contact presse\xa0: Claire Presse · presse@example.org\t\xa0/\xa0"
    fields = [one.get(qn("w:instr")) for one in foot._p.findall(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_docx_holds_pictures_with_their_words_and_words_alone_when_they_are_gone():
    file = picture("salle.webp")
    written = written_release(body_fr="![La salle pleine](/media/press/salle.webp)")
    document = opened(written)
    shape = document.inline_shapes[0]
    assert shape._inline.docPr.get("descr") == "La salle pleine"
    assert (round(shape.width.mm), round(shape.height.mm)) == (170, 57)
    file.unlink()
    document = opened(written)
    assert len(document.inline_shapes) == 0
    assert [one.text for one in document.paragraphs][5] == "La salle pleine"


def test_docx_is_the_same_bytes_whenever_it_is_made():
    written = written_release(body_fr=BODY, quotes=[QUOTE])
    with time_machine.travel(dt.datetime(2025, 1, 1, tzinfo=dt.UTC)):
        first = release_docx(written)
    with time_machine.travel(dt.datetime(2026, 7, 5, tzinfo=dt.UTC)):
        assert release_docx(written) == first


def test_docx_takes_a_long_headline_and_signs_that_xml_does_not():
    headline = "Un titre\x0b" + "très " * 78
    document = opened(written_release(headline_fr=headline, lead_fr="Un\x0bchapeau."))
    title = next(one.text for one in document.paragraphs if one.style.name == "Title")
    assert title == headline.replace("\x0b", " ").strip()
    assert document.core_properties.title == title[:255]
