"""A published release for other tools: the card, the feed, the files, and what never leaks into them."""

import contextlib
import datetime as dt
import io
import re
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import pypdfium2
import pytest
import time_machine
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.urls import reverse
from PIL import Image

from events.models import Edition, PressRelease
from events.press import publishing
from events.press.card import release_card
from events.press.documents import release_pdf
from events.tests.factories import EditionFactory, PressReleaseFactory
from events.tests.released import (
    NOON,
    bilingual,
    edition_15,
    json_ld,
    meta,
    opened,
    picture,
    published,
    written_release,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_documents")]

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


# -------------------------------------------------------------------------------------- card
TWENTY = "Les inscriptions ici"
FOUR_HUNDRED = ("Plus de cinq cents participants de plus de vingt pays réunis à Paris. " * 6)[:400]


@pytest.mark.parametrize("headline", [TWENTY, FOUR_HUNDRED])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_card_is_a_small_picture_with_words_and_a_map(language, headline):
    parts = {f"headline_{language}": headline, "lead_en": "A lead.", "body_en": "A text."}
    content = release_card(written_release(language, **parts))
    assert len(content) < 150_000
    with Image.open(io.BytesIO(content)) as card:
        assert (card.format, card.size) == ("PNG", (1200, 630))
        colours = card.convert("RGB")
    night, sun, white = (0x16, 0x24, 0x4F), (0xF2, 0xB3, 0x3D), (255, 255, 255)
    assert _near(colours.getpixel((2, 627)), night)
    # The headline on the left, within its column; the guest's arc on the right.
    assert _has(colours.crop((64, 110, 850, 480)), white)
    assert _has(colours.crop((850, 250, 1200, 630)), sun)
    foot = colours.crop((0, 590, 1200, 630))
    assert _has(foot, white) is False


def _near(colour: tuple[int, int, int], wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - other) <= 16 for one, other in zip(colour, wanted, strict=True))


def _has(picture: Image.Image, wanted: tuple[int, int, int]) -> bool:
    return any(_near(colour, wanted) for _count, colour in picture.getcolors(10**6))


def test_card_says_its_headline_and_demonstration():
    plain = written_release()
    edition = EditionFactory(number=0, is_demonstration=True)
    cards = [
        release_card(plain),
        release_card(written_release(headline_fr="Un autre", edition=EditionFactory(number=16))),
        release_card(written_release(edition=edition)),
    ]
    assert len(set(cards)) == 3
    assert release_card(plain) == cards[0]


def test_card_without_dates_venue_or_guest_is_made():
    edition = EditionFactory(number=15, starts_on=None, ends_on=None, venue=None)
    written = written_release(edition=edition)
    assert written.banner == ""
    with Image.open(io.BytesIO(release_card(written))) as card:
        assert card.size == (1200, 630)


# ------------------------------------------------------------------------------------- files
@pytest.mark.parametrize(
    ("name", "kind", "end", "disposition"),
    [
        ("release_docx", DOCX, "docx", "attachment"),
        ("release_card", "image/png", "png", "inline"),
    ],
)
def test_files_are_kept_and_answer_304_to_who_has_them(client, name, kind, end, disposition):
    release = PressReleaseFactory()
    url = reverse(f"events:{name}", args=[release.slug])
    first, content = _fetched(client, url)
    assert (first.status_code, first["Content-Type"]) == (200, kind)
    assert first["Content-Disposition"] == f'{disposition}; filename="{release.slug}.{end}"'
    assert (first["Cache-Control"], first["Content-Language"]) == ("public, max-age=60", "fr")
    known = {"if-none-match": first["ETag"]}
    again, nothing = _fetched(client, url, headers=known)
    assert (again.status_code, nothing) == (304, b"")
    # In English the same, because there is no other.
    assert _fetched(client, f"/en{url}")[1] == content
    kept = [path.read_bytes() for path in _kept(release, end)]
    assert kept == [content]


def _fetched(client, url: str, **options) -> tuple[HttpResponse, bytes]:
    """The answer, read to its end, and what it held."""
    answer = client.get(url, **options)
    return answer, answer.getvalue()


def _kept(release: PressRelease, end: str) -> list[Path]:
    """What the cache holds of it."""
    return list((django_settings.VAR / "cache" / "documents").glob(f"{release.slug}-*.{end}"))


def test_pdf_breaks_a_word_that_is_wider_than_its_column():
    address = "https://example.org/" + "adresse" * 30
    pdf = release_pdf(written_release(headline_fr=address, body_fr=address))
    with contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        page = document[0].get_textpage()
        right = max(page.get_charbox(sign)[2] for sign in range(page.count_chars()))
    assert right <= (210 - 20) / 25.4 * 72  # millimetres, less the margin, in points


