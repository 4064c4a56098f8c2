"""What happens when, in which room.

The application's label is `programme`: « sessions » is the label of Django's HTTP sessions, and a
foreign key written "sessions.Session" would silently point at them.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from events.models import Edition, Room
from raict import uploads
from raict.i18n import bilingual

# How long a session is taken to last while its end is not known.
ASSUMED_LENGTH = dt.timedelta(hours=1)


def with_margin(capacity: int | None, overbooking: int | None) -> int | None:
    """How many seats may be booked: the capacity and its no-show margin; None without a limit."""
    return None if capacity is None else capacity * (100 + (overbooking or 0)) // 100


_TEXTS = [
    f"{name}_{language}"
    for name in ("question", "framing", "context", "aims", "report", "zone", "topic")
    for language in ("fr", "en")
] + ["contacts", "slides", "countries"]


class SessionQuerySet(models.QuerySet):
    def public(self):
        """What visitors may see."""
        return self.filter(is_published=True).exclude(edition__state=Edition.State.DRAFT)

    def without_texts(self):
        """With the room, without the long texts: for pages that choose among sessions."""
        return self.select_related("room").defer(*_TEXTS)

    def in_order(self):
        """By day and time; what has no day or no time yet comes last, in the team's order."""
        return self.order_by(
            F("day").asc(nulls_last=True),
            F("start").asc(nulls_last=True),
            "room__position",
            "position",
            "pk",
        )


