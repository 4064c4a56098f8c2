"""What the worker does for registrations, by the clock of settings.CELERY_BEAT_SCHEDULE."""

from celery import shared_task
from django.conf import settings
from django.utils import translation

from registrations import services
from registrations.services import circulars, timing


@shared_task(name="registrations.forget_needs")
def forget_needs() -> None:
    """Every night: what people told of their diet or access goes when it has served."""
    services.forget_needs()


@shared_task(name="registrations.forget_papers")
def forget_papers() -> None:
    """Every night: letters and press card numbers go when they have served."""
    services.forget_papers()


@shared_task(name="registrations.settle")
def settle() -> None:
    """Every minute: offers and quotas that have run out, and seats that are free in front of a line."""
    with translation.override(settings.LANGUAGE_CODE):
        services.settle_due()


@shared_task(name="registrations.tell")
def tell() -> None:
    """Once changes are published, and every minute for what the broker lost: whoever is to be told."""
    with translation.override(settings.LANGUAGE_CODE):
        services.tell_open()


@shared_task(name="registrations.circulars")
def write_circulars() -> None:
    """Once a group mail is begun, and often for its next slices: mails still to be written."""
    with translation.override(settings.LANGUAGE_CODE):
        circulars.write_open()


@shared_task(name="registrations.timed")
def run_timed() -> None:
    """Every minute: timed mails whose moment has come, and who is meant since."""
    with translation.override(settings.LANGUAGE_CODE):
        if timing.run_timed():
            circulars.write_open()
