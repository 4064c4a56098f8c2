import datetime as dt
import re

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import override

from events.figures import figures
from events.models import Edition, Figure, Partner, PressRelease, Room, Venue
from events.tests.factories import EditionFactory, RoomFactory
from registrations.tests.factories import RegistrationFactory
from sessions.models import Appearance, Move, Person, Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
EDITIONS = settings.BASE_DIR / "events" / "editions"
DOCUMENT = settings.BASE_DIR / "docs" / "edition-file.md"
BLOCKS = re.findall(r"^```toml\n(.*?)^```$", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE)

GOOD = """
[edition]
number = 14
name = "Rencontres"
starts_on = 2023-06-26
ends_on = 2023-06-27
venue = "Palais"

[[venues]]
name = "Palais"
rooms = [{ name = "Grande salle", capacity = 100 }, "Petite salle"]

[[people]]
first_name = "Awa"
last_name = "Diop"

[[sessions]]
kind = "plénière"
slug = "14-pleniere"
title = "Plénière"
day = 1
start = "9h30"
end = "10:30"
room = "Grande salle"

[[sessions.appearances]]
person = "Awa Diop"
role = "présidence"
"""
PUBLISHED = GOOD.replace("number = 14", 'number = 14\nstate = "published"')


@pytest.fixture
def load(tmp_path, capsys):
    """Load a file with that text; returns what the command said, in English."""

    def load(text: str, *options: str) -> str:
        path = tmp_path / "my.toml"
        path.write_text(text, encoding="utf-8")
        call_command("load_edition", path, *options, language="en")
        return capsys.readouterr().out

    return load


def refusals(load, text: str, *options: str) -> list[str]:
    """The sentences of a refused file, without its name, the line and the count."""
    with pytest.raises(CommandError) as error:
        load(text, *options)
    *sentences, _count = str(error.value).split("\n")
    return [sentence.partition(": ")[2] for sentence in sentences]


# --------------------------------------------------------------------------------- good files
def test_load_writes_what_the_file_says(load) -> None:
    said = load(GOOD)
    session = Session.objects.get()
    assert (session.kind, session.day, session.start, session.end, session.room.name) == (
        "plenary",
        dt.date(2023, 6, 26),
        dt.time(9, 30),
        dt.time(10, 30),
        "Grande salle",
    )
    assert session.capacity == 100
    appearance = session.appearances.get()
    assert (appearance.person.slug, appearance.role) == ("awa-diop", "chair")
    assert said == (
        "my.toml is loaded.\n  created: 1 venue, 2 rooms, 1 speaker, 1 edition, 1 session\n"
    )


def test_load_twice_changes_nothing(load) -> None:
    load(GOOD)
    assert load(GOOD) == "my.toml: no change.\n"


def test_load_check_changes_nothing(load) -> None:
    said = load(GOOD, "--check")
    assert said.splitlines()[0] == "my.toml is right. Loading it would do this:"
    assert not Edition.objects.exists()


def test_first_edition_becomes_current_and_later_ones_only_when_asked(load) -> None:
    load(PUBLISHED)
    second = PUBLISHED.replace("14", "16")
    load(second)
    assert Edition.objects.current().number == 14
    load(second, "--current")
    assert Edition.objects.current().number == 16


def test_draft_is_never_current(load) -> None:
    load(GOOD)
    assert Edition.objects.current() is None
    sentence = (
        "edition.state: the current edition is on the home page: expected another state than draft."
    )
    assert refusals(load, GOOD.replace("14", "16"), "--current") == [sentence]
    load(PUBLISHED)
    assert Edition.objects.current().number == 14
    load(GOOD)  # says nothing of the state, which stays
    assert Edition.objects.current().state == "published"
    assert refusals(load, PUBLISHED.replace("published", "draft")) == [sentence]
    assert Edition.objects.current().state == "published"


def test_load_raises_the_revision_when_a_session_moves(load) -> None:
    load(GOOD)
    load(GOOD.replace("9h30", "9h00"))
    assert Session.objects.get().revision == 1
    said = load(GOOD.replace("9h30", "9h00").replace('"Plénière"', '"Autre titre"'))
    assert Session.objects.get().revision == 1
    assert said == "my.toml is loaded.\n  changed: session 14-pleniere (title (French))\n"


def test_load_empties_what_the_file_leaves_out_and_keeps_counters(load) -> None:
    load(GOOD)
    Edition.objects.update(theme_fr="Écrit dans l’admin", places_taken=3, state="open")
    Session.objects.update(seats_taken=2)
    load(GOOD)
    edition, session = Edition.objects.get(), Session.objects.get()
    assert (edition.theme_fr, edition.places_taken, edition.state) == ("", 3, "open")
    assert session.seats_taken == 2


