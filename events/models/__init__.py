"""An edition, where it takes place and with whom."""

from events.models.edition import Edition
from events.models.figure import Figure
from events.models.partner import Partner
from events.models.press_release import PressRelease
from events.models.venue import Room, Venue

__all__ = ["Edition", "Figure", "Partner", "PressRelease", "Room", "Venue"]