def test_english_files_are_in_english(client):
    release = bilingual()
    answer, content = _fetched(client, f"/en/presse/{release.slug}.docx")
    assert answer["Content-Language"] == "en"
    assert docx.Document(io.BytesIO(content)).core_properties.title == "A title"


def test_page_and_press_room_link_to_all_files(client):
    release = PressReleaseFactory()
    for path in (release.get_absolute_url(), "/presse/"):
        page = client.get(path).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        found = re.findall(rf'href="/presse/{release.slug}(\.\w+)"', main)
        assert found == [".pdf", ".docx", ".txt"]
        feeds = re.findall(r'<link[^>]*application/atom\+xml[^>]*href="([^"]+)"', page)
        assert feeds == ["/presse/flux.xml"]
    assert 'href="/presse/flux.xml"' in main


# -------------------------------------------------------------------------------------- feed
def _feed(client, path: str = "/presse/flux.xml") -> ET.Element:
    return ET.fromstring(client.get(path).content)


def _parts(elements: Iterable[ET.Element]) -> list[tuple[str, object]]:
    """(name, text or attributes) of each."""
    return [(one.tag.removeprefix(ATOM), one.text or one.attrib) for one in elements]


def test_feed_has_what_atom_asks_for(client):
    release = published(
        edition=edition_15(), headline_fr="Plus & mieux < avant", lead_fr="*1* < 2."
    )
    answer = client.get("/presse/flux.xml")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=60"
    feed = ET.fromstring(answer.content)
    *head, entry = feed
    assert (feed.tag, feed.get(XML_LANG)) == (f"{ATOM}feed", "fr")
    assert _parts(head) == [
        ("title", "RAICT – Communiqués de presse"),
        ("link", {"rel": "alternate", "href": "https://raict.example/presse/"}),
        ("link", {"rel": "self", "href": "https://raict.example/presse/flux.xml"}),
        ("id", "https://raict.example/presse/"),
        ("updated", "2024-11-06T11:00:00+00:00"),
    ]
    address = f"https://raict.example/presse/{release.slug}/"
    title, link, updated, author, identity, summary, content = entry
    assert (entry.tag, entry.get(XML_LANG)) == (f"{ATOM}entry", "fr")
    assert _parts([title, link, updated, identity, summary]) == [
        ("title", "Plus & mieux < avant"),
        ("link", {"rel": "alternate", "href": address}),
        ("updated", "2024-11-06T11:00:00+00:00"),
        ("id", address),
        ("summary", "1 < 2."),
    ]
    assert (author.tag, _parts(author)) == (f"{ATOM}author", [("name", "Cités Unies France")])
    assert (content.tag, summary.get("type"), content.get("type")) == (
        *(f"{ATOM}content", "text"),
        "html",
    )
    assert "".join(content.text.split()) == (
        "<p>Mercredi23etjeudi24octobre2024–Pavillond’Armenonville–Paris</p>"
        "<p>Paris,le6novembre2024</p><p><em>1</em>&lt;2.</p><p>Unparagraphe.</p>"
        "<p>Contactpresse:ClairePresse,Communication"
        '<ahref="mailto:presse@example.org">presse@example.org</a></p>'
    )


def test_feed_has_absolute_addresses(client):
    picture("a.png")
    published(body_fr="![1 > 0](/media/press/a.png) [Presse](/presse/) [Loin](//example.org/)")
    content = _feed(client).find(f"{ATOM}entry/{ATOM}content").text
    assert re.findall(r'(?:src|href)="([^"]*)"', content) == [
        "https://raict.example/media/press/a.png",
        "https://raict.example/presse/",
        "//example.org/",
    ]


def test_feed_of_each_language_says_which_entries_are_in_the_other(client):
    french = published(issued_on=dt.date(2024, 11, 5))
    both = bilingual()
    feed = _feed(client, "/en/presse/flux.xml")
    assert feed.get(XML_LANG) == "en"
    assert [
        (
            entry.get(XML_LANG),
            entry.find(f"{ATOM}title").text,
            entry.find(f"{ATOM}link").get("href"),
            entry.find(f"{ATOM}id").text,
        )
        for entry in feed.findall(f"{ATOM}entry")
    ] == [
        ("en", "A title", *[f"https://raict.example/en/presse/{both.slug}/"] * 2),
        (
            *("fr", "Un titre", f"https://raict.example/en/presse/{french.slug}/"),
            f"https://raict.example/presse/{french.slug}/",
        ),
    ]


def test_feed_holds_the_latest_twenty_in_one_query(client, django_assert_num_queries):
    release = published()
    publication = release.publications.get()
    with django_assert_num_queries(1):
        client.get("/presse/flux.xml")
    for day in range(1, 21):  # the same words: printing takes its time
        release.pk, release.slug, release.issued_on = None, f"jour-{day}", dt.date(2025, 1, day)
        release.save(force_insert=True)
        publication.pk, publication.release = None, release
        publication.save(force_insert=True)
    with django_assert_num_queries(1):
        feed = _feed(client)
    found = [one.text.split("/")[-2] for one in feed.iterfind(f"{ATOM}entry/{ATOM}id")]
    assert found == [f"jour-{day}" for day in range(20, 0, -1)]


