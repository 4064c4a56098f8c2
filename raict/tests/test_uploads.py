import io
import re
from pathlib import Path

import pytest
from django import forms
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test.utils import isolate_apps
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from PIL import Image

from events.models import Partner
from events.tests.factories import PartnerFactory
from raict import uploads
from raict.errors import DomainError
from raict.tests import samples
from raict.tests.samples import pdf, svg, view, written
from raict.tests.staff import change, errors
from raict.uploads import DOCUMENT, LOGO, MB, PICTURE, DocumentField, UploadField
from sessions.models import Person
from sessions.tests.factories import PersonFactory, SessionFactory

LARGER = "This file is larger than {} MB. Make it smaller and send it again."
TOO_LARGE = "This picture has more than 40 million pixels: make it smaller and send it again."
DAMAGED = "This picture is damaged: it cannot be read to its end. Save it and send it again."
NO_PICTURE = "This file is not a picture that can be read. Send a JPEG, PNG or WebP."
NO_LOGO = "This file is not a logo that can be read. Send an SVG, PNG, JPEG or WebP."
NO_DOCUMENT = "This file is not a document that can be read. Send a PDF, JPEG or PNG."
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
RANDOM = re.compile(r"[0-9a-f]{32}\.(jpg|png|webp|svg|pdf)")


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def sent(data: bytes, name="C:\\photos\\../../moi.png", kind="image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


def refusal(kind: uploads.Kind, data: bytes, **options) -> list[str]:
    with pytest.raises(forms.ValidationError) as caught:
        UploadField(kind=kind).clean(sent(data, **options))
    return caught.value.messages


def accepted(kind: uploads.Kind, data: bytes) -> uploads.Checked:
    return UploadField(kind=kind).clean(sent(data))


def stored(settings) -> list[str]:
    folders = [Path(settings.MEDIA_ROOT), Path(settings.PRIVATE_ROOT)]
    return sorted(
        str(path.relative_to(folder))
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    )


# -------------------------------------------------------------------------------- form fields
@pytest.mark.parametrize(
    ("kind", "data", "ending", "size"),
    [
        (PICTURE, written(view((5000, 500)), "JPEG"), ".jpg", (2400, 240)),
        (LOGO, written(view((5000, 500)), "JPEG"), ".jpg", (1200, 120)),
        (LOGO, written(view((5000, 500)), "PNG"), ".png", (1200, 120)),
        (DOCUMENT, written(view((5000, 500)), "PNG"), ".jpg", (2400, 240)),
    ],
)
def test_picture_is_made_anew_under_a_name_of_ours(kind, data, ending, size):
    first, second = accepted(kind, data), accepted(kind, data)

    assert [bool(RANDOM.fullmatch(file.name)) for file in (first, second)] == [True, True]
    assert first.name != second.name
    assert (Path(first.name).suffix, Image.open(first).size) == (ending, size)


def test_logo_may_be_a_drawing():
    file = accepted(LOGO, svg(f'{samples.svg().decode()}<path d="M0 0" onload="alert(1)"/>'))

    assert file.name.endswith(".svg")
    assert (b"<path" in file.read(), b"alert" in file.read()) == (True, False)


def test_pdf_is_kept_as_it_is():
    data = pdf(20)

    file = accepted(DOCUMENT, data)

    assert (file.name.endswith(".pdf"), file.read()) == (True, data)


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        (PICTURE, HTML, NO_PICTURE),
        (PICTURE, svg(), NO_PICTURE),
        (PICTURE, pdf(), NO_PICTURE),
        (PICTURE, b"GIF89a/*" + HTML, NO_PICTURE),
        (PICTURE, samples.bomb(20_000, 20_000), TOO_LARGE),
        (PICTURE, samples.photograph()[:1500], DAMAGED),
        (LOGO, HTML, NO_LOGO),
        (LOGO, b"words", NO_LOGO),
        (LOGO, pdf(), NO_LOGO),
        (
            LOGO,
            svg("<image href='data:image/png;base64,'/>"),
            "This drawing holds a picture instead of shapes. Export it as PNG and send that.",
        ),
        (LOGO, samples.bomb(20_000, 20_000), TOO_LARGE),
        (
            LOGO,
            svg(f"<desc>{'a' * 500_000}</desc>"),
            "This drawing is larger than 500 kB. Simplify it, or send it as PNG.",
        ),
        (DOCUMENT, HTML, NO_DOCUMENT),
        (DOCUMENT, svg(), NO_DOCUMENT),
        (DOCUMENT, b"<script>alert(1)</script>" + pdf(), NO_DOCUMENT),
        (
            DOCUMENT,
            b"%PDF-1.7\nwords",
            "This PDF is damaged: it does not open. Save it and send it again.",
        ),
        (
            DOCUMENT,
            pdf()[:200],
            "This PDF is damaged: it does not open. Save it and send it again.",
        ),
        (
            DOCUMENT,
            pdf(user="secret", owner="secret"),
            "This PDF is locked by a password. Save it without and send it again.",
        ),
        (DOCUMENT, pdf(21), "This PDF has 21 pages; send the 20 that matter at most."),
        (PICTURE, b"", "The submitted file is empty."),
    ],
)
def test_each_refusal_is_one_sentence(kind, data, sentence):
    assert refusal(kind, data) == [sentence]


