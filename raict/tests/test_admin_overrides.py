"""Templates of ours in the place of Django's own: they extend them, so that upgrades come through."""

import re
from pathlib import Path

from django.contrib import admin

from raict.tests.sources import TOP

OWN = TOP / "templates" / "admin"
DJANGO = Path(admin.__file__).parent / "templates" / "admin"
# Pieces that Django includes and that have no blocks: replaced as a whole, and why.
WHOLE = {
    "change_list_object_tools.html": "« Add » without the name, which French cannot form of all",
    "filter.html": "the title of a filter without « By »",
    "pagination.html": "how many rows, without the name of the model",
    "search_form.html": "a label that is read, and an example in French",
}


def shadowing() -> dict[str, str]:
    """Our templates that stand where Django has one of that name, with their text."""
    pages = {path.name for path in DJANGO.glob("*.html")}
    return {
        str(path.relative_to(OWN)): path.read_text()
        for path in OWN.rglob("*.html")
        if path.name in pages
    }


def test_what_stands_in_the_place_of_djangos_extends_it():
    forked = {
        name
        for name, text in shadowing().items()
        if not re.search(rf'{{% extends "admin/(\w+/)*{Path(name).name}" %}}', text)
    }
    parents = {"base_site.html"}  # extends admin/base.html, as Django's own does
    assert forked - parents == set(WHOLE)


def test_replaced_pieces_are_still_asked_for_by_django():
    gone = {name for name in WHOLE if not (DJANGO / name).exists()}
    assert gone == set()


def test_blocks_of_ours_are_blocks_of_djangos():
    """A block that an upgrade has renamed would silently show nothing."""
    block = re.compile(r"{% block ([\w-]+)")
    base = block.findall((DJANGO / "base.html").read_text())
    wrong = {}
    for name, text in shadowing().items():
        known = {*base, *block.findall((DJANGO / Path(name).name).read_text())}
        if unknown := set(block.findall(text)) - known:
            wrong[name] = unknown
    assert wrong == {}