def test_load_keeps_what_other_editions_share(load) -> None:
    load(GOOD)
    Venue.objects.update(address="Allée")
    Person.objects.update(biography_fr="Maire.")
    Room.objects.filter(name="Petite salle").update(capacity=12)
    assert load(GOOD) == "my.toml: no change.\n"
    assert (Venue.objects.get().address, Person.objects.get().biography_fr) == ("Allée", "Maire.")


def test_load_takes_the_capacity_of_a_room_that_another_file_gave(load) -> None:
    load(GOOD)
    Room.objects.filter(name="Petite salle").update(capacity=12)
    moved = GOOD.replace('room = "Grande salle"', 'room = "petite salle"')
    load(moved)
    assert Session.objects.get().capacity == 12
    assert load(moved) == "my.toml: no change.\n"


def test_load_deletes_what_nobody_booked(load) -> None:
    partner = '\n[[partners]]\nname = "AFD"\n'
    load(GOOD + partner)
    said = load(GOOD.split("[[sessions]]", maxsplit=1)[0])
    assert said == ("my.toml is loaded.\n  deleted: partner AFD\n  deleted: session 14-pleniere\n")
    assert (Partner.objects.count(), Session.objects.count()) == (0, 0)
    assert Person.objects.count() == 1


def test_load_leaves_other_press_releases(load) -> None:
    release = """
[[press_releases]]
slug = "14-bilan"
headline = "Bilan"
lead = "Chapeau"
body = "Texte"
issued_on = 2023-07-01
"""
    load(GOOD + release)
    said = load(GOOD)
    assert said == (
        "my.toml: no change.\n  not in the file, left as it is: press release 14-bilan\n"
    )
    assert PressRelease.objects.count() == 1


def test_load_rewrites_appearances_that_differ(load) -> None:
    load(GOOD)
    said = load(GOOD.replace('role = "présidence"', 'role = "animation"'))
    assert said == "my.toml is loaded.\n  changed: session 14-pleniere (speakers)\n"
    assert Appearance.objects.get().role == "moderator"


@pytest.mark.parametrize("text", ['"9:30"', '"09:30"', '"9h30"', '"9 h 30"', "09:30:00"])
def test_load_understands_times(load, text) -> None:
    load(GOOD.replace('"9h30"', text))
    assert Session.objects.get().start == dt.time(9, 30)


def test_room_of_the_main_venue_comes_first(load) -> None:
    other = '[[venues]]\nname = "Annexe"\nrooms = ["Grande salle", "Cave"]\n\n[[people]]'
    load(GOOD.replace("[[people]]", other, 1))
    assert Session.objects.get().room.venue.name == "Palais"
    load(
        GOOD.replace("[[people]]", other, 1).replace(
            'room = "Grande salle"', 'venue = "Annexe"\nroom = "Grande salle"'
        )
    )
    assert Session.objects.get().room.venue.name == "Annexe"


