"""The door on a phone: with axe, by keyboard alone, without JavaScript, and with figures that renew."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from events.models import Edition
from registrations import services
from registrations.links import badge_code
from registrations.models import Booking, Category, CheckIn
from registrations.tests.factories import RegistrationFactory
from sessions.models import Session


@pytest.fixture
def culture(site):
    """A session of the demonstration with three people expected and one in line."""
    session = Session.objects.get(slug="demo-culture")
    people = RegistrationFactory.create_batch(
        4, edition=Edition.objects.current(), category=Category.objects.first()
    )
    for one in people[:3]:
        Booking.objects.create(registration=one, session=session)
    Booking.objects.create(registration=people[3], session=session, state="waiting", turn=1)
    Session.objects.filter(pk=session.pk).update(seats_taken=3)
    return session


@pytest.fixture
def phone(open_page, admin_client, site):
    """A phone of 360 pixels, signed in as the team."""

    def open_(path, **options):
        cookie = {
            "name": "sessionid",
            "value": admin_client.cookies["sessionid"].value,
            "url": site,
        }
        page = open_page("about:blank", width=360, height=740, **options)
        page.context.add_cookies([cookie])
        page.goto(path)
        return page

    return open_


def width(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("prefix", ["", "/en"], ids=["fr", "en"])
def test_the_door_is_accessible_on_a_phone(phone, faults, culture, prefix, scheme):
    inside, near, _last, waits = (one.registration for one in culture.bookings.order_by("pk"))
    services.check_in(inside, culture)
    home = f"{prefix}/accueil/{culture.slug}/"
    page = phone(f"{prefix}/accueil/", color_scheme=scheme)
    found = faults(page)
    for query in (
        "",
        f"?inscription={inside.reference}",
        f"?inscription={inside.reference}&deja=1",
        f"?inscription={near.reference}",
        f"?inscription={waits.reference}",
        f"?q={near.last_name}",
    ):
        page.goto(home + query)
        found += faults(page)
        page.set_viewport_size({"width": 320, "height": 640})
        found += [f"{page.url} scrolls sideways"] * (width(page) > 320)
        page.set_viewport_size({"width": 360, "height": 740})

    assert found == []


def test_targets_are_as_large_as_a_thumb(phone, culture):
    page = phone(f"/accueil/{culture.slug}/")
    small = page.locator("main button, main a").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect())"
        ".filter(box => box.height < 44 || box.width < 44).length"
    )
    assert small == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_a_hand_scanner_and_the_keyboard_do_everything(phone, culture, javascript):
    one, other = (each.registration for each in culture.bookings.order_by("pk")[:2])
    page = phone(f"/accueil/{culture.slug}/", java_script_enabled=javascript)
    expect(page.locator("input[autofocus]")).to_be_focused()
    page.keyboard.type(badge_code(one))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".door-answer h2").inner_text() == one.full_name
    assert CheckIn.objects.filter(registration=one).count() == 1

    page.keyboard.type(other.last_name.lower())
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator(f".door-found button[value='{other.reference}']").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".door-answer h2").inner_text() == other.full_name
    page.locator(".door-answer button").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert set(CheckIn.objects.values_list("registration", flat=True)) == {one.pk}


def test_figures_renew_and_leave_what_is_typed(phone, culture):
    page = phone("about:blank")
    page.clock.install()
    page.goto(f"/accueil/{culture.slug}/")
    page.keyboard.type("Awa")
    services.check_in(culture.bookings.order_by("pk").first().registration, culture)
    page.clock.run_for(26_000)
    page.locator(".is-present dd", has_text="1").wait_for()
    assert page.locator("#qui").input_value() == "Awa"
    assert page.locator("#qui").evaluate("one => one === document.activeElement")
    assert page.locator("[data-stale]").is_hidden()


def test_figures_that_cannot_be_renewed_are_said_to_be_old(phone, culture):
    page = phone("about:blank")
    page.clock.install()
    page.goto(f"/accueil/{culture.slug}/")
    page.context.clear_cookies()  # signed out elsewhere
    page.clock.run_for(26_000)
    page.locator("[data-stale]").wait_for()


def test_a_stranger_signs_in_and_arrives(open_page, culture, admin_user):
    page = open_page(f"/accueil/{culture.slug}/", width=360)
    assert page.url.endswith(f"{reverse('admin:login')}?next=/accueil/{culture.slug}/")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", "password")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(f"/accueil/{culture.slug}/")
