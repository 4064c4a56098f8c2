from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from events.models import Edition
from raict.management.commands.prepare import state_of_static_files, write_once


@pytest.fixture
def var(settings, tmp_path):
    settings.VAR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path


def prepare() -> None:
    call_command("prepare")


@pytest.mark.django_db
def test_prepare_brings_all_that_is_needed(var):
    prepare()

    user = get_user_model().objects.get()
    password = var / "staff-password.txt"
    assert (user.username, user.is_staff, user.is_superuser) == ("equipe", True, True)
    assert user.check_password(password.read_text().strip())
    assert [(var / name).stat().st_mode & 0o777 for name in (password.name, "secret.key")] == [
        0o600
    ] * 2
    assert set(Edition.objects.values_list("number", "is_demonstration", "is_current")) == {
        (15, False, False),
        (0, True, True),
    }
    assert (var / "static" / "admin" / "css" / "base.css").exists()


@pytest.mark.django_db
def test_prepare_keeps_what_is_there(var):
    prepare()
    kept = {name: (var / name).read_text() for name in ("secret.key", "staff-password.txt")}
    Edition.objects.filter(number=15).update(hashtag="#Autre", is_current=False)
    user = get_user_model().objects.get()
    user.set_password("another password of the team")
    user.save()
    collected = (var / "static" / "sources.sha256").stat().st_mtime_ns

    prepare()

    assert {name: (var / name).read_text() for name in kept} == kept
    assert Edition.objects.get(number=15).hashtag == "#Autre"
    assert get_user_model().objects.get().check_password("another password of the team")
    assert (var / "static" / "sources.sha256").stat().st_mtime_ns == collected


@pytest.mark.django_db
def test_prepare_without_demonstration_makes_the_15th_current(var, settings):
    settings.DEMONSTRATION = False

    prepare()

    assert list(Edition.objects.values_list("number", "is_current")) == [(15, True)]


@pytest.mark.django_db
def test_prepare_leaves_an_administered_site_its_accounts(var):
    get_user_model().objects.create_superuser("claire", password="x")

    prepare()

    assert [user.username for user in get_user_model().objects.all()] == ["claire"]
    assert not (var / "staff-password.txt").exists()


def test_write_once_gives_all_who_ask_at_once_the_same_value(var):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: write_once("key", f"value {number}"), range(64)))

    assert set(answers) == {(var / "key").read_text().strip()}
    assert [path.name for path in var.iterdir()] == ["key"]


def test_state_of_static_files_follows_their_content(settings, tmp_path):
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "one.css").write_text("a")
    before = state_of_static_files()

    (tmp_path / "one.css").write_text("bb")

    assert state_of_static_files() != before
