"""The team translates, with and without JavaScript, by mouse and by keyboard."""

import pytest

from events.models import Edition
from sessions.models import Session

PAGE = "/admin/events/edition/translations/"


@pytest.fixture
def lacking(site):
    """Two texts of the demonstration without English."""
    edition = Edition.objects.current()
    Edition.objects.filter(pk=edition.pk).update(theme_en="")
    session = edition.sessions.exclude(title_fr="").first()
    Session.objects.filter(pk=session.pk).update(title_en="")
    return {"edition": edition, "session": session}


def field(row, name: str) -> str:
    return f"#text-{row._meta.model_name}-{row.pk}-{name}-en"


@pytest.mark.parametrize("width", [1280, 1920])
def test_the_page_has_no_faults(site, team_page, faults, lacking, width):
    team_page.set_viewport_size({"width": width, "height": 900})
    team_page.goto(site + PAGE)
    assert faults(team_page) == []


def test_a_text_is_saved_without_leaving_the_page(site, team_page, lacking):
    team_page.goto(site + PAGE)
    title, theme = field(lacking["session"], "title"), field(lacking["edition"], "theme")
    team_page.fill(title, "Kept meanwhile")
    team_page.fill(theme, "Water")
    team_page.press(theme, "Tab")
    team_page.keyboard.press("Enter")
    team_page.wait_for_selector(theme, state="detached")
    lacking["edition"].refresh_from_db()
    assert lacking["edition"].theme_en == "Water"
    assert team_page.input_value(title) == "Kept meanwhile"
    assert team_page.text_content("[data-raict-translations-status]") != ""


def test_what_somebody_else_wrote_is_shown_beside(site, team_page, faults, lacking):
    team_page.goto(site + PAGE)
    theme = field(lacking["edition"], "theme")
    Edition.objects.filter(pk=lacking["edition"].pk).update(theme_en="Theirs")
    team_page.fill(theme, "Mine")
    team_page.press(theme, "Tab")
    team_page.keyboard.press("Enter")
    team_page.wait_for_selector(".theirs")
    assert team_page.text_content(".theirs") == "Theirs"
    assert team_page.input_value(theme) == "Mine"
    assert faults(team_page) == []


def test_all_are_saved_without_javascript(site, chromium, admin_client, lacking):
    cookie = {"name": "sessionid", "value": admin_client.cookies["sessionid"].value, "url": site}
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(site + PAGE)
    page.fill(field(lacking["edition"], "theme"), "Water")
    page.fill(field(lacking["session"], "title"), "Health")
    page.click("button[value=all]")
    page.wait_for_selector(".messagelist")
    lacking["edition"].refresh_from_db()
    lacking["session"].refresh_from_db()
    assert (lacking["edition"].theme_en, lacking["session"].title_en) == ("Water", "Health")
    context.close()
