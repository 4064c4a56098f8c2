"""One year's meetings: when, where, in which state, with whom as guest."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from events.models.venue import Venue
from raict.i18n import bilingual
from raict.typography import date_range, ordinal


class EditionQuerySet(models.QuerySet):
    def public(self):
        """What visitors may see: everything but drafts."""
        return self.exclude(state=Edition.State.DRAFT)

    def real(self):
        """Editions that took or will take place: the demonstration is not one."""
        return self.filter(is_demonstration=False)

    def current(self) -> "Edition | None":
        return self.select_related("venue").filter(is_current=True).first()


class Edition(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        OPEN = "open", _("registrations open")
        CLOSED = "closed", _("registrations closed")
        OVER = "over", _("over")
        CANCELLED = "cancelled", _("cancelled")
        POSTPONED = "postponed", _("postponed")

    number = models.PositiveSmallIntegerField(
        _("number"), unique=True, help_text=_("15 for the 15th edition. 0 is the demonstration.")
    )
    is_demonstration = models.BooleanField(_("demonstration"), default=False)
    is_current = models.BooleanField(
        _("current edition"),
        default=False,
        help_text=_("The one on the home page. Exactly one edition is current."),
    )
    name = bilingual(models.CharField(_("name"), max_length=200))
    short_name = models.CharField(_("short name"), max_length=40, default="RAICT")
    theme = bilingual(models.CharField(_("theme"), max_length=300, blank=True))
    presentation = bilingual(
        models.TextField(_("presentation"), blank=True, help_text=_("Markdown. Home page."))
    )
    audience = bilingual(
        models.TextField(_("audience"), blank=True, help_text=_("For whom it is. Markdown."))
    )
    practical = bilingual(
        models.TextField(_("practical information"), blank=True, help_text=_("Markdown."))
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    duration = bilingual(
        models.CharField(
            _("duration"),
            max_length=100,
            blank=True,
            help_text=_("As announced: « un jour et demi »."),
        )
    )
    venue = models.ForeignKey(
        Venue,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="editions",
        verbose_name=_("venue"),
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    state_note = bilingual(
        models.TextField(
            _("note on the state"),
            blank=True,
            help_text=_("Why it was cancelled or postponed. Shown to everybody."),
        )
    )
    first_starts_on = models.DateField(_("first day, before postponement"), null=True, blank=True)
    first_ends_on = models.DateField(_("last day, before postponement"), null=True, blank=True)
    registration_opens_on = models.DateField(_("registrations open on"), null=True, blank=True)
    registration_closes_on = models.DateField(
        _("registrations close on"), null=True, blank=True, help_text=_("This day included.")
    )
    capacity = models.PositiveIntegerField(
        _("capacity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("The venue's « jauge ». Empty: no limit."),
    )
    # Live registrations. Written by registrations/seats/ only; `check_seats` holds it to the rows.
    places_taken = models.PositiveIntegerField(_("places taken"), default=0, editable=False)
    walking_minutes = models.PositiveSmallIntegerField(
        _("walking margin (minutes)"),
        default=0,
        validators=[MaxValueValidator(60)],
        help_text=_(
            "Between two sessions in different rooms: closer together, they count as overlapping."
            " 0: one may end when the other starts."
        ),
    )
    questions_close_on = models.DateField(
        _("questions close on"),
        null=True,
        blank=True,
        help_text=_("Last day for telling diet and access needs. Empty: the day before the event."),
    )
    guest_country = CountryField(_("guest country"), blank=True)
    guest_note = bilingual(models.TextField(_("about the guest country"), blank=True))
    declared_countries = CountryField(
        _("countries present, as declared"),
        multiple=True,
        blank=True,
        help_text=_("For past editions whose registrations are not here."),
    )
    hashtag = models.CharField(_("hashtag"), max_length=60, blank=True)
    handle = models.CharField(_("account on social networks"), max_length=60, blank=True)
    website = models.URLField(_("event's site"), blank=True)
    organiser = models.CharField(_("organiser"), max_length=120, default="Cités Unies France")
    organiser_short = models.CharField(_("organiser, short"), max_length=20, default="CUF")
    organiser_website = models.URLField(_("organiser's site"), blank=True)
    organiser_founded = models.PositiveSmallIntegerField(
        _("organiser created in"), null=True, blank=True
    )
    contact_email = models.EmailField(
        _("contact address"), blank=True, help_text=_("Answers to our mails arrive here.")
    )
    press_contact_name = models.CharField(_("press contact"), max_length=120, blank=True)
    press_contact_role = bilingual(
        models.CharField(_("press contact's function"), max_length=200, blank=True)
    )
    press_contact_email = models.EmailField(_("press contact's e-mail"), blank=True)
    # A promise made in public, kept as it was made: never derived from the next edition's row.
    next_number = models.PositiveSmallIntegerField(
        _("next edition, as announced"), null=True, blank=True
    )
    next_when = bilingual(
        models.CharField(_("next edition's date, as announced"), max_length=120, blank=True)
    )
    internal_notes = models.TextField(
        _("internal notes"),
        blank=True,
        help_text=_("For the team only: sources, variants, doubts."),
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="edition_one_current",
                violation_error_message=_("Another edition is the current one."),
            ),
            models.CheckConstraint(
                condition=~Q(is_current=True, state="draft"),
                name="edition_current_is_no_draft",
                violation_error_message=_(
                    "The current edition is on the home page: it is no draft."
                ),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="edition_ends_after_start",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.CheckConstraint(
                condition=Q(registration_opens_on__isnull=True)
                | Q(registration_closes_on__isnull=True)
                | Q(registration_closes_on__gte=F("registration_opens_on")),
                name="edition_registration_window",
                violation_error_message=_("Registrations close before they open."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(places_taken__lte=F("capacity")),
                name="edition_not_oversold",
                violation_error_message=_("More places are taken than this capacity."),
            ),
            models.CheckConstraint(
                condition=~Q(is_demonstration=True) | Q(number=0),
                name="edition_demonstration_is_zero",
                violation_error_message=_("The demonstration has the number 0."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        # Somebody may have registered since this row was read: the counter is left alone.
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key and field.name != "places_taken"
            ]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("events:edition", args=[self.number])

    @property
    def title(self) -> str:
        """« 15e édition », "15th edition", « Édition de démonstration »."""
        if self.is_demonstration:
            return gettext("Demonstration edition")
        return gettext("%(ordinal)s edition") % {"ordinal": ordinal(self.number)}

    @property
    def year(self) -> int | None:
        return self.starts_on.year if self.starts_on else None

    @property
    def days(self) -> list[dt.date]:
        if not self.starts_on:
            return []
        last = self.ends_on or self.starts_on
        return [self.starts_on + dt.timedelta(n) for n in range((last - self.starts_on).days + 1)]

    @property
    def dates(self) -> str:
        """« 23 et 24 octobre 2024 », empty when not known."""
        return date_range(self.starts_on, self.ends_on) if self.starts_on else ""

    @property
    def dates_with_weekdays(self) -> str:
        """« mercredi 23 et jeudi 24 octobre 2024 », empty when not known."""
        return date_range(self.starts_on, self.ends_on, weekdays=True) if self.starts_on else ""

    @property
    def first_dates(self) -> str:
        """The dates before a postponement, empty when there was none."""
        return date_range(self.first_starts_on, self.first_ends_on) if self.first_starts_on else ""

    @property
    def is_upcoming(self) -> bool:
        last = self.ends_on or self.starts_on
        return bool(last and last >= timezone.localdate())

    @property
    def takes_registrations(self) -> bool:
        """Open by state, and today lies in the window (an absent bound is no bound)."""
        today = timezone.localdate()
        return (
            self.state == self.State.OPEN
            and (self.registration_opens_on is None or self.registration_opens_on <= today)
            and (self.registration_closes_on is None or today <= self.registration_closes_on)
        )

    @property
    def opens_later(self) -> bool:
        """Registrations are announced for a day to come."""
        return (
            self.state in (self.State.PUBLISHED, self.State.OPEN)
            and self.registration_opens_on is not None
            and self.registration_opens_on > timezone.localdate()
        )

    @property
    def takes_accreditations(self) -> bool:
        """The press may ask to come: until the last day, dates known or not, unless it is called off."""
        ended = (self.State.DRAFT, self.State.OVER, self.State.CANCELLED)
        return self.state not in ended and (not self.starts_on or self.is_upcoming)

    @property
    def walking(self) -> dt.timedelta:
        return dt.timedelta(minutes=self.walking_minutes)

    @property
    def takes_answers(self) -> bool:
        """Diet and access may still be told: until the day set, or else the eve of the first day."""
        if self.state in (self.State.OVER, self.State.CANCELLED):
            return False
        return self.answers_until is None or timezone.localdate() <= self.answers_until

    @property
    def answers_until(self) -> dt.date | None:
        """The last day for answers; None without any."""
        return self.questions_close_on or (self.starts_on and self.starts_on - dt.timedelta(1))

    @property
    def next_title(self) -> str:
        """« 16e édition », empty when no number was announced."""
        if self.next_number is None:
            return ""
        return gettext("%(ordinal)s edition") % {"ordinal": ordinal(self.next_number)}

    @property
    def places_left(self) -> int | None:
        """None when there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.places_taken)

    def countries(self) -> list[str]:
        """ISO codes, sorted: confirmed participants', declared, the guest's, public sessions'.

        Two queries, through reverse relations: registrations and programme are downstream.
        """
        confirmed = self.registrations.filter(state="confirmed").order_by("country")
        codes = {country.code for country in self.declared_countries} | {self.guest_country.code}
        codes.update(confirmed.values_list("country", flat=True).distinct())
        for countries in self.sessions.public().order_by().values_list("countries", flat=True):
            codes.update(countries.split(","))
        return sorted(code for code in codes if code)
