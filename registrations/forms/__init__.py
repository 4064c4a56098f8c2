"""Forms check the shape of what was typed; rules and rows are in services."""

from registrations.forms.accreditation import AccreditationForm
from registrations.forms.link import LinkForm
from registrations.forms.registration import RegistrationForm

__all__ = ["AccreditationForm", "LinkForm", "RegistrationForm"]
