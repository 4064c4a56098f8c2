import datetime as dt
import re

import pytest
from django.utils.translation import override

from events.models import Edition, Figure
from events.tests.factories import (
    EditionFactory,
    PartnerFactory,
    PressReleaseFactory,
    RoomFactory,
    VenueFactory,
)
from events.views import country_names
from registrations.tests.factories import RegistrationFactory
from sessions.tests.factories import SessionFactory

pytestmark = pytest.mark.django_db


def _heading(response) -> str:
    [heading] = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)
    return " ".join(heading.split())


def test_country_names_are_in_the_order_of_the_active_language():
    with override("fr"):
        assert country_names(["ET", "DE", "EE", "CM"]) == [
            "Allemagne",
            "Cameroun",
            "Estonie",
            "Éthiopie",
        ]


def test_countries_of_an_edition_come_from_four_places_and_no_others():
    edition = EditionFactory(guest_country="CM", declared_countries=["MA", "SN"])
    RegistrationFactory(edition=edition, country="BE")
    RegistrationFactory(edition=edition, country="BR", state="cancelled")
    RegistrationFactory(edition=edition, country="CA", state="pending")
    RegistrationFactory(country="CN")
    SessionFactory(edition=edition, countries=["JP", "UA"])
    SessionFactory(edition=edition, countries=["TG"], is_published=False)
    fresh = Edition.objects.get(pk=edition.pk)
    assert fresh.countries() == ["BE", "CM", "JP", "MA", "SN", "UA"]


@pytest.mark.parametrize("rows", [1, 3])
def test_countries_of_an_edition_take_two_queries(rows, django_assert_num_queries):
    edition = EditionFactory()
    RegistrationFactory.create_batch(rows, edition=edition)
    SessionFactory.create_batch(rows, edition=edition, countries=["JP"])
    with django_assert_num_queries(2):
        edition.countries()


def test_edition_list_holds_real_editions_and_sets_the_demonstration_apart(client):
    EditionFactory(number=14)
    EditionFactory(number=15)
    EditionFactory(number=16, state=Edition.State.DRAFT)
    demonstration = EditionFactory(number=0, is_demonstration=True)
    page = client.get("/en/editions/")
    assert _heading(page) == "Editions"
    assert [edition.number for edition in page.context["editions"]] == [15, 14]
    assert page.context["demonstration"] == demonstration


@pytest.mark.parametrize("rows", [1, 3])
def test_edition_list_takes_three_queries(client, rows, django_assert_num_queries):
    EditionFactory.create_batch(rows)
    with django_assert_num_queries(3):
        client.get("/editions/")


def test_edition_page_shows_its_facts(client):
    EditionFactory(
        number=15,
        theme_fr="Un thème",
        starts_on=dt.date(2024, 10, 23),
        venue=VenueFactory(name="Pavillon d’Armenonville"),
        guest_country="CM",
        next_number=16,
        next_when_fr="juin 2025",
        next_when_en="June 2025",
    )
    page = client.get("/en/editions/15/")
    text = page.content.decode()
    assert _heading(page) == "15th edition"
    assert [text.count(fact) for fact in ("Cameroon", "16th edition, June 2025", "Un thème")] == [
        1,
        1,
        1,
    ]


def test_edition_page_shows_declared_figures_with_their_parts(client):
    edition = EditionFactory(number=15)
    whole = Figure.objects.create(
        edition=edition,
        key="participants",
        label_fr="participants",
        value=500,
        qualifier="more_than",
        source="Communiqué",
    )
    Figure.objects.create(
        edition=edition,
        key="delegations",
        label_fr="délégations",
        value=40,
        source="Annonce",
        part_of=whole,
    )
    shown = client.get("/en/editions/15/").context["figures"]
    assert [(entry["figure"].key, [part.key for part in entry["parts"]]) for entry in shown] == [
        ("participants", ["delegations"])
    ]


def test_edition_page_tells_of_a_postponement(client):
    EditionFactory(
        number=12,
        state=Edition.State.POSTPONED,
        state_note_fr="Crise sanitaire.",
        starts_on=None,
        ends_on=None,
        first_starts_on=dt.date(2020, 6, 30),
        first_ends_on=dt.date(2020, 7, 1),
    )
    text = client.get("/en/editions/12/").content.decode()
    assert text.count("The 12th edition is postponed.") == 1
    assert (
        text.count("30 June and 1 July 2020".replace("30 J", "30\u00a0J").replace("1 J", "1 J"))
        == 0
    )
    assert text.count("Crise sanitaire.") == 2  # the banner and the fact


