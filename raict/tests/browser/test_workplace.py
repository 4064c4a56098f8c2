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
