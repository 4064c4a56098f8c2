"""A spreadsheet that somebody sends: what it would change, line by line, until it is applied."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from raict.uploads import PrivateFileField


class Import(models.Model):
    """One file for one table. File and lines go after some days; the row stays: who, when, how many."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being compared")
        SHOWN = "shown", _("to be checked")
        DONE = "done", _("imported")
        REFUSED = "refused", _("file not taken")
        FORGOTTEN = "forgotten", _("not imported, file deleted")

    # The name in settings.TABLES, and the edition that the lines belong to, where the table has one.
    subject = models.SlugField(_("table"), max_length=30)
    scope = models.PositiveBigIntegerField(null=True, editable=False)
    is_telling = models.BooleanField(_("people are told by e-mail"), default=False)
    file = PrivateFileField(_("file"), upload_to="imports/", blank=True, max_length=200)
    file_name = models.CharField(_("file name"), max_length=200)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    # Why the file was refused, or what else there is to say of it: sentences.
    notes = models.JSONField(_("notes"), default=list, blank=True)
    added = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    # Of all differences as they are shown: what is applied has the same.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("sent on"), auto_now_add=True)
    applied_at = models.DateTimeField(_("imported on"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Where its differences are shown."""
        return reverse("admin:tables_import_preview", args=[self.pk])

    @property
    def is_shown(self) -> bool:
        return self.state == self.State.SHOWN

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def writes(self) -> int:
        """How many rows would be written."""
        return self.added + self.changed


class Line(models.Model):
    """What one line of the file would do. Those that change nothing are counted, not kept."""

    class Outcome(models.TextChoices):
        NEW = "new", pgettext_lazy("line", "new")
        CHANGED = "changed", pgettext_lazy("line", "changed")
        UNCHANGED = "unchanged", pgettext_lazy("line", "unchanged")
        REFUSED = "refused", pgettext_lazy("line", "refused")

    imported = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="lines", verbose_name=_("import")
    )  # a part of the import
    number = models.PositiveIntegerField(_("line"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome)
    name = models.CharField(_("what it is about"), max_length=200, blank=True)
    # [column, before, after] of each cell that differs, as people read them.
    changes = models.JSONField(_("changes"), default=list)
    column = models.CharField(_("column"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["number", "pk"]
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        indexes = [models.Index(fields=["imported", "outcome", "number"], name="line_by_outcome")]

    def __str__(self) -> str:
        return f"{self.number} – {self.name}"
