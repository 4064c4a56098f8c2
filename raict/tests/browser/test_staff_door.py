"""The team's way in, in a real browser: second step, spare codes, and a form sent after the end."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import expect

from events.models import Venue
from raict.accounts import second_factor
from raict.accounts.models import User
from raict.accounts.tests.signing import PASSWORD, member, token

WIDTHS = (1280, 360)


@pytest.fixture
def lea(site, settings) -> User:
    settings.STAFF_TWO_FACTOR = True
    return member()


@pytest.fixture
def look(faults):
    """What axe finds at both widths, and what is wider than the page."""

    def found(page) -> list:
        seen = []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            seen += faults(page)
            is_wide = page.evaluate("document.documentElement.scrollWidth") > width
            seen += [f"{page.url} is wider than {width}"] if is_wide else []
        return seen

    return found


def sign_in(page) -> None:
    page.get_by_label("Nom d’utilisateur").fill("lea")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def type_code(page, code: str) -> None:
    """The field has the focus already."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def is_home(page) -> None:
    expect(page.locator("#user-tools")).to_be_visible()


def let_a_step_pass(user: User) -> None:
    """A code is good once: as if it were of long ago, and no wrong one had been typed."""
    device = second_factor.telephone(user)
    device.last_t = -1
    device.throttle_reset(commit=False)
    device.save()


def end_session(page) -> None:
    """As if two hours had passed."""
    (key,) = [one["value"] for one in page.context.cookies() if one["name"] == "sessionid"]
    session = SessionStore(key)
    session["seen_at"] -= 2 * 3600 + 1
    session.save()


def test_enrolling_by_keyboard_alone_and_coming_back(open_page, lea, look):
    page = open_page("/admin/")
    found = look(page)
    sign_in(page)
    page.wait_for_url("**/second-facteur/")
    found += look(page)
    assert page.locator("#id_code").get_attribute("autocomplete") == "one-time-code"
    assert page.locator("#id_code").get_attribute("inputmode") == "numeric"
    type_code(page, "000000")
    expect(page.locator(".errorlist")).to_be_visible()
    found += look(page)
    second_factor.draft(lea).throttle_reset()
    page.locator("#id_code").fill("")
    type_code(page, token(lea))
    page.wait_for_url("**/codes-de-secours/")
    found += look(page)
    codes = second_factor.spare_codes(lea)
    assert page.locator(".codes code").all_inner_texts() == codes
    page.locator("input[type=submit]").press("Enter")
    is_home(page)
    page.locator("#logout-form button").click()
    page.goto("/admin/events/venue/")
    sign_in(page)
    page.wait_for_url("**/code/")
    found += look(page)
    let_a_step_pass(lea)
    type_code(page, token(lea))
    page.wait_for_url("**/admin/events/venue/")
    assert found == []


def test_a_spare_code_opens_once(open_page, lea, look):
    second_factor.confirm(lea, token(lea))
    codes = second_factor.spare_codes(lea)
    page = open_page("/accueil/")
    sign_in(page)
    page.wait_for_url("**/code/")
    page.locator(".ways a").first.click()
    found = look(page)
    type_code(page, "aaaaaaaa")
    expect(page.locator(".errorlist")).to_be_visible()
    second_factor.spare(lea).throttle_reset()
    page.locator("#id_code").fill("")
    type_code(page, codes[0])
    page.wait_for_url("**/accueil/")
    assert second_factor.spare_codes(lea) == codes[1:]
    page.goto("/admin/compte/codes-de-secours/")
    assert found + look(page) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_what_is_typed_survives_the_end_of_the_session(open_page, site, settings, look, scripts):
    member()
    page = open_page("/admin/events/venue/add/", java_script_enabled=scripts)
    sign_in(page)
    page.wait_for_url("**/venue/add/")
    page.locator("[name=name]").fill("Palais « d’été »\t& jardins")
    end_session(page)
    page.locator("[name=_save]").click()
    page.wait_for_url("**/login/**")
    sign_in(page)
    page.wait_for_url("**/reprendre/")
    found = look(page) if scripts else []
    page.locator("input[type=submit]").press("Enter")
    page.wait_for_url("**/admin/events/venue/")
    assert Venue.objects.latest("pk").name.startswith("Palais « d’été »")
    assert found == []


def test_the_other_pages_have_no_faults(open_page, site, look):
    user = member()
    link = reverse("accounts:password", args=["x", "y"])
    found = []
    for path in ("/admin/compte/mot-de-passe-oublie/", "/admin/compte/mot-de-passe-oublie/envoye/"):
        found += look(open_page(path))
    found += look(open_page(link))
    page = open_page("/admin/")
    sign_in(page)
    is_home(page)
    for path in (f"user/{user.pk}/access/", "export/"):
        page.goto(f"/admin/accounts/{path}")
        found += look(page)
    assert found == []


def test_the_invitation_has_no_faults(team_page, site, look):
    """Django's own script for « add another » sets styles, which the policy refuses, and says so."""
    team_page.goto(f"{site}/admin/accounts/user/add/")
    assert look(team_page) == []
