"""Addresses that nobody typed: of sessions as the edition files have them (« 16-cafe-3 »), of people."""

from collections.abc import Collection, Container

from django.db.models import QuerySet
from django.utils.text import slugify

_LENGTH = 90


def proposed(number: int | str, words: str, kind: str, position: int | None) -> str:
    """The edition's number and the words, else the kind and the position."""
    words = words or f"{kind} {position or ''}".replace("_", " ")
    return slugify(f"{number} {words}")


def free(wanted: str, taken: Container[str]) -> str:
    """`wanted`, or with a number behind it when it is taken."""
    slug, number = wanted[:_LENGTH], 2
    while slug in taken:
        slug, number = f"{wanted[: _LENGTH - 4]}-{number}", number + 1
    return slug


def free_among(wanted: str, objects: QuerySet, given: Collection[str] = ()) -> str:
    """The same, where the addresses of these rows are taken, or `given` a moment ago. One query."""
    like = objects.filter(slug__startswith=wanted[: _LENGTH - 4])
    return free(wanted, {*given, *like.values_list("slug", flat=True)})
