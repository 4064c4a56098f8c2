"""The team's pages for the programme."""

from sessions.admin import people, session

__all__ = ["people", "session"]
