"""What the worker does for the programme, by the clock of settings.CELERY_BEAT_SCHEDULE."""

from celery import shared_task
from django.conf import settings
from django.utils import translation

from events.press import kits
from sessions.press_kit import making

# Past it the worker is killed, so a lease that still stands later has lost its worker for sure.
LIMITS = {
    "time_limit": making.LEASE.total_seconds() * 0.9,
    "soft_time_limit": making.LEASE.total_seconds() * 0.8,
}


@shared_task(name=kits.TASK, **LIMITS)
def make_press_kits() -> None:
    """When something is published or withdrawn, and every five minutes for everything else."""
    with translation.override(settings.LANGUAGE_CODE):
        making.make_all()
