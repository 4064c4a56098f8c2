"""The French catalogue is complete, compiled, and set in French typography."""

import ast
import os
import re
import shutil
import subprocess
import sys
from gettext import GNUTranslations
from pathlib import Path

import django
import pytest

from raict.tests.sources import TOP, files, python_files, tree

FOLDER = TOP / "raict" / "locale" / "fr" / "LC_MESSAGES"
# No typography: a placeholder, a tag, an address, a piece of an edition file.
MACHINE = re.compile(
    r"%\(\w+\)[sd]|%%|%[sd]|\{[^{}]*\}|<[^<>]*>|https?://\S+|&\w+;"
    r"|\w+ = \"[^\"]*\"|\"[A-Z]{2}\"|\"\d+[:h]\d+\""
)


def gettext_tool(name: str) -> str:
    path = shutil.which(name)
    assert path, f"{name} is missing: apt-get install gettext"
    return path


def read_catalogue(path) -> dict:
    with path.open("rb") as file:
        catalogue = GNUTranslations(file)._catalog
    return {key: value for key, value in catalogue.items() if key}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory) -> dict:
    """What the .po file says, without what is fuzzy or untranslated."""
    path = tmp_path_factory.mktemp("catalogue") / "django.mo"
    subprocess.run(
        [gettext_tool("msgfmt"), "--check", "-o", path, FOLDER / "django.po"], check=True
    )
    return read_catalogue(path)


def test_compiled_catalogue_is_fresh(compiled):
    assert read_catalogue(FOLDER / "django.mo") == compiled


def test_nothing_is_fuzzy_or_obsolete():
    text = (FOLDER / "django.po").read_text()

    assert re.findall(r"^#, .*fuzzy|^#~.*", text, re.MULTILINE) == []


def test_every_string_is_translated(compiled, tmp_path):
    """What makemessages finds in a copy of the sources is what the catalogue answers."""
    gettext_tool("xgettext")
    wanted = [path for path in files() if path.suffix in {".py", ".html", ".txt"}]
    for path in wanted:
        if "tests" in path.parts or path.parent == TOP:
            continue
        copy = tmp_path / path.relative_to(TOP)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    locale = tmp_path / "locale" / "fr" / "LC_MESSAGES"
    locale.mkdir(parents=True)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "fr", "--no-obsolete"],
        cwd=tmp_path,
        # Without our settings, which name another folder for catalogues.
        env={"PATH": os.environ["PATH"]},
        check=True,
        capture_output=True,
    )
    subprocess.run(
        ["msgen", "-o", locale / "all.po", locale / "django.po"], check=True, capture_output=True
    )
    subprocess.run(["msgfmt", "-o", locale / "all.mo", locale / "all.po"], check=True)
    found = {singular(key) for key in read_catalogue(locale / "all.mo")} - answered_by_django()
    answered = {singular(key) for key in compiled} - answered_by_django()

    assert sorted(found - answered) == []  # not translated
    assert sorted(answered - found) == []  # of no use any more


def answered_by_django() -> set[str]:
    """Our copies of the admin's own templates keep its sentences."""
    own = Path(django.__file__).parent
    files = own.glob("c*/**/locale/fr/LC_MESSAGES/django.mo")
    return {singular(key) for path in files for key in read_catalogue(path)}


def singular(key) -> str:
    return key[0] if isinstance(key, tuple) else key


def test_no_f_string_translates():
    """xgettext does not look into them: the sentence would stay English."""
    callers = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
    unseen = [
        f"{path.relative_to(TOP)}:{call.lineno}"
        for path in python_files()
        for text in ast.walk(tree(path))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in callers
    ]

    assert unseen == []


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        ("typewriter apostrophe", r"\w'\w"),
        ("typewriter quotation mark", r"\""),
        ("plain or no space before a high sign", r"(?:\w| )[;!?»](?:\s|$)|(?: |\w):(?:\s|$)"),
        ("plain or no space after «", r"«(?: |\w)"),
        ("two no-break spaces", r"[\u00a0\u202f]{2}"),
        ("three dots", r"\.\.\."),
    ],
)
def test_typography_is_french(compiled, fault, pattern):
    wrong = [
        text
        for text in compiled.values()
        if re.search(pattern, MACHINE.sub("x", text).replace("&nbsp;", "\u00a0"))
    ]

    assert wrong == []
