"""Sign-in sheets: who stands on which, in which order, and how they look on paper."""

import datetime as dt
import io
import zipfile
from itertools import pairwise

import pikepdf
import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from raict.errors import DomainError
from raict.jobs import running
from raict.typography import surname_key
from registrations.documents import signing
from registrations.documents.signing import Wanted, sheet_pdf, sheets, sheets_pdf
from registrations.models import Booking, Category
from registrations.tests.factories import (
    CategoryFactory,
    OrganisationFactory,
    RegistrationFactory,
)
from sessions.tests.factories import SessionFactory

pytestmark = pytest.mark.django_db
AS_OF = dt.date(2024, 10, 22)
MM = 72 / 25.4


def person(edition, last_name, first_name="Awa", **values):
    return RegistrationFactory(
        edition=edition, last_name=last_name, first_name=first_name, **values
    )


def book(registration, session, state="confirmed", turn=None):
    until = timezone.now() + dt.timedelta(days=1) if state == "offered" else None
    Booking.objects.create(
        registration=registration, session=session, state=state, turn=turn, offered_until=until
    )


def names(rows) -> list[str]:
    return [row.registration.last_name for row in rows]


def pages(pdf: bytes) -> list[str]:
    return [
        " ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
    ]


def test_surnames_stand_where_people_look_for_them():
    ordered = [
        *("Abel", "de Bono", "Debré", "Des Forêts", "Du Bellay", "El-Amrane", "El Amrani"),
        *("Élan", "Émile", "De Gaulle", "de La Fontaine", "La Rochelle", "Le Goff"),
        *("d’Ormesson", "D'Urville", "Zola"),
    ]
    shuffled = ordered[7:] + ordered[:7]
    assert sorted(shuffled, key=surname_key) == ordered


def test_two_spellings_of_a_name_stand_side_by_side_by_first_name():
    people = [("Elamrani", "Zoé"), ("El-Amrani", "Awa"), ("EL AMRANI", "Karim")]
    assert sorted(people, key=lambda one: surname_key(*one)) == [people[1], people[2], people[0]]


def test_a_session_has_those_with_a_seat_and_the_line_apart(edition, ten):
    for name, state, turn in [
        ("Zola", "confirmed", None),
        ("Émond", "confirmed", None),
        ("de Bono", "confirmed", None),
        ("Offert", "offered", None),
        ("Second", "waiting", 2),
        ("Premier", "waiting", 1),
        ("Rendu", "released", None),
    ]:
        book(person(edition, name), session=ten, state=state, turn=turn)
    (sheet,) = sheets(edition, Wanted(sessions=(ten.pk,)))
    assert names(sheet.rows) == ["de Bono", "Émond", "Zola"]
    assert names(sheet.waiting) == ["Premier", "Second"]
    assert sheet.columns == ("Signature",)
    assert len(sheet.blanks) == signing.BLANK_ROWS


def test_a_half_day_has_everybody_who_is_confirmed(edition, ten):
    SessionFactory(edition=edition, start=dt.time(15), end=dt.time(16))
    person(edition, "Bah")
    person(edition, "Attente", state="pending")
    person(edition, "Partie", state="cancelled")
    morning, afternoon = sheets(edition, Wanted(by_half_day=True))
    assert [names(sheet.rows) for sheet in (morning, afternoon)] == [["Bah"], ["Bah"]]
    assert (morning.title[-5:], afternoon.title[-10:]) == ("matin", "après-midi")


def test_a_delegation_has_a_column_for_each_half_day(edition, ten):
    SessionFactory(edition=edition, start=dt.time(15), end=dt.time(16))
    lyon = OrganisationFactory(name="Ville de Lyon", country="FR")
    agen = OrganisationFactory(name="Ville d’Agen", country="FR")
    person(edition, "Zola", organisation=lyon)
    person(edition, "Bah", organisation=lyon)
    person(edition, "Ici", organisation=agen)
    person(edition, "Seule", organisation=None)
    found = sheets(edition, Wanted(by_delegation=True, blank=10))
    assert [(sheet.title, names(sheet.rows)) for sheet in found] == [
        ("Ville d’Agen", ["Ici"]),
        ("Ville de Lyon", ["Bah", "Zola"]),
    ]
    assert [len(sheet.columns) for sheet in found] == [2, 2]
    assert [sheet.blank for sheet in found] == [3, 3]


def test_elected_come_first_if_asked(edition, ten):
    elected, _new = Category.objects.get_or_create(key="elu", defaults={"name_fr": "Élu·e"})
    person(edition, "Abel", category=CategoryFactory())
    person(edition, "Zola", category=elected)
    for is_asked, order in [(False, ["Abel", "Zola"]), (True, ["Zola", "Abel"])]:
        (sheet,) = sheets(edition, Wanted(by_half_day=True, elected_first=is_asked))
        assert names(sheet.rows) == order


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_people_or_sessions(edition, rows, django_assert_num_queries):
    for _number in range(rows):
        session = SessionFactory(edition=edition)
        for name in ("Bah", "Zola"):
            book(person(edition, name), session)
    keys = tuple(edition.sessions.values_list("pk", flat=True))
    # Sessions, bookings with their people, everybody.
    with django_assert_num_queries(3):
        found = sheets(edition, Wanted(keys, by_half_day=True, by_delegation=True))
        assert all(sheet.faces() for sheet in found)


