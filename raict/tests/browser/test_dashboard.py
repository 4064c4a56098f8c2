"""The team's home page: with data, in light and dark, wide and less wide, by keyboard alone."""

import pytest

from events.models import Edition
from registrations.demonstration import add_participants


@pytest.fixture
def people(site) -> int:
    """Who is registered for the demonstration."""
    return sum(1 for _batch in add_participants(Edition.objects.current(), 24)) and 24


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site, team_page, faults, people, width, scheme):
    team_page.emulate_media(color_scheme=scheme)
    team_page.set_viewport_size({"width": width, "height": 1000})
    team_page.goto(f"{site}/admin/")
    for closed in team_page.locator(".glance details").all():
        closed.locator("summary").first.press("Enter")
    assert faults(team_page) == []


def test_nothing_is_wider_than_the_page(site, team_page, people):
    team_page.goto(f"{site}/admin/")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert team_page.evaluate(wide) == 0


def test_a_number_leads_to_its_list_by_keyboard(site, team_page, people):
    team_page.goto(f"{site}/admin/")
    registered = team_page.locator(".figures-now a").first
    assert registered.locator("strong").inner_text() == str(people)
    registered.focus()
    team_page.keyboard.press("Enter")
    team_page.wait_for_selector("#result_list")
    assert team_page.locator("#result_list tbody tr").count() == people


def test_the_numbers_of_the_curve_open_by_keyboard(site, team_page, people):
    team_page.goto(f"{site}/admin/")
    team_page.locator(".glance-growth summary").focus()
    team_page.keyboard.press("Enter")
    numbers = team_page.locator(".glance-growth td a")
    assert numbers.last.inner_text() == str(people)
    numbers.last.focus()
    team_page.keyboard.press("Enter")
    team_page.wait_for_selector("#result_list")
    assert team_page.locator("#result_list tbody tr").count() == people


def test_another_edition_is_chosen_by_keyboard(site, team_page):
    team_page.goto(f"{site}/admin/")
    chosen = team_page.locator("#glance-edition")
    other = chosen.locator("option:not([selected])").first.get_attribute("value")
    chosen.focus()
    chosen.select_option(other)
    team_page.keyboard.press("Tab")
    team_page.keyboard.press("Enter")
    team_page.wait_for_url(f"**/admin/?edition={other}")
    assert team_page.locator("#glance-edition").input_value() == other
