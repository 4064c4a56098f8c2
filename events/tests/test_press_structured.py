"""What machines read of a release and of an edition: Open Graph and JSON-LD."""

import datetime as dt
import re

import pytest

from events.models import Edition
from events.press import publishing
from events.press.structured import event, shortened
from events.tests.factories import VenueFactory
from events.tests.released import NOON, bilingual, edition_15, json_ld, meta, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_documents")]


# -------------------------------------------------------------------------------- Open Graph
def test_release_page_has_each_open_graph_line_once(client):
    release = bilingual(headline_fr="Un « titre »", draft=True)
    publishing.freeze(release, at=NOON)
    page = client.get(f"/presse/{release.slug}/").content.decode()
    address = f"https://raict.example/presse/{release.slug}/"
    assert meta(page) == [
        ("og:site_name", "RAICT"),
        ("og:type", "article"),
        ("og:title", "Un «\u202ftitre\u202f»"),
        ("og:description", "Un chapeau."),
        ("og:image", f"{address}carte.png"),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        ("og:image:alt", "COMMUNIQUÉ DE PRESSE\xa0: Un «\u202ftitre\u202f»"),
        ("og:locale", "fr_FR"),
        ("og:locale:alternate", "en_GB"),
        ("article:published_time", "2024-11-06T12:00:00+01:00"),
        ("article:modified_time", "2024-11-06T12:00:00+01:00"),
        ("twitter:card", "summary_large_image"),
        ("og:url", address),
    ]
    assert re.findall(r'<meta name="description"\s+content="([^"]*)"', page) == ["Un chapeau."]


def test_french_release_on_the_english_page_is_french_to_social_networks(client):
    release = published()
    known = dict(meta(client.get(f"/en/presse/{release.slug}/").content.decode()))
    assert (known["og:locale"], known["og:title"]) == ("fr_FR", "Un titre")
    assert "og:locale:alternate" not in known
    assert known["og:image"] == f"https://raict.example/en/presse/{release.slug}/carte.png"


def test_other_pages_keep_what_all_have_in_common(client):
    known = meta(client.get("/presse/").content.decode())
    assert [name for name, _content in known] == [
        *("og:site_name", "og:type", "og:title", "og:description", "og:image", "og:locale"),
        *("twitter:card", "og:url"),
    ]
    assert dict(known)["og:type"] == "website"


def test_long_texts_are_cut_between_words():
    text = "Dix mots «\u202fà peine\u202f», ou un peu plus"
    assert shortened(text, 100) == text
    assert shortened(text, 24) == "Dix mots «\u202fà peine\u202f»…"
    assert shortened(text, 12) == "Dix mots…"
    assert shortened("Un\n\ndeux", 100) == "Un deux"
    assert shortened("Unseulmot", 6) == "Unseu…"


def test_release_page_asks_the_database_the_same_whatever_there_is(
    client, django_assert_num_queries
):
    release = bilingual(edition=edition_15())
    client.get(f"/presse/{release.slug}/")  # lays its PDF beside the site
    with django_assert_num_queries(4):
        client.get(f"/presse/{release.slug}/")
    for _number in range(2):
        published(edition=release.edition)
    with django_assert_num_queries(4):
        client.get(f"/presse/{release.slug}/")


