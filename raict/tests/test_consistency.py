"""The project reads itself: what drifts apart unseen is held together here."""

import ast
import hashlib
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation

from raict.tests.sources import (
    APPS,
    TOP,
    files,
    included,
    python_files,
    strings,
    template_names,
    tree,
)

# Templates that Django itself asks for by their name.
ASKED_FOR_BY_DJANGO = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html")
# Models without a page of their own in the staff workplace, and why.
NOT_IN_THE_ADMIN = {
    "accounts.SavedFilter": "kept and deleted above the list that it is of",
    "accounts.ShippedRole": "what a group was given last, for `manage.py prepare`",
    "events.Publication": "read on the page of its press release, and changed by nobody",
    "events.SignOff": "signed and read on the page of the check",
    "tables.Line": "read on the page of its import, and changed by nobody",
    "events.Revision": "the history of its press release",
    "registrations.Change": "read in the history on the page of its registration",
    "registrations.Note": "written and read on the page of its registration, never changed",
}
# First words that are proper names.
PROPER_NAMES = ("RAICT", "Café", "Cafés", "French", "English", "français", "anglais")


def our_models():
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in APPS]


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# --------------------------------------------------------------------------------- templates
def named_in_python() -> set[str]:
    """Names and patterns of templates in the code, those of mails among them (`emails/<name>.txt`)."""
    found = {
        text for path in python_files() for text in strings(path) if not re.search(r"\s", text)
    }
    names = {text for text in found if re.search(r"\.(html|txt|xml|svg)$", text)}
    mails = {text for text in found if re.fullmatch(r"[a-z_]+", text)}
    names = {text for text in names if not text.startswith("emails/*")}
    return names | {
        f"emails/{text}{end}" for text in mails for end in (".subject.txt", ".txt", ".html")
    }


def test_every_template_is_used():
    used = included() | named_in_python() | set(ASKED_FOR_BY_DJANGO)
    unused = {
        name
        for name in template_names()
        if not any(fnmatch(name, pattern) for pattern in used) and not is_admins(name)
    }

    assert unused == set()


def is_admins(name: str) -> bool:
    """The admin looks for admin/<app>/<model>/<page>.html, and ours replace some of its own."""
    parts = name.split("/")
    page = parts[-1]
    if parts[0] != "admin" or len(parts) > 4:
        return False
    if len(parts) == 4:
        apps.get_model(parts[1], parts[2])
    shipped = Path(admin.__file__).parent / "templates" / "admin" / page
    return shipped.exists()


def test_every_named_template_exists():
    folders = {name.split("/")[0] for name in template_names() if "/" in name} - {"emails"}
    named = included() | {
        name for name in named_in_python() if name.split("/")[0] in folders and "*" not in name
    }

    assert {name for name in named if is_missing(name)} == set()


