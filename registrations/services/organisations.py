"""The organisation that somebody names: known under any spelling, or written once."""

from collections.abc import Iterable

from raict.typography import folded
from registrations.models import Organisation

_BATCH = 500


def find_organisation(name: str | Organisation | None, country: str) -> Organisation | None:
    """The organisation of that name, known or still to be written; None without a name.

    Under a spelling that was merged into another one, that one.
    """
    if name is None or isinstance(name, Organisation):
        return name
    key = folded(name)
    if not key:
        return None
    known = Organisation.objects.filter(name_folded=key, country=country).first()
    merged = Organisation.objects.filter(other_names__name_folded=key, other_names__country=country)
    return known or merged.first() or Organisation(name=name, country=country)


def write_organisation(organisation: Organisation | None) -> Organisation | None:
    """The row, written if it is new; two people who name it at the same time share it.

    Inside a transaction, to whose end the row stays: if it was merged since it was found, the one
    that goes on instead.
    """
    if organisation is None:
        return None
    name, country = organisation.name, organisation.country.code
    if organisation.pk:
        held = Organisation.objects.held(organisation.pk)
        return held or write_organisation(find_organisation(name, country))
    written, _created = Organisation.objects.get_or_create(
        name_folded=folded(name), country=country, defaults={"name": name}
    )
    return written


def write_organisations(named: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Organisation]:
    """Many at once, by name and country: each known under any spelling, or written.

    Answers them by folded name and country. A few queries, however many they are.
    """
    wanted = {}
    for name, country in named:
        if key := folded(name):
            wanted.setdefault((key, country), name)
    found = _standing(wanted)
    Organisation.objects.bulk_create(
        (
            Organisation(name=name, name_folded=key, country=country)
            for (key, country), name in wanted.items()
            if (key, country) not in found
        ),
        batch_size=_BATCH,
        ignore_conflicts=True,  # somebody names it at the same time: theirs is shared
    )
    return found if len(found) == len(wanted) else _standing(wanted)


def _standing(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Organisation]:
    keys = sorted({key for key, _country in wanted})
    found = {}
    for start in range(0, len(keys), _BATCH):
        rows = Organisation.objects.filter(name_folded__in=keys[start : start + _BATCH])
        found |= {(row.name_folded, row.country.code or ""): row for row in rows}
    return {pair: found[pair] for pair in wanted if pair in found}