def test_rows_are_twelve_millimetres_high_and_pages_are_counted(edition, ten):
    for number in range(25):
        book(person(edition, f"Nom{number:02d}"), ten)
    (sheet,) = sheets(edition, Wanted(sessions=(ten.pk,), blank=2))
    pdf = sheet_pdf(sheet, as_of=AS_OF)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    tops: list[list[float]] = []
    for page in reader.pages:
        found: list[float] = []
        tops.append(found)

        def visit(text, _cm, matrix, _font, _size, found=found):
            if text.strip().startswith("Nom"):
                found.append(matrix[5])

        page.extract_text(visitor_text=visit)
    gaps = [abs(b - a) / MM for page in tops for a, b in pairwise(page)]
    assert len(gaps) > 15
    assert min(gaps) >= 12
    said = pages(pdf)
    count = len(said)
    assert [
        f"{number}\u00a0/\u00a0{count}" in text for number, text in enumerate(_raw(pdf), 1)
    ] == [True] * count
    assert all("Signature" in text for text in said)


def _raw(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_a_sheet_is_tagged_and_says_what_it_is(edition, ten):
    book(person(edition, "Nguyễn Thị", "Thảo"), ten)
    book(person(edition, "الأمراني", "محمد"), ten)
    book(person(edition, "王", "小明"), ten)
    (sheet,) = sheets(edition, Wanted(sessions=(ten.pk,), blank=0))
    pdf = sheet_pdf(sheet, as_of=AS_OF)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "fr"
        assert ten.name in str(document.docinfo["/Title"])
        assert "/Table" in [str(element.S) for element in _elements(document)]
    (text,) = pages(pdf)
    assert "Nguyễn Thị" in text
    assert "王" in text


def _elements(document):
    open_ = [document.Root.StructTreeRoot.K[0]]
    while open_:
        element = open_.pop()
        yield element
        kids = element.get("/K", [])
        open_ += [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def test_sheets_count_their_own_pages_when_bound(edition, ten, eleven):
    for session in (ten, eleven):
        book(person(edition, "Bah"), session)
    pdf = sheets_pdf(sheets(edition, Wanted(sessions=(ten.pk, eleven.pk), blank=0)), as_of=AS_OF)
    assert ["1\u00a0/\u00a01" in text for text in _raw(pdf)] == [True, True]


def test_nothing_chosen_is_a_sentence(edition):
    with pytest.raises(DomainError):
        sheets_pdf([], as_of=AS_OF)


# ------------------------------------------------------------------------------------ the page
def page_of(edition) -> str:
    return reverse("admin:events_edition_sign_in", args=[edition.pk])


def test_the_page_begins_a_job_that_makes_the_set(admin_client, edition, ten):
    book(person(edition, "Bah", organisation=OrganisationFactory()), ten)
    form = {"sessions": [ten.pk], "by_half_day": "on", "by_delegation": "on", "blank": "0"}
    answer = admin_client.post(page_of(edition), {**form, "format": "zip"})
    running.run_waiting()
    job = running.Job.objects.get()
    assert answer.url == job.get_absolute_url()
    assert (job.state, job.done, job.total) == ("done", 3, 3)
    with job.file.open() as file, zipfile.ZipFile(file) as archive:
        stems = [name[:4] for name in archive.namelist()]
        assert stems == ["001-", "002-", "003-"]
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())


def test_the_page_proposes_the_set_of_the_evening_before(admin_client, edition, ten, cafes):
    form = admin_client.get(page_of(edition)).context["form"]
    assert form["sessions"].initial == [ten.pk, *(cafe.pk for cafe in cafes)]
    assert (form["by_half_day"].initial, form["by_delegation"].initial) == (True, True)


def test_nothing_ticked_and_a_wild_number_are_sentences(admin_client, edition, ten):
    answer = admin_client.post(page_of(edition), {"blank": "3", "format": "pdf"})
    assert len(answer.context["form"].non_field_errors()) == 1
    answer = admin_client.post(
        page_of(edition), {"by_half_day": "on", "blank": "1000", "format": "pdf"}
    )
    assert list(answer.context["form"].errors) == ["blank"]
    assert running.Job.objects.count() == 0


def test_one_session_s_sheet_is_there_at_once(admin_client, edition, ten):
    book(person(edition, "Bah"), ten)
    address = reverse("admin:programme_session_sign_in", args=[ten.pk])
    answer = admin_client.get(address)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "Bah" in pages(answer.content)[0]


def test_names_are_for_those_who_may_see_registrations(client, edition, ten, django_user_model):
    paul = django_user_model.objects.create_user("paul", is_staff=True)
    client.force_login(paul)
    addresses = [page_of(edition), reverse("admin:programme_session_sign_in", args=[ten.pk])]
    assert [client.get(address).status_code for address in addresses] == [403, 403]
