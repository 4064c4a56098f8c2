"""Sending a release to the press list: once to each, however often and by how many it is begun.

`begin` writes down who is to get it, the worker writes the mails (`write_open`), the outbox sends
them. Each step asks anew whether the release still stands and the contact still wants it: the last
time when the attachment is made, at the moment the mail leaves.
"""

import logging
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.models import (
    Mailing,
    MediumKind,
    PressContact,
    PressRelease,
    Publication,
    Recipient,
    Revision,
)
from events.press import publishing
from events.press.plain import WIDTH, plain_text
from events.press.subscription import leave_url
from events.press.writing import from_json
from raict.errors import DomainError
from raict.mail import broker
from raict.mail.models import Message
from raict.mail.outbox import queue

logger = logging.getLogger(__name__)
TASK = "press.mail"
_BATCH = 100


@dataclass(frozen=True)
class Outlook:
    """Whom a mailing that is begun now would go to."""

    # (kind of medium, how many read French, English); kinds without anybody are left out.
    rows: list[tuple[str, dict[str, int]]]
    languages: dict[str, int]
    count: int
    # Of those who can be reached: has a mail of this publication already.
    had: int


# ------------------------------------------------------------------------------------- begin
def outlook(release: PressRelease) -> Outlook:
    """Whom it would go to now: who can be reached and has not had it. One query."""
    had = Recipient.objects.filter(
        contact=OuterRef("pk"), mailing__release=release, mailing__version=release.version
    )
    groups = (
        PressContact.objects.reachable()
        .order_by()
        .annotate(had=Exists(had))
        .values_list("kind", "language", "had")
        .annotate(Count("pk"))
    )
    table = {kind: dict.fromkeys(PressContact.Language.values, 0) for kind in MediumKind}
    counts = {True: 0, False: 0}
    for kind, language, has_had, count in groups:
        counts[has_had] += count
        if not has_had:
            table[kind][language] += count
    rows = [(MediumKind(kind).label, row) for kind, row in table.items() if any(row.values())]
    languages = {
        language: sum(row[language] for row in table.values())
        for language in PressContact.Language.values
    }
    return Outlook(rows, languages, count=counts[False], had=counts[True])


@transaction.atomic
def begin(release: PressRelease, *, user=None) -> Mailing:
    """Send what is published now to everybody on the list who has not had it.

    DomainError unless everybody may read it, and when nobody is on the list. Begun again, it goes
    to those who have joined since; who has it already never gets it twice.
    """
    # The lock makes two who begin at once stand in line (SQLite: BEGIN IMMEDIATE does).
    row = PressRelease.objects.select_for_update(no_key=True).get(pk=release.pk)
    refuse_unsendable(row)
    mailing, _is_new = Mailing.objects.get_or_create(release=row, version=row.version)
    missing = PressContact.objects.reachable().exclude(receptions__mailing=mailing)
    added = Recipient.objects.bulk_create(
        [Recipient(mailing=mailing, contact=contact) for contact in missing.order_by("pk")],
        ignore_conflicts=True,
    )
    if added:
        said = ngettext("%d person of the press list", "%d people of the press list", len(added))
        publishing.note(row, Revision.Action.SENT, user, said % len(added))
    transaction.on_commit(partial(broker.wake, TASK), robust=True)
    return mailing


def refuse_unsendable(release: PressRelease) -> None:
    """DomainError unless everybody may read the release, and somebody is on the list."""
    if not PressRelease.objects.public().filter(pk=release.pk).exists():
        raise DomainError(
            _(
                "Only what everybody may read is sent to the press list: published, not withdrawn,"
                " its embargo over."
            )
        )
    if not PressContact.objects.reachable().exists():
        raise DomainError(_("Nobody can be reached on the press list: nothing would be sent."))


# ------------------------------------------------------------------------------------- write
def write_open() -> int:
    """Write the mails that are still to be written, each in a transaction of its own; how many were.

    It may run twice at once, and may be killed: the rows say who is left.
    """
    written, last = 0, 0
    while batch := list(
        Recipient.objects.filter(written_at=None, pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:_BATCH]
    ):
        for last in batch:
            try:
                written += write_to(last)
            except Exception:  # one mail that cannot be written keeps nobody waiting
                logger.exception("No mail for recipient %s; the next run will try.", last)
    return written


def write_to(recipient_id: int) -> bool:
    """The mail and `written_at`, in one transaction. False: written already, or not wanted any more.

    A release withdrawn meanwhile, and a contact who has left or cannot be reached: no mail, and the
    row goes, so that whoever comes back may still get it.
    """
    with transaction.atomic():
        if not _claim(recipient_id):
            return False
        recipient = Recipient.objects.select_related("mailing__release__edition", "contact").get(
            pk=recipient_id
        )
        if not (recipient.contact.is_reachable and _still_stands(recipient.mailing)):
            recipient.delete()
            return False
        recipient.message = _letter(recipient)
        recipient.save(update_fields=["message"])
    return True


def _claim(recipient_id: int) -> bool:
    """Whoever writes `written_at` first writes the mail; another waits for that transaction."""
    unwritten = Recipient.objects.filter(pk=recipient_id, written_at=None)
    return unwritten.update(written_at=timezone.now()) == 1


def _still_stands(mailing: Mailing) -> bool:
    """What is sent is what everybody reads on the site now."""
    public = PressRelease.objects.public()
    return public.filter(pk=mailing.release_id, version=mailing.version).exists()


def _letter(recipient: Recipient) -> Message:
    release, contact = recipient.mailing.release, recipient.contact
    written = from_json(_published(recipient.mailing, contact.language).content)
    edition = release.edition
    return queue(
        to=contact.email,
        template="press_release",
        language=written.language,
        context={
            "edition": edition,
            "release": release,
            "written": written,
            "text": plain_text(written, WIDTH),
            "contact": contact,
        },
        reference=release.slug[:40],
        reply_to=edition.press_contact_email or edition.contact_email,
        attachments=["release"],
        unsubscribe_url=leave_url(contact),
    )


def _published(mailing: Mailing, language: str) -> Publication:
    """What was published in that language, else in the other one."""
    published = mailing.release.publications.filter(version=mailing.version).defer("pdf")
    return min(published, key=lambda one: one.language != language)


# -------------------------------------------------------------------------------- attachment
def release_attachment(message: Message) -> tuple[str, bytes, str]:
    """The PDF as it was published. DomainError, so that the mail never leaves, once it must not."""
    recipient = (
        Recipient.objects.select_related("mailing__release", "contact")
        .filter(message=message)
        .first()
    )
    if recipient is None or not recipient.contact.is_reachable:
        raise DomainError(_("Not sent: this address is not on the press list any more."))
    mailing = recipient.mailing
    if not _still_stands(mailing):
        raise DomainError(
            _("Not sent: the press release was withdrawn, or published anew, since it was written.")
        )
    publication = mailing.release.publications.get(
        version=mailing.version, language=message.language
    )
    return f"{mailing.release.slug}.pdf", bytes(publication.pdf), "application/pdf"
