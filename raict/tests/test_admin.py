"""The team's workplace as a whole: its home page, its order, its door."""

import pytest
from django.contrib import admin
from django.urls import reverse

from events.models import Mailing, PressKit, Recipient
from events.tests.factories import EditionFactory
from raict.jobs.models import Job
from raict.mail.models import Message
from registrations.models import Accreditation, CheckIn, Notice, Registration
from registrations.tests.factories import AccreditationFactory, RegistrationFactory
from sessions.models import Announcement, Move
from sessions.tests.factories import SessionFactory

pytestmark = pytest.mark.django_db

# Rows that the site writes, or that people send.
READ_ONLY = {
    *(Accreditation, Job, Message, Announcement, CheckIn, Mailing, Move, Notice),
    *(PressKit, Recipient),
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
    assert [[model["object_name"] for model in app["models"]] for app in apps] == [
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
        ["Message"],
        ["Job"],
        ["User", "Group"],
    ]


def test_the_home_page_counts_the_current_edition_and_leads_to_the_rows(admin_client):
    current = EditionFactory(current=True)
    other = EditionFactory()
    states = Registration.State
    for edition, state in [
        (current, states.CONFIRMED),
        (current, states.PENDING),
        (current, states.PENDING),
        (current, states.CANCELLED),
        (other, states.PENDING),
    ]:
        RegistrationFactory(edition=edition, state=state)
    for edition in (current, current, current, current, other):
        AccreditationFactory(edition=edition)
    SessionFactory(edition=current, start=None, end=None)
    SessionFactory(edition=other, start=None, end=None)
    message(state=Message.State.FAILED)
    message()
    figures = admin_client.get(reverse("admin:index")).context["figures"]
    assert [figure.value for figure in figures] == [3, 2, 1, 1, 4, 1, 1]
    for figure in figures:
        rows = admin_client.get(figure.url).context["cl"].result_count
        assert (str(figure.label), rows) == (str(figure.label), figure.value)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_page_asks_little_of_the_database(admin_client, django_assert_num_queries, rows):
    edition = EditionFactory(current=True)
    RegistrationFactory.create_batch(rows, edition=edition)
    SessionFactory.create_batch(rows, edition=edition)
    message()
    admin_client.get(reverse("admin:index"))
    # HTTP session, user, eight counts, the current edition, recent actions.
    with django_assert_num_queries(12):
        admin_client.get(reverse("admin:index"))


def test_the_home_page_without_an_edition_says_so(admin_client):
    response = admin_client.get(reverse("admin:index"))
    assert [figure.value for figure in response.context["figures"]] == [0, 0]


def test_a_member_without_rights_sees_no_numbers(client, django_user_model):
    EditionFactory(current=True)
    client.force_login(django_user_model.objects.create_user("paul", is_staff=True))
    response = client.get(reverse("admin:index"))
    assert (response.context["figures"], response.context["app_list"]) == ([], [])


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