@pytest.mark.parametrize(("kind", "limit"), [(PICTURE, 10), (LOGO, 10), (DOCUMENT, 5)])
def test_weight_is_limited_before_anything_is_read(kind, limit):
    class Unread(SimpleUploadedFile):
        def read(self, *_size):
            raise AssertionError

    file = Unread("a.jpg", written(view(), "JPEG"))
    file.size = limit * MB + 1
    with pytest.raises(forms.ValidationError) as caught:
        UploadField(kind=kind).clean(file)

    assert caught.value.messages == [LARGER.format(limit)]


def test_heaviest_picture_is_taken():
    photograph = samples.photograph()

    assert accepted(PICTURE, photograph.ljust(10 * MB, b"\0")).size < 100_000


def test_pdf_that_only_its_owner_may_change_is_taken():
    assert accepted(DOCUMENT, pdf(user="", owner="secret")).name.endswith(".pdf")


def test_field_says_what_it_takes():
    class Form(forms.Form):
        letter = UploadField(kind=DOCUMENT)
        photograph = UploadField(kind=PICTURE, help_text="On a plain ground.")

    form = Form()

    assert form["letter"].help_text == "PDF (20 pages at most), JPEG or PNG, 5 MB at most."
    assert form["photograph"].help_text == "On a plain ground."
    assert 'accept="application/pdf,image/jpeg,image/png' in str(form["letter"])


# -------------------------------------------------------------------------------------- slides
@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.pdf", b"%PDF-1.7"),
        ("A.PPTX", b"PK\3\4"),
        ("a.odp", b"PK\3\4"),
        ("a.key", b"PK\3\4"),
        ("a.ppt", bytes.fromhex("d0cf11e0a1b11ae1")),
    ],
)
@pytest.mark.django_db
def test_slides_are_what_their_name_says(name, head):
    session = SessionFactory()
    session.slides = sent(head + b"...", name)
    session.full_clean()

    session.slides = sent(HTML, name)
    with pytest.raises(forms.ValidationError) as caught:
        session.full_clean()
    assert caught.value.message_dict == {
        "slides": [
            "The content of this file is not what its name says. Export it and send it again."
        ]
    }


@pytest.mark.django_db
def test_slides_are_limited_and_read_when_they_come_only(settings):
    session = SessionFactory(slides="slides/no-longer-here.pdf")
    session.full_clean()

    session.slides = sent(b"%PDF-1.7", "a.pdf")
    session.slides.file.size = 20 * MB + 1
    with pytest.raises(forms.ValidationError) as caught:
        session.full_clean()
    assert caught.value.message_dict == {"slides": [LARGER.format(20)]}


# ---------------------------------------------------------------------------------- in the admin
@pytest.mark.django_db
def test_team_sees_the_refusal_beside_the_field_and_nothing_is_stored(admin_client, settings):
    person, partner = PersonFactory(biography_fr="Avant."), PartnerFactory()
    with translation.override("fr"):
        first = change(admin_client, person, photo=sent(HTML), biography_fr="Après.")
        second = change(admin_client, partner, logo=sent(samples.bomb(20_000, 20_000)))
        third = change(
            admin_client, partner, logo=sent(b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg())
        )

    for answer, name in ((first, "photo"), (second, "logo"), (third, "logo")):
        [sentence] = errors(answer)[name]
        assert list(errors(answer)) == [name]
        assert answer.context["adminform"].form[name].errors.as_text() == f"* {sentence}"
        beside = f'<ul class="errorlist" id="id_{name}_error"><li>{escape(sentence)}</li></ul>'
        assert beside in answer.content.decode()
    person.refresh_from_db()
    partner.refresh_from_db()
    assert (person.photo.name, person.biography_fr, partner.logo.name) == ("", "Avant.", "")
    assert stored(settings) == []


