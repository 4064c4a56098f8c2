"""The sessions that somebody has booked, as a calendar."""

from django.utils.translation import override

from raict.mail.models import Message
from registrations.documents.recipient import recipient_of
from registrations.models import Registration
from sessions.calendar import calendar


def calendar_file(registration: Registration) -> bytes:
    """The sessions that the person has booked, in their language; cancelled, those given back."""
    with override(registration.language):
        return calendar(
            registration.booked_sessions(),
            edition=registration.edition,
            revision=registration.revision,
            left=registration.left_sessions(),
        )


def calendar_attachment(message: Message) -> tuple[str, bytes, str] | None:
    """The calendar as a message carries it; None when it is not the recipient's any more."""
    registration = recipient_of(message)
    if registration is None:
        return None
    return "agenda.ics", calendar_file(registration), "text/calendar; charset=utf-8"
