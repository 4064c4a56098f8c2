"""What happened to a registration, dated: for the team, and for the person."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registrations.models.registration import Registration
from sessions.models import Session


class Change(models.Model):
    """One thing that happened. Written by registrations/history.py, never changed after."""

    class Action(models.TextChoices):
        REGISTERED = "registered", pgettext_lazy("what happened", "registered")
        QUEUED = "queued", _("on the edition’s waiting list")
        PLACED = "placed", _("a place became free")
        APPROVED = "approved", _("approved")
        DEFERRED = "deferred", _("put on the waiting list by the team")
        REFUSED = "refused", pgettext_lazy("registration", "refused")
        CANCELLED = "cancelled", _("cancelled")
        REOPENED = "reopened", _("opened again")
        MERGED = "merged", _("merged")
        CORRECTED = "corrected", _("corrected")
        PASSED = "passed", _("place passed on")
        ANSWERED = "answered", _("questions answered")
        BOOKED = "booked", _("seat booked")
        ASKED = "asked", _("session asked for")
        WISHED = "wished", _("café wishes changed")
        JOINED = "joined", _("waiting list joined")
        WON = "won", _("seat won from the waiting list")
        OFFERED = "offered", _("seat offered")
        INVITED = "invited", _("invited")
        EXPIRED = "expired", _("offer expired")
        DECLINED = "declined", _("offer declined")
        LEFT = "left", _("waiting list left")
        WITHDRAWN = "withdrawn", _("taken off a list that overlaps")
        RELEASED = "released", _("seat given back")
        DISPLACED = "displaced", _("seat taken back by the team")
        MOVED = "moved", _("told of a change of the programme")
        CAME = "came", _("came")
        UNDONE = "undone", _("check-in undone")

    class By(models.TextChoices):
        PERSON = "person", _("the person")
        TEAM = "team", _("the team")
        SITE = "site", _("the site")

    registration = models.ForeignKey(
        Registration,
        on_delete=models.CASCADE,
        related_name="changes",
        verbose_name=_("registration"),
    )  # a part of the registration
    action = models.CharField(_("what"), max_length=10, choices=Action)
    session = models.ForeignKey(
        Session,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("session"),
    )
    detail = models.CharField(_("detail"), max_length=500, blank=True)
    # What the team told the person of it, in the person's language.
    reason = models.TextField(_("reason"), blank=True)
    by = models.CharField(_("by"), max_length=6, choices=By, default=By.SITE)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member of the team"),
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    # The offer, in the transaction that makes it: its mail says until when it holds.
    booking = None

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change")
        verbose_name_plural = _("history")

    def __str__(self) -> str:
        return self.get_action_display()


class Note(models.Model):
    """What the team notes for itself. Added, never changed; whoever asks for their data receives it.

    RGPD art. 15 gives access to all data that concern a person, judgements included (CJEU, 20
    December 2017, C-434/16, Nowak); it names the writer to nobody.
    """

    registration = models.ForeignKey(
        Registration,
        on_delete=models.CASCADE,
        related_name="notes",
        verbose_name=_("registration"),
    )  # a part of the registration
    text = models.TextField(_("note"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member of the team"),
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return self.text


class CheckIn(models.Model):
    """Somebody came into a session."""

    registration = models.ForeignKey(
        Registration,
        on_delete=models.CASCADE,
        related_name="check_ins",
        verbose_name=_("registration"),
    )  # a part of the registration
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="check_ins", verbose_name=_("session")
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("at the door"),
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            models.UniqueConstraint(fields=["registration", "session"], name="check_in_once"),
        ]

    def __str__(self) -> str:
        return f"{self.registration} – {self.session}"


class Notice(models.Model):
    """Somebody to be told of an announcement. `told_at` is written with the message, so once."""

    announcement = models.ForeignKey(
        "programme.Announcement",
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name=_("announcement"),
    )  # a part of the announcement
    registration = models.ForeignKey(
        Registration,
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name=_("registration"),
    )  # a part of the registration
    told_at = models.DateTimeField(_("told on"), null=True, blank=True)

    class Meta:
        ordering = ["announcement", "pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        # The worker asks every minute who is still to be told.
        indexes = [
            models.Index(fields=["id"], name="notice_open", condition=models.Q(told_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "registration"], name="notice_once_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.announcement} – {self.registration}"
