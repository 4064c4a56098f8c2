"""An edition, where it takes place and with whom."""

import datetime as dt

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from raict.i18n import bilingual
from raict.typography import date_range, ordinal


class Venue(models.Model):
    """Where an edition takes place. Its rooms may lie in several buildings."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    district = bilingual(models.CharField(_("district"), max_length=100, blank=True))
    access = bilingual(models.TextField(_("how to get there"), blank=True))
    url = models.URLField(_("web address"), blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("venue")
        verbose_name_plural = _("venues")

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """« Paris, 16e arrondissement »; the city stands once when the district names it."""
        parts = [self.city, self.district]
        if self.city and self.city in self.district:
            parts = [self.district]
        return ", ".join(part for part in parts if part)


class Room(models.Model):
    venue = models.ForeignKey(
        Venue, on_delete=models.CASCADE, related_name="rooms", verbose_name=_("venue")
    )  # a part of the venue
    name = models.CharField(_("name"), max_length=100)
    capacity = models.PositiveIntegerField(
        _("capacity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Seats. Leave empty while it is not known."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["venue__name", "position", "name"]
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            models.UniqueConstraint(
                fields=["venue", "name"],
                name="room_unique_name",
                violation_error_message=_("This venue already has a room of that name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


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
    # Live registrations. Written by registrations/seats.py only; `check_seats` holds it to the rows.
    places_taken = models.PositiveIntegerField(_("places taken"), default=0, editable=False)
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


class Partner(models.Model):
    class Kind(models.TextChoices):
        SUPPORT = "support", _("with the support of")
        PARTNER = "partner", _("partner")
        EXHIBITOR = "exhibitor", _("exhibitor")

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="partners", verbose_name=_("edition")
    )  # a part of the edition
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PARTNER)
    name = bilingual(models.CharField(_("name"), max_length=200))
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    motto = models.CharField(
        _("motto"), max_length=100, blank=True, help_text=_("Printed under the name in the banner.")
    )
    description = bilingual(models.TextField(_("description"), blank=True))
    url = models.URLField(_("web address"), blank=True)
    logo = models.ImageField(_("logo"), upload_to="partners/", blank=True)
    stand = models.CharField(_("stand"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["edition", "position", "name_fr"]
        verbose_name = _("partner")
        verbose_name_plural = _("partners and exhibitors")
        constraints = [
            models.UniqueConstraint(fields=["edition", "name_fr"], name="partner_unique_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Figure(models.Model):
    """A number of an edition that is declared, with its source, because the data are not here.

    Figures that the site can count are defined in `events/figures.py`; a declared one of the same
    key takes precedence.
    """

    class Qualifier(models.TextChoices):
        EXACT = "exact", _("exactly")
        MORE_THAN = "more_than", _("more than")
        NEARLY = "nearly", _("nearly")
        ABOUT = "about", _("about")

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="figures", verbose_name=_("edition")
    )  # a part of the edition
    key = models.SlugField(_("key"), max_length=40)
    label = bilingual(models.CharField(_("label"), max_length=120))
    qualifier = models.CharField(
        _("qualifier"), max_length=10, choices=Qualifier, default=Qualifier.EXACT
    )
    value = models.DecimalField(
        _("value"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    is_percentage = models.BooleanField(_("percentage"), default=False)
    part_of = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("« dont 40 délégations »: the figure that this one is a part of."),
    )
    source = models.CharField(_("source"), max_length=300)
    declared_on = models.DateField(_("declared on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["edition", "position", "key"]
        verbose_name = _("declared figure")
        verbose_name_plural = _("declared figures")
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="figure_unique_key"),
            models.CheckConstraint(
                condition=Q(is_percentage=False) | Q(value__lte=100),
                name="figure_percentage_bound",
                violation_error_message=_("A percentage is at most 100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.edition})"


class PressReleaseQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=PressRelease.State.PUBLISHED).exclude(
            edition__state=Edition.State.DRAFT
        )


class PressRelease(models.Model):
    """A communiqué. Its text is Markdown with placeholders bound to the edition: see events/press/."""

    class Kind(models.TextChoices):
        ANNOUNCEMENT = "announcement", _("announcement")
        OPENING = "opening", _("opening")
        # Not what is written after a session: « bilan », not « compte rendu ».
        REPORT = "report", pgettext_lazy("press release", "report")
        CANCELLATION = "cancellation", _("cancellation")
        CORRECTION = "correction", _("correction")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        # French says it otherwise of « un communiqué » than of « une édition ».
        PUBLISHED = "published", pgettext_lazy("press release", "published")

    edition = models.ForeignKey(
        Edition,
        on_delete=models.PROTECT,
        related_name="press_releases",
        verbose_name=_("edition"),
    )
    kind = models.CharField(_("kind"), max_length=14, choices=Kind, default=Kind.REPORT)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    headline = bilingual(models.CharField(_("headline"), max_length=400))
    place = bilingual(models.CharField(_("place"), max_length=80, default="Paris"))
    issued_on = models.DateField(_("date"))
    lead = bilingual(models.TextField(_("lead")))
    body = bilingual(models.TextField(_("text"), help_text=_("Markdown; headings start with ##.")))
    about = bilingual(models.TextField(_("about the organiser"), blank=True))
    more = bilingual(models.TextField(_("more information"), blank=True))

    objects = PressReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("press release")
        verbose_name_plural = _("press releases")

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("events:release", args=[self.slug])
