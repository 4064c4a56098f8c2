"""The outbox: a message is a row of the transaction that causes it, then sent by a worker.

`queue()` writes, `deliver()` sends one, `sweep()` sends whatever is due. The broker only wakes a
worker sooner than the next sweep does: nothing depends on it, so losing it loses nothing.
"""

import logging
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, Count, F, Min, QuerySet, TextField, Value, When
from django.db.models.functions import Concat
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from raict.mail import broker
from raict.mail.envelope import envelope
from raict.mail.models import Message
from raict.mail.verdicts import Verdict, judge

logger = logging.getLogger(__name__)

# Pauses after the first, second … attempt that may be repeated. After the last one: failed.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
MAX_ATTEMPTS = len(PAUSES) + 1
# Line ends, other controls and Unicode's own line ends; never the no-break spaces of typography.
_BREAKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


class Backlog(NamedTuple):
    """Messages that should have left already, and for how long the oldest has waited."""

    count: int
    oldest: timedelta


def queue(**parts) -> Message:
    """Compose one message and post it: see `compose` for the parts and `post` for the rest."""
    return post(compose(**parts))


def post(message: Message) -> Message:
    """Write the message in the caller's transaction; it leaves when, and only if, that commits."""
    if not connection.in_atomic_block:
        raise RuntimeError(
            "post() must be called inside transaction.atomic(): "
            "a message belongs to the change that it announces."
        )
    message.save(force_insert=True)
    transaction.on_commit(partial(broker.wake, "mail.send", message.pk), robust=True)
    return message


def compose(
    *,
    to: str,
    template: str,
    language: str,
    context: Mapping,
    reference: str = "",
    reply_to: str = "",
    attachments: Sequence[str] = (),
    unsubscribe_url: str = "",
) -> Message:
    """One message, rendered and checked, not written yet.

    Renders emails/<template>.subject.txt, .txt and .html in `language`; what raict.mail.wording has
    filled stands in the frame emails/worded.*, whatever its name. `attachments` names entries of settings.MAIL_ATTACHMENTS, made from the message when it leaves. Mail to a list
    carries the address where its recipient leaves it (`unsubscribe_url`).
    """
    if language not in dict(settings.LANGUAGES):
        raise ValueError(f"No language {language!r} in settings.LANGUAGES.")
    if unknown := set(attachments) - set(settings.MAIL_ATTACHMENTS):
        raise ValueError(f"Not in settings.MAIL_ATTACHMENTS: {', '.join(sorted(unknown))}.")
    frame = "worded" if "body_html" in context else template
    context = {
        "site_url": settings.SITE_URL,
        "language": language,
        "unsubscribe_url": unsubscribe_url,
        **context,
    }
    with translation.override(language):
        message = Message(
            to=to,
            template=template,
            language=language,
            reference=reference,
            reply_to=reply_to,
            attachments=list(attachments),
            unsubscribe_url=unsubscribe_url,
            subject=_BREAKS.sub(" ", _plain(f"{frame}.subject.txt", context)).strip()[:300],
            text=_plain(f"{frame}.txt", context).strip() + "\n",
            html=get_template(f"emails/{frame}.html").render(context).strip(),
        )
    message.clean_fields()  # a malformed address stops here, not in the worker
    return message


def _plain(name: str, context: Mapping) -> str:
    """Plain text: « l'eau & l'air » stays as it is, nothing is escaped for HTML."""
    template = get_template(f"emails/{name}").template
    return template.render(Context(context, autoescape=False))


def claim(message_id: int) -> Message | None:
    """Take the message for one attempt, or None: it left, is not due, or another worker has it.

    The lease tells this attempt from any later one, so it serves as the claim's token as well.
    """
    now = timezone.now()
    lease = now + settings.MAIL_LEASE
    lost = _("The worker of an earlier attempt stopped before it had ended.")
    taken = (
        Message.objects.claimable()
        .filter(pk=message_id, attempts__lt=MAX_ATTEMPTS)
        .update(
            state=Message.State.SENDING,
            leased_until=lease,
            attempts=F("attempts") + 1,
            answer=Case(
                When(state=Message.State.SENDING, then=_history(now, lost)), default="answer"
            ),
        )
    )
    if not taken:
        return None
    message = Message.objects.get(pk=message_id)
    message.leased_until = lease
    return message


def deliver(message_id: int) -> bool:
    """Send one message if it is ours to send. True when an attempt was made, whatever came of it.

    No transaction is open while the server is spoken to. A message whose worker dies on the way
    is sent again after its lease, under the same Message-ID: twice is better than never.
    """
    message = claim(message_id)
    if message is None:
        return False
    try:
        envelope(message).send()
    except Exception as error:  # noqa: BLE001 -- whatever fails, the row must tell
        verdict = judge(error)
        logger.warning("Message %s, attempt %s: %s", message.uid, message.attempts, verdict.answer)
        _fail(message, verdict)
    else:
        _settle(message, state=Message.State.SENT, sent_at=timezone.now())
    return True


