"""The organisation that somebody names: known under any spelling, or written once."""

from raict.typography import folded
from registrations.models import Organisation


def find_organisation(name: str | Organisation | None, country: str) -> Organisation | None:
    """The organisation of that name, known or still to be written; None without a name."""
    if name is None or isinstance(name, Organisation):
        return name
    key = folded(name)
    if not key:
        return None
    known = Organisation.objects.filter(name_folded=key, country=country).first()
    return known or Organisation(name=name, country=country)


def write_organisation(organisation: Organisation | None) -> Organisation | None:
    """The row, written if it is new; two people who name it at the same time share it."""
    if organisation is None or organisation.pk:
        return organisation
    written, _created = Organisation.objects.get_or_create(
        name_folded=folded(organisation.name),
        country=organisation.country,
        defaults={"name": organisation.name},
    )
    return written
