"""Letters in the workplace, by keyboard: a placeholder picked, a text broken, looked at and reset."""

import pytest
from django.urls import reverse

from events.models import Edition
from raict.mail.models import Message
from registrations.models import Circular, Registration, TimedLetter, Wording
from registrations.services import circulars, timing
from registrations.tests.factories import RegistrationFactory


@pytest.fixture
def person(site):
    return RegistrationFactory(
        edition=Edition.objects.current(), first_name="Awa", email="awa@example.org"
    )


@pytest.fixture
def letter(site, person, team_page):
    """The confirmation, as a member of the team finds it."""
    edition = Edition.objects.current()
    address = reverse(
        "admin:registrations_wording_letter", args=[edition.pk, "registration_confirmed"]
    )
    team_page.goto(f"{site}{address}")
    return team_page


def shown(page):
    return page.frame(name="mail-frame")


def test_a_letter_is_changed_by_keyboard_broken_previewed_and_reset(letter, faults):
    assert faults(letter) == []
    letter.focus("#id_fr-text")
    letter.keyboard.press("Control+Home")
    letter.keyboard.type("Chère ")
    pick = letter.get_by_role("button", name="{{ prenom }}", exact=True)
    pick.focus()
    letter.keyboard.press("Enter")
    letter.keyboard.type(", {{")
    assert letter.input_value("#id_fr-text").startswith("Chère {{ prenom }}, {{Bonjour")

    letter.locator("input.default").press("Enter")
    letter.wait_for_selector(".errorlist")
    assert letter.locator(".errorlist li").count() == 1
    assert letter.input_value("#id_fr-text").startswith("Chère {{ prenom }}, {{Bonjour")
    assert faults(letter) == []
    assert Wording.objects.count() == 0

    letter.focus("#id_fr-text")
    letter.keyboard.press("Control+Home")
    for _sign in range(len("Chère {{ prenom }}, {{")):
        letter.keyboard.press("ArrowRight")
    letter.keyboard.press("Backspace")
    letter.keyboard.press("Backspace")
    letter.locator(".mail-buttons button").first.press("Enter")
    shown(letter).get_by_text("Chère Awa, ").wait_for()
    assert Wording.objects.count() == 0

    letter.locator("input.default").press("Enter")
    letter.wait_for_selector("button[name=reset]")
    assert Wording.objects.get().text.startswith("Chère {{ prenom }}, Bonjour")
    letter.locator("summary", has_text="").last.press("Enter")
    assert faults(letter) == []
    letter.locator("button[name=reset]").press("Enter")
    letter.wait_for_selector("button[name=reset]", state="detached")
    assert Wording.objects.count() == 0


def test_a_selection_is_written_to(site, person, team_page, faults):
    team_page.goto(f"{site}{reverse('admin:registrations_registration_changelist')}")
    team_page.check("input.action-select")
    team_page.select_option("select[name=action]", "write")
    team_page.click("button[name=index]")
    team_page.fill("#id_subject_fr", "Accès")
    team_page.fill("#id_text_fr", "Bonjour {{ prenom }}, entrez par la cour.")
    assert faults(team_page) == []
    team_page.locator(".mail-buttons button").first.click()
    shown(team_page).get_by_text("Bonjour Awa, entrez").wait_for()
    team_page.click("input[name=_send]")
    assert faults(team_page) == []
    team_page.locator("input.default").press("Enter")
    team_page.wait_for_selector(".mail-progress")
    assert faults(team_page) == []
    assert Circular.objects.get().state == "sending"
    assert circulars.write_open() == 1
    assert Message.objects.get(template="circular").to == "awa@example.org"
    team_page.reload()
    team_page.get_by_role("button", name="Pause").press("Enter")
    team_page.wait_for_selector("form[action$='/resume/']")
    assert Message.objects.get(template="circular").state == "withdrawn"
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    [
        *("registrations_wording_changelist", "registrations_circular_changelist"),
        *("registrations_timedletter_changelist", "registrations_timedletter_add"),
        "mail_message_changelist",
    ],
)
def test_axe_finds_nothing(site, person, team_page, faults, name):
    timing.add_examples(Edition.objects.current())
    assert TimedLetter.objects.count() == 2
    team_page.goto(f"{site}{reverse(f'admin:{name}')}")
    assert faults(team_page) == []
