"""Edition files that are refused, and with what sentence."""

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from events.models import Edition, Room
from events.tests.factories import EditionFactory, RoomFactory
from sessions.models import Person, Session
from sessions.tests.edition_files import GOOD, refusals
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


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
