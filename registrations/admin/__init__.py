"""The team's pages for registrations, organisations and categories; seats of sessions and editions."""

from registrations.admin import edition, organisation, programme, registration

__all__ = ["edition", "organisation", "programme", "registration"]
