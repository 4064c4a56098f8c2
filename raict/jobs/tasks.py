"""What the worker runs for jobs. Each may run twice, late or never: the rows say what is to be done."""

from celery import shared_task
from django.conf import settings
from django.utils import translation

from raict.jobs import running

LIMITS = {"time_limit": settings.JOB_TIME_LIMIT, "soft_time_limit": settings.JOB_TIME_LIMIT - 30}


@shared_task(name="jobs.run", **LIMITS)
def run() -> None:
    """Everything that waits, one job after the other; by the clock too, for what the broker lost."""
    with translation.override(settings.LANGUAGE_CODE):
        running.run_waiting()


@shared_task(name="jobs.forget")
def forget() -> None:
    """Every night: jobs and files that have served."""
    running.forget()
