"""Whom a message is about."""

from raict.mail.models import Message
from registrations.models import Registration


def recipient_of(message: Message) -> Registration | None:
    """The registration that the message is about, if it still belongs to whom it is sent to."""
    return (
        Registration.objects.select_related("edition__venue", "category", "organisation")
        .filter(reference=message.reference, email=message.to)
        .first()
    )
