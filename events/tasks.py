"""What the worker does for the press, by the clock of settings.CELERY_BEAT_SCHEDULE."""

from celery import shared_task
from django.conf import settings
from django.utils import translation

from events.press import publishing


@shared_task(name="press.publish")
def publish() -> None:
    """Every minute: releases whose moment has come."""
    with translation.override(settings.LANGUAGE_CODE):
        publishing.publish_due()
