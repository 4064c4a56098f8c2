"""The programme board as a member of the team uses it: mouse, keyboard, forms."""

import datetime as dt

import pytest
from django.urls import reverse

from events.tests.factories import EditionFactory, RoomFactory
from registrations.tests.factories import RegistrationFactory
from sessions import moves
from sessions.models import Appearance, Move, Session
from sessions.tests.factories import SessionFactory

_DIALOG = "[data-raict-dialog]"
_SAID = "[data-raict-said]"
_LIVE = "[data-raict-live]"


@pytest.fixture
def edition(site):
    """An edition without sessions, with three rooms."""
    edition = EditionFactory(number=77)
    for number, name in enumerate(("Salle A", "Salle B", "Salle C")):
        RoomFactory(venue=edition.venue, name=name, position=number)
    return edition


@pytest.fixture
def rooms(edition):
    return list(edition.venue.rooms.all())


@pytest.fixture
def ten(edition, rooms):
    return SessionFactory(edition=edition, room=rooms[0], title_fr="L’eau", title_en="Water")


@pytest.fixture
def open_board(site, team_page, edition):
    """Opens the board; what its scripts complain of fails the test."""
    errors = []
    team_page.on("pageerror", lambda error: errors.append(str(error)))
    team_page.on(
        "console",
        lambda message: errors.append(message.text) if message.type == "error" else None,
    )

    def open_(query: str = ""):
        address = reverse("admin:programme_session_board", args=[edition.pk])
        team_page.goto(f"{site}{address}{query}")
        team_page.locator(".board-slot").wait_for(state="attached")
        return team_page

    yield open_
    assert errors == []


def place(session) -> tuple:
    row = Session.objects.get(pk=session.pk)
    return row.start, row.end, row.room.name if row.room else None


def saved(page) -> None:
    """The board was drawn anew, and something was said."""
    page.wait_for_function(
        "() => { const said = document.querySelector('[data-raict-said]').textContent;"
        " return said && said !== document.querySelector('[data-raict-board]').dataset.saving; }"
    )


def middle(page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, start: tuple, end: tuple) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.mouse.move(*end)
    page.mouse.up()


def hour(page) -> float:
    """Pixels of an hour."""
    return page.evaluate(
        "() => 12 * parseFloat(getComputedStyle(document.querySelector('[data-raict-grid]')).gridAutoRows)"
    )


# -------------------------------------------------------------------------------------- moves
def test_a_block_is_dragged_to_another_room_and_hour(open_board, ten):
    page = open_board()
    block = f"#session-{ten.pk}"
    x, y = middle(page, block)
    other = middle(page, '[data-name="Salle B"]')[0]
    drag(page, (x, y), (other, y - hour(page)))
    saved(page)
    assert place(ten) == (dt.time(9), dt.time(10), "Salle B")
    assert page.locator(_DIALOG).is_hidden()


def test_the_end_of_a_block_is_dragged(open_board, ten):
    page = open_board()
    box = page.locator(f"#session-{ten.pk}").bounding_box()
    end = (box["x"] + 20, box["y"] + box["height"] - 3)
    drag(page, end, (end[0], end[1] + hour(page) / 2))
    saved(page)
    assert place(ten) == (dt.time(10), dt.time(11, 30), "Salle A")


def test_escape_gives_a_drag_up(open_board, ten):
    page = open_board()
    x, y = middle(page, f"#session-{ten.pk}")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 100)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert page.locator(f"#session-{ten.pk}").evaluate("block => block.style.gridRow") == ""
    assert place(ten)[0] == dt.time(10)


def test_a_block_of_the_tray_is_dragged_onto_the_grid_and_back(open_board, edition):
    session = SessionFactory(edition=edition, room=None, day=None, start=None, end=None)
    page = open_board()
    block = f"#session-{session.pk}"
    x = middle(page, '[data-name="Salle C"]')[0]
    y = middle(page, '[data-name="Salle C"]')[1] + hour(page)
    drag(page, middle(page, block), (x, y))
    saved(page)
    start, _end, room = place(session)
    assert (room, start.hour) == ("Salle C", 8)
    page.evaluate("() => { document.querySelector('[data-raict-said]').textContent = ''; }")
    drag(page, middle(page, block), middle(page, "#board-tray"))
    saved(page)
    assert place(session) == (None, None, None)


