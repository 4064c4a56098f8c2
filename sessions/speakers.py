"""Speakers in the orders in which pages show them. Pure functions over loaded appearances."""

from collections.abc import Iterable
from itertools import groupby

from raict.typography import folded
from sessions.models import Appearance, Person


def by_role(appearances: Iterable[Appearance]) -> list[tuple[str, list[Appearance]]]:
    """Chair first, then moderation and so on; within a role, the team's order of precedence.

    Never alphabetical: who speaks before whom is decided by protocol, by hand.
    """
    rank = {role: place for place, role in enumerate(Appearance.Role.values)}
    ordered = sorted(appearances, key=lambda each: rank[each.role])
    return [
        (Appearance.Role(role).label, list(same))
        for role, same in groupby(ordered, lambda each: each.role)
    ]


def by_letter(
    appearances: Iterable[Appearance],
) -> list[tuple[str, list[tuple[Person, list[Appearance]]]]]:
    """People by surname, accents and capitals aside, under their initial; « # » for no letter."""
    theirs: dict[Person, list[Appearance]] = {}
    for appearance in appearances:
        theirs.setdefault(appearance.person, []).append(appearance)
    people = sorted(theirs.items(), key=lambda item: _surname_first(item[0]))
    return [
        (letter, list(same)) for letter, same in groupby(people, lambda item: _initial(item[0]))
    ]


def _surname_first(person: Person) -> tuple:
    return folded(person.last_name), folded(person.first_name), person.pk


def _initial(person: Person) -> str:
    first = folded(person.last_name)[:1].upper()
    return first if first.isalpha() else "#"
