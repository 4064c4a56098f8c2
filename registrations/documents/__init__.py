"""What registrations give on paper and in a calendar."""

from registrations.documents.badges import (
    badge_attachment,
    badge_parts,
    badge_pdf,
    badges_made,
    print_badges,
)
from registrations.documents.calendars import calendar_attachment, calendar_file

__all__ = [
    "badge_attachment",
    "badge_parts",
    "badge_pdf",
    "badges_made",
    "calendar_attachment",
    "calendar_file",
    "print_badges",
]
