"""The press list: who joins it, who leaves it, whose mail comes back.

Nobody is put on it by a stranger: whoever asks gets a mail, and is on the list once they have said
yes on the page to which it leads. What they typed travels in that link alone. Every mail to the
list leads off it again, without an account and without a word why.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import Edition, PressContact, Recipient
from raict.mail.models import Message
from raict.mail.outbox import queue

CONFIRM = "press_list_confirm"
LINK_DAYS = 3
# A stranger who types somebody's address again and again fills nobody's mailbox.
PAUSE = timedelta(minutes=10)
_joining = signing.TimestampSigner(sep=".", salt="events.press.join")
_leaving = signing.Signer(sep=".", salt="events.press.leave")


class Asked(NamedTuple):
    """What somebody typed who wants to be on the list."""

    name: str
    medium: str
    kind: str
    language: str
    email: str


def consent_wording(edition: Edition | None) -> str:
    """What is agreed to, in the active language: shown beside the box, and kept with the day."""
    words = _(
        "I agree to receive the press releases of %(organiser)s by e-mail. I may leave the list at"
        " any time."
    )
    # Without any edition yet: the organiser that a new one has.
    said = words % {"organiser": (edition or Edition()).organiser}
    return said[: PressContact._meta.get_field("consent").max_length]


# ----------------------------------------------------------------------------------- joining
@transaction.atomic
def ask_to_join(asked: Asked) -> None:
    """Send the link that puts this address on the list; at most one in ten minutes, whoever asks.

    The same for an address that is on the list already: nobody learns whether it is.
    """
    recent = Message.objects.filter(
        to__iexact=asked.email, template=CONFIRM, created_at__gt=timezone.now() - PAUSE
    )
    if recent.exists():
        return
    edition = Edition.objects.current()
    queue(
        to=asked.email,
        template=CONFIRM,
        language=asked.language,
        context={
            "edition": edition or Edition(),
            "confirm_url": confirm_url(asked),
            "days": LINK_DAYS,
        },
        reply_to=edition.press_contact_email or edition.contact_email if edition else "",
    )


def confirm_url(asked: Asked) -> str:
    """The whole address of the page that asks for the yes; good for three days."""
    return _url("press_confirm", _joining.sign_object(list(asked)), asked.language)


def asked_from(key: str) -> Asked | None:
    """What was asked for; None for a link that is not ours, or too old."""
    try:
        return Asked(*_joining.unsign_object(key, max_age=timedelta(days=LINK_DAYS)))
    except signing.BadSignature:
        return None


def is_as_asked(asked: Asked) -> bool:
    """On the list, reachable, and as they wrote it: nothing is left to confirm."""
    typed = {name: value for name, value in asked._asdict().items() if name != "email"}
    return _of_email(asked.email).reachable().filter(**typed).exists()


def join(asked: Asked, *, consent: str) -> None:
    """Put the address on the list, or back on it; what was known of it gives way to what they wrote.

    Their own click shows that mail reaches them: a bounce of the past counts no more.
    """
    given = {
        **asked._asdict(),
        "consent": consent,
        "consented_on": timezone.localdate(),
        "unsubscribed_at": None,
        "bounced_on": None,
    }
    renew = partial(_of_email(asked.email).update, **given)
    if not renew():
        try:
            with transaction.atomic():
                PressContact.objects.create(**given)
        except IntegrityError:  # the other half of a double click was faster
            renew()


def _of_email(email: str) -> QuerySet[PressContact]:
    """By e-mail, capitals or not, through the index of the unique constraint."""
    return PressContact.objects.alias(address=Lower("email")).filter(address=email.lower())


# ----------------------------------------------------------------------------------- leaving
def leave_url(contact: PressContact) -> str:
    """The whole address where this person leaves the list, in their language (RFC 8058)."""
    return _url("press_unsubscribe", _leaving.sign(contact.pk), contact.language)


def contact_from(key: str) -> PressContact:
    """The contact behind such an address; PressContact.DoesNotExist for any other text."""
    try:
        return PressContact.objects.get(pk=_leaving.unsign(key))
    except signing.BadSignature:
        raise PressContact.DoesNotExist from None


def leave(contacts: QuerySet[PressContact]) -> int:
    """They want no mail any more: from this moment none is written to them, and none leaves."""
    return contacts.filter(unsubscribed_at=None).update(unsubscribed_at=timezone.now())


def come_back(contact: PressContact, *, consent: str) -> None:
    """Who has left changes their mind, and agrees anew."""
    PressContact.objects.filter(pk=contact.pk, unsubscribed_at__isnull=False).update(
        unsubscribed_at=None, consent=consent, consented_on=timezone.localdate()
    )


# ------------------------------------------------------------------------------ mail that returns
@transaction.atomic
def note_bounce(contacts: QuerySet[PressContact]) -> int:
    """The latest mail to each of them came back: nothing is sent there any more. How many are new."""
    keys = list(contacts.order_by().values_list("pk", flat=True))
    stopped = _stop(keys)
    mails = Recipient.objects.filter(contact=OuterRef("pk"), written_at__isnull=False)
    last = Subquery(mails.order_by("-written_at", "-pk").values("pk")[:1])
    latest = PressContact.objects.filter(pk__in=keys).order_by().values_list(last)
    note_returned(Recipient.objects.filter(pk__in=latest))
    return stopped


@transaction.atomic
def note_returned(recipients: QuerySet[Recipient]) -> int:
    """These very mails came back: nothing is sent to their addresses any more. How many are new."""
    rows = dict(recipients.order_by().values_list("pk", "contact_id"))
    _stop(rows.values())
    returned = Recipient.objects.filter(pk__in=rows, bounced_on=None)
    return returned.update(bounced_on=timezone.localdate())


def _stop(keys: Iterable[int]) -> int:
    working = PressContact.objects.filter(pk__in=keys, bounced_on=None)
    return working.update(bounced_on=timezone.localdate())


def lift_bounce(contacts: QuerySet[PressContact]) -> int:
    """The address works again. Who has left the list stays away: only they can come back."""
    return contacts.filter(bounced_on__isnull=False).update(bounced_on=None)


def _url(name: str, key: str, language: str) -> str:
    with override(language):
        return settings.SITE_URL + reverse(f"events:{name}", args=[key])
