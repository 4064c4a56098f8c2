"""Runs programs beside each other in the foreground: one that dies comes back, one signal stops all.

Each is forked from this process, so that the site, which is read already, need not be read again.
"""

import ctypes
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1  # linux/prctl.h
PATIENCE = 15  # seconds between asking to stop and not asking any more
LONGEST_PAUSE = 30  # seconds before a program that keeps dying is started again


@dataclass
class Program:
    name: str
    run: Callable[[], object]
    nice: int = 0
    pid: int = 0
    failures: int = 0
    started: float = 0.0
    due: float = field(default_factory=time.monotonic)

    def start(self) -> None:
        self.started = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            self._become()

    def _become(self) -> None:
        """In the new process: a group of its own, which Ctrl-C does not reach, and then the program."""
        os.setpgid(0, 0)
        stop_with_parent()
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.nice(self.nice)
        code = 1
        try:
            self.run()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        finally:
            os._exit(code)

    def ended(self, say: Callable[[str], None]) -> None:
        """It comes back at once, or after a growing pause if it hardly lived."""
        lived = time.monotonic() - self.started
        self.failures = 0 if lived > LONGEST_PAUSE else self.failures + 1
        pause = min(2 ** (self.failures - 1), LONGEST_PAUSE) if self.failures else 0
        self.pid, self.due = 0, time.monotonic() + pause
        say(f"{self.name} ended and is started again.")


def stop_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent dies, however it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def keep(programs: list[Program], say: Callable[[str], None]) -> None:
    """Keep them running until SIGINT, SIGTERM or SIGHUP; return when all have ended."""
    stops = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # nohup
        stops.remove(signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, stops | {signal.SIGCHLD})
    try:
        while not _next_signal(stops, seconds=0.5):
            for program in _ended(programs):
                program.ended(say)
            for program in programs:
                if not program.pid and time.monotonic() >= program.due:
                    program.start()
    finally:
        _stop(programs, stops)


def _next_signal(stops: set[signal.Signals], *, seconds: float) -> bool:
    """Whether one of them came within so long; the end of a program cuts the wait short."""
    received = signal.sigtimedwait(stops | {signal.SIGCHLD}, seconds)
    return received is not None and received.si_signo in stops


def _ended(programs: list[Program]) -> list[Program]:
    """Those that ended; what such a one had started itself ends with it."""
    ended = [
        program
        for program in programs
        if program.pid and os.waitpid(program.pid, os.WNOHANG) != (0, 0)
    ]
    for program in ended:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
    return ended


def _stop(programs: list[Program], stops: set[signal.Signals]) -> None:
    """Ask all at once; what is left after a while, or at a second Ctrl-C, is killed with its group."""
    running = [program for program in programs if program.pid]
    for program in running:
        os.kill(program.pid, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while running:
        hurry = _next_signal(stops, seconds=0.2) or time.monotonic() > end
        for program in _ended(running):
            running.remove(program)
        if hurry:
            for program in running:
                os.killpg(program.pid, signal.SIGKILL)
