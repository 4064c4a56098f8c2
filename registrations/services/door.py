"""Somebody comes in; or did not, after all."""

from django.db import transaction
from django.utils.translation import gettext as _

from raict.errors import DomainError
from registrations import door
from registrations.door import Ask
from registrations.history import History
from registrations.locked import lock
from registrations.models import Booking, Change, CheckIn, Registration
from registrations.services.sessions import accept
from sessions.models import Session


class NotAdmitted(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    """Cancelled, of another edition, not approved: nothing at this door changes it."""


class NotMeant(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    """It takes one more tap; `ask` says for what."""

    def __init__(self, ask: Ask) -> None:
        sentences = {
            Ask.LET_IN: _("This person has no seat here."),
            Ask.ANYWAY: _("No chair is free."),
        }
        super().__init__(sentences[ask])
        self.ask = ask


def check_in(
    registration: Registration, session: Session, *, user=None, ask: Ask = Ask.NOTHING
) -> tuple[CheckIn, bool]:
    """The check-in, and whether it is new; two taps at once make one.

    Raises NotAdmitted; and NotMeant when the door asks for more than `ask`. The edition is locked,
    so that the last free chair is given once. Who comes with an offer accepts it by coming.
    """
    with transaction.atomic():
        lock(session.edition_id)
        row = Registration.objects.select_related("edition").get(pk=registration.pk)
        guest = door.guest(row, session)
        if guest.check_in:
            return guest.check_in, False
        if sentence := door.refusal(row, session):
            raise NotAdmitted(sentence)
        needed = door.door_of(session).asks(guest)
        if ask < needed:
            raise NotMeant(needed)
        if guest.booking and guest.booking.state == Booking.State.OFFERED:
            accept(guest.booking)
        found, is_new = CheckIn.objects.get_or_create(
            registration=row, session=session, defaults={"user": user}
        )
        if is_new:
            _note(row, Change.Action.CAME, session, user)
    return found, is_new


def undo(registration: Registration, session: Session, *, user=None) -> bool:
    """Take a check-in back that was a mistake. False: there is none."""
    with transaction.atomic():
        lock(session.edition_id)
        deleted, _rows = CheckIn.objects.filter(registration=registration, session=session).delete()
        if deleted:
            _note(registration, Change.Action.UNDONE, session, user)
    return bool(deleted)


def _note(registration: Registration, action: str, session: Session, user) -> None:
    """In the history, without a mail: the person was there."""
    history = History(Change.By.TEAM, user)
    history.note(registration, action, session)
    history.save()
