"""The press kit: what is in it, and what is not."""

import csv
import datetime as dt
import io
import zipfile

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from icalendar import Calendar
from openpyxl import load_workbook
from PIL import Image

from events.models import Edition, Figure, Partner, PressPicture
from events.press import publishing
from events.tests.factories import (
    EditionFactory,
    PartnerFactory,
    PressPictureFactory,
    PressReleaseFactory,
    RoomFactory,
)
from registrations.models import Category
from registrations.tests.factories import RegistrationFactory
from sessions.models import Person, Session
from sessions.press_kit.archive import key_of
from sessions.press_kit.contents import contents
from sessions.tests.factories import AppearanceFactory, PersonFactory, SessionFactory
from sessions.tests.kits import kit_bytes, kit_of, unpacked, words

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 10, 1)
_ENGLISH = {"headline_en": "A headline", "lead_en": "A lead.", "body_en": "A paragraph."}


@pytest.fixture(autouse=True)
def _own_cache(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture
def edition():
    """With one of everything that is public."""
    edition = EditionFactory(
        number=15,
        current=True,
        starts_on=dt.date(2024, 10, 23),
        guest_country="CM",
        press_contact_name="Katarina",
        press_contact_email="presse@example.org",
    )
    PressReleaseFactory(edition=edition, slug="bilan", language="fr+en", **_ENGLISH)
    session = SessionFactory(
        edition=edition,
        slug="eau",
        title_fr="L’eau et l’assainissement",
        title_en="Water",
        room=RoomFactory(venue=edition.venue, name="Étoile"),
    )
    speaker = PersonFactory(
        slug="awa-diop",
        first_name="Awa",
        last_name="Diop",
        biography_fr="Maire **depuis** 2020.\n\n- Une chose\n- Une autre",
        photo_credit="B. Roy",
    )
    speaker.photo.save("awa.JPG", _picture())
    AppearanceFactory(session=session, person=speaker, function_en="Mayor")
    PressPictureFactory(
        edition=edition,
        title_fr="L’ouverture : la salle",
        title_en="The opening",
        alternative_fr="Une salle pleine",
        rights_en="Free",
        file__filename="IMG_1.JPG",
        position=2,
    )
    PressPictureFactory(edition=edition, title_fr="Café", position=1)
    PressPictureFactory(edition=edition, title_fr="Logo", kind="logo", credit="", rights_fr="")
    PartnerFactory(edition=edition, name_fr="Sans logo", position=1)
    ministry = PartnerFactory(edition=edition, name_fr="Ministère de l’Europe", position=2)
    ministry.logo.save("m.png", _picture("PNG"))
    Figure.objects.create(
        edition=edition,
        key="participants",
        label_fr="participants",
        qualifier="more_than",
        value=500,
        source="=1+1",
        declared_on=dt.date(2024, 11, 6),
    )
    return edition


def _picture(name="JPEG"):
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(file, name)
    return ContentFile(file.getvalue())


def _table(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def _read_me(found: dict[str, bytes]) -> str:
    return found["LISEZ-MOI.txt"].decode("utf-8-sig").replace("\r\n", " ")


def test_the_kit_holds_exactly_this(edition):
    assert list(kit_of(edition)) == [
        "LISEZ-MOI.txt",
        "biographies/biographies-en.txt",
        "biographies/biographies-fr.txt",
        "chiffres-cles.csv",
        "chiffres-cles.xlsx",
        "communiques/2024-11-06-bilan-en.docx",
        "communiques/2024-11-06-bilan-en.pdf",
        "communiques/2024-11-06-bilan-en.txt",
        "communiques/2024-11-06-bilan-fr.docx",
        "communiques/2024-11-06-bilan-fr.pdf",
        "communiques/2024-11-06-bilan-fr.txt",
        "logos/001-logo.jpg",
        "logos/credits.csv",
        "logos/embleme-15e-edition.png",
        "logos/embleme-15e-edition.svg",
        "logos/partenaires/002-ministere-de-l-europe.png",
        "photos/001-cafe.jpg",
        "photos/002-l-ouverture-la-salle.jpg",
        "photos/credits.csv",
        "photos/portraits/awa-diop.jpg",
        "programme/programme-en.ics",
        "programme/programme-en.pdf",
        "programme/programme-fr.ics",
        "programme/programme-fr.pdf",
    ]


def test_an_edition_of_which_nothing_is_known_has_its_emblem_alone():
    edition = EditionFactory(number=16)
    assert list(kit_of(edition)) == [
        "LISEZ-MOI.txt",
        "logos/embleme-16e-edition.png",
        "logos/embleme-16e-edition.svg",
    ]


# ------------------------------------------------------------------------------------- leaks
def test_nothing_that_is_not_public_is_in_it(edition):
    """Neither a word nor a file: every secret of this edition is called Zanzibar."""
    secret = {"headline_fr": "Zanzibar", "lead_fr": "Zanzibar", "edition": edition}
    PressReleaseFactory(**secret, slug="zanzibar-1", draft=True)
    later = timezone.now() + dt.timedelta(days=1)
    PressReleaseFactory(**secret, slug="zanzibar-2", embargo_until=later)
    withdrawn = PressReleaseFactory(**secret, slug="zanzibar-3")
    publishing.withdraw(withdrawn, {"fr": "Zanzibar"})
    PressReleaseFactory(edition=EditionFactory(), headline_fr="Zanzibar", slug="zanzibar-4")
    hidden = SessionFactory(edition=edition, title_fr="Zanzibar", is_published=False)
    elsewhere = SessionFactory(title_fr="Zanzibar", slug="zanzibar-5")
    for number, session in enumerate([hidden, elsewhere]):
        person = PersonFactory(
            last_name="Zanzibar",
            slug=f"zanzibar-{number}",
            biography_fr="Zanzibar",
            photo_credit="Zanzibar",
        )
        person.photo.save("zanzibar.jpg", _picture())
        AppearanceFactory(session=session, person=person)
    PressPictureFactory(edition=edition, title_fr="Zanzibar", is_published=False)
    PressPictureFactory(title_fr="Zanzibar")
    Edition.objects.update(internal_notes="Zanzibar")
    Figure.objects.update(note="Zanzibar")
    Session.objects.filter(edition=edition).update(contacts="Zanzibar", report_fr="Zanzibar")
    RegistrationFactory(edition=edition, last_name="Zanzibar", email="zanzibar@example.org")

    found = kit_of(edition)
    texts = [words(content) for name, content in found.items() if name.endswith(".pdf")]
    texts += [content.decode("latin-1") for content in found.values()]
    assert [text for text in [*found, *texts] if "zanzibar" in text.lower()] == []
    # And the test would see one that leaks.
    Session.objects.filter(pk=hidden.pk).update(is_published=True)
    found = kit_of(edition)
    assert "Zanzibar" in words(found["programme/programme-fr.pdf"])
    assert "photos/portraits/zanzibar-0.jpg" in found
    assert b"Zanzibar" in found["biographies/biographies-fr.txt"]


def test_a_release_joins_when_its_embargo_ends(edition):
    release = PressReleaseFactory(
        edition=edition, slug="demain", embargo_until=timezone.now() + dt.timedelta(days=1)
    )
    before = kit_of(edition)
    type(release).objects.filter(pk=release.pk).update(embargo_until=timezone.now())
    assert set(kit_of(edition)) - set(before) == {
        "communiques/2024-11-06-demain-fr.docx",
        "communiques/2024-11-06-demain-fr.pdf",
        "communiques/2024-11-06-demain-fr.txt",
    }


def test_a_portrait_without_credit_is_left_out_and_said(edition):
    Person.objects.update(photo_credit="")
    found = kit_of(edition)
    assert [name for name in found if "portraits" in name] == []
    assert _read_me(found).count(": Awa Diop.") == 2


def test_a_picture_whose_file_is_gone_is_left_out(edition):
    picture = PressPicture.objects.get(title_fr="Café")
    picture.file.storage.delete(picture.file.name)
    found = kit_of(edition)
    assert [name for name in found if name.startswith("photos/0")] == [
        "photos/002-l-ouverture-la-salle.jpg"
    ]
    assert "Café" not in found["photos/credits.csv"].decode()


# ------------------------------------------------------------------------------- the same bytes
def test_the_same_data_make_the_same_bytes(edition, settings, tmp_path):
    first = kit_bytes(edition)
    edition.press_kit.delete()
    settings.VAR = tmp_path / "another"  # nothing of the first is at hand
    assert kit_bytes(edition) == first


def _publish(edition):
    PressReleaseFactory(edition=edition, slug="autre")


def _update(model, **values):
    def change(edition):
        assert model.objects.filter(**values).count() == 0
        model.objects.update(**values)

    return change


def _new_photo(edition):
    Person.objects.get().photo.save("other.jpg", _picture())


def _new_logo(edition):
    Partner.objects.get(position=2).logo.save("other.png", _picture("PNG"))


def _new_speaker(edition):
    AppearanceFactory(session=Session.objects.get())


def _new_picture(edition):
    PressPictureFactory(edition=edition)


def _new_registration(edition):
    RegistrationFactory(edition=edition, category=Category.objects.first(), country="SN")


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (_publish, {"communiques"}),
        (_update(Session, title_en="Rivers"), {"programme"}),
        (_update(Session, start=dt.time(9)), {"programme"}),
        (_update(Edition, theme_fr="Un autre thème"), {"programme"}),
        (_update(Edition, press_contact_name="Jo"), {"programme", "LISEZ-MOI.txt"}),
        (_update(Edition, guest_country="SN"), {"programme", "logos"}),
        (_update(Person, last_name="Ndiaye"), {"programme", "photos", "biographies"}),
        (_update(Person, biography_en="Mayor."), {"biographies"}),
        (_update(Person, photo_credit="C. Roy"), {"photos"}),
        (_new_photo, {"photos"}),
        (_new_speaker, {"programme", "chiffres-cles.csv", "chiffres-cles.xlsx"}),
        (_update(PressPicture, title_en="Elsewhere"), {"photos", "logos"}),
        (_update(PressPicture, position=7), {"photos"}),
        (_new_picture, {"photos"}),
        (_new_logo, {"logos"}),
        (_update(Figure, value=501), {"chiffres-cles.csv", "chiffres-cles.xlsx"}),
        (_update(Figure, source="Presse"), {"chiffres-cles.csv", "chiffres-cles.xlsx"}),
        (
            _new_registration,
            {"chiffres-cles.csv", "chiffres-cles.xlsx", "programme", "logos"},
        ),
        (_update(Session, contacts="internal"), set()),
        (_update(Edition, internal_notes="internal"), set()),
    ],
)
def test_the_key_changes_with_what_goes_in(edition, change, kinds):
    before = contents(edition, DAY)
    change(edition)
    after = contents(Edition.objects.get(), DAY)
    differing = {(one.name, one.key) for one in before} ^ {(one.name, one.key) for one in after}
    assert {name.partition("/")[0] for name, _key in differing} == kinds
    assert (key_of(before) != key_of(after)) == bool(kinds)


