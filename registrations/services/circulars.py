"""Group mail: written down who is to get it, then written slice by slice, once to each.

`begin` freezes the recipients, the worker writes the mails (`write_open`), the outbox sends them.
It may run twice at once, and may be killed: the rows say who is left. Pause and stop take back what
waits in the outbox; the lock on the group mail keeps a mail that is just being written from
slipping through between.
"""

import copy
import datetime as dt
import logging
from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Edition
from raict.errors import DomainError
from raict.mail import broker, outbox
from raict.mail.models import Message
from registrations import emails
from registrations.letters import CIRCULAR, TIMED
from registrations.models import Circular, CircularRecipient, Registration

logger = logging.getLogger(__name__)
TASK = "registrations.circulars"
_S = Circular.State
# While an edition is in one of these, nothing leaves by itself.
SILENT = (Edition.State.DRAFT, Edition.State.CANCELLED, Edition.State.POSTPONED)


def draft(registrations: QuerySet[Registration], *, selection: str = "", user=None) -> Circular:
    """A group mail to be written to these; DomainError unless they are of one edition."""
    rows = list(registrations.order_by("pk").values_list("pk", "edition"))
    if len({edition for _pk, edition in rows}) != 1:
        raise DomainError(_("Choose registrations of one edition: a group mail speaks of one."))
    return Circular.objects.create(
        edition_id=rows[0][1], chosen=[pk for pk, _edition in rows], selection=selection, user=user
    )


def addressees(circular: Circular) -> list[Registration]:
    """Who of those chosen gets it: no address twice, whoever is cancelled last or not at all."""
    found = Registration.objects.filter(pk__in=circular.chosen, edition=circular.edition_id)
    return _once_an_email(found if circular.with_cancelled else found.live())


def _once_an_email(registrations: Iterable[Registration]) -> list[Registration]:
    by_email: dict[str, Registration] = {}
    for one in sorted(registrations, key=lambda one: (not one.is_live, one.pk)):
        by_email.setdefault(one.email.lower(), one)
    return sorted(by_email.values(), key=lambda one: one.pk)


# --------------------------------------------------------------------------- begin, pause, stop
@transaction.atomic
def begin(circular: Circular, *, user=None) -> int:
    """Freeze the recipients and let the worker write; how many they are. Begun already: 0."""
    row = _locked(circular.pk)
    if row.state != _S.DRAFT:
        return 0
    if not (row.text_fr or row.text_en):
        raise DomainError(_("Nothing is written yet."))
    people = addressees(row)
    if not people:
        raise DomainError(_("Nobody would get this mail."))
    freeze(row, people)
    row.state, row.begun_at, row.user = _S.SENDING, timezone.now(), user
    row.save(update_fields=["state", "begun_at", "user"])
    _wake()
    return len(people)


def freeze(circular: Circular, people: Iterable[Registration]) -> int:
    """Write down those who are not yet; who is, by person or by address, stays once."""
    known = set(circular.recipients.values_list("email", flat=True))
    known_people = set(circular.recipients.values_list("registration", flat=True))
    rows = [
        CircularRecipient(circular=circular, registration=one, email=one.email.lower())
        for one in _once_an_email(people)
        if one.email.lower() not in known and one.pk not in known_people
    ]
    CircularRecipient.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def pause(circular: Circular) -> bool:
    """Nothing more is written, and what waits in the outbox stays there."""
    return _halt(circular, from_=(_S.SENDING,), to=_S.PAUSED)


@transaction.atomic
def stop(circular: Circular) -> bool:
    """For good; what is sent is sent."""
    return _halt(circular, from_=(_S.SENDING, _S.PAUSED), to=_S.STOPPED)


@transaction.atomic
def resume(circular: Circular) -> bool:
    """Go on where it was paused."""
    row = _locked(circular.pk)
    if row.state != _S.PAUSED:
        return False
    row.state = _S.SENDING
    row.save(update_fields=["state"])
    outbox.restore(_messages(row))
    _wake()
    return True


def _halt(circular: Circular, *, from_: tuple[str, ...], to: str) -> bool:
    row = _locked(circular.pk)
    if row.state not in from_:
        return False
    row.state = to
    row.save(update_fields=["state"])
    outbox.withdraw(_messages(row))
    return True


def _locked(pk: int) -> Circular:
    """Two who act at once stand in line (SQLite: BEGIN IMMEDIATE does it)."""
    return Circular.objects.select_for_update(no_key=True).get(pk=pk)


def _messages(circular: Circular) -> QuerySet[Message]:
    return Message.objects.filter(circular_recipients__circular=circular)


def _wake() -> None:
    transaction.on_commit(partial(broker.wake, TASK), robust=True)


# ---------------------------------------------------------------------------------------- write
def write_open() -> int:
    """Write what this minute still has room for; how many mails were."""
    for halted in Circular.objects.filter(
        state__in=[_S.PAUSED, _S.STOPPED],
        recipients__message__state=Message.State.QUEUED,
    ).distinct():
        # It was being sent when the pause came, and waits for its next attempt.
        outbox.withdraw(_messages(halted))
    minute_ago = timezone.now() - dt.timedelta(minutes=1)
    recent = CircularRecipient.objects.filter(written_at__gt=minute_ago).count()
    room = max(0, settings.CIRCULAR_PER_MINUTE - recent)
    unwritten = CircularRecipient.objects.filter(circular__state=_S.SENDING, written_at=None)
    written = 0
    for pk in list(unwritten.order_by("circular", "pk").values_list("pk", flat=True)[:room]):
        try:
            written += write_to(pk)
        except Exception:  # one mail that cannot be written keeps nobody waiting
            logger.exception("No mail for recipient %s; the next run will try.", pk)
    return written


def write_to(recipient_id: int) -> bool:
    """The mail and `written_at`, in one transaction. False: written already, or not wanted now.

    Whoever has cancelled since, and everybody once the edition is called off and the mail leaves by
    itself: no mail, and the row goes.
    """
    with transaction.atomic():
        recipient = CircularRecipient.objects.filter(pk=recipient_id).first()
        if recipient is None:
            return False
        circular = _locked(recipient.circular_id)
        unwritten = CircularRecipient.objects.filter(pk=recipient_id, written_at=None)
        if circular.state != _S.SENDING or not unwritten.update(written_at=timezone.now()):
            return False
        person = Registration.objects.select_related(
            "edition__venue", "organisation", "category"
        ).get(pk=recipient.registration_id)
        if not _is_wanted(circular, person):
            recipient.delete()
            return False
        recipient.message = _letter(circular, person)
        recipient.save(update_fields=["message"])
    return True


def _is_wanted(circular: Circular, person: Registration) -> bool:
    if circular.timed_id and person.edition.state in SILENT:
        return False
    return person.is_live or circular.with_cancelled


def _letter(circular: Circular, person: Registration) -> Message:
    """In the person's language, else in the one in which it is written."""
    reader = copy.copy(person)
    reader.language = circular.written_in(person.language)
    letter = TIMED if circular.timed_id else CIRCULAR
    return emails.circular(reader, letter.name, words=circular.words(reader.language))
