"""The team's pages for registrations, organisations and categories; seats of sessions and editions."""

from registrations.admin import announcing, checkin, edition, organisation, programme, registration

__all__ = ["announcing", "checkin", "edition", "organisation", "programme", "registration"]