# --------------------------------------------------------------------------------- refusals
@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "name = ",
            "nmae = ",
            "edition.nmae: unknown key. Did you mean “name”?",
        ),
        (
            "number = 14",
            'number = "14"',
            'edition.number: expected a whole number from 0 to 32767, without quotes, found "14".',
        ),
        (
            "number = 14",
            "number = 0",
            (
                "edition.number: 0 is the demonstration: write demonstration = true, or the edition's"
                " number."
            ),
        ),
        (
            "number = 14",
            "number = 14\nstarts_in_days = 3",
            (
                "edition.starts_in_days: only the demonstration counts its dates from today."
                " Write the date."
            ),
        ),
        (
            "ends_on = 2023-06-27",
            "ends_on = 2023-06-25",
            "edition.ends_on: 2023-06-25 comes before starts_on, 2023-06-26.",
        ),
        (
            "ends_on = 2023-06-27",
            'ends_on = "27/06/2023"',
            (
                "edition.ends_on: expected a date such as 2024-10-23 (year-month-day),"
                ' found "27/06/2023".'
            ),
        ),
        (
            "number = 14",
            'number = 14\nguest_country = "Cameroun"',
            (
                "edition.guest_country: expected the two letters of a country (ISO 3166) such as CM,"
                ' found "Cameroun". Did you mean “CM”?'
            ),
        ),
        (
            "number = 14",
            'number = 14\nwebsite = "raict.org"',
            (
                "edition.website: expected a web address that starts with https:// or http://,"
                ' found "raict.org".'
            ),
        ),
        (
            "number = 14",
            'number = 14\ncontact_email = "raict"',
            'edition.contact_email: expected an e-mail address, found "raict".',
        ),
        (
            "number = 14",
            'number = 14\nstate = "anulée"',
            (
                "edition.state: expected one of draft, published, open, closed, over, cancelled,"
                ' postponed, found "anulée". Did you mean “cancelled”?'
            ),
        ),
        (
            'venue = "Palais"',
            'venue = "Palas"',
            "edition.venue: no [[venues]] of this file is called “Palas”. Did you mean “Palais”?",
        ),
        (
            "day = 1",
            "day = 3",
            "sessions[1].day (14-pleniere): there is no day 3: the edition has 2.",
        ),
        (
            "day = 1",
            "day = 2023-07-01",
            (
                "sessions[1].day (14-pleniere): 2023-07-01 is outside the edition's dates,"
                " 2023-06-26 to 2023-06-27."
            ),
        ),
        (
            "day = 1\n",
            "",
            "sessions[1].start (14-pleniere): a session with a start needs a day.",
        ),
        (
            'start = "9h30"',
            'start = "25:70"',
            (
                'sessions[1].start (14-pleniere): expected a time such as "9:30", "09:30" or "9h30",'
                ' found "25:70".'
            ),
        ),
        (
            'end = "10:30"',
            'end = "9:30"',
            (
                "sessions[1].end (14-pleniere): the session ends at 09:30, before or when it starts"
                " at 09:30."
            ),
        ),
        (
            'room = "Grande salle"',
            'room = "Grand sale"',
            (
                "sessions[1].room (14-pleniere): no venue of this file has a room “Grand sale”."
                " Did you mean “Grande salle”?"
            ),
        ),
        (
            'room = "Grande salle"',
            'room = "Grande salle"\ncapacity = 101',
            (
                "sessions[1].capacity (14-pleniere): 101 is above the capacity of the room"
                " “Grande salle”, 100."
            ),
        ),
        (
            'room = "Grande salle"',
            'room = "Grande salle"\nis_members_only = true',
            "sessions[1].is_members_only (14-pleniere): unknown key. Did you mean “members_only”?",
        ),
        (
            'title = "Plénière"',
            'title = "Plénière"\ntitle_fr = "Plénière"',
            (
                "sessions[1].title_fr (14-pleniere): given twice: “title” and “title_fr” both mean"
                " the French text."
            ),
        ),
        (
            'title = "Plénière"',
            f'title = "{"é" * 301}"',
            "sessions[1].title (14-pleniere): expected at most 300 signs, found 301.",
        ),
        (
            'kind = "plénière"',
            'kind = "plenery"',
            (
                "sessions[1].kind (14-pleniere): expected one of opening, plenary, geographic_meeting,"
                ' thematic_workshop, cafe, meal, break, found "plenery". Did you mean “plenary”?'
            ),
        ),
        (
            'slug = "14-pleniere"\n',
            "",
            "sessions[1].slug (Plénière): this key is compulsory.",
        ),
        (
            'person = "Awa Diop"',
            'person = "Awa Dio"',
            (
                "sessions[1].appearances[1].person (14-pleniere): no [[people]] of this file has the"
                " slug or the name “Awa Dio”. Did you mean “awa diop”?"
            ),
        ),
        (
            'person = "Awa Diop"',
            'function = "Maire"',
            (
                "sessions[1].appearances[1] (14-pleniere): nobody is named: expected one of person,"
                " label, organisation, or pending = true."
            ),
        ),
        (
            "[[people]]",
            "[people]",
            "people: expected a list of tables, each written [[people]] with double brackets.",
        ),
        (
            "[[people]]",
            (
                '[[figures]]\nkey = "a"\nlabel = "a"\nvalue = 101\npercentage = true\nsource = "s"\n'
                "[[people]]"
            ),
            "figures[1].value (a): a percentage is at most 100.",
        ),
        (
            "[[people]]",
            (
                '[[figures]]\nkey = "a"\nlabel = "a"\nvalue = 1\npart_of = "b"\nsource = "s"\n'
                "[[people]]"
            ),
            "figures[1].part_of (a): no [[figures]] of this file has the key “b”.",
        ),
        (
            "[[people]]",
            (
                '[[figures]]\nkey = "a"\nlabel = "a"\nvalue = 1\npart_of = "a"\nsource = "s"\n'
                "[[people]]"
            ),
            "figures[1].part_of (a): a figure cannot be a part of itself.",
        ),
        (
            "[[people]]",
            '[[sponsors]]\nname = "a"\n[[people]]',
            (
                "sponsors: unknown table. The tables are edition, venues, people, sessions, partners,"
                " figures, press_releases."
            ),
        ),
    ],
)
def test_load_refuses_with_a_sentence(load, old, new, sentence) -> None:
    assert GOOD.count(old) >= 1
    assert sentence in refusals(load, GOOD.replace(old, new, 1))
    assert not Edition.objects.exists()