def _fail(message: Message, verdict: Verdict) -> None:
    """Try again later, or give up when the refusal is final or the attempts are used up."""
    now = timezone.now()
    answer = message.answer + _line(now, verdict.answer)
    if verdict.is_final or message.attempts >= MAX_ATTEMPTS:
        _settle(message, state=Message.State.FAILED, answer=answer)
    else:
        pause = max(PAUSES[message.attempts - 1], verdict.pause)
        _settle(message, state=Message.State.QUEUED, answer=answer, not_before=now + pause)


def _settle(message: Message, **values) -> None:
    """Write the outcome, if the claim still is ours."""
    ours = Message.objects.filter(
        pk=message.pk, state=Message.State.SENDING, leased_until=message.leased_until
    )
    if not ours.update(leased_until=None, **values):
        logger.warning("Message %s: its lease ended before its attempt did.", message.uid)


def _line(moment, text: str) -> str:
    """One line of the message's history, which the team reads."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S} {text}\n"


def _history(moment, text: str) -> Concat:
    """The history with one more line, where the row itself is not at hand."""
    return Concat("answer", Value(_line(moment, text), output_field=TextField()))


def sweep(seconds: float) -> int:
    """Send what is due, oldest first, for about so long; answers how many were tried.

    It hands nothing to the broker: however long the backlog, it cannot flood it, and any number
    of sweeps may run beside each other and beside the workers of single messages.
    """
    until = time.monotonic() + seconds
    tried = 0
    _give_up()
    while batch := _next_batch():
        for message_id in batch:
            if time.monotonic() >= until:
                return tried
            tried += deliver(message_id)
    return tried


def _next_batch() -> list[int]:
    due = Message.objects.claimable().filter(attempts__lt=MAX_ATTEMPTS)
    return list(due.order_by("not_before", "pk").values_list("pk", flat=True)[:50])


def _give_up() -> None:
    """A message during which the worker died at each attempt is likely what kills the worker."""
    reason = _("The worker stopped during the last attempt; no other will be made.")
    Message.objects.orphaned().filter(attempts__gte=MAX_ATTEMPTS).update(
        state=Message.State.FAILED,
        leased_until=None,
        answer=_history(timezone.now(), reason),
    )


@transaction.atomic
def retry(message_ids: Iterable[int]) -> int:
    """The team's « try again »: failed messages are queued anew with all their attempts."""
    queued = Message.objects.filter(pk__in=message_ids, state=Message.State.FAILED).update(
        state=Message.State.QUEUED, attempts=0, not_before=timezone.now()
    )
    if queued:
        transaction.on_commit(partial(broker.wake, "mail.sweep"), robust=True)
    return queued


@transaction.atomic
def withdraw(messages: QuerySet[Message]) -> int:
    """Take back those that wait; what is being sent or has left is not touched. How many they were."""
    said = _history(timezone.now(), _("Withdrawn by the team."))
    waiting = Message.objects.filter(pk__in=messages.values("pk"), state=Message.State.QUEUED)
    return waiting.update(state=Message.State.WITHDRAWN, answer=said)


@transaction.atomic
def restore(messages: QuerySet[Message]) -> int:
    """Queue again what was withdrawn; how many they were."""
    withdrawn = Message.objects.filter(pk__in=messages.values("pk"), state=Message.State.WITHDRAWN)
    queued = withdrawn.update(state=Message.State.QUEUED, not_before=timezone.now())
    if queued:
        transaction.on_commit(partial(broker.wake, "mail.sweep"), robust=True)
    return queued


@transaction.atomic
def resend(message: Message, *, to: str) -> Message:
    """The same letter once more, as a message of its own, to the same or a corrected address.

    ValidationError for an address that is none.
    """
    again = Message(
        to=to,
        resent_from=message,
        **{
            name: getattr(message, name)
            for name in (
                *("template", "language", "reply_to", "subject", "text", "html"),
                *("attachments", "reference", "unsubscribe_url"),
            )
        },
    )
    again.clean_fields()
    return post(again)


def note_returned(messages: QuerySet[Message]) -> int:
    """The team has seen these come back; only what was sent can. How many were new."""
    sent = messages.filter(state=Message.State.SENT, returned_at=None)
    return sent.update(returned_at=timezone.now())


def backlog() -> Backlog:
    """What should have left already; waiting for a later attempt is no backlog."""
    now = timezone.now()
    found = Message.objects.claimable().aggregate(count=Count("pk"), since=Min("not_before"))
    return Backlog(found["count"], now - (found["since"] or now))
