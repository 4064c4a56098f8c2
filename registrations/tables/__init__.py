"""Participants, organisations, and the programme with its seats, in a spreadsheet."""

from registrations.tables.organisations import Organisations
from registrations.tables.participants import Participants
from registrations.tables.programme import Programme

__all__ = ["Organisations", "Participants", "Programme"]
