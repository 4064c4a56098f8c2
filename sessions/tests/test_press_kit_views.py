"""The download of the press kit: at once, or a page that waits for it."""

import datetime as dt
import io
import json
import threading
import zipfile
from pathlib import Path

import kombu
import pytest
from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from events.models import Edition, PressKit
from events.press import publishing
from events.tests.factories import EditionFactory, PressReleaseFactory
from raict.mail import broker
from raict.tests.staff import change
from sessions.models import Person, Session
from sessions.press_kit import making
from sessions.tasks import make_press_kits
from sessions.tests.factories import AppearanceFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
KIT = "/presse/dossier.zip"


@pytest.fixture(autouse=True)
def _own_cache(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture(autouse=True)
def woken(monkeypatch, tmp_path):
    """The tasks that were handed to a broker of the test's own."""
    monkeypatch.setattr(broker, "_silent_until", 0.0)
    monkeypatch.setattr(broker, "_kept", threading.local())
    usual, folder = current_app.connection_for_write, tmp_path / "broker"

    def connection(*args, **own):
        if not own:  # Celery prepares its pool, which `wake` does not use
            return usual(*args)
        return kombu.Connection(
            "files://",
            transport="raict.mail.transport:Transport",
            transport_options={"folder": str(folder)},
        )

    monkeypatch.setattr(current_app, "connection_for_write", connection)

    def tasks() -> list[str]:
        found = [json.loads(file.read_text()) for file in folder.glob("celery/*.json")]
        return [one["headers"]["task"] for one in found]

    return tasks


@pytest.fixture
def edition():
    return EditionFactory(number=15, current=True)


def _read(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer)


def _names(answer) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(_read(answer))) as archive:
        return archive.namelist()


