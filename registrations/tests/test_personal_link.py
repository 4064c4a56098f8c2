"""The link sent again, the page and the papers behind it, and cancelling."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from events.models import Edition
from raict.mail.models import Message
from registrations import services
from registrations.models import Registration
from registrations.tests.pages import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORM, THANKS = "/en/inscription/", "/en/inscription/merci/"


@pytest.fixture
def mine(edition, person, ten, cafes):
    """The registration behind a personal link, in English."""
    return services.register(
        edition=edition,
        person=person,
        sessions=[ten],
        cafes=cafes[:1],
        needs={"diet": "halal"},
        consents={"needs": "I agree."},
        language="en",
    )


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "http://127.0.0.1:8000"


# --------------------------------------------------------------------------- the link again
def test_link_form_answers_everybody_the_same(client, mine):
    known = client.post("/en/inscription/mon-lien/", {"email": "AWA@example.org"})
    unknown = client.post("/en/inscription/mon-lien/", {"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (302, "/en/inscription/mon-lien/envoye/")
    assert (unknown.status_code, unknown.url, dict(unknown.headers)) == (
        302,
        known.url,
        dict(known.headers),
    )
    assert list(Message.objects.filter(template="registration_link").values_list("to")) == [
        ("awa@example.org",)
    ]
    assert client.get(known.url).status_code == 200


def test_link_form_refuses_what_is_no_address(client, edition):
    response = client.post("/en/inscription/mon-lien/", {"email": "awa"})
    assert response.context["form"].errors == {"email": ["Enter a valid email address."]}


# --------------------------------------------------------------------------- one's own page
def test_personal_page_shows_what_is_booked(client, mine):
    response = client.get(page_of(mine))
    page = response.content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["Awa Diop-N’Diaye"]
    assert page.count("Water and sanitation") == 2  # in the programme and in the history
    assert "Étoile 1" in page
    assert page.count("Table 1") == 1
    for name in ("badge", "calendar", "data", "cancel"):
        assert page.count(f'href="{page_of(mine, name)}"') == 1
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_personal_page_is_in_the_language_of_its_address(client, mine):
    page = client.get(page_of(mine).removeprefix("/en")).content.decode()
    assert page.count("Eau et assainissement") == 2  # in the programme and in the history
    assert '<html lang="fr">' in page


@pytest.mark.parametrize("name", ["personal", "badge", "calendar", "data", "cancel"])
def test_wrong_key_is_a_page_with_a_way_out(client, mine, name):
    address = reverse(f"registrations:{name}", args=["wrong.key"])
    response = client.get(f"/en{address}")
    assert response.status_code == 404
    page = " ".join(response.content.decode().split())
    assert page.count("<h1>This link leads nowhere</h1>") == 1
    assert page.count('<form method="post" action="/en/inscription/mon-lien/"') == 1
    assert response["Cache-Control"] == "private, no-store"


def test_badge_is_for_the_confirmed(client, mine):
    response = client.get(page_of(mine, "badge"))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == f'inline; filename="badge-{mine.reference}.pdf"'
    assert response.content.startswith(b"%PDF-")
    Registration.objects.update(state="pending")
    assert client.get(page_of(mine, "badge")).status_code == 404
    assert page_of(mine, "badge") not in client.get(page_of(mine)).content.decode()


def test_calendar_holds_the_booked_sessions(client, mine, ten):
    response = client.get(page_of(mine, "calendar"))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(response.content).events
    assert [event["UID"] for event in events] == [f"{ten.slug}@127.0.0.1"]


def test_data_is_everything(client, mine, ten, cafes):
    response = client.get(page_of(mine, "data"))
    data = response.json()
    assert response["Content-Disposition"] == 'attachment; filename="donnees.json"'
    assert data["registration"]["email"] == "awa@example.org"
    assert data["organisation"]["name"] == "Ville de Saint-Louis"
    assert [booking["session"] for booking in data["bookings"]] == [ten.slug]
    assert [(wish["rank"], wish["session"]) for wish in data["cafe_wishes"]] == [(1, cafes[0].slug)]
    assert data["needs"] == {"diet": "halal", "access": "", "interpretation": ""}
    assert [(one["purpose"], one["wording"]) for one in data["consents"]] == [("needs", "I agree.")]
    assert [message["to"] for message in data["messages"]] == ["awa@example.org"]


def test_cancel_asks_first(client, mine, ten):
    page = client.get(page_of(mine, "cancel")).content.decode()
    assert page.count("Water and sanitation") == 1
    mine.refresh_from_db()
    assert mine.state == "confirmed"


def test_cancel_frees_the_seats(client, mine, ten, edition):
    response = client.post(page_of(mine, "cancel"))
    assert (response.status_code, response.url) == (302, page_of(mine))
    ten.refresh_from_db()
    edition.refresh_from_db()
    assert (ten.seats_taken, edition.places_taken) == (0, 0)
    page = client.get(page_of(mine)).content.decode()
    assert "This registration was cancelled on" in page
    assert page_of(mine, "badge") not in page
    assert client.post(page_of(mine, "cancel")).status_code == 302
    assert Message.objects.filter(template="registration_cancelled").count() == 1
    assert client.get(page_of(mine, "calendar")).status_code == 404


def test_nobody_cancels_after_the_event(client, mine):
    past = timezone.localdate() - dt.timedelta(days=2)
    Edition.objects.update(starts_on=past, ends_on=past)
    assert page_of(mine, "cancel") not in client.get(page_of(mine)).content.decode()
    client.post(page_of(mine, "cancel"))
    mine.refresh_from_db()
    assert mine.state == "confirmed"