def test_load_lists_all_errors_in_order_with_their_lines(load) -> None:
    wrong = GOOD.replace("14\n", '"x"\n', 1).replace("day = 1", "day = 9").replace("Awa D", "Eva D")
    with pytest.raises(CommandError) as error:
        load(wrong.replace("9h30", "9h99"))
    assert str(error.value).split("\n") == [
        (
            "my.toml, line 3: edition.number: expected a whole number from 0 to 32767, without quotes,"
            ' found "x".'
        ),
        "my.toml, line 21: sessions[1].day (14-pleniere): there is no day 9: the edition has 2.",
        (
            'my.toml, line 22: sessions[1].start (14-pleniere): expected a time such as "9:30",'
            ' "09:30" or "9h30", found "9h99".'
        ),
        (
            "my.toml, line 27: sessions[1].appearances[1].person (14-pleniere): no [[people]] of this"
            " file has the slug or the name “Eva Diop”. Did you mean “awa diop”?"
        ),
        "4 errors. Nothing was changed.",
    ]


def test_load_refuses_what_stands_twice(load) -> None:
    session = '\n[[sessions]]\nkind = "cafe"\nslug = "14-pleniere"\n'
    room = GOOD.replace('"Petite salle"', '"grande Salle"')
    assert refusals(load, room + session) == [
        "venues[1].rooms[2].name (Palais): this one stands twice in the file.",
        (
            "sessions[1].room (14-pleniere): several venues have a room “Grande salle”:"
            " add the key venue."
        ),
        "sessions[2].slug (14-pleniere): this one stands twice in the file.",
    ]


def test_load_names_line_and_column_of_a_syntax_error(load) -> None:
    with pytest.raises(CommandError) as error:
        load(GOOD.replace('"9h30"', "9:30"))
    assert str(error.value).split("\n")[0] == (
        "my.toml, line 22: column 10: this is not TOML. the line should end before this column:"
        ' start = 9:30 A time stands between quotes: start = "9:30".'
    )


def test_load_refuses_a_file_that_is_not_there_or_not_text(load, tmp_path) -> None:
    with override("en"), pytest.raises(CommandError, match=r"no\.toml: there is no such file\."):
        call_command("load_edition", tmp_path / "no.toml", language="en")
    (tmp_path / "latin.toml").write_bytes("é".encode("latin-1"))
    with pytest.raises(CommandError, match=r"the file is not UTF-8 text\. Save it in that"):
        call_command("load_edition", tmp_path / "latin.toml", language="en")


def test_load_refuses_the_address_of_another_edition(load) -> None:
    SessionFactory(slug="14-pleniere", edition__number=12)
    assert refusals(load, GOOD) == [
        "sessions[1].slug (14-pleniere): this address belongs to another edition: 12th edition."
    ]


def test_load_refuses_a_capacity_below_what_is_booked(load) -> None:
    load(GOOD)
    Edition.objects.update(places_taken=30)
    Session.objects.update(seats_taken=20)
    wrong = GOOD.replace("capacity = 100", "capacity = 10").replace(
        "number = 14", "number = 14\ncapacity = 29"
    )
    assert refusals(load, wrong) == [
        "edition.capacity: 30 people are registered already: the capacity cannot be 29.",
        (
            "sessions[1].capacity (14-pleniere): 20 seats are booked already: the capacity cannot be"
            " 10."
        ),
    ]
    assert Room.objects.get(name="Grande salle").capacity == 100


def test_load_refuses_a_placeholder_that_the_edition_cannot_fill(load) -> None:
    release = """
[[press_releases]]
slug = "14-bilan"
headline = "Bilan {{ edition.theme }}"
lead = "Chapeau"
body = "Texte"
issued_on = 2023-07-01
"""
    assert refusals(load, GOOD + release) == [
        (
            "press_releases[1].headline (14-bilan): “{{ edition.theme }}”: the edition has no value"
            " for it yet."
        )
    ]
    assert not Edition.objects.exists()