def test_from_the_first_visit_to_the_download(client, edition, woken, django_assert_num_queries):
    with django_assert_num_queries(2):
        answer = client.get(KIT)
    assert answer.status_code == 503
    assert (answer["Retry-After"], answer["Refresh"]) == ("30", "30")
    assert answer["Cache-Control"] == "no-store"
    assert woken() == ["press.kit"]
    make_press_kits()
    kit = PressKit.objects.get()
    with django_assert_num_queries(2):
        answer = client.get(KIT)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == (
        'attachment; filename="dossier-de-presse-15e-edition.zip"'
    )
    assert answer["ETag"] == f'"{kit.key}"'
    assert answer["Cache-Control"] == "public, max-age=60"
    assert answer["Content-Language"] == "fr, en"
    assert int(answer["Content-Length"]) == kit.size
    assert _names(answer)[0] == "LISEZ-MOI.txt"
    with django_assert_num_queries(2):
        again = client.get(KIT, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert woken() == ["press.kit"]


def test_both_languages_give_the_same_file(client, edition):
    making.make(edition)
    french, english = client.get(KIT), client.get(f"/en{KIT}")
    assert _read(french) == _read(english)
    assert french["ETag"] == english["ETag"]
    assert english["Content-Disposition"] == french["Content-Disposition"]


def test_nothing_is_written_by_a_visit(client, edition):
    assert client.get(KIT).status_code == 503
    assert not PressKit.objects.exists()
    assert client.post(KIT).status_code == 405


def test_a_crowd_wakes_no_worker_that_is_at_it(client, edition, woken):
    until = timezone.now() + dt.timedelta(minutes=5)
    PressKit.objects.create(edition=edition, leased_until=until)
    assert [client.get(KIT).status_code, woken()] == [503, []]
    PressKit.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    assert [client.get(KIT).status_code, woken()] == [503, ["press.kit"]]


def test_without_a_current_edition_there_is_no_kit(client, woken):
    EditionFactory()
    assert [client.get(KIT).status_code, woken()] == [404, []]


def test_the_kit_of_an_edition_by_its_number(client, django_assert_num_queries):
    EditionFactory(number=16, current=True)
    edition = EditionFactory(number=15)
    address = reverse("programme:edition_press_kit", args=[15])
    assert address == "/editions/15/dossier-de-presse.zip"
    assert client.get(address).status_code == 404  # nothing was ever published
    PressReleaseFactory(edition=edition)
    assert client.get(address).status_code == 503
    making.make(edition)
    with django_assert_num_queries(2):
        assert _read(client.get(address))
    Edition.objects.filter(number=15).update(state="draft")
    assert client.get(address).status_code == 404
    assert client.get("/editions/16/dossier-de-presse.zip").status_code == 503


def test_the_demonstration_says_so_in_the_name(client):
    making.make(EditionFactory(number=0, is_demonstration=True, current=True))
    answer = client.get(KIT)
    assert _read(answer)
    assert answer["Content-Disposition"] == (
        'attachment; filename="dossier-de-presse-edition-de-demonstration.zip"'
    )


def test_a_file_that_was_lost_is_asked_for_again(client, edition, woken):
    making.make(edition)
    default_storage.delete(PressKit.objects.get().file.name)
    assert [client.get(KIT).status_code, woken()] == [503, ["press.kit"]]
    make_press_kits()
    assert _read(client.get(KIT))


# ----------------------------------------------------------------------------- what goes at once
@pytest.fixture
def downloaded(client, edition, django_capture_on_commit_callbacks, woken):
    """Do something; then the old kit is gone, the worker is told and the next kit is this."""

    def after(do) -> list[str]:
        making.make(edition)
        former, before = PressKit.objects.get(), len(woken())
        with django_capture_on_commit_callbacks(execute=True):
            do()
        answer = client.get(KIT, headers={"if-none-match": f'"{former.key}"'})
        assert answer.status_code == 503
        assert len(woken()) > before
        make_press_kits()
        answer = client.get(KIT)
        assert answer["ETag"] != f'"{former.key}"'
        assert not (Path(default_storage.location) / former.file.name).exists()
        return _names(answer)

    return after


def test_a_withdrawn_release_is_gone_at_once(edition, downloaded):
    release = PressReleaseFactory(edition=edition, slug="bilan")
    names = downloaded(lambda: publishing.withdraw(release, {"fr": "Erreur"}))
    assert [name for name in names if "bilan" in name] == []


def test_a_published_release_is_in_the_next_kit(edition, downloaded):
    release = PressReleaseFactory(edition=edition, slug="bilan", draft=True)
    names = downloaded(lambda: publishing.freeze(release))
    assert [name for name in names if "bilan" in name] == [
        "communiques/2024-11-06-bilan-fr.docx",
        "communiques/2024-11-06-bilan-fr.pdf",
        "communiques/2024-11-06-bilan-fr.txt",
    ]


@pytest.mark.parametrize("how", ["form", "action"])
def test_a_session_that_the_team_withdraws_is_gone_at_once(edition, downloaded, admin_client, how):
    session = SessionFactory(edition=edition)
    address = reverse("admin:programme_thematicworkshop_changelist")
    action = {"action": "unpublish", "_selected_action": [session.pk]}
    names = downloaded(
        (lambda: change(admin_client, session, is_published=""))
        if how == "form"
        else (lambda: admin_client.post(address, action))
    )
    assert not Session.objects.get().is_published
    assert [name for name in names if "programme" in name] == []


def test_a_portrait_that_the_team_takes_away_is_gone_at_once(edition, downloaded, admin_client):
    person = AppearanceFactory(session=SessionFactory(edition=edition)).person
    person.photo_credit = "A. Roy"
    file = io.BytesIO()
    Image.new("RGB", (60, 40)).save(file, "JPEG")
    person.photo.save("p.jpg", ContentFile(file.getvalue()))
    names = downloaded(lambda: change(admin_client, person, **{"photo-clear": "on", "photo": ""}))
    assert not Person.objects.get().photo
    assert [name for name in names if "portraits" in name] == []
