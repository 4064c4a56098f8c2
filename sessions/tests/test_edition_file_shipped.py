"""The edition files that come with the site, and the examples of their documentation."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import override

from events.figures import figures
from events.models import Edition, Figure, PressRelease, Room
from sessions.models import Session

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
EDITIONS = settings.BASE_DIR / "events" / "editions"
DOCUMENT = settings.BASE_DIR / "docs" / "edition-file.md"
BLOCKS = re.findall(r"^```toml\n(.*?)^```$", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE)


# ----------------------------------------------------------------------- the files that we ship
def test_fifteenth_edition_holds_the_facts_of_its_press_release(capsys) -> None:
    call_command("load_edition", EDITIONS / "15.toml", language="en")
    edition = Edition.objects.get(number=15)
    with override("en"):
        phrases = {
            key: re.sub(r"\s", " ", figure.phrase) for key, figure in figures(edition).items()
        }
    wanted = {
        "participants": "more than 500",
        "countries": "more than 20",
        "geographic_meetings": "6",
        "thematic_workshops": "6",
        "cafes": "12",
        "plenaries": "2",
        "anniversary": "50",
    }
    assert {key: phrases[key] for key in wanted} == wanted
    declared = {
        figure.key: (figure.qualifier, int(figure.value)) for figure in Figure.objects.all()
    }
    assert declared == {
        "participants": ("more_than", 500),
        "countries": ("more_than", 20),
        "anniversary": ("exact", 50),
    }
    assert (edition.guest_country.code, edition.state, edition.is_current) == ("CM", "over", True)
    opening = edition.sessions.get(kind="opening").appearances.all()
    assert [appearance.who for appearance in opening] == [
        "François Rebsamen",
        "Frédéric Cholé",
        "Arnaud Ngatcha",
    ]


def test_fifteenth_edition_invents_no_time_no_room_no_fee() -> None:
    call_command("load_edition", EDITIONS / "15.toml", verbosity=0)
    sessions = Session.objects.filter(edition__number=15)
    assert set(sessions.values_list("day", "start", "end", "room", "capacity")) == {(None,) * 5}
    assert list(sessions.filter(kind="cafe").exclude(title_fr="")) == []
    assert set(Room.objects.values_list("capacity")) == {(None,)}


@pytest.mark.parametrize("name", ["15.toml", "demonstration.toml"])
def test_shipped_files_load_twice(capsys, name) -> None:
    call_command("load_edition", EDITIONS / name, language="en")
    capsys.readouterr()
    call_command("load_edition", EDITIONS / name, language="en")
    assert capsys.readouterr().out == f"{name}: no change.\n"


def test_demonstration_is_open_and_two_months_ahead() -> None:
    call_command("load_edition", EDITIONS / "demonstration.toml")
    edition = Edition.objects.get()
    ahead = (edition.starts_on - timezone.localdate()).days
    assert (60 <= ahead <= 66, edition.starts_on.weekday(), len(edition.days)) == (True, 2, 2)
    assert (edition.takes_registrations, edition.is_demonstration) == (True, True)
    assert edition.is_current is False
    kinds = ["geographic_meeting", "thematic_workshop", "cafe", "plenary", "opening"]
    assert [edition.sessions.filter(kind=kind).count() for kind in kinds] == [6, 6, 12, 2, 1]
    assert min(edition.sessions.exclude(capacity=None).values_list("capacity", flat=True)) == 12


def test_demonstration_is_translated_and_has_partial_overlaps() -> None:
    call_command("load_edition", EDITIONS / "demonstration.toml")
    assert list(Session.objects.filter(title_en="")) == []
    bookable = list(Session.objects.filter(booking="seat"))
    partial = {
        (one.slug, two.slug)
        for one in bookable
        for two in bookable
        if one.start < two.start and one.overlaps(two)
    }
    assert ("demo-eau", "demo-simulation") in partial
    assert ("demo-sante", "demo-numerique") in partial


# ------------------------------------------------------------------------------ documentation
@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_document_examples_load(load, number) -> None:
    """A block without an edition is a part of a file: it follows the smallest one."""
    block = BLOCKS[number]
    load(block if "[edition]" in block else BLOCKS[0] + block)
    assert Edition.objects.count() == 1


def test_document_has_its_examples() -> None:
    assert len(BLOCKS) == 5


def test_document_names_every_key() -> None:
    from sessions.edition_file.tables import EDITION, LISTS, PARTS

    text = DOCUMENT.read_text()
    keys = {key for table in (EDITION, *LISTS.values(), *PARTS.values()) for key in table.keys}
    base = {re.sub(r"_(fr|en)$", "", key) for key in keys}
    assert sorted(key for key in base if f"`{key}`" not in text and f"{key} =" not in text) == []


def test_document_whole_example_shows_the_difficult_cases(load) -> None:
    load(BLOCKS[1])
    meeting = Session.objects.get(slug="17-mediterranee")
    assert (meeting.start, meeting.end, meeting.capacity) == (dt.time(14), None, 60)
    assert [appearance.who for appearance in meeting.appearances.all()] == [
        "Dr Paul Martin",
        "Représentant·es des villes jumelées",
        "Région Occitanie",
        "",
    ]
    assert Session.objects.get(slug="17-eau").room.venue.name == "Maison des villes"
    parts = Figure.objects.get(key="registered").parts.all()
    assert [(part.key, part.is_percentage) for part in parts] == [
        ("registered_abroad", False),
        ("share_abroad", True),
    ]


def test_fifteenth_release_types_no_figure_a_second_time() -> None:
    call_command("load_edition", EDITIONS / "15.toml")
    release = PressRelease.objects.get()
    written = [release.headline_fr, release.lead_fr, release.body_fr, release.about_fr]
    assert re.findall(r"\d+", " ".join(written)) == []
