"""The press asks to come, on a phone, with the keyboard and without JavaScript."""

from pathlib import Path

import pytest
from pypdf import PdfWriter

from registrations.models import Accreditation

FORM = "/en/presse/accreditation/"


@pytest.fixture
def letter(tmp_path) -> Path:
    pages, path = PdfWriter(), tmp_path / "letter.pdf"
    pages.add_blank_page(width=595, height=842)
    pages.write(path)
    return path


def fill(page) -> None:
    for name, text in {
        "first_name": "Léa",
        "last_name": "Martin",
        "email": "lea@example.org",
        "medium": "Radio Monde",
        "card_number": "98765",
        "interviews": "The president",
    }.items():
        page.fill(f"[name={name}]", text)
    page.select_option("[name=country]", "FR")
    page.select_option("[name=kind]", "radio")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_asking_on_a_phone(open_page, faults, scripts):
    page = open_page(FORM, width=320, java_script_enabled=scripts)
    fill(page)
    page.check("[name=days] >> nth=0")
    page.locator("main button[type=submit]").click()
    assert page.url.endswith("/presse/accreditation/merci/")
    assert page.locator("h1").inner_text() == "Thank you: your request is with us"
    row = Accreditation.objects.get()
    assert (row.medium, len(row.days), row.interviews) == ("Radio Monde", 1, "The president")


def test_a_form_that_comes_back_is_accessible(open_page, faults, letter):
    page = open_page(FORM, width=360)
    fill(page)
    page.fill("[name=medium]", "")
    page.set_input_files("[name=letter]", letter)
    page.locator("main button[type=submit]").click()
    errors = page.locator(".field-error").all_inner_texts()
    assert errors == [
        "Write the name of your medium.",
        "Please choose your file once more: a browser does not keep it with the form.",
    ]
    assert page.locator(".error-summary li").count() == 2
    assert faults(page) == []
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.name") == "medium"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
