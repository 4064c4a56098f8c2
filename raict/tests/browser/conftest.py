"""A real browser on the real site: both editions loaded, every policy in force."""

import datetime as dt
import os
from importlib import import_module
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import sync_playwright

from events.models import Edition
from events.press import subscription
from events.tests.factories import PressContactFactory, PressReleaseFactory
from registrations.links import personal_key
from registrations.models import Category
from registrations.tests.factories import AccreditationFactory, RegistrationFactory

CHROMIUM = "/usr/bin/chromium"
# As root there is no sandbox; the rest keeps the browser from talking to anybody but us.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """The distribution's Chromium: without it these tests fail, they do not skip."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium")
    # Playwright's event loop runs in this thread, where Django then refuses the ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(live_server, settings) -> str:
    """The address of the site, with the 15th edition and the demonstration, open, as current."""
    settings.SITE_URL = live_server.url
    # Tests that empty the tables take the rows of migrations away. Django's serialized rollback
    # keeps them with a connection, and Playwright's loop has another one.
    import_module("registrations.migrations.0002_categories").write(apps, schema_editor=None)
    folder = Path(settings.BASE_DIR) / "events" / "editions"
    call_command("load_edition", folder / "15.toml", verbosity=0)
    call_command("load_edition", folder / "demonstration.toml", current=True, verbosity=0)
    return live_server.url


@pytest.fixture
def personal_page(site) -> str:
    """The path of somebody's own page: of the press, with a release under embargo."""
    edition = Edition.objects.current()
    registration = RegistrationFactory(edition=edition, category=Category.objects.first())
    now = timezone.now()
    AccreditationFactory(
        edition=edition, registration=registration, state="accepted", decided_at=now
    )
    PressReleaseFactory(
        edition=edition, slug="sous-embargo", embargo_until=now + dt.timedelta(days=7)
    )
    return f"/mon-inscription/{personal_key(registration)}/"


@pytest.fixture
def press_keys(site) -> dict[str, str]:
    """The keys of somebody who asks to be on the press list, and of somebody who is on it."""
    contact = PressContactFactory()
    asked = subscription.Asked("Jane Roe", "", "radio", "en", "jane@example.org")
    addresses = {
        "asked": subscription.confirm_url(asked),
        "contact": subscription.leave_url(contact),
    }
    return {name: address.split("/")[-2] for name, address in addresses.items()}


@pytest.fixture
def open_page(chromium, site):
    """Opens pages of the site. What the console reports (a refused style, a missing file, a
    script's error) fails the test, but for the answer that the test asked for."""
    contexts, errors = [], []

    def open_(path="/", *, width=1280, height=900, **options):
        context = chromium.new_context(
            base_url=site, viewport={"width": width, "height": height}, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                errors.append(f"{page.url}: {message.text}")
                if message.type in {"error", "warning"} and not _is_answer(page, message)
                else None
            ),
        )
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def team_page(site, chromium, admin_client):
    """A page of the browser, signed in as the team."""
    cookie = admin_client.cookies["sessionid"].value
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    yield context.new_page()
    context.close()


def _is_answer(page, message) -> bool:
    """A page that is meant to be « not found » is reported by Chromium as a missing file."""
    return message.location["url"] == page.url and "status of 404" in message.text


@pytest.fixture(scope="session")
def faults():
    """What axe finds on a page, one line a fault; no rule is left out."""
    axe = Axe()

    def find(page) -> list[str]:
        found = axe.run(page).response["violations"]
        return [
            f"{page.url} {page.viewport_size['width']}: {rule['id']} {node['html'][:200]}"
            for rule in found
            for node in rule["nodes"]
        ]

    return find