# ----------------------------------------------------------------------------------- JSON-LD
def test_release_page_has_a_news_article_about_the_event(client):
    edition = edition_15(
        venue__address="Allée de Longchamp", venue__postcode="75116", theme_fr="Un thème"
    )
    headline = "Un titre de plus de cent dix signes, " + "très " * 20 + "long"
    release = published(edition=edition, headline_fr=headline, lead_fr="Un **chapeau**.")
    publishing.withdraw(release, {"fr": "À revoir."})
    publishing.reopen(release)
    publishing.freeze(release, at=NOON + dt.timedelta(days=1))
    organiser = {
        "@type": "Organization",
        "name": "Cités Unies France",
        "url": "https://www.cites.example/",
    }
    address = f"https://raict.example/presse/{release.slug}/"
    assert json_ld(client.get(f"/presse/{release.slug}/").content.decode()) == [
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": "Un titre de plus de cent dix signes, " + "très " * 13 + "très…",
            "name": headline,
            "description": "Un chapeau.",
            "articleBody": "Un chapeau.\n\nUn paragraphe.",
            "inLanguage": "fr",
            "datePublished": "2024-11-06T12:00:00+01:00",
            "dateModified": "2024-11-07T12:00:00+01:00",
            "url": address,
            "mainEntityOfPage": address,
            "image": [f"{address}carte.png"],
            "author": organiser,
            "publisher": organiser,
            "about": {
                "@type": "Event",
                "name": "Rencontres de l’action internationale des collectivités territoriales"
                " – 15e édition",
                "alternateName": "RAICT",
                "description": "Un thème",
                "url": "https://raict.example/editions/15/",
                "startDate": "2024-10-23",
                "endDate": "2024-10-24",
                "eventStatus": "https://schema.org/EventScheduled",
                "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
                "location": {
                    "@type": "Place",
                    "name": "Pavillon d’Armenonville",
                    "address": {
                        "@type": "PostalAddress",
                        "streetAddress": "Allée de Longchamp",
                        "postalCode": "75116",
                        "addressLocality": "Paris",
                    },
                },
                "organizer": organiser,
            },
        }
    ]


def test_no_text_ends_the_block(client):
    headline = "</script><script>alert(1)</script> & \u2028 <a>"
    release = published(headline_fr=headline)
    page = client.get(f"/presse/{release.slug}/").content.decode()
    (article,) = json_ld(page)
    assert (article["name"], "<script>alert" in page) == (headline, False)
    block = page[page.index("ld+json") : page.index("</script>", page.index("ld+json"))]
    assert [sign for sign in "<&\u2028" if sign in block] == []


def test_edition_page_has_its_event_in_its_language(client):
    edition_15(name_en="Meetings")
    (french,) = json_ld(client.get("/editions/15/").content.decode())
    (english,) = json_ld(client.get("/en/editions/15/").content.decode())
    assert (french["@context"], french["@type"]) == ("https://schema.org", "Event")
    assert (english["name"], english["url"]) == (
        "Meetings – 15th edition",
        "https://raict.example/en/editions/15/",
    )


@pytest.mark.parametrize(
    ("state", "starts_on", "first", "said"),
    [
        ("published", "2025-06-04", None, ("EventScheduled", "2025-06-04", None)),
        ("over", "2025-06-04", None, ("EventScheduled", "2025-06-04", None)),
        ("cancelled", "2025-06-04", None, ("EventCancelled", "2025-06-04", None)),
        ("cancelled", "2025-06-04", "2025-03-01", ("EventCancelled", "2025-06-04", "2025-03-01")),
        ("postponed", None, "2025-03-01", ("EventPostponed", None, "2025-03-01")),
        ("postponed", "2025-03-01", "2025-03-01", ("EventPostponed", "2025-03-01", "2025-03-01")),
        ("postponed", "2025-06-04", None, ("EventPostponed", "2025-06-04", "2025-06-04")),
        ("postponed", "2025-06-04", "2025-03-01", ("EventRescheduled", "2025-06-04", "2025-03-01")),
        ("open", "2025-06-04", "2025-03-01", ("EventRescheduled", "2025-06-04", "2025-03-01")),
    ],
)
def test_event_says_its_state_and_the_day_before_it_moved(state, starts_on, first, said):
    days = [one and dt.date.fromisoformat(one) for one in (starts_on, first)]
    edition = Edition(number=15, state=state, starts_on=days[0], first_starts_on=days[1])
    found = event(edition)
    status, *dates = (found.get(key) for key in ("eventStatus", "startDate", "previousStartDate"))
    assert (status.removeprefix("https://schema.org/"), *dates) == said


def test_event_leaves_out_what_is_not_known():
    edition = Edition(number=15, name_fr="Rencontres", venue=VenueFactory(name="Ici", city=""))
    known = {
        "@type": "Event",
        "name": "Rencontres – 15e édition",
        "alternateName": "RAICT",
        "url": "https://raict.example/editions/15/",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "organizer": {"@type": "Organization", "name": "Cités Unies France"},
    }
    assert event(edition) == {**known, "location": {"@type": "Place", "name": "Ici"}}
    edition.venue = None
    assert event(edition) == known