@pytest.mark.parametrize("state", [Edition.State.DRAFT])
def test_edition_page_of_a_draft_is_not_found(client, state):
    EditionFactory(number=17, state=state)
    assert client.get("/editions/17/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_edition_page_asks_the_database_the_same_whatever_there_is(
    client, rows, django_assert_num_queries
):
    edition = EditionFactory(number=15, current=True)
    SessionFactory.create_batch(rows, edition=edition)
    PartnerFactory.create_batch(rows, edition=edition)
    PressReleaseFactory.create_batch(rows, edition=edition)
    RegistrationFactory.create_batch(rows, edition=edition)
    with django_assert_num_queries(14):
        client.get("/editions/15/")


def test_demonstration_is_said_on_its_pages_only(client):
    EditionFactory(number=0, is_demonstration=True, current=True)
    EditionFactory(number=15)
    said = "<strong>Demonstration edition</strong>"
    pages = [
        client.get(url).content.decode() for url in ("/en/", "/en/editions/0/", "/en/editions/15/")
    ]
    assert [page.count(said) for page in pages] == [1, 1, 0]


def test_partner_list_goes_by_kind_and_position(client):
    edition = EditionFactory(current=True)
    PartnerFactory(edition=edition, name_fr="B", position=2)
    PartnerFactory(edition=edition, name_fr="A", position=1)
    PartnerFactory(edition=edition, name_fr="E", kind="exhibitor", stand="12")
    PartnerFactory(edition=edition, name_fr="M", kind="support")
    PartnerFactory(name_fr="Ailleurs")
    page = client.get("/en/partenaires/")
    assert _heading(page) == "Partners"
    assert [
        (group["kind"], [partner.name_fr for partner in group["partners"]])
        for group in page.context["groups"]
    ] == [("support", ["M"]), ("partner", ["A", "B"]), ("exhibitor", ["E"])]


@pytest.mark.parametrize("current", [True, False])
def test_partner_list_without_partners_says_so(client, current):
    EditionFactory(is_current=current)
    text = client.get("/en/partenaires/").content.decode()
    assert text.count("have not been announced yet") == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_partner_list_takes_two_queries(client, rows, django_assert_num_queries):
    PartnerFactory.create_batch(rows, edition=EditionFactory(current=True))
    with django_assert_num_queries(2):
        client.get("/partenaires/")


def test_practical_page_shows_rooms_and_what_is_not_known(client):
    edition = EditionFactory(current=True, contact_email="")
    RoomFactory(venue=edition.venue, name="Étoile 1", capacity=120)
    RoomFactory(venue=edition.venue, name="Marly", capacity=None)
    page = client.get("/en/infos-pratiques/")
    text = page.content.decode()
    assert _heading(page) == "Practical information"
    assert text.count("(120 seats)") == 1
    assert text.count("Marly") == 1
    assert text.count("To be announced") == 3  # access, registration, contact


def test_practical_page_without_an_edition_stands(client):
    assert _heading(client.get("/en/infos-pratiques/")) == "Practical information"


def test_edition_page_writes_good_french(client):
    edition = EditionFactory(
        number=11,
        state=Edition.State.CANCELLED,
        state_note_fr="Annulée à la suite d'une inondation ; merci.",
        audience_fr="Pour les *élus*.",
        guest_country="CI",
        declared_countries=["CI", "PS"],
    )
    edition.figures.create(
        key="elected", label_fr="élus", value=1250, qualifier="nearly", source="B"
    )
    edition.figures.create(key="plenaries", value=1, source="B")
    PartnerFactory(edition=edition, kind="exhibitor", stand="B12")

    page = re.sub(r"[ \n]+", " ", client.get("/editions/11/").content.decode())
    page = page.replace("> ", ">").replace(" <", "<")

    assert page.count("d’une inondation\u202f; merci") == 2  # the banner, and the facts
    assert "<p>Pour les<em>élus</em>.</p>" in page
    assert "<p>Côte d’Ivoire</p>" in page
    assert "<dd>Côte d’Ivoire, Palestine</dd>" in page
    assert '<span class="figure-qualifier">près de</span>1\u202f250' in page
    assert "<dt>plénière</dt>" in page
    assert "Stand B12" in page


def test_a_past_edition_without_dates_does_not_announce_them(client):
    EditionFactory(
        number=4, state=Edition.State.OVER, starts_on=None, ends_on=None, duration_fr="un jour"
    )

    pages = client.get("/editions/").content.decode(), client.get("/editions/4/").content.decode()

    assert "dates non connues" in pages[0]
    assert "Non connues" in pages[1]
    assert "Un jour" in pages[1]


def test_practical_page_reads_the_way_there_as_markdown(client):
    edition = EditionFactory(current=True)
    edition.venue.access_fr = "Métro **ligne 1**."
    edition.venue.save()

    assert (
        "<p>Métro <strong>ligne 1</strong>.</p>" in client.get("/infos-pratiques/").content.decode()
    )


def test_french_quotes_keep_to_their_words_on_an_english_page(client):
    edition = EditionFactory(presentation_fr="Les « Cafés » : un format.")
    page = client.get(f"/en/editions/{edition.number}/").content.decode()
    assert "Les «\u202fCafés\u202f» : un format." in page
