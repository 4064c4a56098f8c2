"""The team's lists on a small laptop."""

import pytest


@pytest.mark.parametrize(
    "model",
    ["session", "plenary", "geographicmeeting", "thematicworkshop", "cafe", "person", "appearance"],
)
def test_no_column_of_the_programme_is_cut_off(site, team_page, model):
    team_page.goto(f"{site}/admin/programme/{model}/")
    hidden = team_page.evaluate(
        "() => { const box = document.querySelector('#changelist .results');"
        " return box.scrollWidth - box.clientWidth; }"
    )
    assert hidden == 0


def test_the_label_of_the_two_lists_of_countries_stands_above_them(site, team_page):
    team_page.goto(f"{site}/admin/programme/session/add/")
    label = team_page.locator(".field-countries label[for=id_countries], .field-countries label")
    lists = team_page.locator(".field-countries .selector")
    tops = [label.last.bounding_box()["y"], lists.bounding_box()["y"]]
    assert tops == sorted(tops)


def test_the_filters_are_two_stops_from_the_search(site, team_page):
    team_page.goto(f"{site}/admin/programme/session/?q=a")
    team_page.locator("#toolbar a").focus()
    team_page.keyboard.press("Tab")
    assert team_page.locator(".to-filters").evaluate("link => link === document.activeElement")
    team_page.keyboard.press("Enter")
    team_page.keyboard.press("Tab")
    assert team_page.locator("#changelist-filter :focus").count() == 1


def test_buttons_stand_beside_or_below_the_name_of_what_is_changed(site, team_page):
    team_page.set_viewport_size({"width": 1280, "height": 900})
    team_page.goto(f"{site}/admin/events/edition/")
    team_page.locator("#result_list tbody th a").first.click()
    name = team_page.locator("#content h2").first.bounding_box()
    first = team_page.locator(".object-tools li").first.bounding_box()
    assert name["y"] + name["height"] <= first["y"]


def test_a_list_has_the_whole_width_at_twice_the_size(site, team_page):
    team_page.set_viewport_size({"width": 640, "height": 450})
    team_page.goto(f"{site}/admin/registrations/registration/")
    widths = [team_page.locator(one).bounding_box()["width"] for one in ("#content", "#searchbar")]
    assert (widths[0] > 600, widths[1] > 200) == (True, True)
