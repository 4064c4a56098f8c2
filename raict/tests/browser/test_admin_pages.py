"""Django's own pages of the workplace: every list, form, deletion and history, with axe.

axe leaves the size of targets out unless it is asked; here it is asked.
"""

from collections import defaultdict

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from events.models import Edition, Mailing, PressKit, PressRelease, Recipient
from events.tests.factories import PressContactFactory, PressPictureFactory
from raict.jobs.models import Job
from raict.mail.models import Message
from raict.tests.sample_rows import rows_of_the_team
from registrations.models import CheckIn, Notice
from registrations.tests.factories import AccreditationFactory, RegistrationFactory
from registrations.tests.seating import seated
from sessions.models import Announcement, Move, Session

# What axe finds and no override of ours can mend, with the reason. Nothing is.
LEFT: dict[str, str] = {}
RULES = {"target-size": {"enabled": True}}


@pytest.fixture
def rows(site):
    """A row of each model, beside the editions that `site` has loaded."""
    edition = Edition.objects.current()
    session = Session.objects.filter(edition=edition, booking="seat").first()
    registration = seated(edition, session)
    RegistrationFactory(edition=edition)
    AccreditationFactory(edition=edition)
    contact = PressContactFactory()
    release = PressRelease.objects.first()
    mailing = Mailing.objects.create(release=release, version=1)
    Recipient.objects.create(mailing=mailing, contact=contact)
    PressPictureFactory(edition=edition)
    PressKit.objects.update_or_create(edition=edition, defaults={"file": "press/kits/kit.zip"})
    announcement = Announcement.objects.create(edition=edition)
    Move.objects.create(session=session, announcement=announcement)
    Notice.objects.create(announcement=announcement, registration=registration)
    CheckIn.objects.create(registration=registration, session=session)
    Message.objects.create(
        to="awa@example.org", template="test", language="fr", subject="Objet", text="Texte"
    )
    Job.objects.create(work="numbers", title="Compter", ended_at=timezone.now(), state="done")
    Group.objects.create(name="Presse")
    rows_of_the_team(edition, registration)


@pytest.fixture
def found(team_page):
    """Goes to a page, and gathers what axe finds there: finding → pages."""
    axe, findings = Axe(), defaultdict(set)

    def look(address: str = "") -> None:
        if address:
            team_page.goto(address)
        options = {"rules": RULES, "preload": False}
        for rule in axe.run(team_page, options=options).response["violations"]:
            for node in rule["nodes"]:
                findings[f"{rule['id']}: {node['html'][:200]}"].add(team_page.url)

    look.findings = findings
    return look


def pages_of(model, row) -> list[str]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    model_admin = admin.site._registry[model]
    pages = [reverse(f"{name}_changelist")]
    if type(model_admin).has_add_permission is admin.ModelAdmin.has_add_permission:
        pages.append(reverse(f"{name}_add"))
    return pages + [reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "history")]


def may_be_deleted(model) -> bool:
    own = type(admin.site._registry[model])
    return own.has_delete_permission is admin.ModelAdmin.has_delete_permission


@pytest.mark.parametrize("number", range(4))
def test_pages_of_every_model_have_no_faults_but_those_that_are_known(site, rows, found, number):
    """A fourth of the models each, so that several processes share them."""
    models = sorted(admin.site._registry, key=lambda model: model._meta.label)[number::4]
    for model in models:
        row = model._base_manager.order_by("pk").first()
        assert row is not None, f"make a row of {model._meta.label} in the fixture"
        for page in pages_of(model, row):
            found(site + page)
        if may_be_deleted(model):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_delete"
            found(site + reverse(name, args=[row.pk]))
    assert {key: pages for key, pages in found.findings.items() if key not in LEFT} == {}


def test_pages_around_the_models_have_no_faults(site, rows, team_page, found):
    for name in ("index", "password_change"):
        found(site + reverse(f"admin:{name}"))
    found(site + reverse("admin:app_list", args=["programme"]))
    found(f"{site}{reverse('admin:programme_session_changelist')}?_popup=1")
    # A choice that is searched, open and with something typed.
    team_page.goto(site + reverse("admin:programme_appearance_add"))
    team_page.click(".field-session .select2-selection")
    team_page.wait_for_selector(".select2-results__option")
    found()
    # Rows that are ticked, an action chosen, and the question before deleting them.
    team_page.goto(site + reverse("admin:events_partner_changelist"))
    team_page.check("#action-toggle")
    team_page.select_option("select[name=action]", "delete_selected")
    found()
    team_page.click(".actions button[type=submit]")
    team_page.wait_for_selector(".delete-confirmation, #content form")
    found()
    # A row that is added to a form, and a day of a date hierarchy.
    team_page.goto(site + reverse("admin:programme_session_add"))
    team_page.click("text=/Ajouter un.* (intervention|Intervention)/")
    found()
    found(f"{site}{reverse('admin:programme_session_changelist')}?day__year=2024&day__month=10")
    assert found.findings == {}


def test_signing_in_and_out_have_no_faults(site, team_page, found):
    team_page.goto(f"{site}/admin/")
    team_page.click("#logout-form button")
    team_page.wait_for_load_state()
    found()
    found(f"{site}/admin/login/")
    team_page.fill("#id_username", "nobody")
    team_page.fill("#id_password", "wrong")
    team_page.press("#id_password", "Enter")
    team_page.wait_for_selector(".errornote")
    found()
    assert found.findings == {}


# ----------------------------------------------------------------------------------- keyboard
def test_a_searched_choice_is_called_by_its_label(site, team_page):
    team_page.goto(site + reverse("admin:programme_appearance_add"))
    box = team_page.get_by_role("combobox", name="Session")
    box.wait_for()
    assert box.count() == 1


def test_the_skip_link_leads_to_the_content_of_a_list(site, rows, team_page):
    team_page.goto(site + reverse("admin:programme_session_changelist"))
    team_page.keyboard.press("Tab")
    assert team_page.evaluate("document.activeElement.getAttribute('href')") == "#content-start"
    assert team_page.evaluate("document.activeElement.getBoundingClientRect().height") > 1
    team_page.keyboard.press("Enter")
    assert team_page.url.endswith("#content-start")


@pytest.mark.parametrize("width", [1280, 1920])
def test_lists_scroll_in_their_own_box(site, rows, team_page, width):
    """However wide a table is, the page itself does not scroll sideways."""
    team_page.set_viewport_size({"width": width, "height": 900})
    wide = []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        team_page.goto(site + reverse(name))
        if team_page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(model._meta.label)
    assert wide == []
