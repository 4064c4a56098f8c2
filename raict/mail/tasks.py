"""What the worker runs. Each may run twice, late or never: the rows say what is to be done."""

from celery import shared_task
from django.conf import settings
from django.utils import translation

from raict.mail import outbox

LIMITS = {
    "time_limit": settings.MAIL_TIME_LIMIT,
    "soft_time_limit": settings.MAIL_TIME_LIMIT * 0.8,
}


@shared_task(name="mail.send", **LIMITS)
def send(message_id: int) -> None:
    """Send one message, unless it left already or somebody else has it."""
    with translation.override(settings.LANGUAGE_CODE):  # the answers are for the team
        outbox.deliver(message_id)


@shared_task(name="mail.sweep", **LIMITS)
def sweep() -> None:
    """Send everything that is due: what the broker lost, later attempts, orphans of dead workers."""
    with translation.override(settings.LANGUAGE_CODE):
        outbox.sweep(settings.MAIL_TIME_LIMIT / 3)