@pytest.mark.django_db
def test_team_stores_what_was_made_anew(admin_client, settings):
    person, partner = PersonFactory(), PartnerFactory()

    assert change(admin_client, person, photo=sent(samples.photograph())).status_code == 302
    logo = sent(svg('<script>alert(1)</script><path d="M0 0h1"/>'), "logo.png")
    assert change(admin_client, partner, logo=logo).status_code == 302

    person, partner = Person.objects.get(), Partner.objects.get()
    assert stored(settings) == sorted([person.photo.name, partner.logo.name])
    assert (person.photo.width, person.photo.height) == (200, 300)
    assert samples.place_of(Path(person.photo.path).read_bytes()) == {}
    assert (partner.logo.is_svg, partner.logo.width, partner.logo.height) == (True, 1200, 600)
    assert b"script" not in Path(partner.logo.path).read_bytes()


@pytest.mark.django_db
def test_form_that_says_nothing_of_the_picture_keeps_it(admin_client, settings):
    person = PersonFactory()
    person.photo.save("", ContentFile(samples.photograph()))
    name, before = person.photo.name, stored(settings)
    address = reverse("admin:programme_person_change", args=[person.pk])

    page = admin_client.get(address)
    assert f'href="/media/{name}"' in page.content.decode()
    form = {"first_name": "Ada", "last_name": "Lovelace", "slug": person.slug}
    assert admin_client.post(address, form).status_code == 302

    person.refresh_from_db()
    assert (person.first_name, person.photo.name, stored(settings)) == ("Ada", name, before)

    assert admin_client.post(address, {**form, "photo-clear": "on"}).status_code == 302
    person.refresh_from_db()
    assert not person.photo


# -------------------------------------------------------------------------------- model fields
@pytest.mark.django_db
def test_code_that_skips_the_form_is_checked_too(settings):
    partner = PartnerFactory()
    with pytest.raises(DomainError) as caught:
        partner.logo.save("logo.svg", ContentFile(HTML))
    assert (str(caught.value.message), stored(settings)) == (NO_LOGO, [])

    partner.logo = sent(written(view(), "PNG"))
    partner.save()

    assert RANDOM.fullmatch(Path(partner.logo.name).name)
    assert (partner.logo.is_svg, partner.logo.width, partner.logo.height) == (False, 300, 200)


@pytest.mark.django_db
def test_partner_without_a_logo_has_no_size():
    logo = PartnerFactory().logo

    assert (bool(logo), logo.is_svg) == (False, False)


@pytest.mark.django_db
@isolate_apps("events")
def test_document_lies_where_nobody_else_reads(settings, client):
    class Row(models.Model):
        letter = DocumentField(upload_to="letters/", served_by="admin:programme_person_change")

        class Meta:
            app_label = "events"

    row = Row(pk=7)
    row.letter.save("ma lettre.pdf", ContentFile(pdf()), save=False)

    path = Path(row.letter.path)
    assert path.parent == Path(settings.PRIVATE_ROOT) / "letters"
    assert RANDOM.fullmatch(path.name)
    assert [oct(place.stat().st_mode & 0o777) for place in (path, path.parent)] == [
        "0o600",
        "0o700",
    ]
    assert not path.is_relative_to(settings.MEDIA_ROOT)
    assert client.get(f"/media/{row.letter.name}").status_code == 404
    assert row.letter.url == reverse("admin:programme_person_change", args=[7])
    with pytest.raises(ValueError, match="private"):
        storages["private"].url(row.letter.name)
    with pytest.raises(DomainError):
        row.letter.save("a.pdf", ContentFile(HTML), save=False)
    assert stored(settings) == [row.letter.name]
    settings.PRIVATE_ROOT = Path("/elsewhere")
    assert row.letter.path == f"/elsewhere/{row.letter.name}"


def test_document_field_can_be_written_into_a_migration():
    field = DocumentField("letter", upload_to="letters/", served_by="somewhere", blank=True)

    _name, path, arguments, options = field.deconstruct()

    assert (path, arguments) == ("raict.uploads.DocumentField", [])
    assert options == {
        "verbose_name": "letter",
        "upload_to": "letters/",
        "blank": True,
        "served_by": "somewhere",
    }
    assert DocumentField(*arguments, **options).deconstruct()[3] == options


# ------------------------------------------------------------------------------- whole requests
@pytest.mark.django_db
def test_request_that_is_too_large_is_stopped_with_a_sentence(client, settings):
    settings.REQUEST_BYTES = 100_000
    path = reverse("admin:login")

    answer = client.post(path, {"username": "a", "file": io.BytesIO(bytes(99_000))})
    assert answer.status_code == 200

    answer = client.post(path, {"username": "a", "file": io.BytesIO(bytes(100_000))})
    assert answer.status_code == 400
    assert answer.context["is_too_large"] is True
    with translation.override("fr"):
        sentence = translation.gettext(
            "What was sent is larger than 25 MB. Go back and send smaller files, or one after the other."
        )
    assert escape(sentence) in answer.content.decode()


def test_limit_of_a_request_is_the_one_that_its_sentence_names(settings):
    assert settings.REQUEST_BYTES == 25 * MB
