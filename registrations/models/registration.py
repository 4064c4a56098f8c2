"""A person at an edition, with what they need and what they agreed to."""

import secrets

from django.db import models
from django.db.models import Max, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from events.models import Edition
from raict.countries import countries_named
from raict.search import FoldedField, containing, words_of
from registrations.models.organisation import Category, Organisation
from sessions.models import Session

# No vowels, so no words; no 0/O, 1/I/L: the reference is read aloud at the door.
_REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


def new_reference() -> str:
    """Ten signs, about 47 bits: it says nothing of the person and cannot be counted up."""
    return "".join(secrets.choice(_REFERENCE_ALPHABET) for _i in range(10))


class RegistrationQuerySet(models.QuerySet):
    def live(self):
        """Those that stand: with a place, or waiting for one."""
        return self.filter(state__in=Registration.LIVE)

    def standing(self):
        """One an e-mail and edition: the live ones, and a refusal, which stands until it is undone."""
        return self.exclude(state=Registration.State.CANCELLED)

    def placed(self):
        """Those that hold a place: pending or confirmed."""
        return self.filter(state__in=Registration.PLACED)

    def in_line(self):
        """Waiting for a place, the first in line first."""
        return self.filter(state=Registration.State.WAITING).order_by("turn")

    def with_line_rank(self):
        """`line_rank`: 1 for the first who waits for a place in the edition; None for others."""
        before = (
            Registration.objects.filter(
                edition=models.OuterRef("edition"),
                state=Registration.State.WAITING,
                turn__lte=models.OuterRef("turn"),
            )
            .order_by()
            .values("edition")
            .annotate(count=models.Count("pk"))
            .values("count")
        )
        return self.annotate(line_rank=models.Subquery(before))

    def confirmed(self):
        return self.filter(state=Registration.State.CONFIRMED)

    def search(self, text: str):
        """Each word in name, title, e-mail, function or reference, in the organisation, or a country.

        The organisation is read as it is called now, and a country by its name in both languages.
        """
        found = self
        for word in words_of(text):
            organisations = Organisation.objects.search(word).order_by().values("pk")
            found = found.filter(
                containing(word, "searched")
                | Q(organisation__in=organisations)
                | Q(country__in=countries_named(word))
            )
        return found

    def of_email(self, email: str):
        """By e-mail, capitals or not, through the index of the unique constraint."""
        return self.alias(email_lower=Lower("email")).filter(email_lower=email.lower())


class Registration(models.Model):
    class State(models.TextChoices):
        PENDING = "pending", _("awaiting approval")
        CONFIRMED = "confirmed", _("confirmed")
        WAITING = "waiting", _("on the waiting list")
        # By the team, until the team thinks otherwise: the address stays taken meanwhile.
        REFUSED = "refused", pgettext_lazy("registration", "refused")
        CANCELLED = "cancelled", _("cancelled")

    PLACED = (State.PENDING, State.CONFIRMED)
    LIVE = (*PLACED, State.WAITING)
    ENDED = (State.REFUSED, State.CANCELLED)

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
    # The order of those who wait for a place: given once, never changed.
    turn = models.PositiveIntegerField(_("turn"), null=True, blank=True, editable=False)
    # RFC 5545 SEQUENCE of the personal calendar: raised whenever the booked sessions change.
    revision = models.PositiveIntegerField(default=0, editable=False)
    # When the badge left as it then was (with a mail, or printed by the team), and when something
    # that stands on it changed since.
    badge_made_at = models.DateTimeField(_("badge made on"), null=True, blank=True, editable=False)
    badge_changed_at = models.DateTimeField(
        _("badge changed since"), null=True, blank=True, editable=False
    )
    searched = FoldedField(
        max_length=800,
        sources=("title", "first_name", "last_name", "email", "function", "reference"),
    )

    # For the team: somebody is to look at this one again.
    is_followed = models.BooleanField(_("to be followed up"), default=False, editable=False)
    # The registration of the same person that goes on instead of this one.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
        editable=False,
    )
    # The team has looked: these are other people, however alike they are written.
    others = models.ManyToManyField("self", blank=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        permissions = [("merge_registration", _("Can merge registrations of one person"))]
        indexes = [
            models.Index(fields=["edition", "state", "country"], name="registration_by_country"),
            models.Index(fields=["edition", "last_name"], name="registration_by_name"),
            # The team's list, and the curve of its home page.
            models.Index(fields=["-created_at", "-id"], name="registration_by_age"),
            models.Index(fields=["edition", "state", "created_at"], name="registration_by_day"),
            models.Index(fields=["country"], name="registration_countries"),
            models.Index(
                fields=["edition", "state"],
                name="registration_badge_changed",
                condition=Q(badge_changed_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "turn"],
                condition=Q(state="waiting"),
                name="registration_one_a_turn",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", turn__isnull=False)
                | (~Q(state="waiting") & Q(turn__isnull=True)),
                name="registration_waits_in_turn",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(state="cancelled"),
                name="registration_merged_has_ended",
            ),
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

    def save(self, *args, **kwargs) -> None:
        searched = self._meta.get_field("searched")
        kwargs["update_fields"] = searched.with_folded(kwargs.get("update_fields"))
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def is_placed(self) -> bool:
        return self.state in self.PLACED

    def booked_sessions(self) -> list[Session]:
        """The sessions with a seat, by day and time, with room and venue."""
        booked = Session.objects.filter(bookings__registration=self, bookings__state="confirmed")
        return list(booked.select_related("room__venue", "edition__venue").in_order())

    def left_sessions(self) -> list[Session]:
        """Where a seat was given back or taken back, and none is held: in the calendar until then.

        Of the person who has the place now, not of whoever passed it on.
        """
        passed = self.changes.filter(action="passed").order_by().aggregate(last=Max("pk"))["last"]
        had = self.changes.filter(action__in=["booked", "won"])
        ended = self.changes.filter(action__in=["released", "displaced"], pk__gt=passed or 0)
        left = Session.objects.filter(pk__in=ended.values("session")).filter(
            pk__in=had.values("session")
        )
        held = self.bookings.filter(state="confirmed").values("session")
        return list(left.exclude(pk__in=held).select_related("room__venue", "edition").in_order())

    def rank(self) -> int | None:
        """1 for the first who waits for a place in the edition; None for others."""
        if self.turn is None:
            return None
        return self.edition.registrations.in_line().filter(turn__lte=self.turn).count()

    def cafe_wishes(self) -> list:
        """First choice first."""
        return list(self.cafe_preferences.select_related("session").order_by("rank"))


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
