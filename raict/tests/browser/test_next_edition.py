"""The team prepares the next edition, by keyboard, and makes it the current one."""

import pytest

from events.models import Edition

MENU = "/admin/events/edition/next/"


@pytest.mark.parametrize("width", [1280, 1920])
def test_the_page_has_no_faults(site, team_page, faults, width):
    team_page.set_viewport_size({"width": width, "height": 900})
    team_page.goto(site + MENU)
    assert faults(team_page) == []
    team_page.click(".submit-row input")
    assert team_page.locator(".errorlist li").count() == 1
    assert faults(team_page) == []


def test_an_edition_is_prepared_by_keyboard(site, team_page):
    team_page.goto(site + MENU)
    team_page.focus("#id_starts_on")
    team_page.keyboard.type("10202027")
    team_page.focus("#id_ends_on")
    team_page.keyboard.type("10212027")
    team_page.keyboard.press("Enter")
    team_page.wait_for_url("**/change/")
    made = Edition.objects.get(number=16)
    source = Edition.objects.get(number=15)
    assert (made.state, made.sessions.count()) == ("draft", source.sessions.count())
    team_page.click(".messagelist a")
    team_page.wait_for_url("**/programme/session/?edition__id__exact=*")
    assert team_page.locator("#result_list tbody tr").count() == source.sessions.count()


def test_two_clicks_make_one_edition(site, team_page):
    team_page.goto(site + MENU)
    team_page.fill("#id_starts_on", "2027-10-20")
    team_page.dblclick(".submit-row input")
    team_page.wait_for_selector(".messagelist, .errorlist")
    assert Edition.objects.filter(number=16).count() == 1