def test_a_block_is_moved_and_made_longer_with_the_keyboard(open_board, ten):
    page = open_board()
    link = page.locator(f"#session-{ten.pk} a")
    link.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowDown", "Control+ArrowUp"):
        page.keyboard.press(key)
    assert "Salle B" in page.text_content(_LIVE)
    assert place(ten)[0] == dt.time(10)
    page.keyboard.press("Enter")
    saved(page)
    assert place(ten) == (dt.time(10, 25), dt.time(11, 40), "Salle B")
    assert page.evaluate("() => document.activeElement.parentElement.id") == f"session-{ten.pk}"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.reload()
    assert place(ten)[0] == dt.time(10, 25)


def test_a_pause_for_everybody_keeps_having_no_room(open_board, edition):
    pause = SessionFactory(edition=edition, room=None, kind="break", title_fr="Café")
    page = open_board()
    x, y = middle(page, f"#session-{pause.pk}")
    drag(page, (x, y), (x + 200, y - hour(page)))
    saved(page)
    assert place(pause) == (dt.time(9), dt.time(10), None)
    page.focus(f"#session-{pause.pk} a")
    page.evaluate("() => { document.querySelector('[data-raict-said]').textContent = ''; }")
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    saved(page)
    assert place(pause) == (dt.time(9, 15), dt.time(10, 15), None)


def test_a_form_moves_a_block_without_a_script(site, chromium, admin_client, edition, ten):
    context = chromium.new_context(java_script_enabled=False, base_url=site)
    cookie = admin_client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    page = context.new_page()
    page.goto(reverse("admin:programme_session_board", args=[edition.pk]))
    page.click(f"#session-{ten.pk} a")
    page.fill("#id_start", "16:00")
    page.fill("#id_end", "17:00")
    page.click("#content [type=submit]")
    assert page.locator(f"td #session-{ten.pk}").count() == 1
    assert place(ten) == (dt.time(16), dt.time(17), "Salle A")
    context.close()


def test_a_conflict_shows_after_a_move_without_loading_the_page_again(
    open_board, edition, rooms, ten
):
    other = SessionFactory(edition=edition, room=rooms[1], title_fr="Le feu", title_en="Fire")
    page = open_board()
    page.evaluate("() => { window.isSame = true; }")
    assert page.locator('[data-rule="room"]').count() == 0
    page.focus(f"#session-{other.pk} a")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.locator('[data-rule="room"]').first.wait_for()
    assert page.locator('[data-rule="room"]').count() == 2
    assert page.locator(".block.is-clash .block-conflicts").count() == 2
    assert page.evaluate("() => window.isSame")
    page.locator('[data-rule="room"]').first.click()
    page.locator(f"{_DIALOG} #id_start").wait_for()