def test_the_key_names_the_day_of_making(edition):
    assert key_of(contents(edition, DAY)) == key_of(contents(edition, DAY))
    assert key_of(contents(edition, DAY)) != key_of(contents(edition, DAY + dt.timedelta(1)))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_rows_are_read_in_the_same_queries_whatever_there_is(
    edition, rows, django_assert_num_queries
):
    for _number in range(rows):
        PressReleaseFactory(edition=edition)
        PressPictureFactory(edition=edition)
        for _speaker in range(rows):
            AppearanceFactory(session=SessionFactory(edition=edition))
    edition = Edition.objects.select_related("venue").get(number=15)
    contents(edition, DAY)  # lays the releases into the cache
    with django_assert_num_queries(19):
        contents(edition, DAY)


# -------------------------------------------------------------------------------------- files
def test_figures_as_csv_and_as_a_workbook(edition):
    found = kit_of(edition)
    rows = _table(found["chiffres-cles.csv"])
    cells = load_workbook(io.BytesIO(found["chiffres-cles.xlsx"])).active.iter_rows()
    header, first, *_others = cells
    assert rows[0] == [cell.value for cell in header]
    assert rows[0][:3] == [
        "clé / key",
        "libellé (français) / label (French)",
        "libellé (anglais) / label (English)",
    ]
    assert rows[1][:6] == [
        *("participants", "participants", "participants"),
        *("500", "plus\u00a0de\u00a0500", "more\u00a0than\u00a0500"),
    ]
    assert rows[1][7].startswith("People present: ")
    # What could be run as a formula is defused in both.
    assert rows[1][8:] == ["'=1+1", "2024-11-06"]
    values = [cell.value for cell in first]
    assert values[:4] == ["participants", "participants", "participants", 500]
    assert values[8:] == ["=1+1", dt.datetime(2024, 11, 6)]  # noqa: DTZ001 -- a spreadsheet knows no zones
    assert (first[8].data_type, first[8].quotePrefix) == ("s", True)
    keys = [row[0] for row in rows[1:]]
    assert keys == ["participants", "speakers", "partners", "thematic_workshops", "sessions"]


