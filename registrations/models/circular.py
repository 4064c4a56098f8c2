"""What the team writes to many: group mail, and mail at a set moment; and who gets it, each once."""

import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Edition
from raict.i18n import bilingual
from raict.mail.models import Message
from raict.mail.wording import SUBJECT_LENGTH, Words
from registrations.models.organisation import Category
from registrations.models.registration import Registration

LANGUAGES = ("fr", "en")


class Occasional(models.Model):
    """Words written for one occasion, in one language at least; the other one stands in."""

    subject = bilingual(models.CharField(_("subject"), max_length=SUBJECT_LENGTH, blank=True))
    text = bilingual(models.TextField(_("text"), blank=True))

    class Meta:
        abstract = True

    def written_in(self, language: str) -> str:
        """The language that somebody who reads `language` gets."""
        other = "fr" if language == "en" else "en"
        return language if getattr(self, f"text_{language}") else other

    def words(self, language: str) -> Words:
        """What stands in that language; the subject is the title above the text as well."""
        subject = getattr(self, f"subject_{language}")
        return Words(subject, subject, getattr(self, f"text_{language}"))


class TimedLetter(Occasional):
    """A letter that leaves by itself, so many days before or after the event."""

    class Anchor(models.TextChoices):
        FIRST = "first", _("the first day")
        LAST = "last", _("the last day")

    class Audience(models.TextChoices):
        CONFIRMED = "confirmed", _("everybody whose registration is confirmed")
        PRESENT = "present", _("those who were checked in")
        WAITING = "waiting", _("those who wait for a place")
        UNANSWERED = "unanswered", _("confirmed, and no answer to the questions")

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="timed_letters", verbose_name=_("edition")
    )  # a part of the edition
    name = models.CharField(_("name"), max_length=100, help_text=_("For the team."))
    days = models.SmallIntegerField(
        _("days"),
        default=-7,
        validators=[MinValueValidator(-365), MaxValueValidator(365)],
        help_text=_("-7: seven days before; 1: the day after."),
    )
    anchor = models.CharField(_("counted from"), max_length=5, choices=Anchor, default=Anchor.FIRST)
    hour = models.TimeField(_("hour"), default=dt.time(9), help_text=_("In Paris."))
    audience = models.CharField(
        _("to whom"), max_length=10, choices=Audience, default=Audience.CONFIRMED
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
        help_text=_("Empty: all categories."),
    )
    is_active = models.BooleanField(
        _("active"), default=False, help_text=_("Only what is active leaves.")
    )

    class Meta:
        ordering = ["edition", "days", "pk"]
        verbose_name = _("timed mail")
        verbose_name_plural = _("timed mails")

    def __str__(self) -> str:
        return self.name

    @property
    def moment(self) -> dt.datetime | None:
        """When it leaves, by the dates that the edition has now; None without any."""
        first, last = self.edition.starts_on, self.edition.ends_on or self.edition.starts_on
        day = first if self.anchor == self.Anchor.FIRST else last
        if day is None:
            return None
        day += dt.timedelta(days=self.days)
        return timezone.make_aware(dt.datetime.combine(day, self.hour))

    def recipients(self) -> models.QuerySet[Registration]:
        """Whom it would go to now."""
        found = self.edition.registrations.all()
        if self.category_id:
            found = found.filter(category=self.category_id)
        match self.audience:
            case self.Audience.PRESENT:
                return found.live().filter(check_ins__isnull=False).distinct()
            case self.Audience.WAITING:
                return found.filter(state=Registration.State.WAITING)
            case self.Audience.UNANSWERED:
                answered = Registration.objects.filter(changes__action="answered")
                return (
                    found.confirmed()
                    .filter(needs=None, consents=None)
                    .exclude(pk__in=answered.values("pk"))
                )
        return found.confirmed()


class Circular(Occasional):
    """Group mail to registrations of one edition. Its state is written by the services only."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        SENDING = "sending", _("being sent")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="circulars", verbose_name=_("edition")
    )
    # The timed mail that this is: there is one of each, so nobody gets it twice.
    timed = models.OneToOneField(
        TimedLetter,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="circular",
        verbose_name=_("timed mail"),
    )
    # Keys of the registrations chosen; who of them gets it is settled when it is sent.
    chosen = models.JSONField(default=list, editable=False)
    selection = models.CharField(_("selection"), max_length=200, blank=True, editable=False)
    with_cancelled = models.BooleanField(_("to cancelled registrations too"), default=False)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.DRAFT, editable=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("written on"), auto_now_add=True)
    begun_at = models.DateTimeField(_("sent from"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("group mail")
        verbose_name_plural = _("group mails")
        permissions = [("send_circular", _("Can send group mail"))]

    def __str__(self) -> str:
        return self.subject_fr or self.subject_en or str(_("(no subject yet)"))


class CircularRecipient(models.Model):
    """Somebody who gets a group mail. `written_at` is written with the message, so once."""

    circular = models.ForeignKey(
        Circular, on_delete=models.CASCADE, related_name="recipients", verbose_name=_("group mail")
    )  # a part of the group mail
    registration = models.ForeignKey(
        Registration,
        on_delete=models.CASCADE,
        related_name="circulars",
        verbose_name=_("registration"),
    )  # a part of the registration
    # In lower case: two registrations with one address get one mail.
    email = models.EmailField(_("e-mail"))
    written_at = models.DateTimeField(_("written on"), null=True, blank=True)
    message = models.ForeignKey(
        Message,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="circular_recipients",
        verbose_name=_("message"),
    )

    class Meta:
        ordering = ["circular", "pk"]
        verbose_name = _("recipient of group mail")
        verbose_name_plural = _("recipients of group mail")
        # The worker asks often who is still to be written to.
        indexes = [
            models.Index(
                fields=["circular", "id"],
                name="circular_unwritten",
                condition=models.Q(written_at=None),
            ),
            models.Index(fields=["written_at"], name="circular_written"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["circular", "registration"], name="circular_once_a_person"
            ),
            models.UniqueConstraint(fields=["circular", "email"], name="circular_once_an_email"),
        ]

    def __str__(self) -> str:
        return f"{self.circular} – {self.registration}"
