"""One's own page with the keyboard alone, on a phone and on a desk, without JavaScript."""

import re

import pytest

from events.models import Edition
from registrations import services
from registrations.links import personal_key
from registrations.models import Category, Registration
from sessions.models import Session

FORMS = ("sessions", "identite", "transmettre", "questions", "annuler")


@pytest.fixture
def seated(site):
    """Somebody who holds a seat and is offered another at the same time, as the site does it."""
    edition = Edition.objects.current()
    seats = list(edition.sessions.filter(booking="seat", is_members_only=False).in_order())
    first = next(one for one in seats if one.start)
    second = next(one for one in seats if one != first and one.overlaps(first))
    Session.objects.filter(pk=second.pk).update(capacity=1)

    def register(name, **options):
        person = {"first_name": name, "last_name": "Diop", "email": f"{name}@example.org"}
        person |= {"country": "SN", "category": Category.objects.first()}
        fresh = Edition.objects.current()
        return services.register(edition=fresh, person=person, language="en", **options)

    holder = register("Moussa", sessions=[Session.objects.get(pk=second.pk)])
    mine = register("Awa", sessions=[first], lists=[Session.objects.get(pk=second.pk)])
    services.cancel(holder)
    return mine


def enter(page, words):
    """Press Tab until the control with these words has the focus, then Enter."""
    for _step in range(120):
        page.keyboard.press("Tab")
        if re.match(words, page.evaluate("document.activeElement.innerText || ''")):
            page.keyboard.press("Enter")
            return
    pytest.fail(f"Tab never reaches {words}.")


def too_wide(page):
    width = page.viewport_size["width"]
    return page.locator("main *").evaluate_all(
        "(all, width) => all.filter(one => one.getBoundingClientRect().right > width + 1)"
        ".map(one => one.outerHTML.slice(0, 80))",
        width,
    )


def test_own_page_by_keyboard_alone(open_page, faults, seated):
    home = f"/en/mon-inscription/{personal_key(seated)}/"
    page = open_page(home, width=360)
    assert page.get_by_text("Seats offered to me").count() == 1
    assert (faults(page), too_wide(page)) == ([], [])

    enter(page, "Accept the seat")
    page.wait_for_selector(".said")
    assert page.locator(".said").count() == 2
    assert (faults(page), too_wide(page)) == ([], [])

    enter(page, "Change my sessions")
    page.wait_for_url("**/sessions/")
    enter(page, "Back, without")
    page.wait_for_url(f"**{home}")

    enter(page, "Correct my details")
    page.wait_for_url("**/identite/")
    page.focus("[name=function]")
    page.keyboard.type("Maire")
    enter(page, "Keep these changes")
    page.wait_for_selector(".said")
    assert page.locator(".said").all_inner_texts() == ["Your details were corrected."]
    assert Registration.objects.get(pk=seated.pk).function == "Maire"

    enter(page, "Answer, or change my answers")
    page.wait_for_url("**/questions/")
    page.focus("[name=diet]")
    page.keyboard.type("halal")
    enter(page, "Keep these changes")
    page.wait_for_selector(".error-summary")
    assert (faults(page), too_wide(page)) == ([], [])
    page.focus("[name=consent_needs]")
    page.keyboard.press("Space")
    enter(page, "Keep these changes")
    page.wait_for_selector(".said")
    assert Registration.objects.get(pk=seated.pk).needs.diet == "halal"

    enter(page, "Pass my place on")
    page.wait_for_url("**/transmettre/")
    for name, text in {"first_name": "Ali", "last_name": "Ba", "email": "ali@example.org"}.items():
        page.focus(f"[name={name}]")
        page.keyboard.type(text)
    enter(page, "Pass my place on")
    page.wait_for_url("**/inscription/place-transmise/")
    assert (faults(page), too_wide(page)) == ([], [])
    page.goto(home)
    assert page.locator("h1").inner_text() == "This link leads nowhere"


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["", "/en"])
def test_forms_without_javascript_fit_the_screen(open_page, faults, seated, width, language):
    home = f"{language}/mon-inscription/{personal_key(seated)}/"
    page = open_page(home, width=width)
    for address in (home, *(f"{home}{name}/" for name in FORMS)):
        page.goto(address)
        assert (faults(page), too_wide(page)) == ([], [])
    quiet = open_page(f"{home}identite/", width=width, java_script_enabled=False)
    quiet.fill("[name=first_name]", "")
    quiet.locator("main button[type=submit]").click()
    assert quiet.locator(".field-error").count() == 1
