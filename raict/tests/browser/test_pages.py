"""Every public page, in both languages, wide and narrow."""

import re

import pytest
from django.urls import resolve, reverse
from django.urls.resolvers import URLPattern, get_resolver

from events.tests.factories import PressReleaseFactory

PAGES = [
    "/",
    "/editions/",
    "/editions/0/",
    "/editions/15/",
    "/programme/",
    "/programme/?type=cafe&langue=en",
    "/programme/?type=opening&zone=lune",
    "/editions/15/programme/",
    "/programme/demo-mediterranee/",
    "/programme/15-ouverture-officielle/",
    "/intervenants/",
    "/intervenants/francois-rebsamen/",
    "/partenaires/",
    "/infos-pratiques/",
    "/presse/",
    "/presse/communique-15e-edition/",
    "/presse/liste/",
    "/presse/liste/envoye/",
    "/presse/liste/{asked}/",
    "/presse/desinscription/{contact}/",
    "/presse/accreditation/",
    "/presse/accreditation/merci/",
    "/inscription/",
    "/inscription/merci/",
    "/inscription/mon-lien/",
    "/inscription/mon-lien/envoye/",
    "/mon-inscription/{key}/",
    "/inscription/place-transmise/",
    "/mon-inscription/{key}/annuler/",
    "/mon-inscription/{key}/identite/",
    "/mon-inscription/{key}/presse/sous-embargo/",
    "/mon-inscription/{key}/questions/",
    "/mon-inscription/{key}/sessions/",
    "/mon-inscription/{key}/transmettre/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/accessibilite/",
    "/nulle-part/",
]
# Served as files; their own tests open them.
DOCUMENTS = {
    "media",
    "events:press_feed",
    "events:press_thumbnail",
    "events:release_card",
    "events:release_docx",
    "events:release_pdf",
    "events:release_text",
    "programme:edition_press_kit",
    "programme:places",
    "programme:press_kit",
    "registrations:badge",
    "registrations:calendar",
    "registrations:data",
    "registrations:press_docx",
    "registrations:press_pdf",
    "registrations:press_text",
}
# For the team, behind the login: test_door.py opens them.
DOOR = {
    "registrations:door",
    "registrations:door_session",
    "registrations:door_figures",
    "registrations:door_check_in",
    "registrations:door_undo",
}

# Buttons: a POST that leads back to the personal page; test_personal.py presses them.
BUTTONS = {
    "registrations:accept",
    "registrations:keep",
    "registrations:send_own_link",
    "registrations:step_back",
}


def test_every_address_of_the_site_is_walked():
    """A new page joins the list, or the list of documents."""
    walked = {
        resolve(path.partition("?")[0].format(key="key", asked="key", contact="key")).view_name
        for path in PAGES
        if path != "/nulle-part/"
    }
    # The team's pages are walked by test_admin_pages.py, its door by test_staff_door.py.
    of_the_team = ("admin:", "accounts:")
    public = {name for name in _names(get_resolver()) if not name.startswith(of_the_team)}

    assert walked | DOCUMENTS | BUTTONS | DOOR == public - {"healthz", "readyz"}


def _names(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if not isinstance(pattern, URLPattern):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _names(pattern, inner)
        elif pattern.name:
            yield namespace + pattern.name


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["fr", "en"])
@pytest.mark.parametrize("half", [0, 1])
def test_public_pages_are_accessible(open_page, faults, personal_page, press_keys, prefix, half):
    found = []
    page = open_page("about:blank")
    for pattern in PAGES[half::2]:
        path = pattern.replace("/mon-inscription/{key}/", personal_page)
        path = prefix + path.format(**press_keys)
        page.set_viewport_size({"width": 1280, "height": 900})
        response = page.goto(path)
        assert (path, response.status) == (path, 404 if "nulle-part" in path else 200)
        assert "default-src 'self'" in response.headers["content-security-policy"]
        assert page.locator("html").get_attribute("lang") == (prefix.strip("/") or "fr")
        assert (path, page.locator("h1").count()) == (path, 1)
        found += faults(page)
        if not prefix:  # the English page has the same parts: once is enough for the phone
            page.set_viewport_size({"width": 360, "height": 740})
            found += faults(page)
        page.set_viewport_size({"width": 320, "height": 640})
        found += [f"{path} scrolls sideways"] * (_width(page) > 320)

    assert found == []


@pytest.mark.parametrize("name", ["release", "press"])
def test_word_without_end_makes_no_page_of_the_press_room_wider(open_page, name):
    release = PressReleaseFactory(headline_fr="https://example.org/" + "adresse" * 30)
    page = open_page("about:blank")
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(reverse(f"events:{name}", args=[release.slug] * (name == "release")))
    assert _width(page) == 320


def _width(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def test_pages_fit_when_the_text_is_twice_as_large(open_page):
    """200 % zoom of a 1280 px window is a 640 px one with two device pixels to one."""
    page = open_page("/programme/", width=640, device_scale_factor=2)

    assert _width(page) == 640
    page.goto("/programme/demo-mediterranee/")
    assert _width(page) == 640


def test_dark_pages_keep_their_contrast(open_page, faults):
    page = open_page("/programme/", color_scheme="dark")
    found = faults(page)
    for path in ("/", "/programme/demo-mediterranee/", "/intervenants/"):
        page.goto(path)
        found += faults(page)

    assert found == []


def test_language_switch_keeps_the_page_and_its_filters(open_page):
    page = open_page("/programme/?type=cafe")

    page.locator(".language-switch a").click()

    assert re.sub(r"^https?://[^/]+", "", page.url) == "/en/programme/?type=cafe"
    assert page.locator("select[name=type]").input_value() == "cafe"
