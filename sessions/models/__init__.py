"""What happens when, in which room, with whom.

The application's label is `programme`: « sessions » is the label of Django's HTTP sessions, and a
foreign key written "sessions.Session" would silently point at them.
"""

from sessions.models.move import Announcement, Move
from sessions.models.person import Appearance, Person, PersonQuerySet
from sessions.models.session import (
    ASSUMED_LENGTH,
    Cafe,
    GeographicMeeting,
    Plenary,
    Session,
    SessionQuerySet,
    ThematicWorkshop,
    with_margin,
)

__all__ = [
    "ASSUMED_LENGTH",
    "Announcement",
    "Appearance",
    "Cafe",
    "GeographicMeeting",
    "Move",
    "Person",
    "PersonQuerySet",
    "Plenary",
    "Session",
    "SessionQuerySet",
    "ThematicWorkshop",
    "with_margin",
]
