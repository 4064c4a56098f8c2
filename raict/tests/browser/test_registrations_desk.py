"""The team decides and merges in a browser, by keyboard; its pages have no fault that axe finds."""

import pytest
from django.urls import reverse

from events.models import Edition
from raict.mail.models import Message
from registrations.models import Registration
from registrations.tests.factories import OrganisationFactory
from registrations.tests.seating import seated

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair(site):
    """One person, registered twice with the demonstration edition."""
    edition = Edition.objects.current()
    names = {"first_name": "Awa", "last_name": "Diop", "organisation": OrganisationFactory()}
    return [
        seated(edition, email=email, **names) for email in ("awa@example.org", "diop@example.net")
    ]


def path(page: str, *places, model: str = "registration") -> str:
    return reverse(f"admin:registrations_{model}_{page}", args=places)


def press(page, name: str) -> None:
    """Reach a link or button by the tabulator alone, and press it."""
    for _step in range(200):
        page.keyboard.press("Tab")
        words = page.evaluate("document.activeElement.value || document.activeElement.textContent")
        if (words or "").strip() == name:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"No key leads to {name!r}.")


def test_refuse_with_a_reason_by_keyboard(site, team_page, pair):
    awa = pair[0]
    team_page.goto(site + path("change", awa.pk))
    press(team_page, "Refuser")
    while team_page.evaluate("document.activeElement.tagName") != "TEXTAREA":
        team_page.keyboard.press("Tab")
    team_page.keyboard.type("Votre structure a déjà deux places.")
    press(team_page, "Refuser")
    assert Registration.objects.get(pk=awa.pk).state == "refused"
    message = Message.objects.get(to=awa.email)
    assert "Votre structure a déjà deux places." in message.text
    assert team_page.locator(".chronology blockquote").inner_text() == (
        "Votre structure a déjà deux places."
    )


def test_two_are_merged_from_the_page_of_groups(site, team_page, pair):
    first, second = pair
    team_page.goto(site + path("duplicates"))
    team_page.locator(".double a.button").click()
    team_page.get_by_label(second.email).check()
    team_page.locator("form.team-form input[type=submit]").click()
    team_page.wait_for_url(f"**{path('change', first.pk)}")
    assert Registration.objects.live().get(pk=first.pk).email == second.email
    assert Registration.objects.get(pk=second.pk).merged_into == first


def test_axe_finds_nothing_on_the_pages(site, team_page, pair, faults):
    first, second = pair
    cities = [OrganisationFactory(name=f"{form} de Lyon") for form in ("Ville", "Mairie")]
    keys = ",".join(str(one.pk) for one in cities)
    found = []
    for address in (
        f"{path('decide', 'refuse')}?keys={first.pk},{second.pk}",
        path("duplicates"),
        path("merge", first.pk, second.pk),
        path("duplicates", model="organisation"),
        f"{path('merge', model='organisation')}?keys={keys}",
        path("seen", first.pk),
    ):
        team_page.goto(site + address)
        found += faults(team_page)
    assert found == []