def test_credits_of_photographs_and_portraits(edition):
    header, *rows = _table(kit_of(edition)["photos/credits.csv"])
    assert len(header) == 8
    assert rows == [
        ["001-cafe.jpg", "Café", "", "", "", "A. Roy", "Libre de droits", ""],
        [
            *("002-l-ouverture-la-salle.jpg", "L’ouverture\u00a0: la salle", "The opening"),
            *("Une salle pleine", "", "A. Roy", "Libre de droits", "Free"),
        ],
        [
            *("portraits/awa-diop.jpg", "Awa Diop", "Awa Diop"),
            *rows[2][3:5],
            *("B. Roy", "", ""),
        ],
    ]
    assert rows[2][4] == "Portrait of Awa Diop"


def test_pictures_are_copied_as_they_are_and_not_deflated(edition):
    picture = PressPicture.objects.get(title_fr="Café")
    with picture.file.open() as file:
        assert kit_of(edition)["photos/001-cafe.jpg"] == file.read()


def test_biographies_are_plain_text(edition):
    found = kit_of(edition)
    french = found["biographies/biographies-fr.txt"].decode("utf-8-sig")
    assert french.split("\r\n")[3:] == [
        *("", "", "Awa Diop", "--------", "Maire, Ville de Dijon", "", "Maire depuis 2020."),
        *("", "- Une chose", "", "- Une autre", ""),
    ]
    english = found["biographies/biographies-en.txt"].decode("utf-8-sig")
    assert english.split("\r\n")[5:] == [
        *("Awa Diop", "--------", "Mayor, Ville de Dijon", ""),
        *("This biography is available in French only.", "", "Maire depuis 2020."),
        *("", "- Une chose", "", "- Une autre", ""),
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "10\u00a0h – 11\u00a0h Atelier thématique L’eau et l’assainissement"),
        ("en", "10:00 – 11:00 Thematic workshop Water"),
    ],
)
def test_the_programme_is_a_tagged_document(edition, language, said):
    content = kit_of(edition)[f"programme/programme-{language}.pdf"]
    text = words(content)
    assert " ".join(said.split()) in text
    function = {"fr": "Maire", "en": "Mayor"}[language]
    assert f"Awa Diop, {function}, Ville de Dijon" in text
    assert "Étoile" in text
    with pikepdf.open(io.BytesIO(content)) as document:
        assert (document.Root.Lang, bool(document.Root.MarkInfo.Marked)) == (language, True)
        assert "RAICT, 15" in str(document.docinfo["/Title"])


