"""When a press kit is made, by whom, and what is left of it."""

import datetime as dt
import threading
import time
import tracemalloc
from functools import partial

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from events.models import Edition, PressKit
from events.press import publishing
from events.tests.factories import EditionFactory, PressPictureFactory, PressReleaseFactory
from registrations.tests.threads import race
from sessions.models import Session
from sessions.press_kit import making
from sessions.press_kit.archive import Entry, key_of, write
from sessions.press_kit.contents import contents
from sessions.tasks import make_press_kits
from sessions.tests.factories import SessionFactory
from sessions.tests.kits import files, kit_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def _own_cache(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture
def edition():
    return EditionFactory(number=15, current=True)


def _kit(edition) -> PressKit:
    return PressKit.objects.get(edition=edition)


def test_a_kit_is_made_once_until_something_changes(edition):
    assert [making.make(edition), making.make(edition)] == [1, 0]
    kit = _kit(edition)
    assert kit.key == key_of(contents(edition, timezone.localdate(kit.made_at)))
    assert kit.size == default_storage.size(kit.file.name)
    assert kit.leased_until is None
    PressPictureFactory(edition=edition)
    assert [making.make(edition), making.make(edition)] == [1, 0]
    assert _kit(edition).key != kit.key


def test_a_new_day_alone_makes_no_new_kit(edition):
    making.make(edition)
    yesterday = timezone.now() - dt.timedelta(days=1)
    key = key_of(contents(edition, timezone.localdate(yesterday)))
    PressKit.objects.update(made_at=yesterday, key=key)
    assert making.make(edition) == 0


def test_the_former_file_is_deleted(edition):
    making.make(edition)
    former = _kit(edition).file.name
    PressPictureFactory(edition=edition)
    making.make(edition)
    kit = _kit(edition)
    assert former != kit.file.name
    assert files() == [kit.file.name.rpartition("/")[2]]


def test_a_file_that_was_lost_is_made_again(edition):
    making.make(edition)
    kit = _kit(edition)
    default_storage.delete(kit.file.name)
    assert making.make(edition) == 1
    again = _kit(edition)
    assert (again.key, again.size) == (kit.key, kit.size)
    assert default_storage.exists(again.file.name)


def test_what_changes_while_it_is_made_is_in_the_next_round(edition, monkeypatch):
    """Somebody publishes a session at the moment at which the file is written."""
    late = SessionFactory(edition=edition, title_fr="Tardif", is_published=False)
    written = []

    def write_late(file, entries, day):
        write(file, entries, day)
        written.append(len(entries))
        Session.objects.filter(pk=late.pk).update(is_published=True)

    monkeypatch.setattr(making, "write", write_late)
    assert making.make(edition) == 2
    assert written[0] < written[1]
    assert "programme/programme-fr.pdf" in kit_of(edition)
    assert len(files()) == 1


def test_who_edits_without_end_is_left_for_the_next_time(edition, monkeypatch):
    def write_and_edit(file, entries, day):
        write(file, entries, day)
        PressPictureFactory(edition=edition)

    monkeypatch.setattr(making, "write", write_and_edit)
    assert making.make(edition) == making.ROUNDS
    assert _kit(edition).leased_until is None
    assert len(files()) == 1


def test_what_is_withdrawn_while_it_is_made_is_not_kept(edition, monkeypatch):
    release = PressReleaseFactory(edition=edition)

    def write_and_withdraw(file, entries, day):
        write(file, entries, day)
        publishing.withdraw(release, {"fr": "Erreur"})

    monkeypatch.setattr(making, "write", write_and_withdraw)
    assert making.make(edition) == 0
    kit = _kit(edition)
    assert (kit.key, kit.file.name, kit.made_at, files()) == ("", "", None, [])


def test_while_somebody_makes_it_nobody_else_does(edition):
    until = timezone.now() + dt.timedelta(minutes=1)
    PressKit.objects.create(edition=edition, leased_until=until)
    assert making.make(edition) == 0
    assert (_kit(edition).leased_until, files()) == (until, [])


def test_the_lease_of_a_dead_worker_ends(edition):
    PressKit.objects.create(edition=edition, leased_until=timezone.now())
    assert making.make(edition) == 1


def test_a_failure_gives_the_lease_back_and_stops_no_other_kit(edition, monkeypatch, caplog):
    other = EditionFactory(number=14)
    PressReleaseFactory(edition=other)

    def broken(file, entries, day):
        if PressKit.objects.get(edition=edition).leased_until:
            raise OSError("The disk is full.")
        write(file, entries, day)

    monkeypatch.setattr(making, "write", broken)
    make_press_kits()
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "The press kit of the edition 15 could not be made."
    ]
    assert (_kit(edition).key, _kit(edition).leased_until) == ("", None)
    assert _kit(other).key
    assert files() == [_kit(other).file.name.rpartition("/")[2]]


