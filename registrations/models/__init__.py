"""Who comes, and to which sessions."""

from registrations.models.accreditation import Accreditation
from registrations.models.booking import Booking, CafePreference, Quota
from registrations.models.change import Change, CheckIn, Note, Notice
from registrations.models.circular import Circular, CircularRecipient, TimedLetter
from registrations.models.organisation import Category, Membership, Organisation, OtherName
from registrations.models.registration import Consent, Needs, Registration, new_reference
from registrations.models.wording import Wording

__all__ = [
    "Accreditation",
    "Booking",
    "CafePreference",
    "Category",
    "Change",
    "CheckIn",
    "Circular",
    "CircularRecipient",
    "Consent",
    "Membership",
    "Needs",
    "Note",
    "Notice",
    "Organisation",
    "OtherName",
    "Quota",
    "Registration",
    "TimedLetter",
    "Wording",
    "new_reference",
]