def test_load_changes_nothing_after_an_error_in_the_middle_of_writing(load) -> None:
    """The room's capacity is known to the database only: the model itself refuses, late."""
    edition = EditionFactory(number=14)
    RoomFactory(venue__name="Palais", name="Petite salle", capacity=5)
    wrong = GOOD.replace('room = "Grande salle"', 'room = "Petite salle"\ncapacity = 6')
    assert refusals(load, wrong) == [
        "sessions[1].capacity (14-pleniere): The room Petite salle has 5 seats only."
    ]
    edition.refresh_from_db()
    assert (edition.name_fr == "Rencontres", Person.objects.count()) == (False, 0)


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


def test_lines_skip_text_of_several_lines() -> None:
    from sessions.edition_file.places import lines_of

    text = (
        'a = """\nb = 1\n[[c]]\n"""\nb = 2\n[[c]]\nd = \'\'\'x\'\'\' # """\ne = 1\n[[c.f]]\ng = 1\n'
    )
    assert lines_of(text) == {
        ("a",): 1,
        ("b",): 5,
        ("c", 0): 6,
        ("c", 0, "d"): 7,
        ("c", 0, "e"): 8,
        ("c", 0, "f", 0): 9,
        ("c", 0, "f", 0, "g"): 10,
    }


def test_fifteenth_release_types_no_figure_a_second_time() -> None:
    call_command("load_edition", EDITIONS / "15.toml")
    release = PressRelease.objects.get()
    written = [release.headline_fr, release.lead_fr, release.body_fr, release.about_fr]
    assert re.findall(r"\d+", " ".join(written)) == []


# ------------------------------------------------------- times and rooms that people have noted
@pytest.fixture
def noted(load) -> Session:
    """The session of the file, shown to visitors, with somebody registered."""
    load(PUBLISHED)
    session = Session.objects.get()
    RegistrationFactory(edition=session.edition)
    return session


MOVED = PUBLISHED.replace('start = "9h30"', 'start = "9h45"')


def test_load_gathers_a_new_time_once_somebody_is_registered(load, noted) -> None:
    said = load(MOVED)
    assert "to be published by the team: session 14-pleniere (start)" in said
    assert said.endswith("To be published: 1 change of time or room. Nobody has been told yet.\n")
    noted.refresh_from_db()
    assert (noted.start, noted.revision) == (dt.time(9, 30), 0)
    assert Move.objects.get().start == dt.time(9, 45)
    assert load(MOVED) == "my.toml: no change.\n"
    assert Move.objects.count() == 1


def test_load_takes_a_gathered_time_back(load, noted) -> None:
    load(MOVED)
    assert "changed: session 14-pleniere (start)" in load(PUBLISHED)
    assert not Move.objects.exists()
    assert load(PUBLISHED) == "my.toml: no change.\n"


def test_check_gathers_nothing(load, noted) -> None:
    assert "to be published by the team" in load(MOVED, "--check")
    assert not Move.objects.exists()


def test_load_keeps_the_capacity_of_the_room_that_is_published(load, noted) -> None:
    Session.objects.update(seats_taken=60)
    smaller = PUBLISHED.replace('"Petite salle"', '{ name = "Petite salle", capacity = 50 }')
    load(smaller.replace('room = "Grande salle"', 'room = "Petite salle"'))
    noted.refresh_from_db()
    assert (noted.capacity, noted.room.name) == (100, "Grande salle")
    assert Move.objects.get().room.name == "Petite salle"


def test_load_knows_margins_and_days_of_the_waiting_list(load) -> None:
    text = GOOD.replace(
        "number = 14", "number = 14\nwalking_minutes = 10\nquestions_close_on = 2023-06-20"
    ).replace(
        'title = "Plénière"',
        'title = "Plénière"\nbooking = "sur invitation"\noverbooking = 10\noffer_hours = 24',
    )
    load(text)
    edition, session = Edition.objects.get(), Session.objects.get()
    assert (edition.walking_minutes, edition.questions_close_on) == (10, dt.date(2023, 6, 20))
    assert (session.booking, session.overbooking, session.offer_hours) == ("invitation", 10, 24)
    Session.objects.update(seats_taken=110)
    assert load(text) == "my.toml: no change.\n"


@pytest.mark.parametrize(
    ("key", "limits"), [("overbooking = 51", "0 to 50"), ("offer_hours = 241", "1 to 240")]
)
def test_load_refuses_margins_beyond_their_limits(load, key, limits) -> None:
    (sentence,) = refusals(load, GOOD.replace("day = 1", f"day = 1\n{key}"))
    assert limits in sentence
