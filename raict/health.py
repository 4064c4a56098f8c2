"""Is the site well? One word for each part that a request or a message needs."""

import logging
import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from kombu import Connection

from raict.mail import outbox

logger = logging.getLogger(__name__)

WELL, UNWELL, UNKNOWN = "well", "unwell", "unknown"
# The sweep passes every 15 seconds: what is due for longer finds no worker, or too few.
TIMEOUTS = {"socket_connect_timeout": 2, "socket_timeout": 2}
LATE = timedelta(minutes=5)


def parts() -> dict[str, str]:
    """The state of the database, the broker and the mail; why one is unwell is in the log only."""
    database = _database()
    mail = _mail() if database == WELL else UNKNOWN
    return {"database": database, "broker": _broker(), "mail": mail}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("The database does not answer.")
        return UNWELL
    return WELL


def _broker() -> str:
    try:
        if not settings.REDIS_URL:
            # The folder comes with the first task, and may be thrown away at any moment.
            folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["folder"])
            there = next(path for path in (folder, *folder.parents) if path.exists())
            return WELL if os.access(there, os.W_OK | os.X_OK) else UNWELL
        with Connection(settings.REDIS_URL, transport_options=TIMEOUTS) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # whatever the transport raises, the answer is the same
        logger.exception("The broker does not answer.")
        return UNWELL
    return WELL


def _mail() -> str:
    backlog = outbox.backlog()
    if backlog.count and backlog.oldest > LATE:
        logger.error("%s messages wait, the oldest since %s.", backlog.count, backlog.oldest)
        return UNWELL
    return WELL
