"""`make bench`: how many registrations a second the site bears, and whether a rush stays exact.

The press room comes after (press.py), then a spreadsheet of 5,000 people (tables.py), and the team's
workplace last (admin.py); the word `press` or `admin` behind the command measures it alone, as
`python -m raict.tests.load.tables` does the spreadsheet.

A PostgreSQL, a Redis and a gunicorn of its own, as in production: DEBUG off, static files collected,
two workers, every commit written through to the disk. No Celery worker runs meanwhile: mails are
written and queued, and wait. 5,000 people are registered before the first measure.

Speed is told, never judged, because machines differ; the exit status is 1 if a seat, a rank, a
counter or an answer is not as it must be.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import django
import gunicorn

from raict.tests import run
from raict.tests.load import admin, meter, press, tables
from raict.tests.load.people import Outcome, Plan, crowd
from raict.tests.load.seed import PEOPLE, SEATS_OF_THE_RUSH

CLIENTS = 8
WARM_UP = 4  # seconds
MEASURE = 20  # seconds
RUSH = 1_000  # people
RUSHING = 16  # clients


def main() -> int:
    os.chdir(run.TOP)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))  # so that `finally` is reached
    with tempfile.TemporaryDirectory(prefix="raict-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        environment = {
            **run.bare_environment(folder),
            "DJANGO_SETTINGS_MODULE": "raict.settings",
            "RAICT_DEMO": "false",
            "WEB_WORKERS": "2",
            "FORM_POSTS_PER_ADDRESS": "0",
        }
        with run.postgresql(folder, durable=True) as database, run.redis(folder) as broker:
            environment |= {"DATABASE_URL": database, "REDIS_URL": broker}
            with site(environment, folder) as (server, postgres):
                if "press" in sys.argv:
                    return 1 if press.tell(environment, server, say) else 0
                if "admin" in sys.argv:
                    admin.tell(environment, say)
                    return 0
                return bench(environment, server, postgres)


def bench(environment: dict[str, str], server: int, postgres: int) -> int:
    say(f"Writing {PEOPLE} registrations …")
    facts = seed(environment, "fill")
    port = int(environment["PORT"])
    say(f"Warming up for {WARM_UP} s, then measuring for {MEASURE} s …")
    warm = crowd(CLIENTS, Plan(port, "chaud", seconds=WARM_UP))
    loop = meter.python_loop()
    spent = [meter.processor_seconds(pid) for pid in (server, postgres)]
    measured = crowd(CLIENTS, Plan(port, "mesure", seconds=MEASURE))
    spent = [
        meter.processor_seconds(pid) - before
        for pid, before in zip((server, postgres), spent, strict=True)
    ]
    tell(measured, *spent, loop)
    wrong = unexpected({"registered": len([*warm.answers, *measured.answers])}, warm, measured)
    wrong += rush(environment, facts, waits=False)
    wrong += rush(environment, facts, waits=True)
    wrong += counted(environment, facts)
    wrong += press.tell(environment, server, say)
    wrong += tables.tell(environment, say)
    admin.tell(environment, say)
    for sentence in wrong:
        say(f"WRONG: {sentence}")
    say("Exact." if not wrong else "NOT EXACT.")
    return 1 if wrong else 0


def tell(measured: Outcome, server: float, postgres: float, loop: float) -> None:
    count = len(measured.answers)
    say(
        f"\nRegistrations: {count / measured.seconds:.1f} a second"
        f" ({count} in {measured.seconds:.1f} s, {CLIENTS} clients)"
    )
    parts = {
        "form page and sending": [answer.whole for answer in measured.answers],
        "form page (GET)": [answer.page for answer in measured.answers],
        "sending (POST)": [answer.sending for answer in measured.answers],
    }
    for name, times in parts.items():
        middle, most = (meter.percentile(times, share) * 1000 for share in (50, 95))
        say(f"  {name:22} p50 {middle:.0f} ms, p95 {most:.0f} ms, max {max(times) * 1000:.0f} ms")
    each = {"site": server, "PostgreSQL": postgres, "clients": measured.processor}
    told = ", ".join(f"{name} {spent * 1000 / count:.1f}" for name, spent in each.items())
    say(f"  processor, ms a registration: {told}")
    say(f"  a fixed Python loop on this machine, now: {loop:.2f} s")
    say(f"  {meter.machine()}, Django {django.__version__}, gunicorn {gunicorn.__version__}")
    say(
        "  How: HTTP on this machine, a new visitor each time; the form page with its CSRF token,"
        " then four sessions; mail queued, no worker running; 2 gunicorn workers of 2 threads;"
        " PostgreSQL with fsync and synchronous_commit on.\n"
    )


def rush(environment: dict[str, str], facts: dict, *, waits: bool) -> list[str]:
    """Everybody wants the same session of few seats; the second time they would wait for it."""
    opened = seed(environment, "rush", str(facts["edition"]), str(int(waits) + 1))
    session = str(opened["session"])
    prefix = "attente" if waits else "ruee"
    plan = Plan(int(environment["PORT"]), prefix, people=RUSH, session=session, waits=waits)
    outcome = crowd(RUSHING, plan)
    found = seed(environment, "verdict", str(facts["edition"]), session)
    seated, ranks = found["seated"][session], sorted(found["ranks"][session])
    say(
        f"Rush of {RUSH} on {SEATS_OF_THE_RUSH} seats"
        f"{', with the waiting list' if waits else ''}: {outcome.seconds:.1f} s,"
        f" {RUSHING} clients, slowest {max(one.whole for one in outcome.answers):.1f} s;"
        f" {seated} seated, {len(ranks)} in line"
    )
    for kind, count in sorted(kinds(outcome).items()):
        say(f"  {count:5} {kind}")
    left = RUSH - SEATS_OF_THE_RUSH
    if waits:
        wrong = unexpected({"registered": RUSH}, outcome)
        in_line = list(range(1, left + 1))
    else:
        wrong = unexpected({"registered": SEATS_OF_THE_RUSH, opened["full"]: left}, outcome)
        in_line = []
    if seated != SEATS_OF_THE_RUSH:
        wrong.append(f"{seated} people sit on {SEATS_OF_THE_RUSH} seats.")
    if ranks != in_line:
        wrong.append(f"the ranks in line are not 1 to {len(in_line)}: {ranks[:5]} … {ranks[-5:]}")
    return wrong


def counted(environment: dict[str, str], facts: dict) -> list[str]:
    """Every counter against the rows, and one mail for each new registration."""
    check = subprocess.run(
        ["python", "manage.py", "check_seats"],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    )
    wrong = [check.stderr.strip()] if check.returncode else []
    found = seed(environment, "verdict", str(facts["edition"]))
    if found["registered"] - PEOPLE != found["queued"]:
        new = found["registered"] - PEOPLE
        wrong.append(f"{found['queued']} mails are queued for {new} registrations.")
    return wrong


def unexpected(wanted: dict[str, int], *outcomes: Outcome) -> list[str]:
    answers = [answer for outcome in outcomes for answer in outcome.answers]
    found = Counter(answer.kind for answer in answers)
    return [] if found == wanted else [f"answers were {dict(found)} and not {wanted}."]


def kinds(outcome: Outcome) -> Counter[str]:
    return Counter(answer.kind for answer in outcome.answers)


def seed(environment: dict[str, str], *arguments: str) -> dict:
    command = ["python", "-m", "raict.tests.load.seed", *arguments]
    return json.loads(subprocess.check_output(command, env=environment))


@contextlib.contextmanager
def site(environment: dict[str, str], folder: Path) -> Iterator[tuple[int, int]]:
    """The site as `make run` and production serve it; the processes of gunicorn and PostgreSQL."""
    subprocess.run(["python", "manage.py", "prepare"], check=True, env=environment)
    log = folder / "gunicorn.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                "setpriv",
                "--pdeathsig=TERM",
                "--",
                "gunicorn",
                "--config",
                "python:raict.serving",
                "raict.wsgi",
            ],
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        run.wait_for(int(environment["PORT"]), process, "gunicorn")
        pid_file = folder / "postgresql" / "cluster" / "postmaster.pid"
        yield process.pid, int(pid_file.read_text().split()[0])
    finally:
        run.stop(process, signal.SIGTERM)
        print(log.read_text()[-2000:], end="", file=sys.stderr)


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
