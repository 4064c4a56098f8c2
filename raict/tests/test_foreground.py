"""The keeper of `make run` over small programs: real processes, real signals."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from raict.tests.sources import TOP

pytestmark = pytest.mark.slow

# Each start of a program is a line: its name, its pid, the pid of what it started, the moment.
SCRIPT = """
import os, signal, subprocess, sys, time
from functools import partial
from raict.foreground import Program, keep

def program(name, kind):
    if kind == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    started = subprocess.Popen(["sleep", "600"]).pid
    # In one piece: the programs share the file.
    os.write(1, f"{name} {os.getpid()} {started} {time.monotonic()}\\n".encode())
    if kind != "dying":
        time.sleep(600)

if "nohup" in sys.argv:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
kinds = [kind for kind in sys.argv[1:] if kind != "nohup"]
keep([Program(f"{kind}-{n}", partial(program, f"{kind}-{n}", kind)) for n, kind in enumerate(kinds)],
     lambda sentence: print(sentence, file=sys.stderr, flush=True))
"""


class Keeper:
    def __init__(self, folder: Path) -> None:
        self.out, self.err = folder / "out", folder / "err"

    def start(self, *kinds: str) -> None:
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SCRIPT, *kinds],
                cwd=TOP,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    def starts(self, name: str = "") -> list[list[str]]:
        lines = [line.split() for line in self.out.read_text().splitlines()]
        return [line for line in lines if line[0].startswith(name)]

    def wait_until(self, condition: Callable[[], object]) -> None:
        end = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < end, self.out.read_text() + self.err.read_text()
            time.sleep(0.05)

    def left(self) -> list[int]:
        """Of all that was ever started, what runs still."""
        pids = [int(pid) for _name, *started, _at in self.starts() for pid in started]
        return [pid for pid in pids if runs(pid)]


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"  # ended; who took it over has not read so yet


@pytest.fixture
def keeper(tmp_path):
    keeper = Keeper(tmp_path)
    try:
        yield keeper
    finally:
        for pid in [keeper.process.pid, *keeper.left()]:
            if runs(pid):
                os.kill(pid, signal.SIGKILL)
        keeper.process.wait()


def test_program_that_dies_comes_back_without_what_it_had_started(keeper):
    keeper.start("calm", "calm")
    keeper.wait_until(lambda: len(keeper.starts()) == 2)
    [[_name, died, begun, _at]] = keeper.starts("calm-0")

    os.kill(int(died), signal.SIGKILL)
    keeper.wait_until(lambda: len(keeper.starts("calm-0")) == 2)

    assert not runs(int(begun))
    assert keeper.err.read_text() == "calm-0 ended and is started again.\n"
    assert len(keeper.starts("calm-1")) == 1
    assert len(keeper.left()) == 4


def test_program_that_keeps_dying_comes_back_after_growing_pauses(keeper):
    keeper.start("dying", "calm")
    keeper.wait_until(lambda: len(keeper.starts("dying")) == 3)

    first, second, third = (float(at) for *_start, at in keeper.starts("dying"))
    assert second - first >= 1
    assert third - second >= 2
    assert len(keeper.starts("calm")) == 1


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_leaves_nothing_behind(keeper, stop):
    keeper.start("calm", "calm", "calm")
    keeper.wait_until(lambda: len(keeper.starts()) == 3)

    os.killpg(keeper.process.pid, stop)  # as the terminal does

    assert keeper.process.wait(timeout=10) == 0
    assert keeper.left() == []


def test_second_signal_does_not_wait_for_a_program_that_will_not_stop(keeper):
    keeper.start("stubborn", "calm")
    keeper.wait_until(lambda: len(keeper.starts()) == 2)
    [[_name, *stubborn, _at]] = keeper.starts("stubborn")

    keeper.process.send_signal(signal.SIGINT)
    keeper.wait_until(lambda: len(keeper.left()) == 2)
    assert keeper.left() == [int(pid) for pid in stubborn]
    keeper.process.send_signal(signal.SIGINT)

    assert keeper.process.wait(timeout=10) == 0
    assert keeper.left() == []


def test_terminal_that_closes_does_not_stop_what_runs_under_nohup(keeper):
    keeper.start("nohup", "calm")
    keeper.wait_until(lambda: keeper.starts("calm"))

    keeper.process.send_signal(signal.SIGHUP)
    time.sleep(1)

    assert keeper.process.poll() is None
    assert len(keeper.left()) == 2
