"""One transaction that changes seats: locked, kept in the history, told to each person once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from raict.errors import DomainError
from registrations import emails
from registrations.history import History
from registrations.models import Change, Registration
from registrations.seats import Seats


class LinkReplaced(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    """The place was passed on, or the address corrected, since this page was opened."""

    def __init__(self) -> None:
        super().__init__(_("This personal link has been replaced by another one."))


@contextmanager
def changing_seats(
    edition_id: int, *, by: str = Change.By.SITE, user=None, whose: Registration | None = None
) -> Iterator[tuple[Seats, History]]:
    """The edition's seats, ours until the block ends; then the history and the mails are written.

    `whose` is the registration that acts or is acted upon: read anew under the lock. A refusal
    raised inside undoes everything.
    """
    with transaction.atomic():
        history = History(by, user, whose=whose)
        seats = Seats(edition_id, history)
        if whose is not None:
            key = whose.key_version
            seats.renew(whose)
            if by == Change.By.PERSON and whose.key_version != key:
                raise LinkReplaced
        yield seats, history
        history.save()
        emails.tell(history)
