"""The team's pages for registrations, the press, organisations, categories; seats of sessions, editions."""

from registrations.admin import (
    accreditation,
    announcing,
    checkin,
    edition,
    organisation,
    programme,
    registration,
)

__all__ = [
    "accreditation",
    "announcing",
    "checkin",
    "edition",
    "organisation",
    "programme",
    "registration",
]