def test_calendars_hold_the_sessions(edition):
    for language, title in {"fr": "L’eau et l’assainissement", "en": "Water"}.items():
        found = Calendar.from_ical(kit_of(edition)[f"programme/programme-{language}.ics"])
        assert [event["SUMMARY"] for event in found.events] == [title]


def test_the_emblem_is_a_drawing_and_a_picture(edition):
    found = kit_of(edition)
    assert found["logos/embleme-15e-edition.svg"].startswith(b"<svg xmlns=")
    with Image.open(io.BytesIO(found["logos/embleme-15e-edition.png"])) as picture:
        assert (picture.format, picture.size) == ("PNG", (1600, 1600))
        corner = picture.convert("RGB").getpixel((2, 2))
    assert max(abs(one - other) for one, other in zip(corner, (22, 36, 79), strict=True)) <= 2


def test_read_me_says_what_is_there_and_whom_to_ask(edition, settings):
    settings.SITE_URL = "https://raict.example"
    lines = kit_of(edition)["LISEZ-MOI.txt"].decode("utf-8-sig").split("\r\n")
    assert max(map(len, lines)) <= 78
    addresses = [line for line in lines if line.startswith("https:")]
    assert addresses == [
        "https://raict.example/editions/15/dossier-de-presse.zip",
        "https://raict.example/en/editions/15/dossier-de-presse.zip",
    ]
    folders = ["communiques/", "programme/", "photos/", "logos/"]
    folders += ["chiffres-cles.csv, chiffres-cles.xlsx", "biographies/"]
    assert [line for line in lines if line in folders] == folders * 2
    assert lines.count("presse@example.org") == 2
    empty = kit_of(EditionFactory(number=16))["LISEZ-MOI.txt"].decode("utf-8-sig").split("\r\n")
    assert [line for line in empty if line in folders] == ["logos/"] * 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"number": 0, "is_demonstration": True}, "everything in it is sample data"),
        ({"state": "cancelled", "state_note_fr": "Tempête."}, "Tempête."),
    ],
)
def test_what_an_edition_is_stands_in_the_read_me_and_on_the_programme(edition, values, said):
    Edition.objects.update(**values)
    found = kit_of(edition)
    assert said in _read_me(found)
    assert said in words(found["programme/programme-en.pdf"])


def test_texts_are_deflated_and_the_rest_is_stored(edition):
    with zipfile.ZipFile(io.BytesIO(kit_bytes(edition))) as archive:
        deflated = {info.filename for info in archive.infolist() if info.compress_type}
        days = {info.date_time for info in archive.infolist()}
    today = timezone.localdate()
    assert days == {(today.year, today.month, today.day, 0, 0, 0)}
    assert {name.rpartition(".")[2] for name in deflated} == {"txt", "csv", "ics", "svg"}
    stored = set(unpacked(kit_bytes(edition))) - deflated
    assert {name.rpartition(".")[2] for name in stored} == {"docx", "pdf", "xlsx", "png", "jpg"}
