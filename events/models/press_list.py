"""Whom releases are sent to, and what was sent."""

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.press_release import PressRelease
from raict.mail.models import Message


class MediumKind(models.TextChoices):
    """What kind of medium a journalist works for."""

    AGENCY = "agency", _("news agency")
    NATIONAL = "national", _("national daily or weekly")
    REGIONAL = "regional", _("regional press")
    SPECIALISED = "specialised", _("specialised or professional press")
    ONLINE = "online", _("online medium")
    RADIO = "radio", _("radio")
    TELEVISION = "television", _("television")
    FOREIGN = "foreign", _("foreign press")
    INSTITUTIONAL = "institutional", _("institutional medium")
    FREELANCE = "freelance", _("freelance")
    OTHER = "other", pgettext_lazy("kind of medium", "other")


class PressContactQuerySet(models.QuerySet):
    def reachable(self):
        """Those who want our mail and whose address works."""
        return self.filter(unsubscribed_at=None, bounced_on=None)


class PressContact(models.Model):
    """A journalist who agreed to receive releases (art. L. 34-5 CPCE: consent before the mail)."""

    class Language(models.TextChoices):
        FRENCH = "fr", _("French")
        ENGLISH = "en", _("English")

    name = models.CharField(_("name"), max_length=120, blank=True)
    medium = models.CharField(_("medium"), max_length=120, blank=True)
    kind = models.CharField(
        _("kind of medium"), max_length=14, choices=MediumKind, default=MediumKind.OTHER
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default="fr")
    email = models.EmailField(_("e-mail"))
    consent = models.CharField(
        _("consent"),
        max_length=200,
        validators=[MinLengthValidator(3)],
        help_text=_("How it was given: « asked by mail », « card left at the desk »."),
    )
    consented_on = models.DateField(_("consent given on"))
    unsubscribed_at = models.DateTimeField(
        _("unsubscribed on"), null=True, blank=True, editable=False
    )
    bounced_on = models.DateField(
        _("mail came back on"),
        null=True,
        blank=True,
        help_text=_("Set it when a mail comes back: nothing is sent to this address any more."),
    )
    note = models.TextField(_("note"), blank=True)

    objects = PressContactQuerySet.as_manager()

    class Meta:
        ordering = ["medium", "name", "pk"]
        verbose_name = _("contact of the press list")
        verbose_name_plural = _("press list")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="press_contact_once_an_email",
                violation_error_message=_("This address is on the list already."),
            ),
        ]

    def __str__(self) -> str:
        return " – ".join(filter(None, [self.name, self.medium])) or self.email

    @property
    def is_reachable(self) -> bool:
        return self.unsubscribed_at is None and self.bounced_on is None


class Mailing(models.Model):
    """One publication of a release, sent to the press list; those who joined since may follow."""

    release = models.ForeignKey(
        PressRelease,
        on_delete=models.PROTECT,
        related_name="mailings",
        verbose_name=_("press release"),
    )
    version = models.PositiveSmallIntegerField(_("version"))
    created_at = models.DateTimeField(_("begun on"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("mailing to the press")
        verbose_name_plural = _("mailings to the press")
        constraints = [
            models.UniqueConstraint(fields=["release", "version"], name="mailing_once_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.release} ({self.version})"


class Recipient(models.Model):
    """Somebody of the list to whom a mailing goes: once, however often it is begun again."""

    mailing = models.ForeignKey(
        Mailing, on_delete=models.CASCADE, related_name="recipients", verbose_name=_("mailing")
    )  # a part of the mailing
    contact = models.ForeignKey(
        PressContact,
        on_delete=models.CASCADE,
        related_name="receptions",
        verbose_name=_("contact"),
    )  # who leaves the list leaves no trace in it
    # The mail in the outbox; none while it is still to be written.
    message = models.OneToOneField(
        Message,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("message"),
    )
    written_at = models.DateTimeField(_("written on"), null=True, blank=True)
    bounced_on = models.DateField(_("came back on"), null=True, blank=True)

    class Meta:
        ordering = ["mailing", "pk"]
        verbose_name = _("recipient of a mailing")
        verbose_name_plural = _("recipients of mailings")
        indexes = [
            models.Index(
                fields=["mailing"], name="recipient_unwritten", condition=Q(written_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "contact"], name="recipient_once"),
        ]

    def __str__(self) -> str:
        return str(self.contact)
