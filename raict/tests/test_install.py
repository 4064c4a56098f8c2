import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from raict import install
from raict.tests import run


def test_installed_packages_are_known_from_missing_ones():
    assert install.is_installed("dpkg") is True
    assert install.is_installed("raict-no-such-package") is False


def test_missing_packages_are_named_to_who_may_not_install_them(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda *_: None)

    with pytest.raises(SystemExit) as stopped:
        install.install_packages(["libpango-1.0-0", "gettext"])

    assert stopped.value.code == (
        "These packages are missing: libpango-1.0-0, gettext. As root: "
        "apt-get update && apt-get install --no-install-recommends libpango-1.0-0 gettext"
    )


def test_nothing_missing_asks_for_nothing(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda *_: None)

    assert install.install_packages([]) is None


@pytest.fixture
def servers_folder():
    """Where PostgreSQL may go too, which runs as another user when this one is root."""
    with tempfile.TemporaryDirectory(prefix="raict-servers-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.slow
def test_private_servers_answer_and_are_gone_afterwards_whatever_happens(servers_folder):
    answers = []

    with pytest.raises(KeyboardInterrupt):
        interrupt_amid_servers(servers_folder, answers)

    addresses, said = answers
    assert said == ["42\n", "PONG\n"]
    assert ask(*addresses) == ["", ""]


def interrupt_amid_servers(folder, answers: list) -> None:
    with run.postgresql(folder) as database, run.redis(folder) as broker:
        answers += [(database, broker), ask(database, broker)]
        raise KeyboardInterrupt


def ask(database: str, broker: str) -> list[str]:
    commands = [
        ["psql", database, "--no-align", "--tuples-only", "--command", "SELECT 6 * 7"],
        ["redis-cli", "-u", broker, "PING"],
    ]
    return [
        subprocess.run(command, check=False, capture_output=True, text=True).stdout
        for command in commands
    ]


def test_tests_see_nothing_of_the_callers_site(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://production.example.org/raict")
    monkeypatch.setenv("EMAIL_URL", "smtp://production.example.org")
    monkeypatch.setenv("HOME", "/nowhere")

    environment = run.bare_environment(tmp_path)

    assert {"DATABASE_URL", "EMAIL_URL", "REDIS_URL", "SITE_URL"} & set(environment) == set()
    assert environment["RAICT_VAR"] == str(tmp_path / "var")
    assert environment["ENV_FILE"] == "/dev/null"
    assert environment["HOME"] == "/nowhere"
