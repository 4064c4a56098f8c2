"""What was published, as it was; what was signed off before; who did what."""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.press_release import PressRelease


class PublicationQuerySet(models.QuerySet):
    def current(self):
        """Of each release the texts of the last time it was published."""
        return self.filter(version=F("release__version"))


class Publication(models.Model):
    """A release in one language as it was published: text, figures and PDF. Never rewritten."""

    release = models.ForeignKey(
        PressRelease,
        on_delete=models.PROTECT,
        related_name="publications",
        verbose_name=_("press release"),
    )
    language = models.CharField(_("language"), max_length=2)
    version = models.PositiveSmallIntegerField(_("version"))
    published_at = models.DateTimeField(_("published on"))
    content = models.JSONField(_("text"))  # events.press.writing.Written
    # Placeholder → what it said: what the data are held against afterwards.
    values = models.JSONField(_("values of the placeholders"))
    figures = models.JSONField(_("figures"))  # key → value, phrase, label, definition, source
    pdf = models.BinaryField(_("PDF"))
    pdf_key = models.CharField(max_length=64)  # SHA-256 of the PDF: its ETag

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "language"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.UniqueConstraint(
                fields=["release", "version", "language"], name="publication_once_a_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release} {self.version} ({self.language})"


class SignOff(models.Model):
    """A warning of the check that somebody answers for, with the reason."""

    release = models.ForeignKey(
        PressRelease,
        on_delete=models.CASCADE,
        related_name="sign_offs",
        verbose_name=_("press release"),
    )  # a part of the release
    finding = models.CharField(max_length=64)  # Finding.fingerprint
    sentence = models.TextField(_("warning"))
    reason = models.CharField(_("reason"), max_length=300)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed by"),
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("signed warning")
        verbose_name_plural = _("signed warnings")
        constraints = [
            models.UniqueConstraint(fields=["release", "finding"], name="sign_off_once"),
        ]

    def __str__(self) -> str:
        return self.sentence


class Revision(models.Model):
    """One step in a release's life: who did what when, and the texts before and after."""

    class Action(models.TextChoices):
        WRITTEN = "written", pgettext_lazy("press release", "written")
        CHECKED = "checked", pgettext_lazy("press release", "checked")
        SIGNED = "signed", pgettext_lazy("press release", "warnings signed off")
        SCHEDULED = "scheduled", pgettext_lazy("press release", "scheduled")
        UNSCHEDULED = "unscheduled", pgettext_lazy("press release", "schedule lifted")
        REFUSED = "refused", pgettext_lazy("press release", "could not be published")
        PUBLISHED = "published", pgettext_lazy("press release", "published")
        LIFTED = "lifted", pgettext_lazy("press release", "embargo lifted")
        WITHDRAWN = "withdrawn", pgettext_lazy("press release", "withdrawn")
        REOPENED = "reopened", pgettext_lazy("press release", "taken up again as a draft")
        CORRECTED = "corrected", pgettext_lazy("press release", "correction begun")
        SENT = "sent", pgettext_lazy("press release", "sent to the press list")

    release = models.ForeignKey(
        PressRelease,
        on_delete=models.CASCADE,
        related_name="revisions",
        verbose_name=_("press release"),
    )  # a part of the release
    action = models.CharField(_("what"), max_length=12, choices=Action)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    # [[what changed, before, after], …], as the team reads it.
    changes = models.JSONField(_("changes"), default=list)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")

    def __str__(self) -> str:
        return f"{self.release}: {self.get_action_display()}"