def is_missing(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return True
    return False


# ------------------------------------------------------------------------------------ models
def test_no_model_refers_to_http_sessions():
    """`sessions.Session` as a string is Django's table of HTTP sessions, and nothing says so."""
    wrong = {
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields(include_hidden=True)
        if field.related_model
        and field.related_model.__module__.startswith("django.contrib.sessions")
    }

    assert wrong == set()


def test_every_model_is_in_the_admin():
    registered = set(admin.site._registry)
    inlines = {inline.model for page in admin.site._registry.values() for inline in page.inlines}
    absent = {
        model._meta.label
        for model in our_models()
        if model not in registered | inlines and not model._meta.auto_created
    }

    assert absent == set(NOT_IN_THE_ADMIN)


def test_parts_of_an_admin_class_do_not_hide_each_others_methods():
    """Pages are mixed into one class: of two methods of one name, one would never be called.

    Django's own names may be refined; a name of ours is refined only by what calls it (super).
    """
    hidden = set()
    for page in admin.site._registry.values():
        ours = [one for one in type(page).__mro__ if one.__module__.split(".")[0] in APPS]
        for number, part in enumerate(ours):
            for name, method in vars(part).items():
                is_ours = name.startswith("_") and not name.startswith("__") and callable(method)
                below = [one for one in ours[number + 1 :] if name in vars(one)]
                if is_ours and below and "super" not in method.__code__.co_names:
                    hidden.add((part.__name__, name, below[0].__name__))

    assert hidden == set()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_names_of_models_and_fields_start_in_lower_case(language):
    with translation.override(language):
        names = {
            str(name)
            for model in our_models()
            for name in (
                model._meta.verbose_name,
                model._meta.verbose_name_plural,
                *(field.verbose_name for field in model._meta.local_fields),
            )
        }
        wrong = {name for name in names if not starts_low(name)}

    assert wrong == set()


def starts_low(name: str) -> bool:
    word = re.split(r"[\s(’']", name)[0]
    return word[0].islower() or word.isupper() or word in PROPER_NAMES


# --------------------------------------------------------------------------------- settings
def test_environment_and_its_example_name_the_same_variables():
    reader = re.compile(r"(?:\benv\.\w+|\btext)\(\s*\"([A-Z][A-Z_]+)\"")
    read = {name for path in python_files() for name in reader.findall(path.read_text())}
    shown = set(re.findall(r"^#? ?([A-Z_]+)=", (TOP / ".env.example").read_text(), re.MULTILINE))

    assert read == shown


def test_operations_page_explains_every_variable():
    shown = set(re.findall(r"^#? ?([A-Z_]+)=", (TOP / ".env.example").read_text(), re.MULTILINE))
    explained = set(re.findall(r"`([A-Z_]+)`", (TOP / "docs" / "operations.md").read_text()))

    assert shown - explained == set()


# ------------------------------------------------------------------------------------- files
def test_vendored_files_are_the_ones_that_were_taken():
    table = (TOP / "static" / "VENDORED.md").read_text()
    rows = dict(re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", table, re.MULTILINE))
    vendored = {
        str(path.relative_to(TOP / "static")): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files()
        if path.is_relative_to(TOP / "static")
        and ("vendor" in path.parts or path.suffix == ".woff2")
        and not path.name.startswith("LICENSE")
    }

    assert vendored == rows


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-uv"])
def test_package_lists_are_compiled(name):
    """Every package of the .in list is pinned in the .txt one, with a hash."""
    wished = re.findall(r"^([a-z0-9][a-z0-9-]*)", (TOP / f"{name}.in").read_text(), re.MULTILINE)
    pins = re.findall(
        r"^([a-z0-9-]+)==.*\n +--hash", (TOP / f"{name}.txt").read_text(), re.MULTILINE
    )

    assert [package for package in wished if package not in pins] == []


def test_project_speaks_of_itself_alone():
    """No path of the machine where somebody happened to write it."""
    elsewhere = re.compile(
        "|".join(["/" + "work/", "/" + "root\\b", r"\.\./" + "shared", "/" + "home/"])
    )
    wrong = {
        f"{path.relative_to(TOP)}: {match.group()}"
        for path in files()
        if path.suffix not in {".woff2", ".mo", ".png", ".jpg"} and "vendor" not in path.parts
        for match in [elsewhere.search(path.read_text())]
        if match
    }

    assert wrong == set()


def test_no_test_is_skipped():
    """A test that needs a component fails where it is missing (conftest.py sees to the rest)."""
    words = {"skip", "skipif", "skipIf", "skipUnless", "skipTest", "importorskip", "xfail"}
    wrong = {
        f"{path.relative_to(TOP)}:{node.lineno}"
        for path in python_files(tests=True)
        for node in ast.walk(tree(path))
        if getattr(node, "attr", None) in words
    }

    assert wrong == set()


def test_modules_stay_readable():
    """A file is split by noun at about 400 lines."""
    long = {
        str(path.relative_to(TOP)): count
        for path in python_files()
        if (count := len(path.read_text().splitlines())) > 500
    }

    assert long == {}
