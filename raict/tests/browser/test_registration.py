"""Registering with the keyboard alone, and without JavaScript, as on a phone."""

import re

import pytest

from raict.mail.models import Message
from registrations.links import personal_key
from registrations.models import Category, Registration
from registrations.tests.seating import line, seated
from sessions.models import Session


def tab_to(page, name):
    """Press Tab until the control of that name has the focus; every one on the way is reached."""
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || ''") == name:
            return
    pytest.fail(f"Tab never reaches {name}.")


def type_into(page, name, text):
    tab_to(page, name)
    page.keyboard.type(text)


def send(page):
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('main button[type=submit]')"):
            page.keyboard.press("Enter")
            return
    pytest.fail("Tab never reaches the button.")


def test_registration_by_keyboard_alone(open_page, faults):
    page = open_page("/en/inscription/", width=360)
    assert faults(page) == []

    send(page)  # empty: the summary names what is missing, and leads there
    page.wait_for_selector(".error-summary")
    assert faults(page) == []
    links = page.locator(".error-summary a")
    assert links.evaluate_all("all => all.map(one => one.hash)") == [
        "#id_first_name",
        "#id_last_name",
        "#id_email",
        "#id_country",
        "#id_category_0",
    ]
    links.first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    type_into(page, "first_name", "Nguyễn")
    type_into(page, "last_name", "Thị Ánh")
    type_into(page, "email", "anh@example.org")
    type_into(page, "function", "Maire")
    type_into(page, "organisation", "Ville de Huế")
    type_into(page, "country", "Viet")
    tab_to(page, "category")
    page.keyboard.press("Space")
    for slot in page.locator(".slot").all()[:1]:
        tab_to(page, slot.locator("input").first.get_attribute("name"))
        page.keyboard.press("ArrowDown")  # from « none » round to the first session
    tab_to(page, "cafe_1")
    page.keyboard.press("ArrowDown")
    tab_to(page, "consent_directory")
    page.keyboard.press("Space")
    send(page)
    page.wait_for_url("**/en/inscription/merci/")
    assert faults(page) == []

    registration = Registration.objects.get()
    assert registration.full_name == "Nguyễn Thị Ánh"
    assert registration.country.code == "VN"
    assert registration.state == "confirmed"
    assert len(registration.booked_sessions()) == 1
    assert len(registration.cafe_wishes()) == 1
    assert [one.purpose for one in registration.consents.all()] == ["directory"]
    assert Message.objects.get().to == "anh@example.org"

    page.goto(f"/en/mon-inscription/{personal_key(registration)}/")
    assert page.locator("h1").inner_text() == "Nguyễn Thị Ánh"
    assert faults(page) == []
    page.locator("a.btn-danger").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/annuler/$"))
    assert faults(page) == []
    page.locator("main button[type=submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".state-cancelled")
    registration.refresh_from_db()
    assert registration.state == "cancelled"
    assert registration.booked_sessions() == []


@pytest.mark.parametrize("width", [320, 1280])
def test_form_without_javascript_fits_the_screen(open_page, width):
    page = open_page("/inscription/", width=width, java_script_enabled=False)

    page.locator("main button[type=submit]").click()
    assert page.locator(".field-error").count() == 5
    for address in ("/inscription/", "/inscription/mon-lien/", "/inscription/merci/"):
        page.goto(address)
        box = page.locator("main").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        wide = page.locator("main *:not(.honeypot, .honeypot *)").evaluate_all(
            "(all, width) => all.filter(one => one.getBoundingClientRect().right > width + 1)"
            ".map(one => one.outerHTML.slice(0, 80))",
            width,
        )
        assert wide == []


def test_waiting_list_by_keyboard_from_a_form_that_was_open_when_the_session_filled(
    open_page, faults
):
    page = open_page("/en/inscription/", width=360, java_script_enabled=False)
    session = Session.objects.get(slug="demo-eau")
    for name, text in (
        ("first_name", "Awa"),
        ("last_name", "Diop"),
        ("email", "awa@example.org"),
        ("country", "Senegal"),
    ):
        tab_to(page, name)
        page.keyboard.type(text)
    tab_to(page, "category")
    page.keyboard.press("Space")
    page.locator(f".slot input[value='{session.pk}']").check()
    Session.objects.filter(pk=session.pk).update(capacity=1)
    seated(session.edition, session, category=Category.objects.first())
    send(page)

    page.wait_for_selector(".error-summary")
    assert page.locator(".error-summary a").evaluate_all("all => all.map(one => one.hash)") == [
        "#id_slot_20270127_1400"
    ]
    assert page.locator("[name=first_name]").input_value() == "Awa"
    box = page.locator(f"[name=lists][value='{session.pk}']")
    assert box.is_checked()
    send(page)
    page.wait_for_url("**/en/inscription/merci/")

    registration = Registration.objects.get(email="awa@example.org")
    assert line(session) == [registration.pk]
    assert registration.booked_sessions() == []


@pytest.mark.parametrize("width", [320, 1280])
def test_lists_and_a_full_edition_have_no_fault(open_page, faults, width):
    session = Session.objects.get(slug="demo-eau")
    Session.objects.filter(pk=session.pk).update(capacity=1)
    seated(session.edition, session, category=Category.objects.first())
    type(session.edition).objects.filter(pk=session.edition_id).update(capacity=1)
    page = open_page("/inscription/", width=width)

    assert page.locator("[name=lists]").count() == 1
    assert page.locator(".notice-warning h2").count() == 1
    assert faults(page) == []
    box = page.locator("main").bounding_box()
    wide = page.locator("main *:not(.honeypot, .honeypot *)").evaluate_all(
        "(all, width) => all.filter(one => one.getBoundingClientRect().right > width + 1)"
        ".map(one => one.outerHTML.slice(0, 80))",
        box["x"] + box["width"],
    )
    assert wide == []
