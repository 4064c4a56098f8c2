"""The team's workplace as a whole: its home page, its order, its door."""

import pytest
from django.contrib import admin
from django.urls import reverse

from events.models import Mailing, PressKit, Recipient
from events.tests.factories import EditionFactory
from raict.accounts.models import Export
from raict.jobs.models import Job
from raict.mail.models import Message
from raict.tables.models import Import
from registrations.models import (
    Accreditation,
    CheckIn,
    Circular,
    CircularRecipient,
    Notice,
    Wording,
)
from sessions.models import Announcement, Move

pytestmark = pytest.mark.django_db

# Rows that the site writes, or that people send.
READ_ONLY = {
    *(Accreditation, Export, Import, Job, Message, Announcement, CheckIn, Mailing, Move, Notice),
    *(PressKit, Recipient, Circular, CircularRecipient, Wording),
}


def message(**values) -> Message:
    row = {
        "to": "awa@example.org",
        "template": "test",
        "language": "fr",
        "subject": "Objet",
        "text": "Texte",
    }
    return Message.objects.create(**{**row, **values})


def test_a_stranger_is_led_to_the_login_page(client):
    response = client.get(reverse("admin:registrations_registration_changelist"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


def test_the_login_page_has_one_heading(client):
    page = client.get(reverse("admin:login")).content.decode()
    assert page.count("<h1") == 1


def test_sections_stand_in_the_order_of_the_work(admin_client):
    apps = admin_client.get(reverse("admin:index")).context["app_list"]
    named = [[model["object_name"] for model in app["models"]] for app in apps]
    assert [[name for name in names if not name.startswith("page-")] for names in named] == [
        ["Registration", "CheckIn", "Organisation", "Category", "Notice"],
        [
            "Plenary",
            "GeographicMeeting",
            "ThematicWorkshop",
            "Cafe",
            "Session",
            "Person",
            "Appearance",
            "Announcement",
            "Move",
        ],
        ["Edition", "Venue", "Partner", "Figure"],
        [
            *("PressRelease", "Mailing", "Recipient", "PressContact", "PressPicture", "PressKit"),
            "Accreditation",
        ],
        ["Wording", "Circular", "CircularRecipient", "TimedLetter", "Message"],
        ["Job", "Import"],
        ["User", "Group", "Export"],
    ]


def test_the_home_page_without_an_edition_says_so(admin_client):
    response = admin_client.get(reverse("admin:index"))
    assert (response.context["edition"], response.context["tasks"]) == (None, [])


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label)
def test_every_list_and_form_opens(admin_client, model):
    names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert admin_client.get(reverse(f"{names}_changelist"), {"q": "été"}).status_code == 200
    adding = admin_client.get(reverse(f"{names}_add")).status_code
    assert adding == (403 if model in READ_ONLY else 200)


def test_pages_hold_nothing_that_the_policy_forbids(admin_client):
    EditionFactory(current=True)
    for name in ("index", "events_edition_add", "programme_cafe_add"):
        page = admin_client.get(reverse(f"admin:{name}")).content.decode()
        assert ("style=" in page, "<script>" in page, " onclick=" in page) == (False, False, False)


def test_the_workplace_has_an_icon(client):
    page = client.get(reverse("admin:login")).content.decode()
    assert page.count('rel="icon"') == 2
