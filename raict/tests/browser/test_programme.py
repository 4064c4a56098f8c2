"""The programme with a keyboard, without JavaScript, and as a grid."""

import pytest


def _places(page, selector):
    """Left and top of each, in the order of the source."""
    return page.locator(selector).evaluate_all(
        "all => all.map(each => {const box = each.getBoundingClientRect();"
        " return [Math.round(box.left), Math.round(box.top), Math.round(box.right),"
        " Math.round(box.bottom)]})"
    )


def test_keyboard_alone_skips_filters_and_opens_a_session(open_page):
    page = open_page("/programme/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    assert page.locator(".skip-link").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"

    for _stop in range(2):  # the edition, then the first list
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "type"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter") if page.locator("select:open").count() else None
    chosen = page.locator("select[name=type]").input_value()
    assert chosen == "opening"
    page.locator("select[name=langue]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/programme/?type=opening&zone=&theme=&langue=#sessions")

    assert page.locator(".programme-count strong").inner_text() == "1 session sur 27"
    for _stop in range(2):  # « tout afficher », then the session found
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/programme/demo-ouverture/")


def test_focus_is_seen_on_everything_that_takes_it(open_page):
    page = open_page("/programme/")

    seen = 0
    for _stop in range(30):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(() => {const style = getComputedStyle(document.activeElement);"
            " return [style.outlineStyle, parseFloat(style.outlineWidth)]})()"
        )
        assert outline == ["solid", 3]
        seen += 1
    assert seen == 30


def test_menu_of_a_phone_opens_with_the_keyboard_and_without_javascript(open_page):
    page = open_page("/programme/", width=360, height=740, java_script_enabled=False)

    page.locator(".site-menu summary").focus()
    page.keyboard.press("Enter")
    page.locator(".site-menu a", has_text="Infos pratiques").click()

    page.wait_for_url("**/infos-pratiques/")


def test_filters_work_without_javascript(open_page):
    page = open_page("/programme/", java_script_enabled=False)

    page.locator("select[name=type]").select_option("geographic_meeting")
    page.locator("select[name=zone]").select_option("caraibes")
    page.locator(".programme-filters button").click()

    assert page.locator(".programme-count strong").inner_text() == "1 session sur 27"
    assert page.locator(".cell h4").count() == 1
    page.locator(".programme-count a").click()
    assert page.locator(".programme-count").inner_text().startswith("27 sessions")


def test_rooms_are_columns_on_wide_screens(open_page):
    page = open_page("/programme/")

    for day in page.locator(".timeline-grid").all():
        day.evaluate("each => each.id = 'tried'")
        rooms = _places(page, "#tried .room-heading")
        for cell in _places(page, "#tried .is-under-its-room"):
            assert cell[0] in [room[0] for room in rooms]
        cells = _places(page, "#tried .cell, #tried .group")
        assert _overlaps(cells) == []
        day.evaluate("each => each.removeAttribute('id')")


def _overlaps(boxes):
    return [
        (first, second)
        for place, first in enumerate(boxes)
        for second in boxes[place + 1 :]
        if first[0] < second[2]
        and second[0] < first[2]
        and first[1] < second[3]
        and second[1] < first[3]
    ]


@pytest.mark.parametrize("width", [360, 800])
def test_programme_is_a_list_in_order_of_time_on_narrow_screens(open_page, width):
    page = open_page("/programme/", width=width)

    assert page.locator(".room-heading:visible").count() == 0
    for day in page.locator(".timeline").all():
        day.evaluate("each => each.id = 'tried'")
        tops = [top for _left, top, *_rest in _places(page, "#tried .slot-time")]
        assert tops == sorted(tops)
        assert _overlaps(_places(page, "#tried .cell, #tried .group")) == []
        day.evaluate("each => each.removeAttribute('id')")


def test_screen_readers_hear_the_room_and_the_hours_of_every_cell(open_page):
    """The grid shows the room as a heading; its words stay in the cell."""
    page = open_page("/programme/")

    cell = page.locator(".is-under-its-room", has_text="L’état civil")

    assert cell.locator(".cell-room").text_content() == "Salle Loire"
    assert cell.locator(".cell-hours").text_content() == "14\u00a0h\u00a0– 15\u00a0h\u00a030"
    assert page.locator(".room-headings[aria-hidden=true]").count() == 2
