"""Who may be registered twice, and which organisations may be one. For the team to look at.

Only rows that share a key are compared, never each with each: fifty thousand registrations take a
second or two. Two names of organisations that differ by one letter (left out, added, wrong, or swapped with its neighbour)
share the text that is left when one letter is taken out of each.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from difflib import SequenceMatcher
from itertools import combinations

from events.models import Edition
from raict.typography import folded
from registrations.models import Organisation, Registration

# What is written before a name, or left out, in French and English: « Mairie de Lyon », « Lyon ».
# « Métropole », « département », « région » stay: they are other bodies.
_NO_NAME = frozenset(
    [
        "ville",
        "villes",
        "mairie",
        "maire",
        "commune",
        "communes",
        "municipalite",
        "hotel",
        "city",
        "town",
        "council",
        "municipality",
        "de",
        "du",
        "des",
        "d",
        "la",
        "le",
        "les",
        "l",
        "of",
        "the",
        "et",
        "and",
        "en",
        "a",
    ]
)
# Before the @, of no person: they are shared.
_SHARED = frozenset(
    [
        "accueil",
        "administration",
        "bonjour",
        "cabinet",
        "communication",
        "contact",
        "direction",
        "dri",
        "info",
        "mairie",
        "international",
        "presse",
        "press",
        "secretariat",
        "welcome",
    ]
)
# Shorter words are too often one letter from another name: « Nice », « Vire ».
_SHORTEST = 5
_SIMILAR = 0.85
Group = list[int]


def core(name: str) -> str:
    """What names an organisation: « Ville de Lyon » and « LYON (mairie) » are both « lyon »."""
    words = folded(name).split()
    return " ".join(sorted(word for word in words if word not in _NO_NAME) or sorted(words))


def similar_organisations() -> list[list[Organisation]]:
    """Groups of one country whose names say the same, or differ by one letter; the largest first."""
    rows = Organisation.objects.order_by("pk").values_list("pk", "name", "country")
    pairs = _Pairs()
    for pk, name, country in rows:
        for key in _keys(core(name)):
            pairs.add(pk, country, key)
    known = Organisation.others.through.objects
    others = known.values_list("from_organisation", "to_organisation")
    groups = _groups(pairs, set(others))
    found = Organisation.objects.in_bulk()
    return [[found[pk] for pk in group] for group in groups]


def possible_doubles(edition: Edition) -> list[list[Registration]]:
    """Groups of registrations that stand, which may be one person's; the largest first.

    Their names are alike, in whatever order, and they are of one organisation (however it is written)
    or have the same address before the @; without any organisation, the names are the same.
    """
    rows = edition.registrations.live().order_by("pk")
    values = rows.values_list("pk", "first_name", "last_name", "email", "organisation__name")
    pairs, names = _Pairs(), {}
    for pk, first, last, email, organisation in values:
        names[pk] = " ".join(sorted(folded(f"{first} {last}").split()))
        at = core(organisation or "")
        for word in names[pk].split() if at else [names[pk]]:
            pairs.add(pk, "organisation", at, word)
        local = email.partition("@")[0].lower()
        if local not in _SHARED:
            pairs.add(pk, "address", local)
    known = Registration.others.through.objects.filter(from_registration__edition=edition)
    others = known.values_list("from_registration", "to_registration")

    def is_like(first: int, second: int) -> bool:
        return SequenceMatcher(None, names[first], names[second]).ratio() >= _SIMILAR

    groups = _groups(pairs, set(others), is_like)
    keys = [pk for group in groups for pk in group]
    found = {}
    for start in range(0, len(keys), 1000):
        batch = rows.select_related("organisation", "category").in_bulk(keys[start : start + 1000])
        found.update(batch)
    return [[found[pk] for pk in group] for group in groups]


def _keys(text: str) -> Iterator[str]:
    """The text, and what is left of it without one of its letters. Figures are no letters."""
    yield text
    if len(text) >= _SHORTEST:
        for number, sign in enumerate(text):
            if sign.isalpha():
                yield text[:number] + text[number + 1 :]


class _Pairs:
    """Rows that share a key."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, set[int]] = defaultdict(set)

    def add(self, pk: int, *key: Hashable) -> None:
        self._rows[key].add(pk)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        for rows in self._rows.values():
            if len(rows) > 1:
                yield from combinations(sorted(rows), 2)


def _groups(
    pairs: Iterable[tuple[int, int]], others: set[tuple[int, int]], is_like=None
) -> list[Group]:
    """Rows joined by pairs, but for those that the team has told apart; the largest group first."""
    leader: dict[int, int] = {}

    def lead(pk: int) -> int:
        while leader.setdefault(pk, pk) != pk:
            pk = leader[pk]
        return pk

    for first, second in set(pairs):
        if (first, second) not in others and (is_like is None or is_like(first, second)):
            leader[lead(second)] = lead(first)
    groups: dict[int, Group] = defaultdict(list)
    for pk in sorted(leader):
        groups[lead(pk)].append(pk)
    found = [group for group in groups.values() if len(group) > 1]
    return sorted(found, key=lambda group: (-len(group), group))
