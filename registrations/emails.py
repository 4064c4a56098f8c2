"""Every mail that a registration causes. Each is a row written in the caller's transaction.

All of them carry the personal link, and go out in the person's language.
"""

from raict.mail.models import Message
from raict.mail.outbox import queue
from registrations.links import personal_url, register_url
from registrations.models import Registration

LINK = "registration_link"


def confirmed(registration: Registration) -> Message:
    """The registration stands: seats, wishes, badge and calendar."""
    return _queue(registration, "registration_confirmed", attachments=("badge", "calendar"))


def pending(registration: Registration) -> Message:
    """The seats are held; the team still has to approve."""
    return _queue(registration, "registration_pending")


def approved(registration: Registration) -> Message:
    """The team has approved: badge and calendar."""
    return _queue(registration, "registration_approved", attachments=("badge", "calendar"))


def link(registration: Registration) -> Message:
    """The personal link again, for somebody who has lost it or registers twice."""
    return _queue(registration, LINK)


def cancelled(registration: Registration) -> Message:
    """The registration is cancelled and its seats are free."""
    return _queue(registration, "registration_cancelled")


def _queue(
    registration: Registration, template: str, *, attachments: tuple[str, ...] = ()
) -> Message:
    return queue(
        to=registration.email,
        template=template,
        language=registration.language,
        context={
            "registration": registration,
            "edition": registration.edition,
            "sessions": registration.booked_sessions(),
            "wishes": registration.cafe_wishes(),
            "personal_url": personal_url(registration),
            "register_url": register_url(registration.language),
        },
        reference=registration.reference,
        reply_to=registration.edition.contact_email,
        attachments=attachments,
    )
