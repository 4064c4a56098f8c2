"""What happens when, in which room, with whom.

The application's label is `programme`: « sessions » is the label of Django's HTTP sessions, and a
foreign key written "sessions.Session" would silently point at them.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from events.models import Edition, Room
from raict.i18n import bilingual

# How long a session is taken to last while its end is not known.
ASSUMED_LENGTH = dt.timedelta(hours=1)


class SessionQuerySet(models.QuerySet):
    def public(self):
        """What visitors may see."""
        return self.filter(is_published=True).exclude(edition__state=Edition.State.DRAFT)

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
    # Seats held. Written by registrations/seats.py only; `check_seats` holds it to the rows.
    seats_taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)
    booking = models.CharField(_("booking"), max_length=8, choices=Booking, default=Booking.FREE)
    is_members_only = models.BooleanField(_("reserved for members"), default=False)
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
        validators=[FileExtensionValidator(["pdf", "odp", "pptx", "ppt", "key"])],
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
                condition=Q(capacity__isnull=True) | Q(seats_taken__lte=F("capacity")),
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
    def seats_left(self) -> int | None:
        """None when there is no limit, or none known."""
        return None if self.capacity is None else max(0, self.capacity - self.seats_taken)

    @property
    def is_full(self) -> bool:
        return self.seats_left == 0

    def overlaps(self, other: "Session") -> bool:
        """Both are running at some moment. Back to back is no overlap; an unknown end is an hour after the start."""
        if not (self.day and self.day == other.day and self.start and other.start):
            return False
        return self.start < _end(other) and other.start < _end(self)


def _end(session: Session) -> dt.time:
    if session.end:
        return session.end
    assumed = dt.datetime.combine(dt.date.min, session.start) + ASSUMED_LENGTH
    return assumed.time() if assumed.date() == dt.date.min else dt.time.max


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


class PersonQuerySet(models.QuerySet):
    def public(self):
        """Those who appear in a session that visitors may see."""
        return self.filter(
            models.Exists(
                Appearance.objects.filter(
                    person=models.OuterRef("pk"), session__in=Session.objects.public()
                )
            )
        )


class Person(models.Model):
    """Somebody who appears in the programme. Functions belong to appearances: they change."""

    slug = models.SlugField(_("address"), max_length=90, unique=True)
    title = models.CharField(
        _("title"),
        max_length=40,
        blank=True,
        help_text=_("As written before the name: S.E.M., Dr …"),
    )
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100)
    biography = bilingual(models.TextField(_("biography"), blank=True, help_text=_("Markdown.")))
    photo = models.ImageField(_("photograph"), upload_to="people/", blank=True)
    photo_credit = models.CharField(_("photograph's credit"), max_length=120, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name"]
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("programme:person", args=[self.slug])

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.title, self.first_name, self.last_name) if part)


class Appearance(models.Model):
    """Somebody in a session: a person, an office whose holder is not named, or a place to fill."""

    class Role(models.TextChoices):
        CHAIR = "chair", pgettext_lazy("role", "chair")
        MODERATOR = "moderator", pgettext_lazy("role", "moderation")
        SPEAKER = "speaker", pgettext_lazy("role", "speaker")
        WITNESS = "witness", pgettext_lazy("role", "key witness")
        RAPPORTEUR = "rapporteur", pgettext_lazy("role", "report")
        HOST = "host", pgettext_lazy("role", "host")

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="appearances", verbose_name=_("session")
    )  # a part of the session
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appearances",
        verbose_name=_("person"),
    )
    label = bilingual(
        models.CharField(
            _("unnamed"),
            max_length=200,
            blank=True,
            help_text=_("Instead of a person: an office, a group, a representative."),
        )
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.SPEAKER)
    function = bilingual(
        models.CharField(
            _("function"), max_length=300, blank=True, help_text=_("As it was on that day.")
        )
    )
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    represents = bilingual(
        models.CharField(
            _("represents"),
            max_length=200,
            blank=True,
            help_text=_("Whom the person stands in for."),
        )
    )
    is_pending = models.BooleanField(_("to be confirmed"), default=False)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Order of precedence, set by hand.")
    )

    class Meta:
        ordering = ["session", "position", "pk"]
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False)
                | ~Q(label_fr="")
                | ~Q(organisation="")
                | Q(is_pending=True),
                name="appearance_of_somebody",
                violation_error_message=_(
                    "Choose a person, or name an office or an organisation, or mark it to be confirmed."
                ),
            ),
            models.UniqueConstraint(
                fields=["session", "person", "role"], name="appearance_once_a_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who} – {self.session}"

    @property
    def who(self) -> str:
        return str(self.person) if self.person else self.label or self.organisation
