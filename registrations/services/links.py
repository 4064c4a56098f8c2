"""The personal link, sent again."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from raict.mail.models import Message
from registrations import emails
from registrations.models import Registration

# A stranger who types somebody's address again and again fills nobody's mailbox.
LINK_PAUSE = timedelta(minutes=10)


def send_link(*, email: str) -> None:
    """Send somebody their personal link, if they are registered, or refused. The caller learns nothing.

    For an address whose registration was merged, to the address of the one that goes on.
    """
    registrations = Registration.objects.of_email(email).select_related(
        "edition__venue", "merged_into__edition__venue"
    )
    known = registrations.standing() | registrations.filter(
        merged_into__state__in=Registration.LIVE
    )
    # One that stands before one that was merged.
    order = ("-edition__is_current", F("merged_into").asc(nulls_first=True), "-created_at")
    if registration := known.order_by(*order).first():
        send_link_to(registration.merged_into or registration)


def send_link_to(registration: Registration) -> bool:
    """At most one link for an address in ten minutes, whoever asks. False: one has just left."""
    with transaction.atomic():
        # The lock makes two requests at once stand in line (SQLite: BEGIN IMMEDIATE does).
        Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)
        recent = Message.objects.filter(
            reference=registration.reference,
            template=emails.LINK,
            created_at__gt=timezone.now() - LINK_PAUSE,
        )
        if recent.exists():
            return False
        emails.link(registration)
    return True
