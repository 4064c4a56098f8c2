"""What accredited people read, before everybody else where there is an embargo. Nothing is written."""

from django.db.models import QuerySet

from events.models import PressRelease
from events.press.reading import Published, readable
from registrations.models import Registration


def is_accredited(registration: Registration) -> bool:
    """The accreditation stands, and so does the registration."""
    return registration.is_live and registration.accreditations.accepted().exists()


def releases_for(registration: Registration) -> QuerySet[PressRelease]:
    """The published releases of the edition to which the person is accredited; none for others."""
    if not is_accredited(registration):
        return PressRelease.objects.none()
    return _published(registration)


def press_room(registration: Registration) -> list[Published] | None:
    """Those releases as they are read, the latest first; None for people who are not accredited."""
    return readable(_published(registration)) if is_accredited(registration) else None


def _published(registration: Registration) -> QuerySet[PressRelease]:
    return PressRelease.objects.published().filter(edition=registration.edition_id)
