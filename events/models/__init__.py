"""An edition, where it takes place and with whom; what the press is told of it."""

from events.models.edition import Edition
from events.models.figure import Figure
from events.models.partner import Partner
from events.models.press_kit import PressKit, PressPicture
from events.models.press_list import Mailing, MediumKind, PressContact, Recipient
from events.models.press_release import PressRelease, Quote, ReleaseContact
from events.models.publication import Publication, Revision, SignOff
from events.models.venue import Room, Venue

__all__ = [
    "Edition",
    "Figure",
    "Mailing",
    "MediumKind",
    "Partner",
    "PressContact",
    "PressKit",
    "PressPicture",
    "PressRelease",
    "Publication",
    "Quote",
    "Recipient",
    "ReleaseContact",
    "Revision",
    "Room",
    "SignOff",
    "Venue",
]
