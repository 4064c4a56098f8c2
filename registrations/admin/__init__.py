"""The team's pages for registrations, organisations and categories."""

from registrations.admin import organisation, registration

__all__ = ["organisation", "registration"]