def test_who_comes_second_reads_the_newer_state(open_board, ten, rooms):
    page = open_board()
    moves.place(ten, day=ten.day, start=dt.time(15), end=dt.time(16), room=rooms[2])
    page.focus(f"#session-{ten.pk} a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(f"{_SAID}.is-error").wait_for()
    assert "Salle C" in page.text_content(_SAID)
    assert page.locator(f"#session-{ten.pk}").get_attribute("data-from") == str(15 * 60)
    assert place(ten)[0] == dt.time(15)


def test_a_move_waits_where_people_are_registered(open_board, edition, ten):
    RegistrationFactory(edition=edition)
    page = open_board()
    page.focus(f"#session-{ten.pk} a")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    saved(page)
    assert (place(ten)[2], Move.objects.get().room.name) == ("Salle A", "Salle B")
    publish = reverse("admin:programme_announcement_publish", args=[edition.pk])
    assert page.locator(f'{_SAID} a[href="{publish}"]').count() == 1


# ------------------------------------------------------------------------------------ building
def test_sessions_are_built_with_the_keyboard_alone(open_board, edition):
    page = open_board()
    page.focus(".board-slot")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(f"{_DIALOG} #id_kind").wait_for()
    assert page.evaluate("() => document.activeElement.id") == "id_kind"
    page.keyboard.type("plen")
    for _step in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("Ouvrir")
    page.keyboard.press("Enter")
    saved(page)
    session = Session.objects.get(edition=edition)
    assert place(session) == (dt.time(9, 15), dt.time(10, 15), "Salle B")
    assert session.title_fr == "Ouvrir"
    # The focus is on what was made: its people are two keys away.
    page.keyboard.press("Enter")
    page.locator(f"{_DIALOG} .board-tabs").wait_for()
    page.locator(f"{_DIALOG} .board-tabs a").nth(2).focus()
    page.keyboard.press("Enter")
    page.locator(f"{_DIALOG} #id_last_name").wait_for()
    page.focus("#id_last_name")
    page.keyboard.type("Diop")
    page.keyboard.press("Enter")
    # The dialog stays for the next one, and says who was added.
    page.locator(f"{_DIALOG} .board-people li").wait_for()
    assert "Diop" in page.text_content(f"{_DIALOG} [role=status]")
    page.keyboard.press("Escape")
    page.locator(_DIALOG).wait_for(state="hidden")
    assert Appearance.objects.get(session=session).person.last_name == "Diop"


def test_a_refusal_stays_in_the_dialog_with_what_was_typed(open_board, rooms, edition):
    page = open_board()
    page.click('.board-acts [data-raict-open][href*="/add/"] >> nth=0')
    page.fill(f"{_DIALOG} #id_title_fr", "Le feu")
    page.fill(f"{_DIALOG} #id_start", "10:00")
    page.fill(f"{_DIALOG} #id_end", "09:00")
    page.click(f"{_DIALOG} [type=submit]")
    page.locator(f"{_DIALOG} .errorlist").wait_for()
    assert page.input_value("#id_title_fr") == "Le feu"
    page.keyboard.press("Escape")
    page.locator(_DIALOG).wait_for(state="hidden")
    assert not Session.objects.filter(edition=edition).exists()


# --------------------------------------------------------------------------------------- looks
@pytest.mark.parametrize("width", [1280, 1920])
def test_board_forms_and_difference_have_no_fault(open_board, edition, rooms, ten, faults, width):
    SessionFactory(edition=edition, room=rooms[0], is_published=False)
    SessionFactory.create_batch(12, edition=edition, room=rooms[2], cafe=True, capacity=3)
    SessionFactory(edition=edition, room=None)
    RegistrationFactory(edition=edition)
    moves.place(ten, day=ten.day, start=dt.time(15), end=dt.time(16), room=rooms[2])
    page = open_board()
    board = reverse("admin:programme_session_board", args=[edition.pk])
    page.set_viewport_size({"width": width, "height": 900})
    found = faults(page)
    for name in ("place", "texts", "people", "duplicate", "remove"):
        path = reverse(f"admin:programme_session_{name}", args=[ten.pk])
        page.locator(f"#session-{ten.pk} a").evaluate("(link, path) => { link.href = path; }", path)
        page.click(f"#session-{ten.pk} a")
        page.locator(f"{_DIALOG} .board-tabs").wait_for()
        found += faults(page)
        page.keyboard.press("Escape")
    for name in ("session_board_add", "session_board_room_add", "session_difference"):
        page.goto(
            page.url.partition("/admin/")[0] + reverse(f"admin:programme_{name}", args=[edition.pk])
        )
        found += faults(page)
    publish = reverse("admin:programme_announcement_publish", args=[edition.pk])
    page.goto(page.url.partition("/admin/")[0] + publish)
    found += faults(page)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(page.url.partition("/admin/")[0] + board)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert [one for one in found if "nav-sidebar" not in one] == []
