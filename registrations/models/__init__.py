"""Who comes, and to which sessions."""

from registrations.models.accreditation import Accreditation
from registrations.models.booking import Booking, CafePreference, Quota
from registrations.models.change import Change, CheckIn, Notice
from registrations.models.organisation import Category, Membership, Organisation
from registrations.models.registration import Consent, Needs, Registration, new_reference

__all__ = [
    "Accreditation",
    "Booking",
    "CafePreference",
    "Category",
    "Change",
    "CheckIn",
    "Consent",
    "Membership",
    "Needs",
    "Notice",
    "Organisation",
    "Quota",
    "Registration",
    "new_reference",
]