def test_kits_of_the_current_edition_and_of_those_with_a_public_release():
    current = EditionFactory(number=20, current=True)
    released, draft, hidden, embargoed, _bare = (
        EditionFactory(number=number) for number in range(15, 20)
    )
    PressReleaseFactory(edition=released)
    PressReleaseFactory(edition=draft, draft=True)
    PressReleaseFactory(edition=hidden)
    Edition.objects.filter(pk=hidden.pk).update(state="draft")
    PressReleaseFactory(edition=embargoed, embargo_until=timezone.now() + dt.timedelta(days=1))
    make_press_kits()
    made = PressKit.objects.exclude(key="").values_list("edition", flat=True)
    assert sorted(made) == sorted([current.pk, released.pk])


def test_files_that_no_kit_names_are_swept_when_they_are_old(edition, monkeypatch):
    old = default_storage.save("press/kits/15-old.zip", ContentFile(b"of a killed worker"))
    withdrawn = default_storage.save("press/kits/9-x.zip", ContentFile(b"withdrawn"))
    PressKit.objects.create(edition=EditionFactory(number=9), file=withdrawn, key="")
    making.make(edition)
    kept = _kit(edition).file.name.rpartition("/")[2]
    make_press_kits()
    assert files() == sorted([kept, old.rpartition("/")[2], withdrawn.rpartition("/")[2]])
    monkeypatch.setattr(making, "LEASE", dt.timedelta(seconds=-5))  # as if it were later
    making._sweep()
    assert files() == [kept]


def test_memory_stays_flat_whatever_the_pictures_weigh(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"\xff" * 5_000_000)
    opened = partial((tmp_path / "photo.jpg").open, "rb")
    entries = [Entry(f"photos/{number:03d}.jpg", "", opened) for number in range(40)]
    with (tmp_path / "kit.zip").open("wb") as file:
        tracemalloc.start()
        write(file, entries, dt.date(2024, 10, 1))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (tmp_path / "kit.zip").stat().st_size > 200_000_000
    assert peak < 8_000_000


# -------------------------------------------------------------------------------------- races
@pytest.mark.django_db(transaction=True)
def test_two_makers_at_once_make_one_file(edition):
    results = race(*[lambda: making.make(edition)] * 4)
    assert sorted(results) == [0, 0, 0, 1]
    assert files() == [_kit(edition).file.name.rpartition("/")[2]]


@pytest.mark.django_db(transaction=True)
def test_without_the_lease_two_makers_make_two(edition):
    """What the lease prevents does happen."""
    PressKit.objects.create(edition=edition)
    everybody = PressKit.objects.filter(edition=edition)
    assert race(*[lambda: making._renewed(everybody.all())] * 2) == [True, True]


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_against_a_maker(edition):
    """Whoever is first: the kit that is downloaded afterwards never holds the release."""
    release = PressReleaseFactory(edition=edition, slug="retire")
    race(
        lambda: making.make(edition),
        lambda: publishing.withdraw(release, {"fr": "Erreur"}),
    )
    kit = _kit(edition)
    assert kit.key in (
        "",
        key_of(contents(Edition.objects.get(pk=edition.pk), timezone.localdate())),
    )
    assert [name for name in kit_of(edition) if "retire" in name] == []


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_that_is_not_committed_yet_breaks_the_lease(edition, monkeypatch):
    """The maker has read the release as public, and comes to its row while that is still so."""
    release = PressReleaseFactory(edition=edition)
    written, withdrawn = threading.Event(), threading.Event()

    def write_and_wait(file, entries, day):
        write(file, entries, day)
        written.set()
        assert withdrawn.wait(30)

    def withdraw():
        assert written.wait(30)
        with transaction.atomic():
            publishing.withdraw(release, {"fr": "Erreur"})
            withdrawn.set()
            time.sleep(0.5)

    monkeypatch.setattr(making, "write", write_and_wait)
    assert race(lambda: making.make(edition), withdraw) == [0, None]
    assert (_kit(edition).key, files()) == ("", [])
