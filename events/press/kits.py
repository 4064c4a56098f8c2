"""The press kit as its sources see it; sessions/press_kit makes it, for it holds the programme."""

from functools import partial

from django.db import transaction

from events.models import PressKit
from raict.mail import broker

TASK = "press.kit"


def retract(edition_id: int) -> None:
    """What the kit may hold is not public any more, or not as it was: nobody downloads it.

    Its lease is broken too: a kit in the making may hold the same, and is not kept.
    """
    emptied = {"key": "", "made_at": None, "leased_until": None}
    PressKit.objects.update_or_create(edition_id=edition_id, defaults=emptied)
    renew()


def renew() -> None:
    """Have the worker look at the kits once this is committed, instead of at its next turn."""
    transaction.on_commit(partial(broker.wake, TASK), robust=True)
