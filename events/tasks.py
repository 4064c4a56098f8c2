"""What the worker does for the press room, by the clock of settings.CELERY_BEAT_SCHEDULE."""

from celery import shared_task
from django.conf import settings
from django.utils import translation

from events.press import mailing, publishing


@shared_task(name="press.publish")
def publish() -> None:
    """Every minute: releases whose moment has come."""
    with translation.override(settings.LANGUAGE_CODE):
        publishing.publish_due()


@shared_task(name="press.mail")
def mail() -> None:
    """Once a mailing is begun, and every minute for what the broker lost: mails still to be written."""
    with translation.override(settings.LANGUAGE_CODE):
        mailing.write_open()
