"""Waking the workers up: a courtesy that may fail, because the sweep finds what it missed."""

import logging
import time

from celery import current_app

logger = logging.getLogger(__name__)

# After a failure this process leaves the broker alone for so long: a broker that is away costs
# one visitor a moment, not every visitor.
PAUSE = 30.0
_silent_until = 0.0


def wake(task: str, *args) -> bool:
    """Hand a task to the broker; False when it could not be, which loses nothing."""
    global _silent_until  # noqa: PLW0603 -- one clock for the process; a race costs one more try
    if time.monotonic() < _silent_until:
        return False
    try:
        current_app.send_task(task, args)
    except Exception as error:  # noqa: BLE001 -- kombu, redis and the file system raise what they like
        _silent_until = time.monotonic() + PAUSE
        logger.warning("The broker does not answer (%s); the next sweep will send.", error)
        return False
    return True
