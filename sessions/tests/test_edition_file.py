"""Edition files: what they write, and what they leave."""

import datetime as dt

import pytest

from events.models import Edition, Partner, PressRelease, Room, Venue
from registrations.tests.factories import RegistrationFactory
from sessions.models import Appearance, Move, Person, Session
from sessions.tests.edition_files import GOOD, PUBLISHED, refusals

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


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