def test_feed_is_dated_by_the_end_of_an_embargo(client):
    published(embargo_until=NOON + dt.timedelta(days=2))
    dates = [one.text for one in _feed(client).iter(f"{ATOM}updated")]
    assert dates == ["2024-11-08T11:00:00+00:00"] * 2


def test_feed_answers_304_and_is_the_same_while_nothing_is_published(client):
    with time_machine.travel(dt.datetime(2025, 1, 1, tzinfo=dt.UTC)):
        first = client.get("/presse/flux.xml")
    assert _parts(ET.fromstring(first.content))[-1] == ("updated", "1970-01-01T00:00:00+00:00")
    known = {"if-none-match": first["ETag"]}
    with time_machine.travel(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)):
        assert client.get("/presse/flux.xml", headers=known).status_code == 304
    published()
    assert client.get("/presse/flux.xml", headers=known).status_code == 200


def test_feed_bears_signs_that_xml_does_not(client):
    published(headline_fr="Un\x0btitre", lead_fr="Un\x0bchapeau.", body_fr="Un\x0btexte.")
    entry = _feed(client).find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").text == "Un titre"


def test_demonstration_says_so_and_is_no_event_and_no_news(client):
    edition = edition_15(number=0, is_demonstration=True)
    release = published(edition=edition)
    pages = [client.get(path).content.decode() for path in ("/editions/0/", f"/presse/{release}/")]
    assert [json_ld(page) for page in pages] == [[], []]
    said = [
        dict(meta(pages[1]))["og:description"],
        _feed(client).find(f"{ATOM}entry/{ATOM}summary").text,
        opened(written_release(edition=edition, slug="autre")).paragraphs[0].text,
    ]
    notice = "Édition de démonstration"
    assert [one[: len(notice)] for one in said] == [notice] * 3


# ------------------------------------------------------------------------------------- leaks
SECRET, LATER = "Confidence", dt.datetime(2999, 1, 1, tzinfo=dt.UTC)


def _hidden(kind: str, edition: Edition) -> None:
    """A release in both languages that says SECRET everywhere and that nobody may read."""
    texts = {f"{name}_{one}": SECRET for name in PressRelease.TEXTS for one in ("fr", "en")}
    parts = {"edition": edition, "language": PressRelease.Language.BOTH, "slug": "cache", **texts}
    release = PressReleaseFactory(
        draft=kind == "draft",
        embargo_until=LATER if kind in ("embargo", "taken back") else None,
        **parts,
    )
    if kind == "taken back":  # during its embargo: not even its headline was public
        publishing.withdraw(release, {"fr": "Une erreur."})
    if kind == "draft edition":
        Edition.objects.filter(pk=edition.pk).update(state=Edition.State.DRAFT)


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("kind", ["embargo", "taken back", "draft", "draft edition"])
def test_what_nobody_may_read_appears_nowhere(client, kind, language):
    shown = published(edition=edition_15())
    _hidden(kind, EditionFactory(number=16) if kind == "draft edition" else shown.edition)
    for path in ("/presse/cache/", *_files("cache")):
        assert _fetched(client, f"{language}{path}")[0].status_code == 404
    for path in ("/presse/", "/presse/flux.xml", "/editions/15/", f"/presse/{shown.slug}/"):
        answer = client.get(f"{language}{path}")
        said = answer.content.decode()
        assert (answer.status_code, shown.slug in said) == (200, True)
        assert (SECRET in said, "presse/cache" in said) == (False, False)


def _files(slug: str) -> list[str]:
    return [f"/presse/{slug}{end}" for end in (".pdf", ".txt", ".docx", "/carte.png")]


def test_withdrawn_release_leaves_the_feed_and_its_files_are_gone(client):
    kept, taken = published(), published()
    assert len(_feed(client).findall(f"{ATOM}entry")) == 2
    assert [_fetched(client, path)[0].status_code for path in _files(taken.slug)] == [200] * 4
    publishing.withdraw(taken, {"fr": "Une erreur."})
    assert [_fetched(client, path)[0].status_code for path in _files(taken.slug)] == [404] * 4
    entries = [one.text for one in _feed(client).iterfind(f"{ATOM}entry/{ATOM}id")]
    assert entries == [f"https://raict.example/presse/{kept.slug}/"]
    answer = client.get(f"/presse/{taken.slug}/")
    page = answer.content.decode()
    assert (answer.status_code, json_ld(page), dict(meta(page))["og:type"]) == (
        *(410, []),
        "website",
    )
