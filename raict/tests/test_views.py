import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import Figure
from events.tests.factories import (
    EditionFactory,
    PartnerFactory,
    PressReleaseFactory,
    RoomFactory,
)
from raict.views import _next_day, _split_theme
from registrations.tests.factories import RegistrationFactory
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = pytest.mark.django_db


def _headings(response) -> list[str]:
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)
    return [" ".join(heading.split()) for heading in found]


@pytest.mark.parametrize(
    ("theme", "parts"),
    [
        (
            "La Diplomatie des territoires : les singularités",
            ("La Diplomatie des territoires", "Les singularités"),
        ),
        (
            "Territorial diplomacy: the singularities",
            ("Territorial diplomacy", "The singularities"),
        ),
        ("Sans deux points", ("Sans deux points", "")),
        ("", ("", "")),
    ],
)
def test_theme_is_split_at_its_colon(theme, parts):
    assert _split_theme(theme) == parts


def test_next_day_is_today_then_the_next_then_the_first():
    today = timezone.localdate()
    yesterday, tomorrow = today - dt.timedelta(1), today + dt.timedelta(1)
    assert _next_day([yesterday, today, tomorrow]) == today
    assert _next_day([yesterday, tomorrow]) == tomorrow
    assert _next_day([yesterday - dt.timedelta(1), yesterday]) == yesterday - dt.timedelta(1)
    assert _next_day([]) is None


def test_home_shows_the_theme_and_the_day(client):
    edition = EditionFactory(current=True, theme_fr="Des territoires : se parler")
    SessionFactory(edition=edition, title_fr="Eau et assainissement")
    SessionFactory(edition=edition, title_fr="Secret", is_published=False)
    page = client.get("/")
    assert _headings(page) == ["Des territoires"]
    assert page.content.decode().count("Eau et assainissement") == 1
    assert page.content.decode().count("Secret") == 0


def test_home_without_a_theme_is_headed_by_the_name(client):
    EditionFactory(current=True, theme_fr="", name_fr="Rencontres")
    assert _headings(client.get("/")) == ["Rencontres"]


def test_home_counts_what_there_is(client):
    edition = EditionFactory(current=True)
    SessionFactory.create_batch(2, edition=edition, kind=Session.Kind.GEOGRAPHIC_MEETING)
    Figure.objects.create(
        edition=edition, key="cafes", label_fr="cafés", value=12, source="Annonce"
    )
    formats = client.get("/").context["formats"]
    assert [(entry["kind"], entry["figure"].phrase) for entry in formats] == [
        ("geographic_meeting", "2"),
        ("cafe", "12"),
    ]


def test_home_map_has_an_arc_for_each_country(client):
    edition = EditionFactory(current=True, guest_country="CM")
    for country in ("FR", "SN", "SN", "JP"):
        RegistrationFactory(edition=edition, country=country)
    RegistrationFactory(edition=edition, country="BR", state="cancelled")
    page = client.get("/")
    assert page.context["map"].count("<path ") == 3
    assert len(page.context["countries"]) == 4


def test_home_in_english_marks_what_is_not_translated(client):
    EditionFactory(current=True, theme_fr="Un thème", theme_en="")
    page = client.get("/en/").content.decode()
    assert page.count('<h1 lang="fr">Un thème</h1>') == 1
    assert page.count('<html lang="en">') == 1


def test_home_without_an_edition_shows_the_archive(client):
    EditionFactory(number=15)
    EditionFactory(number=0, is_demonstration=True)
    page = client.get("/")
    assert len(_headings(page)) == 1
    assert [edition.number for edition in page.context["editions"]] == [15]


def test_home_without_dates_or_venue_says_that_they_will_come(client):
    EditionFactory(current=True, starts_on=None, ends_on=None, venue=None)
    page = client.get("/en/").content.decode()
    assert page.count("to be announced") == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_the_database_the_same_whatever_there_is(client, rows, django_assert_num_queries):
    edition = EditionFactory(current=True)
    room = RoomFactory(venue=edition.venue)
    SessionFactory.create_batch(rows, edition=edition, room=room)
    PartnerFactory.create_batch(rows, edition=edition)
    PressReleaseFactory.create_batch(rows, edition=edition)
    RegistrationFactory.create_batch(rows, edition=edition)
    with django_assert_num_queries(13):
        client.get("/")


@pytest.mark.parametrize("name", ["legal", "privacy", "accessibility"])
@pytest.mark.parametrize("current", [True, False])
def test_legal_pages_stand_with_and_without_an_edition(client, name, current):
    EditionFactory(is_current=current)
    assert len(_headings(client.get(reverse(name)))) == 1


def test_legal_notice_never_invents_who_hosts_the_site(client, settings):
    EditionFactory(current=True)
    missing = client.get("/en/mentions-legales/").content.decode()
    settings.LEGAL = {**settings.LEGAL, "host": "Hébergeur <exemple>, 1 rue du Test"}
    given = client.get("/en/mentions-legales/").content.decode()
    assert missing.count("to be completed by the organiser") == 4
    assert given.count("to be completed by the organiser") == 3
    assert given.count("Hébergeur &lt;exemple&gt;, 1 rue du Test") == 1


def test_every_page_links_to_the_accessibility_statement(client):
    EditionFactory(current=True)
    pages = [client.get(url).content.decode() for url in ("/en/", "/en/editions/", "/en/nowhere/")]
    assert [page.count(">Accessibility: not compliant</a>") for page in pages] == [1, 1, 1]


def test_public_pages_are_kept_and_answered_with_304(client):
    EditionFactory(current=True)
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert (again.status_code, again.content) == (304, b"")
    assert first.cookies.output() == ""
    assert first.headers.get("Vary") is None


def test_public_pages_refuse_to_be_posted_to(client):
    assert client.post("/").status_code == 405


def test_unknown_address_is_answered_in_the_language_of_the_address(client):
    EditionFactory(current=True)
    page = client.get("/en/nowhere/")
    assert page.status_code == 404
    assert _headings(page) == ["This page does not exist"]
    assert "Cache-Control" not in page.headers


def test_forged_form_is_refused_in_plain_words():
    EditionFactory(current=True, open=True)
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/en/inscription/", {"email": "a@example.org"})
    assert page.status_code == 403
    assert _headings(page) == ["The form could not be checked"]


def test_language_switch_leads_to_the_same_page_and_keeps_its_filters(client):
    EditionFactory(number=15, current=True)
    page = client.get("/editions/15/?a=b")
    other = [language["url"] for language in page.context["languages"] if language["code"] == "en"]
    assert other == ["/en/editions/15/?a=b"]
    alternate = r'hreflang="en"\s+href="http://127\.0\.0\.1:'
    assert len(re.findall(alternate, page.content.decode())) == 1


def test_inner_error_page_needs_nothing():
    from django.template.loader import render_to_string

    page = render_to_string("500.html")
    assert re.findall(r"{[{%]", page) == []
    assert page.count("<h1>") == 1
