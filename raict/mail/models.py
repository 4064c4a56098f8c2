"""The outbox: every message is a row, written in the transaction that causes it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from raict.search import FoldedField, containing, words_of


class MessageQuerySet(models.QuerySet):
    def search(self, text: str):
        """Each word in recipient, subject or reference.

        Found in the index alone: with their texts, the rows themselves are far more to read.
        """
        found = Message.objects.order_by().values("pk")
        for word in words_of(text):
            found = found.filter(containing(word, "searched"))
        return self.filter(pk__in=found) if words_of(text) else self

    def due(self):
        """Queued, and its time has come."""
        return self.filter(state=Message.State.QUEUED, not_before__lte=timezone.now())

    def orphaned(self):
        """Claimed by a worker that never came back: its lease has ended."""
        return self.filter(state=Message.State.SENDING, leased_until__lt=timezone.now())

    def claimable(self):
        """What a worker may take now: due, or orphaned."""
        return self.due() | self.orphaned()


class Message(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    uid = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text=_("Makes the Message-ID.")
    )
    template = models.SlugField(_("template"), max_length=60)
    to = models.EmailField(_("recipient"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    reply_to = models.EmailField(_("answers to"), blank=True)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    # Names of settings.MAIL_ATTACHMENTS, made from the row when the message leaves.
    attachments = models.JSONField(_("attachments"), default=list, blank=True)
    reference = models.CharField(
        _("reference"), max_length=40, blank=True, db_index=True, help_text=_("Whom it is about.")
    )
    # Where the recipient leaves the list that this mail goes to (RFC 2369, RFC 8058); else empty.
    unsubscribe_url = models.URLField(_("unsubscribe address"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    answer = models.TextField(_("server's answer"), blank=True)
    created_at = models.DateTimeField(_("written on"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent on"), null=True, blank=True)
    # Said by the team, who reads what comes back: the server took it, and it never arrived.
    returned_at = models.DateTimeField(_("came back on"), null=True, blank=True, editable=False)
    resent_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="resent_as",
        verbose_name=_("sent again from"),
    )
    searched = FoldedField(max_length=600, sources=("to", "subject", "reference"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("message")
        verbose_name_plural = _("outbox")
        indexes = [
            models.Index(fields=["not_before"], name="message_queued", condition=Q(state="queued")),
            models.Index(
                fields=["leased_until"], name="message_sending", condition=Q(state="sending")
            ),
            # The team's list. Texts make the rows long: what is counted and searched stands apart.
            models.Index(fields=["-created_at", "-id"], name="message_by_age"),
            models.Index(fields=["state", "created_at"], name="message_states"),
            models.Index(fields=["template"], name="message_templates"),
            models.Index(fields=["searched", "id"], name="message_searched"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"

    @property
    def may_be_resent(self) -> bool:
        """It has been through the outbox, and is no mail of a list: the list knows who wants it."""
        is_over = self.state in (self.State.SENT, self.State.FAILED, self.State.WITHDRAWN)
        return is_over and not self.unsubscribe_url
