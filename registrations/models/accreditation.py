"""A journalist asks to come as press, and the team decides."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from events.models import Edition, MediumKind
from raict.uploads import DocumentField
from registrations.models.registration import Registration


class AccreditationQuerySet(models.QuerySet):
    def asked(self):
        """Those that wait for the team."""
        return self.filter(state=Accreditation.State.ASKED)

    def accepted(self):
        return self.filter(state=Accreditation.State.ACCEPTED)

    def standing(self):
        """Asked or accepted: one for an address and an edition."""
        return self.filter(state__in=Accreditation.STANDING)

    def of_email(self, email: str):
        """By e-mail, capitals or not, through the index of the unique constraint."""
        return self.alias(email_lower=Lower("email")).filter(email_lower=email.lower())


class Accreditation(models.Model):
    """Who asks, for which medium. State, reason and registration are written by the services only."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("accreditation", "to be decided")
        ACCEPTED = "accepted", pgettext_lazy("accreditation", "accepted")
        REFUSED = "refused", pgettext_lazy("accreditation", "refused")
        # By the team, or with the registration: cancelled, or passed on to somebody else.
        WITHDRAWN = "withdrawn", pgettext_lazy("accreditation", "withdrawn")

    STANDING = (State.ASKED, State.ACCEPTED)

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="accreditations", verbose_name=_("edition")
    )
    civility = models.CharField(
        _("civility"), max_length=3, choices=Registration.Civility, blank=True
    )
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    email = models.EmailField(_("e-mail"))
    country = CountryField(_("country"))
    language = models.CharField(
        _("language"), max_length=2, choices=Registration.Language, default="fr"
    )
    medium = models.CharField(_("medium"), max_length=120)
    kind = models.CharField(_("kind of medium"), max_length=14, choices=MediumKind)
    card_number = models.CharField(_("number of the press card"), max_length=40, blank=True)
    letter = DocumentField(
        _("letter"),
        upload_to="accreditations/",
        blank=True,
        served_by="admin:registrations_accreditation_letter",
    )
    days = models.JSONField(_("days"), default=list, blank=True)  # ["2024-10-23", …]
    interviews = models.TextField(_("interviews wished for"), blank=True)
    equipment = models.TextField(_("equipment"), blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.ASKED, editable=False
    )
    asked_at = models.DateTimeField(_("asked on"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
        editable=False,
    )
    reason = models.TextField(_("reason or message"), blank=True, editable=False)
    registration = models.ForeignKey(
        Registration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="accreditations",
        verbose_name=_("registration"),
        editable=False,
    )
    notes = models.TextField(
        _("notes"),
        blank=True,
        help_text=_("For the team; whoever asks for their data receives them too."),
    )

    objects = AccreditationQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("accreditation")
        verbose_name_plural = _("accreditations")
        constraints = [
            models.UniqueConstraint(
                "edition",
                Lower("email"),
                condition=Q(state__in=["asked", "accepted"]),
                name="accreditation_once_an_email",
                violation_error_message=_("An accreditation was asked for with this e-mail."),
            ),
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(state="accepted"),
                name="accreditation_one_a_registration",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(registration__isnull=False),
                name="accreditation_accepted_is_registered",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True)
                | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="accreditation_decided_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} – {self.medium}"

    def clean(self) -> None:
        unknown = set(self.days) - {day.isoformat() for day in self.edition.days}
        if unknown:
            raise ValidationError({"days": _("This day is not one of the edition.")})

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def reference(self) -> str:
        """What its mails are found by in the outbox, before there is a registration."""
        return f"accreditation-{self.pk}"

    @property
    def contact_email(self) -> str:
        """Who answers the press."""
        return self.edition.press_contact_email or self.edition.contact_email

    @property
    def wished_days(self) -> list[dt.date]:
        return [dt.date.fromisoformat(day) for day in self.days]
