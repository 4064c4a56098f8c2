"""The team's pages for registrations, the press, organisations, categories; seats of sessions, editions."""

from registrations.admin import (
    accreditation,
    announcing,
    checkin,
    circular,
    dashboard,
    edition,
    organisation,
    programme,
    registration,
    timed,
    wording,
)

__all__ = [
    "accreditation",
    "announcing",
    "checkin",
    "circular",
    "dashboard",
    "edition",
    "organisation",
    "programme",
    "registration",
    "timed",
    "wording",
]
