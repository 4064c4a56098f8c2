"""Badges: on paper, whole, and readable by a phone."""

import io
from itertools import pairwise

import pikepdf
import pypdf
import pypdfium2
import pytest
import zxingcpp

from events.tests.factories import EditionFactory
from raict.mail.models import Message
from registrations.badge import BAND, HEIGHT, WIDTH, _luminance, badge
from registrations.documents import badge_attachment, badge_pdf, calendar_attachment
from registrations.links import badge_code, registration_from_badge_code
from registrations.models import Registration
from registrations.tests.factories import (
    CategoryFactory,
    OrganisationFactory,
    RegistrationFactory,
)

pytestmark = pytest.mark.django_db

LONG_FUNCTION = "Directrice générale adjointe chargée de la coopération décentralisée, " * 3
PEOPLE = [
    {"first_name": "Aminata", "last_name": "N’Diaye-Lefèvre", "function": "Maire"},
    {"first_name": "O", "last_name": "Li", "function": "", "organisation": None},
    {
        "first_name": "Jean-Christophe-Emmanuel de la Trinité du Saint-Esprit",
        "last_name": "de " * 20 + "X",
    },
    {"first_name": "Nguyễn Thị Phương", "last_name": "Thảo", "function": LONG_FUNCTION[:200]},
    {"first_name": "W" * 100, "last_name": "M" * 100, "function": "W" * 200},
    {"first_name": "Wolfeschlegelsteinhausenbergerdorff", "last_name": "Donaudampfschifffahrt"},
    {"first_name": "محمد", "last_name": "عبد الرحمن السعيد", "function": "رئيس البلدية"},
    {"first_name": "小明", "last_name": "王", "function": "市长"},
    {"first_name": "சுப்பிரமணியன்", "last_name": "கிருஷ்ணமூர்த்தி"},
    {"first_name": "Ɓoubacar", "last_name": "Ɗiallo"},
    {"first_name": "Мария", "last_name": "Иванова", "title": "S.E.Mme"},
    {"first_name": "Anne", "last_name": "Roux", "country": "VC"},
]


def _words(pdf: bytes) -> list[str]:
    return [
        " ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
    ]


def _image(pdf: bytes, page: int = 0, dpi: int = 150):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[page].render(scale=dpi / 72).to_pil()
    finally:
        document.close()


def test_badge_is_one_a6_page_with_everything_on_it():
    registration = RegistrationFactory(
        first_name="Aminata",
        last_name="N’Diaye",
        function="Vice-présidente",
        organisation__name="Pays de Saint-Omer",
        country="CM",
        category=CategoryFactory(
            name_fr="Élu", name_feminine_fr="Élue", name_en="Elected official"
        ),
        civility=Registration.Civility.MADAM,
        edition__number=15,
    )
    pdf = badge_pdf([registration])
    (page,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    size = [round(float(side) * 25.4 / 72) for side in (page.mediabox.width, page.mediabox.height)]
    assert size == [105, 148]
    (words,) = _words(pdf)
    for said in (
        "RAICT",
        "15e édition – 15th edition",
        "Aminata",
        "N’Diaye",
        "Vice-présidente",
        "Pays de Saint-Omer",
        "Cameroun · Cameroon",
        "Élue",
        "Elected official",
    ):
        assert said in words
    assert "SPECIMEN" not in words


def test_demonstration_is_said_plainly():
    edition = EditionFactory(number=0, is_demonstration=True)
    assert (
        "DÉMONSTRATION – SPECIMEN" in _words(badge_pdf([RegistrationFactory(edition=edition)]))[0]
    )


def test_first_name_is_eleven_millimetres_high_when_it_fits():
    first = badge(RegistrationFactory(first_name="Aminata", last_name="Sow")).names[0].text
    assert first.size * 0.67 >= 11


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person["first_name"][:12])
def test_nothing_is_cut_or_overflows(person, caplog):
    organisation = person.get("organisation", OrganisationFactory(name="Ville d’Ivry-sur-Seine"))
    registration = RegistrationFactory(**{**person, "organisation": organisation})
    placed = badge(registration)
    texts = [*placed.names, *placed.blocks]
    for block in texts:
        assert block.text.width <= WIDTH - 15.9
        assert block.top + block.text.height <= HEIGHT - BAND
    ordered = [block for block in texts if block.kind != "country"]
    for above, below in pairwise(ordered):
        assert above.top + above.text.height <= below.top
    assert ordered[-1].top + ordered[-1].text.height <= HEIGHT - BAND - 30
    for block in (placed.category, placed.category_en):
        assert block.top + block.text.height <= HEIGHT
    pdf = badge_pdf([registration])
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
    assert [record.getMessage() for record in caplog.records] == []
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    width, height = page.get_size()
    boxes = [item.get_bounds() for item in page.get_objects() if item.type == 1]
    document.close()
    assert len(boxes) >= len(texts)
    for left, bottom, right, top in boxes:
        assert left >= 0
        assert bottom >= 0
        assert right <= width
        assert top <= height


def test_every_letter_of_a_long_name_is_printed():
    person = RegistrationFactory(
        first_name="Jean" * 20, last_name="Z" * 90, function=LONG_FUNCTION[:200]
    )
    (words,) = _words(badge_pdf([person]))
    for text in ("Jean" * 20, "Z" * 90, LONG_FUNCTION[:200]):
        assert "".join(text.split()) in "".join(words.split())


def test_code_on_the_paper_is_the_registrations():
    registrations = [RegistrationFactory(), RegistrationFactory(last_name="M" * 60)]
    pdf = badge_pdf(registrations)
    for number, registration in enumerate(registrations):
        (found,) = zxingcpp.read_barcodes(_image(pdf, number))
        assert found.text == badge_code(registration)
        assert registration_from_badge_code(found.text) == registration
        assert registration.email not in found.text


def test_light_bands_carry_dark_words():
    light, dark = CategoryFactory(colour="#f2b33d"), CategoryFactory(colour="#2b3f92")
    inks = [badge(RegistrationFactory(category=category)).ink for category in (light, dark)]
    assert inks == ["#16203a", "#ffffff"]
    assert (_luminance("#ffffff"), _luminance("#000000")) == (pytest.approx(1), 0)


def test_many_badges_take_as_many_queries_as_one(django_assert_num_queries):
    edition = EditionFactory()
    RegistrationFactory.create_batch(3, edition=edition)
    for rows in (Registration.objects.all()[:1], Registration.objects.all()):
        with django_assert_num_queries(7):
            pdf = badge_pdf(rows)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 3


def test_pdf_is_tagged_named_and_the_same_bytes_twice():
    registration = RegistrationFactory(first_name="Léa", last_name="Roux", language="en")
    pdf = badge_pdf([registration])
    assert badge_pdf([registration]) == pdf
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "en"
        assert str(document.docinfo["/Title"])[:17] == "Badge of Léa Roux"
        assert bool(document.Root.MarkInfo.Marked)
        with document.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Léa Roux"]


def test_attachment_is_the_badge():
    registration = RegistrationFactory()
    message = Message(reference=registration.reference, to=registration.email)
    name, content, kind = badge_attachment(message)
    assert (name, kind, content) == ("badge.pdf", "application/pdf", badge_pdf([registration]))


def test_attachments_go_to_nobody_but_the_one_who_has_the_place_now():
    """A message that leaves late, after the place was passed on to a colleague."""
    registration = RegistrationFactory()
    message = Message(reference=registration.reference, to="former@example.org")
    assert badge_attachment(message) is None
    assert calendar_attachment(message) is None
