"""`make test`: linters, then every test on PostgreSQL, after those of seats and mail on SQLite.

Starts a PostgreSQL and a Redis of its own in a temporary folder, and takes them away at the end,
whatever the end is. Standard library only. `--linters` stops after the linters.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
# A production that `check --deploy` must find nothing to say about. Nothing of it is reached.
PRODUCTION = {
    "SECRET_KEY": "only-for-the-deployment-check-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "SITE_URL": "https://rencontres.example.org",
    "DATABASE_URL": "postgres://raict@127.0.0.1/raict",
    "REDIS_URL": "redis://127.0.0.1/0",
    "EMAIL_URL": "smtp+tls://raict:password@127.0.0.1:587",
    "DEFAULT_FROM_EMAIL": "RAICT <inscriptions@example.org>",
    "TRUSTED_PROXIES": "1",
}
LINTERS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "djlint rules": ["djlint", "templates", "--lint", "--quiet"],
    "djlint format": ["djlint", "templates", "--check"],
    "imports": ["lint-imports"],
    "catalogue": ["msgfmt", "--check", "-o", "/dev/null", "raict/locale/fr/LC_MESSAGES/django.po"],
    "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    "deployment": ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}


def main() -> int:
    os.chdir(TOP)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))  # so that `finally` is reached
    with tempfile.TemporaryDirectory(prefix="raict-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user and has a folder of its own below
        environment = bare_environment(folder)
        results = {name: lint(name, command, environment) for name, command in LINTERS.items()}
        if "--linters" in sys.argv:
            summarise(results)
            return worst(results)
        closing = ""
        with postgresql(folder) as database, redis(folder) as broker:
            results["tests on SQLite"], closing = pytest(
                environment, "-m", "sqlite", "--numprocesses", "2"
            )
            servers = {"DATABASE_URL": database, "REDIS_URL": broker}
            results["tests on PostgreSQL"], closing = pytest(
                {**environment, **servers}, "--numprocesses", "2", "--durations", "10"
            )
        summarise(results)
        print(closing)  # what a machine reads last is pytest's own account of the whole suite
        return worst(results)


def bare_environment(folder: Path) -> dict[str, str]:
    """The caller's, without what would lead the site to the caller's database, mail or files."""
    ours = {
        line.lstrip("# ").partition("=")[0]
        for line in (TOP / ".env.example").read_text().splitlines()
        if "=" in line
    }
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    own = {
        "ENV_FILE": os.devnull,
        "RAICT_VAR": str(folder / "var"),
        "PORT": str(free_port()),
        "PYTHONUNBUFFERED": "1",
        "PATH": os.pathsep.join([str(PROGRAMS), kept.get("PATH", os.defpath)]),
    }
    return {**kept, **own}


def heading(name: str) -> None:
    print(f"\n--- {name}", flush=True)


def lint(name: str, command: list[str], environment: dict[str, str]) -> int:
    heading(name)
    if name == "deployment":
        environment = {**environment, **PRODUCTION}
    if shutil.which(command[0], path=environment["PATH"]) is None:
        print(f"{command[0]} is missing: make test installs it.")
        return 1
    return subprocess.run(command, check=False, env=environment).returncode


def pytest(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Run it, pass its output on as it comes, and keep its last line."""
    heading(f"pytest {' '.join(arguments)}")
    last = ""
    process = subprocess.Popen(
        ["python", "-m", "pytest", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        bufsize=1,
        start_new_session=True,
    )
    try:
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            last = line.strip() or last
        process.wait()
    finally:
        stop(process, signal.SIGINT)
    return process.returncode, last


def stop(process: subprocess.Popen, how: signal.Signals) -> None:
    """Ctrl-C at the terminal reaches this script only: it stops, in order, what it started."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def summarise(results: dict[str, int]) -> None:
    heading("summary")
    for name, code in results.items():
        print(f"{'ok    ' if code == 0 else 'FAILED'}  {name}", flush=True)


def worst(results: dict[str, int]) -> int:
    return 1 if any(results.values()) else 0


# ----------------------------------------------------------------------------------- servers
@contextlib.contextmanager
def postgresql(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """A cluster of its own. PostgreSQL refuses root, so root lends it to Debian's user postgres.

    `durable`: every commit reaches the disk, as in production. Tests do without.
    """
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if not versions:
        sys.exit("PostgreSQL is missing: apt-get install postgresql")
    programs, data, port = versions[-1].parent, folder / "postgresql", free_port()
    data.mkdir(mode=0o700)
    become = []
    if os.geteuid() == 0:
        shutil.chown(data, "postgres", "postgres")
        become = ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
    initdb = [programs / "initdb", "--pgdata", data / "cluster", "--username", "raict"]
    initdb += ["--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    subprocess.run(
        ["setpriv", *become, "--", *initdb], check=True, stdout=subprocess.DEVNULL, cwd="/"
    )
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": str(data),
        "max_connections": "100",
        "logging_collector": "off",
        "log_min_messages": "fatal",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [programs / "postgres", "-D", data / "cluster", "-p", str(port), *options]
    # SIGINT makes it stop at once and in order.
    with server([*become, "--", *command], port, "PostgreSQL", signal.SIGINT):
        yield f"postgres://raict@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    if shutil.which("redis-server") is None:
        sys.exit("Redis is missing: apt-get install redis-server")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    options += ["--save", "", "--appendonly", "no", "--loglevel", "warning"]
    with server(["--", "redis-server", *options], port, "Redis", signal.SIGTERM):
        yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def server(command: list, port: int, name: str, how: signal.Signals) -> Iterator[None]:
    """Run it for as long as the block lasts, or, when this script is killed, as long as that lives."""
    process = subprocess.Popen(
        ["setpriv", f"--pdeathsig={how.name.removeprefix('SIG')}", *command],
        cwd="/",
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port, process, name)
        yield
    finally:
        stop(process, how)


def wait_for(port: int, process: subprocess.Popen, name: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    sys.exit(f"{name} did not start.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main())
