"""What the worker runs for imports."""

from celery import shared_task

from raict.tables import importing


@shared_task(name="tables.forget")
def forget() -> None:
    """Every night: files and lines that have served."""
    importing.forget()
