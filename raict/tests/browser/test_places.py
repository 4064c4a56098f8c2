"""Places left on a page that stays open."""

import pytest
from playwright.sync_api import expect

from sessions.models import Session

SLUG = "demo-eau"


def _watched(open_page, path):
    """The page with a clock that the test moves, a session of it, and the answers about places."""
    page = open_page(path)
    answers = []
    page.on("response", lambda one: answers.append(one) if "places.json" in one.url else None)
    page.clock.install()
    page.reload()
    session = Session.objects.get(slug=SLUG)
    return page, page.locator(f"[data-places='{session.pk}']"), answers


@pytest.mark.parametrize("path", ["/en/programme/", f"/en/programme/{SLUG}/", "/en/inscription/"])
def test_places_left_keep_themselves_up_to_date(open_page, faults, path):
    page, words, answers = _watched(open_page, path)
    assert words.inner_text() == "60 places left"

    for taken, expected in ((1, "59 places left"), (60, "Full – waiting list open")):
        Session.objects.filter(slug=SLUG).update(seats_taken=taken)
        with page.expect_response("**/en/programme/places.json"):
            page.clock.fast_forward(30_000)
        expect(words).to_have_text(expected)

    assert words.get_attribute("class") == "is-full"
    assert page.locator("[aria-live]").count() == 0
    assert faults(page) == []
    with page.expect_response("**/en/programme/places.json"):
        page.clock.fast_forward(30_000)
    # The browser asks with the ETag that it has, so that the site may answer 304.
    assert answers[2].request.all_headers()["if-none-match"] == answers[1].headers["etag"]


def test_places_are_asked_only_while_somebody_looks(open_page):
    page, _words, answers = _watched(open_page, "/programme/")
    see = """hidden => {
        Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""

    page.evaluate(see, True)
    page.clock.run_for(300_000)
    assert answers == []
    with page.expect_response("**/programme/places.json"):
        page.evaluate(see, False)  # it is late: at once
        page.clock.run_for(1_000)


def test_places_are_asked_three_times_of_a_site_that_does_not_answer(open_page):
    page, words, answers = _watched(open_page, "/programme/")
    page.route("**/places.json", lambda route: route.fulfill(body="Bad gateway"))

    for _time in range(6):
        page.clock.run_for(30_000)
        page.wait_for_timeout(100)

    assert len(answers) == 3
    assert words.inner_text() == "60\N{NO-BREAK SPACE}places"


def test_seat_that_becomes_free_can_be_chosen(open_page, site):
    Session.objects.filter(slug=SLUG).update(seats_taken=60)
    page, words, _answers = _watched(open_page, "/en/inscription/")
    seat = page.locator("[data-seat]")
    assert seat.is_disabled()

    Session.objects.filter(slug=SLUG).update(seats_taken=59)
    page.clock.fast_forward(30_000)

    expect(words).to_have_text("1 place left")
    expect(seat).to_be_enabled()
    assert words.get_attribute("class") == ""
