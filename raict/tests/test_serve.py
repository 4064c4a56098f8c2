"""`make run` as a person has it: real processes on SQLite, in a data folder of their own."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from raict.tests.sources import TOP

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """`manage.py serve` in a data folder, and all that runs on it."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.log = var.parent / "serve.log"

    def start(self) -> None:
        environment = {**os.environ, "RAICT_VAR": str(self.var), "PORT": str(self.port)}
        environment |= {"DATABASE_URL": "", "REDIS_URL": "", "SITE_URL": "", "EMAIL_URL": ""}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=TOP,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(lambda: self.status("/healthz") == 200, self.log)

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as page:
                return page.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def page(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as page:
            return page.read().decode()

    def processes(self, word: str = "") -> list[int]:
        """All that was started for this data folder, wherever it hangs in the tree by now."""
        return [
            int(folder.name)
            for folder in Path("/proc").glob("[0-9]*")
            if f"RAICT_VAR={self.var}\0" in read(folder / "environ")
            and word in read(folder / "cmdline")
        ]

    def stop(self) -> None:
        for pid in self.processes():
            with suppress(ProcessLookupError):  # it ended meanwhile
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # the process ended meanwhile
        return ""


def wait_until(condition: Callable[[], object], log: Path, seconds: int = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """One data folder for all: the first start makes it, the others find it."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture
def site(folder):
    site = Site(folder / "var")
    try:
        yield site
    finally:
        site.stop()


def test_site_is_served_told_about_and_stopped_as_a_whole(site):
    site.start()
    told = site.log.read_text()
    password = (site.var / "staff-password.txt").read_text().strip()
    assert f"http://127.0.0.1:{site.port}/admin/  login equipe, password {password}\n" in told
    assert f"written into {site.var}/mail" in told
    assert [site.status(path) for path in ("/", "/en/", "/programme/", "/admin/login/")] == [
        200
    ] * 4

    wait_until(lambda: "worker@localhost ready" in site.log.read_text(), site.log)
    os.kill(min(site.processes("worker@localhost")), signal.SIGKILL)
    wait_until(lambda: site.log.read_text().count("worker@localhost ready") == 2, site.log)
    assert site.status("/readyz") == 200

    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(timeout=40) == 0
    assert site.processes() == []


def test_next_start_keeps_what_was_there_when_ctrl_c_stopped_it(site):
    site.start()
    os.killpg(site.process.pid, signal.SIGINT)  # as the terminal does
    assert site.process.wait(timeout=40) == 0
    assert site.processes() == []
    kept = {name: (site.var / name).read_text() for name in ("secret.key", "staff-password.txt")}
    write_hashtag(site.var / "raict.sqlite3", "#Gardé")

    site.start()

    assert {name: (site.var / name).read_text() for name in kept} == kept
    assert "Preparing the database" not in site.log.read_text()
    assert "#Gardé" in site.page("/editions/15/")


def write_hashtag(database: Path, hashtag: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE events_edition SET hashtag = ? WHERE number = 15", [hashtag])


def test_site_does_not_outlive_whoever_started_it(site):
    site.start()
    wait_until(lambda: site.processes("worker@localhost"), site.log)

    site.process.kill()

    wait_until(lambda: site.processes() == [], site.log, seconds=40)


def test_taken_port_is_told_in_one_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        environment = {**os.environ, "RAICT_VAR": str(tmp_path), "PORT": str(port)}
        done = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            check=False,
            cwd=TOP,
            env={**environment, "DATABASE_URL": "", "REDIS_URL": ""},
            capture_output=True,
            text=True,
        )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"CommandError: Port {port} of 127.0.0.1 cannot be used (Address already in use). "
        f"Choose another one: PORT={port + 1} make run\n"
    )
    assert not (tmp_path / "raict.sqlite3").exists()
