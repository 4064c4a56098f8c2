"""Writing a press release in the workplace, with the desk beside the text."""

import pytest
from django.urls import reverse

from events.models import Edition, PressRelease
from events.tests.factories import PressReleaseFactory

_DESK = "[data-raict-press-desk]"


@pytest.fixture
def desk(site, team_page):
    """A new release, as a member of the team finds it."""
    team_page.goto(f"{site}{reverse('admin:events_pressrelease_add')}")
    return team_page


def _settled(page) -> None:
    """The preview of what was typed last is there."""
    page.wait_for_function(
        "() => !document.querySelector('[data-raict-status]').hasAttribute('aria-busy')"
        " && document.querySelector('[data-raict-count]').textContent !== ''"
    )


def test_contradiction_shows_while_typing_and_is_mended_with_one_click(desk):
    desk.fill("#id_headline_fr", "Un titre")
    desk.fill("#id_lead_fr", "Un chapeau.")
    desk.fill("#id_body_fr", "Le 11 mars, les 11 cafés sont ouverts.")
    desk.click("#desk-tab-check")
    blocking = desk.locator("#desk-check .finding-blocks")
    blocking.wait_for()
    assert blocking.count() == 1
    blocking.locator("button").click()
    blocking.wait_for(state="detached")
    mended = "Le 11 mars, les {{ figure.cafes }} cafés sont ouverts."
    assert desk.input_value("#id_body_fr") == mended


def test_placeholder_is_picked_with_the_keyboard_alone(desk):
    desk.fill("#id_lead_fr", "Avec  cafés.")
    desk.locator("#id_lead_fr").evaluate("field => field.setSelectionRange(5, 5)")
    desk.focus("#desk-tab-picks")
    for _step in range(40):
        desk.keyboard.press("Tab")
        picked = desk.evaluate("() => document.activeElement.dataset.raictInsert")
        if picked == "{{ figure.cafes }}":
            break
    desk.keyboard.press("Enter")
    assert desk.input_value("#id_lead_fr") == "Avec {{ figure.cafes }} cafés."
    assert desk.evaluate("() => document.activeElement.id") == "id_lead_fr"


def test_placeholder_lands_where_somebody_wrote_whatever_is_tabbed_through(desk):
    desk.focus("#id_body_fr")
    desk.keyboard.type("Avec ")
    for _step in range(60):
        desk.keyboard.press("Shift+Tab")
        if desk.evaluate("() => 'raictInsert' in document.activeElement.dataset"):
            break
    picked = desk.evaluate("() => document.activeElement.dataset.raictInsert")
    desk.keyboard.press("Enter")
    assert desk.input_value("#id_body_fr") == f"Avec {picked}"
    assert desk.input_value("#id_slug") == ""


def test_tabs_are_walked_with_the_arrows_and_show_page_and_pdf(desk):
    desk.fill("#id_headline_fr", "Un titre")
    desk.fill("#id_lead_fr", "Un chapeau.")
    with desk.expect_response("**/preview/"):
        desk.fill("#id_body_fr", "Un texte.")
    _settled(desk)
    desk.focus("#desk-tab-picks")
    desk.keyboard.press("ArrowRight")
    frame = desk.frame_locator("[data-raict-page]")
    frame.locator("h1", has_text="Un titre").wait_for()
    desk.keyboard.press("ArrowRight")
    desk.locator("#desk-pdf img").wait_for()
    assert desk.evaluate("() => document.querySelector('#desk-pdf img').naturalWidth") == 900


@pytest.mark.parametrize("name", ["add", "check", "after", "history", "figures"])
def test_own_pages_have_no_fault(site, team_page, faults, name):
    edition = Edition.objects.current()
    draft = PressReleaseFactory(edition=edition, draft=True, body_fr="Jean Dupont, 11 cafés.")
    published = PressRelease.objects.filter(state="published").first()
    path = {
        "add": reverse("admin:events_pressrelease_add"),
        "check": reverse("admin:events_pressrelease_check", args=[draft.pk]),
        "after": reverse("admin:events_pressrelease_after", args=[published.pk]),
        "history": reverse("admin:events_pressrelease_history", args=[published.pk]),
        "figures": reverse("admin:events_edition_figures", args=[edition.pk]),
    }[name]
    team_page.goto(f"{site}{path}")
    if name == "add":
        _settled(team_page)
        team_page.click("#desk-tab-check")
    found = [one for one in faults(team_page) if "nav-sidebar" not in one]
    assert found == []
    team_page.set_viewport_size({"width": 320, "height": 640})
    assert team_page.evaluate("document.documentElement.scrollWidth") == 320
