"""One transaction that changes seats: locked, kept in the history, told to each person once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from registrations import emails
from registrations.history import History
from registrations.models import Change, Registration
from registrations.seats import Seats


@contextmanager
def changing_seats(
    edition_id: int, *, by: str = Change.By.SITE, user=None, whose: Registration | None = None
) -> Iterator[tuple[Seats, History]]:
    """The edition's seats, ours until the block ends; then the history and the mails are written.

    A refusal raised inside undoes everything.
    """
    with transaction.atomic():
        history = History(by, user, whose=whose)
        yield Seats(edition_id, history), history
        history.save()
        emails.tell(history)
