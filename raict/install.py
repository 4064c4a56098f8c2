"""Sets a machine up: Debian packages, then the virtual environment. Standard library only.

    python3 -I raict/install.py run     what serving the site needs
    python3 -I raict/install.py check   the linters besides
    python3 -I raict/install.py test    PostgreSQL, Redis, Chromium … besides
    python3 -I raict/install.py deps    compiles requirements*.in

What is there already is left alone, so that a second call takes a fraction of a second.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
VENV = TOP / ".venv"
# WeasyPrint draws with Pango; harfbuzz-subset makes its fonts small.
RUN_PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
TEST_PACKAGES = [*RUN_PACKAGES, "chromium", "gettext", "postgresql", "redis-server"]
PACKAGES = {"run": RUN_PACKAGES, "check": [*RUN_PACKAGES, "gettext"], "test": TEST_PACKAGES}
LISTS_BESIDES = {"run": [], "check": ["requirements-dev.txt"], "test": ["requirements-dev.txt"]}
OLDEST_PYTHON = (3, 11)


def main(purpose: str) -> None:
    os.chdir(TOP)
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"Python 3.11 or later is needed; python3 here is {sys.version.split()[0]}.")
    if purpose == "deps":
        compile_lists()
        return
    wanted = list(PACKAGES[purpose])
    if not VENV.exists() and not python_makes_environments():
        wanted.append("python3-venv")
    install_packages([name for name in wanted if not is_installed(name)])
    install_python_packages("requirements.txt", *LISTS_BESIDES[purpose])


def say(sentence: str) -> None:
    print(sentence, flush=True)


# ---------------------------------------------------------------------------- Debian packages
def python_makes_environments() -> bool:
    """Debian ships venv without ensurepip unless python3-venv is there."""
    return (
        subprocess.run(
            [sys.executable, "-c", "import ensurepip, venv"], check=False, capture_output=True
        ).returncode
        == 0
    )


def is_installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    try:
        answer = subprocess.run(query, check=False, capture_output=True, text=True)
    except FileNotFoundError:
        sys.exit(
            "dpkg-query is missing: this command knows Debian and Ubuntu (see docs/operations.md)."
        )
    return answer.stdout == "installed"


def install_packages(missing: list[str]) -> None:
    """Install them as root or through sudo; with neither, say which they are and stop."""
    if not missing:
        return
    root = [] if os.geteuid() == 0 else ["sudo"]
    if root and shutil.which("sudo") is None:
        sys.exit(
            f"These packages are missing: {', '.join(missing)}. "
            f"As root: apt-get update && apt-get install --no-install-recommends {' '.join(missing)}"
        )
    say(f"Installing {', '.join(missing)} …")
    apt = [
        *root,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-qq",
        "-o",
        "Dpkg::Use-Pty=0",
    ]
    with no_daemons(root, missing):
        for step in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
            if subprocess.run([*apt, *step], check=False, stdout=subprocess.DEVNULL).returncode:
                sys.exit(
                    f"apt-get {step[0]} failed; these packages are missing: {', '.join(missing)}."
                )


@contextmanager
def no_daemons(root: list[str], packages: list[str]) -> Iterator[None]:
    """Debian starts a server as soon as it is installed; the tests bring their own, so not here.

    The two files are Debian's own switches for that, and are taken away again.
    """
    switches = {}
    if "redis-server" in packages or "postgresql" in packages:
        switches["/usr/sbin/policy-rc.d"] = "#!/bin/sh\nexit 101\n"
        switches["/etc/postgresql-common/createcluster.d/raict.conf"] = (
            "create_main_cluster = false\n"
        )
    switches = {path: text for path, text in switches.items() if not Path(path).exists()}
    for path, text in switches.items():
        subprocess.run([*root, "mkdir", "-p", str(Path(path).parent)], check=True)
        subprocess.run(
            [*root, "tee", path], input=text, text=True, stdout=subprocess.DEVNULL, check=True
        )
        subprocess.run([*root, "chmod", "755", path], check=True)
    try:
        yield
    finally:
        for path in switches:
            subprocess.run([*root, "rm", "-f", path], check=True)


# ------------------------------------------------------------------------- virtual environment
def install_python_packages(*lists: str) -> None:
    """Bring .venv to what the lists pin. A stamp for each says that nothing has to be done."""
    python = VENV / "bin" / "python"
    if not python.exists() or subprocess.run([python, "-c", ""], check=False).returncode:
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    for name in lists:
        stamp = VENV / f"{name}.installed"
        facts = f"{sys.version} {VENV} {Path(name).read_text()}"
        wanted = hashlib.sha256(facts.encode()).hexdigest()
        if stamp.exists() and stamp.read_text() == wanted:
            continue
        say(f"Installing the Python packages of {name} …")
        if not (with_uv(python, name) or with_pip(python, name)):
            sys.exit("The Python packages could not be installed: see the lines above.")
        stamp.write_text(wanted)


def with_uv(python: Path, name: str) -> bool:
    """uv installs ten times faster than pip. It asks the package index that pip is set to."""
    if not with_pip(python, "requirements-uv.txt", quiet=True):
        return False
    index = (
        os.environ.get("PIP_INDEX_URL")
        or subprocess.run(
            [python, "-m", "pip", "config", "get", "global.index-url"],
            check=False,
            capture_output=True,
            text=True,
        ).stdout.strip()
    )
    environment = {**os.environ, "UV_SYSTEM_CERTS": "true"}
    if index:
        environment["UV_DEFAULT_INDEX"] = index
    command = [VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", python]
    command += ["--require-hashes", "--requirement", name]
    return subprocess.run(command, check=False, env=environment).returncode == 0


def with_pip(python: Path, name: str, *, quiet: bool = False) -> bool:
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--requirement", name]
    streams = {"stderr": subprocess.DEVNULL} if quiet else {}
    return subprocess.run(command, check=False, **streams).returncode == 0


def compile_lists() -> None:
    """Pin every package of requirements*.in, for each Python and machine, with hashes."""
    install_packages([] if python_makes_environments() else ["python3-venv"])
    install_python_packages("requirements.txt")
    compile_command = [
        VENV / "bin" / "uv",
        "pip",
        "compile",
        "--universal",
        "--python-version",
        "3.11",
    ]
    compile_command += ["--generate-hashes", "--no-strip-extras", "--no-emit-index-url", "--quiet"]
    for name in ("requirements", "requirements-dev", "requirements-uv"):
        subprocess.run([*compile_command, f"{name}.in", "--output-file", f"{name}.txt"], check=True)


if __name__ == "__main__":
    main(sys.argv[1])
