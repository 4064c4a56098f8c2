"""Waking the workers up: a courtesy that may fail, because the sweep finds what it missed."""

import contextlib
import logging
import threading
import time

import kombu
from celery import current_app

logger = logging.getLogger(__name__)

# After a failure this process leaves the broker alone for so long: a broker that is away costs
# one visitor a moment, not every visitor.
PAUSE = 30.0
# The worker may wait long for its broker; a visitor may not, so this connection is its own.
PATIENCE = 0.5
_QUICK = {
    "socket_connect_timeout": PATIENCE,
    "socket_timeout": PATIENCE,
    "connect_retries_timeout": PATIENCE,
    "max_retries": 0,
    "interval_start": 0,
}
_silent_until = 0.0
# One connection a thread, kept: to open it and to declare the queue costs more than the task.
_kept = threading.local()


def wake(task: str, *args) -> bool:
    """Hand a task to the broker; False when it could not be, which loses nothing."""
    global _silent_until  # noqa: PLW0603 -- one clock for the process; a race costs one more try
    if time.monotonic() < _silent_until:
        return False
    try:
        current_app.send_task(task, args, connection=_connection())
    except Exception as error:  # noqa: BLE001 -- kombu, redis and the file system raise what they like
        _drop()
        _silent_until = time.monotonic() + PAUSE
        logger.warning("The broker does not answer (%s); the next sweep will send.", error)
        return False
    return True


def _connection() -> kombu.Connection:
    if not hasattr(_kept, "connection"):
        _kept.connection = current_app.connection_for_write(
            connect_timeout=PATIENCE, transport_options=_QUICK
        )
    return _kept.connection


def _drop() -> None:
    """The next one is a new one."""
    if connection := _kept.__dict__.pop("connection", None):
        with contextlib.suppress(Exception):
            connection.release()
