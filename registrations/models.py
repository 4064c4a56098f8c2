"""Who comes, and to which sessions."""

import secrets

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from events.models import Edition
from raict.i18n import bilingual
from raict.typography import folded
from sessions.models import Session

# No vowels, so no words; no 0/O, 1/I/L: the reference is read aloud at the door.
_REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


def new_reference() -> str:
    """Ten signs, about 47 bits: it says nothing of the person and cannot be counted up."""
    return "".join(secrets.choice(_REFERENCE_ALPHABET) for _i in range(10))


class Category(models.Model):
    """Whom a badge says somebody is. Shipped with the site, edited by the team."""

    key = models.SlugField(_("key"), max_length=30, unique=True)
    name = bilingual(models.CharField(_("name"), max_length=60))
    name_feminine_fr = models.CharField(
        _("name (French, feminine)"),
        max_length=60,
        blank=True,
        help_text=_("« Élue ». For badges."),
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#2b3f92",
        validators=[RegexValidator(r"^#[0-9a-f]{6}$", _("Six hexadecimal digits: #2b3f92."))],
        help_text=_("Band at the foot of the badge, under white words."),
    )
    is_offered = models.BooleanField(
        _("offered in the form"), default=True, help_text=_("Otherwise only the team gives it.")
    )
    needs_approval = models.BooleanField(_("the team approves each one"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name_fr"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    class Kind(models.TextChoices):
        COMMUNE = "commune", _("commune")
        EPCI = "epci", _("intercommunality (EPCI)")
        DEPARTEMENT = "departement", _("département")
        REGION = "region", _("région")
        SYNDICAT = "syndicat", _("syndicate of authorities")
        FOREIGN_AUTHORITY = "foreign_authority", _("local authority abroad")
        FOREIGN_STATE = "foreign_state", _("ministry or agency abroad")
        EMBASSY = "embassy", _("embassy")
        STATE = "state", _("service of the French State")
        PUBLIC_BODY = "public_body", _("public body")
        NETWORK = "network", _("network of authorities")
        ASSOCIATION = "association", _("association")
        FOUNDATION = "foundation", _("foundation")
        HOUSING = "housing", _("social housing body")
        UNIVERSITY = "university", _("university or research")
        COMPANY = "company", _("company")
        INTERNATIONAL = "international", _("international organisation")
        PRESS = "press", _("press")
        OTHER = "other", _("other")

    name = models.CharField(_("name"), max_length=200)
    # Written by save(): what two spellings of one name share.
    name_folded = models.CharField(max_length=200, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, blank=True)
    country = CountryField(_("country"), blank=True)
    siret = models.CharField(
        "SIRET",
        max_length=14,
        blank=True,
        validators=[RegexValidator(r"^\d{14}$", _("Fourteen digits, without spaces."))],
    )
    is_checked = models.BooleanField(
        _("checked by the team"),
        default=False,
        help_text=_("Checked organisations are offered in the registration form."),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["name_folded", "country"],
                name="organisation_unique_name",
                violation_error_message=_("This organisation exists already in that country."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.name_folded = folded(self.name)
        super().save(*args, **kwargs)


class Membership(models.Model):
    """The organisation is a member (« adhérente ») of the organiser this year."""

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("organisation"),
    )  # a part of the organisation
    year = models.PositiveSmallIntegerField(_("year"))

    class Meta:
        ordering = ["-year"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="membership_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"


class RegistrationQuerySet(models.QuerySet):
    def live(self):
        """Those that hold a place: pending or confirmed."""
        return self.filter(state__in=Registration.LIVE)

    def confirmed(self):
        return self.filter(state=Registration.State.CONFIRMED)

    def of_email(self, email: str):
        """By e-mail, capitals or not, through the index of the unique constraint."""
        return self.alias(email_lower=Lower("email")).filter(email_lower=email.lower())


class Registration(models.Model):
    class State(models.TextChoices):
        PENDING = "pending", _("awaiting approval")
        CONFIRMED = "confirmed", _("confirmed")
        CANCELLED = "cancelled", _("cancelled")

    LIVE = (State.PENDING, State.CONFIRMED)

    class Civility(models.TextChoices):
        MADAM = "mme", _("Ms")
        SIR = "m", _("Mr")

    class Language(models.TextChoices):
        FRENCH = "fr", _("French")
        ENGLISH = "en", _("English")

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("edition")
    )
    reference = models.CharField(
        _("reference"), max_length=12, unique=True, default=new_reference, editable=False
    )
    # Part of the signed personal link: raised to make the links sent so far worthless.
    key_version = models.PositiveSmallIntegerField(default=1, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CONFIRMED)
    civility = models.CharField(_("civility"), max_length=3, choices=Civility, blank=True)
    title = models.CharField(_("title"), max_length=60, blank=True)
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    email = models.EmailField(_("e-mail"))
    function = models.CharField(_("function"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("organisation"),
    )
    country = CountryField(_("country"))
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("category")
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default="fr")
    created_at = models.DateTimeField(_("registered on"), auto_now_add=True)
    cancelled_at = models.DateTimeField(_("cancelled on"), null=True, blank=True, editable=False)
    # RFC 5545 SEQUENCE of the personal calendar: raised whenever the booked sessions change.
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        indexes = [
            models.Index(fields=["edition", "state", "country"], name="registration_by_country"),
            models.Index(fields=["edition", "last_name"], name="registration_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                "edition",
                models.functions.Lower("email"),
                condition=~Q(state="cancelled"),
                name="registration_once_an_email",
                violation_error_message=_("This e-mail is registered already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.reference})"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    def booked_sessions(self) -> list[Session]:
        """The sessions with a seat, by day and time, with room and venue."""
        booked = Session.objects.filter(
            bookings__registration=self, bookings__state=Booking.State.CONFIRMED
        )
        return list(booked.select_related("room__venue", "edition__venue").in_order())

    def cafe_wishes(self) -> "list[CafePreference]":
        """First choice first."""
        return list(self.cafe_preferences.select_related("session").order_by("rank"))


class Booking(models.Model):
    """A seat of a registration in a session. Written by registrations/seats.py only."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        RELEASED = "released", _("released")

    registration = models.ForeignKey(
        Registration,
        on_delete=models.CASCADE,
        related_name="bookings",
        verbose_name=_("registration"),
    )  # a part of the registration
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("session")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CONFIRMED)
    created_at = models.DateTimeField(_("booked on"), auto_now_add=True)
    released_at = models.DateTimeField(_("released on"), null=True, blank=True)

    class Meta:
        ordering = ["session__day", "session__start", "pk"]
        verbose_name = _("booked seat")
        verbose_name_plural = _("booked seats")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "session"],
                condition=~Q(state="released"),
                name="booking_once_a_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration} – {self.session}"


class CafePreference(models.Model):
    """A wish for a café: 1 is the first choice. Tables are assigned from the wishes."""

    MAX_RANK = 5

    registration = models.ForeignKey(
        Registration,
        on_delete=models.CASCADE,
        related_name="cafe_preferences",
        verbose_name=_("registration"),
    )  # a part of the registration
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="preferences", verbose_name=_("café")
    )
    rank = models.PositiveSmallIntegerField(
        _("rank"), validators=[MinValueValidator(1), MaxValueValidator(MAX_RANK)]
    )

    class Meta:
        ordering = ["registration", "rank"]
        verbose_name = _("café wish")
        verbose_name_plural = _("café wishes")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "session"], name="cafe_preference_once_a_cafe"
            ),
            models.UniqueConstraint(
                fields=["registration", "rank"], name="cafe_preference_once_a_rank"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.session}"


class Needs(models.Model):
    """Optional, seen by few, deleted soon after the event: they may tell of health or religion."""

    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, related_name="needs", verbose_name=_("registration")
    )  # a part of the registration
    diet = models.CharField(_("diet"), max_length=300, blank=True)
    access = models.CharField(_("accessibility"), max_length=300, blank=True)
    interpretation = models.CharField(_("interpretation"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("needs")
        verbose_name_plural = _("needs")

    def __str__(self) -> str:
        return str(self.registration)


class Consent(models.Model):
    """What somebody agreed to, in the words that they read (RGPD art. 7)."""

    class Purpose(models.TextChoices):
        NEEDS = "needs", _("use of the needs")
        PHOTOS = "photos", _("photographs and films")
        DIRECTORY = "directory", _("list of participants")
        NEWS = "news", _("news by e-mail")

    registration = models.ForeignKey(
        Registration,
        on_delete=models.CASCADE,
        related_name="consents",
        verbose_name=_("registration"),
    )  # a part of the registration
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    wording = models.TextField(_("words that were read"))
    language = models.CharField(_("language"), max_length=2)
    given_at = models.DateTimeField(_("given on"), auto_now_add=True)

    class Meta:
        ordering = ["registration", "purpose"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "purpose"], name="consent_once_a_purpose"
            ),
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()