class Session(models.Model):
    class Kind(models.TextChoices):
        OPENING = "opening", _("official opening")
        PLENARY = "plenary", _("plenary")
        GEOGRAPHIC_MEETING = "geographic_meeting", _("geographic meeting")
        THEMATIC_WORKSHOP = "thematic_workshop", _("thematic workshop")
        CAFE = "cafe", _("Café des RAICT")
        MEAL = "meal", _("meal")
        BREAK = "break", _("break")

    class Booking(models.TextChoices):
        FREE = "free", _("free entry")
        SEAT = "seat", _("a seat to book")
        RANKED = "ranked", _("ranked choice")
        INVITATION = "invitation", _("by invitation")

    # Written by registrations/seats/ only.
    # How one comes in, when nobody says otherwise: free entry for the kinds that are not here.
    USUAL_BOOKING = {
        Kind.GEOGRAPHIC_MEETING: Booking.SEAT,
        Kind.THEMATIC_WORKSHOP: Booking.SEAT,
        Kind.CAFE: Booking.RANKED,
    }

    COUNTERS = ("seats_taken", "seats_kept")

    class Language(models.TextChoices):
        FRENCH = "fr", _("in French")
        ENGLISH = "en", _("in English")
        FRENCH_TO_ENGLISH = "fr>en", _("in French, interpreted into English")
        ENGLISH_TO_FRENCH = "en>fr", _("in English, interpreted into French")
        BOTH = "fr+en", _("in French and English, interpreted both ways")

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("edition")
    )
    kind = models.CharField(pgettext_lazy("of a session", "kind"), max_length=20, choices=Kind)
    slug = models.SlugField(
        _("address"), max_length=90, unique=True, help_text=_("Stays the same for ever.")
    )
    short_name = bilingual(
        models.CharField(
            _("short name"), max_length=80, blank=True, help_text=_("« Méditerranée ». For lists.")
        )
    )
    title = bilingual(
        models.CharField(
            _("title"), max_length=300, blank=True, help_text=_("Empty while it is not known.")
        )
    )
    question = bilingual(models.CharField(_("question"), max_length=300, blank=True))
    framing = bilingual(models.TextField(_("framing note"), blank=True, help_text=_("Markdown.")))
    framing_is_preliminary = models.BooleanField(
        _("the framing note is preliminary"), default=False
    )
    context = bilingual(models.TextField(_("context"), blank=True, help_text=_("Markdown.")))
    aims = bilingual(models.TextField(_("aims"), blank=True, help_text=_("Markdown.")))
    day = models.DateField(_("day"), null=True, blank=True)
    start = models.TimeField(_("start"), null=True, blank=True)
    end = models.TimeField(_("end"), null=True, blank=True)
    room = models.ForeignKey(
        Room,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("room"),
    )
    capacity = models.PositiveIntegerField(
        _("capacity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: the room's. Never above it."),
    )
    # Seats held. Written by registrations/seats/ only; `check_seats` holds it to the rows.
    seats_taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)
    # Of the seats left, those kept for a quota that is not used up. Same writer, same check.
    seats_kept = models.PositiveIntegerField(_("seats kept"), default=0, editable=False)
    overbooking = models.PositiveSmallIntegerField(
        _("no-show margin (%)"),
        default=0,
        validators=[MaxValueValidator(50)],
        help_text=_("Seats booked beyond the capacity, because some never come. 10: 44 for 40."),
    )
    booking = models.CharField(_("booking"), max_length=10, choices=Booking, default=Booking.FREE)
    is_members_only = models.BooleanField(_("reserved for members"), default=False)
    offer_hours = models.PositiveSmallIntegerField(
        _("offers are valid for (hours)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_(
            "A freed seat is offered to the first in line, who accepts within so many hours."
            " Empty: the first in line has it at once."
        ),
    )
    language = models.CharField(_("language"), max_length=6, choices=Language, blank=True)
    zone = bilingual(models.CharField(_("zone"), max_length=120, blank=True))
    countries = CountryField(_("countries"), multiple=True, blank=True)
    topic = bilingual(models.CharField(_("topic"), max_length=120, blank=True))
    contacts = models.TextField(
        _("contacts"), blank=True, help_text=_("For the team only: never shown to the public.")
    )
    report = bilingual(
        models.TextField(
            pgettext_lazy("of a session", "report"),
            blank=True,
            help_text=_("After the event. Markdown."),
        )
    )
    slides = models.FileField(
        _("slides"),
        upload_to="slides/",
        blank=True,
        validators=[FileExtensionValidator(["pdf", "odp", "pptx", "ppt", "key"]), uploads.slides],
    )
    is_published = models.BooleanField(_("published"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    # RFC 5545 SEQUENCE: raised when time or room changes, so that calendars take the new entry.
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "day", "start", "position", "pk"]
        verbose_name = _("session")
        verbose_name_plural = _("all sessions")
        indexes = [
            models.Index(fields=["edition", "day", "start"], name="session_by_time"),
            models.Index(fields=["edition", "kind", "position"], name="session_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gt=F("start")),
                name="session_ends_after_start",
                violation_error_message=_("The session ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(day__isnull=False),
                name="session_time_needs_day",
                violation_error_message=_("A session with a time needs a day."),
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(start__isnull=False),
                name="session_end_needs_start",
                violation_error_message=_("A session with an end needs a start."),
            ),
            models.CheckConstraint(
                # In hundredths of a seat, so that both databases count in whole numbers.
                condition=Q(capacity__isnull=True)
                | Q(seats_taken__lte=F("capacity") * (100 + F("overbooking")) / 100),
                name="session_not_oversold",
                violation_error_message=_("More seats are taken than this capacity."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        # The capacity stands in the row itself, because the database holds the seats against it.
        if self.capacity is None and self.room is not None:
            self.capacity = self.room.capacity
        # Somebody may have taken a seat since this row was read: counters are left alone.
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key and field.name not in self.COUNTERS
            ]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("programme:session", args=[self.slug])

    def clean(self) -> None:
        if self.room and self.room.capacity and (self.capacity or 0) > self.room.capacity:
            raise ValidationError(
                {
                    "capacity": _("The room %(room)s has %(seats)d seats only.")
                    % {"room": self.room, "seats": self.room.capacity}
                }
            )
        if self.day and self.edition.starts_on and self.day not in self.edition.days:
            raise ValidationError({"day": _("This day is outside the edition's dates.")})

    @property
    def name(self) -> str:
        """The title, else the short name, else « Café des RAICT n° 3 »."""
        if self.title or self.short_name:
            return self.title or self.short_name
        label = self.get_kind_display()
        label = label[:1].upper() + label[1:]
        return (
            _("%(kind)s no. %(number)d") % {"kind": label, "number": self.position}
            if self.position
            else label
        )

    @property
    def starts_at(self) -> dt.datetime | None:
        """In the event's time zone (Paris)."""
        return self._moment(self.start)

    @property
    def ends_at(self) -> dt.datetime | None:
        return self._moment(self.end)

    def _moment(self, time: dt.time | None) -> dt.datetime | None:
        if not (self.day and time):
            return None
        return dt.datetime.combine(self.day, time, tzinfo=timezone.get_default_timezone())

    @property
    def seats_offered(self) -> int | None:
        """How many may be booked: the capacity with the no-show margin; None without a limit."""
        return with_margin(self.capacity, self.overbooking)

    @property
    def seats_left(self) -> int | None:
        """For everybody, those kept for a quota left out. None when there is no limit."""
        if self.capacity is None:
            return None
        return max(0, self.seats_offered - self.seats_taken - self.seats_kept)

    @property
    def is_full(self) -> bool:
        return self.seats_left == 0

    @property
    def has_begun(self) -> bool:
        return self.starts_at is not None and self.starts_at <= timezone.now()

    def overlaps(self, other: "Session", walking: dt.timedelta = dt.timedelta(0)) -> bool:
        """Both are running at some moment, or one ends too late to walk to the other's room.

        Back to back is no overlap. `walking` counts between two rooms that are known and differ. An
        unknown end is an hour after the start.
        """
        if not (self.day and self.day == other.day and self.start and other.start):
            return False
        if self.room_id is None or other.room_id is None or self.room_id == other.room_id:
            walking = dt.timedelta(0)
        return (
            self.starts_at < other._assumed_end + walking
            and other.starts_at < self._assumed_end + walking
        )

    @property
    def _assumed_end(self) -> dt.datetime:
        return self.ends_at or self.starts_at + ASSUMED_LENGTH


class _KindManager(models.Manager.from_queryset(SessionQuerySet)):
    def get_queryset(self):
        return super().get_queryset().filter(kind__in=self.model.KINDS)


class Plenary(Session):
    """Official opening and plenaries."""

    KINDS = (Session.Kind.PLENARY, Session.Kind.OPENING)
    objects = _KindManager()

    class Meta:
        proxy = True
        verbose_name = _("plenary")
        verbose_name_plural = _("opening and plenaries")


class GeographicMeeting(Session):
    KINDS = (Session.Kind.GEOGRAPHIC_MEETING,)
    objects = _KindManager()

    class Meta:
        proxy = True
        verbose_name = _("geographic meeting")
        verbose_name_plural = _("geographic meetings")


class ThematicWorkshop(Session):
    KINDS = (Session.Kind.THEMATIC_WORKSHOP,)
    objects = _KindManager()

    class Meta:
        proxy = True
        verbose_name = _("thematic workshop")
        verbose_name_plural = _("thematic workshops")


class Cafe(Session):
    KINDS = (Session.Kind.CAFE,)
    objects = _KindManager()

    class Meta:
        proxy = True
        verbose_name = _("Café des RAICT")
        verbose_name_plural = _("Cafés des RAICT")
