"""The programme and its speakers in a spreadsheet."""

from sessions.tables.programme import ProgrammeTable
from sessions.tables.speakers import Speakers

__all__ = ["ProgrammeTable", "Speakers"]
