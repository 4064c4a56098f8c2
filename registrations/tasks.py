"""What the worker does for registrations, by the clock of settings.CELERY_BEAT_SCHEDULE."""

from celery import shared_task

from registrations import services


@shared_task(name="registrations.forget_needs")
def forget_needs() -> None:
    """Every night: what people told of their diet or access goes when it has served."""
    services.forget_needs()
