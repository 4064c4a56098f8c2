"""Seats in sessions, places in their lines, seats kept for some, wishes for cafés."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registrations.models.organisation import Category
from registrations.models.registration import Registration
from sessions.models import Session


class QuotaQuerySet(models.QuerySet):
    def in_force(self, today: dt.date | None = None):
        """Those whose last day has not passed, with `unused`: how many of their seats are left."""
        held = Q(bookings__state__in=Booking.HELD)
        return self.filter(
            Q(until__isnull=True) | Q(until__gte=today or timezone.localdate())
        ).annotate(unused=F("seats") - models.Count("bookings", filter=held))


class Quota(models.Model):
    """Seats of a session kept for a category, or for delegations from abroad, until a day."""

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="quotas", verbose_name=_("session")
    )  # a part of the session
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quotas",
        verbose_name=_("category"),
    )
    is_for_abroad = models.BooleanField(
        _("for delegations from abroad"),
        default=False,
        help_text=_("Whoever registers from another country than France."),
    )
    seats = models.PositiveIntegerField(_("seats kept"), validators=[MinValueValidator(1)])
    until = models.DateField(
        _("kept until"),
        null=True,
        blank=True,
        help_text=_("This day included; then they are for everybody. Empty: to the end."),
    )

    objects = QuotaQuerySet.as_manager()

    class Meta:
        ordering = ["session", "pk"]
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.CheckConstraint(
                condition=Q(category__isnull=False, is_for_abroad=False)
                | Q(category__isnull=True, is_for_abroad=True),
                name="quota_for_one_group",
                violation_error_message=_("Choose a category, or the delegations from abroad."),
            ),
        ]

    def __str__(self) -> str:
        return _("%(seats)d seats kept: %(group)s") % {
            "seats": self.seats,
            "group": self.category or _("delegations from abroad"),
        }

    def is_for(self, registration: Registration) -> bool:
        if self.is_for_abroad:
            return registration.country.code != "FR"
        return registration.category_id == self.category_id


class BookingQuerySet(models.QuerySet):
    def standing(self):
        """Those that were not given back: held, waited for, or asked for."""
        return self.exclude(state=Booking.State.RELEASED)

    def held(self):
        """Those that take a seat: confirmed, or offered and kept meanwhile."""
        return self.filter(state__in=Booking.HELD)

    def in_line(self):
        """Waiting, the first in line first."""
        return self.filter(state=Booking.State.WAITING).order_by("turn")

    def with_rank(self):
        """`rank`: 1 for the first in line. Counted, so ranks cannot have holes; None off the list."""
        before = (
            Booking.objects.filter(
                session=models.OuterRef("session"),
                state=Booking.State.WAITING,
                turn__lte=models.OuterRef("turn"),
            )
            .order_by()
            .values("session")
            .annotate(count=models.Count("pk"))
            .values("count")
        )
        return self.annotate(rank=models.Subquery(before))


class Booking(models.Model):
    """A seat of a registration in a session, or its place in line for one.

    Written by registrations/seats/ only.
    """

    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        OFFERED = "offered", _("offered")
        WAITING = "waiting", _("on the waiting list")
        # Of somebody who waits for a place in the edition: becomes a seat or a place in line then.
        ASKED = "asked", _("asked for")
        RELEASED = "released", _("released")

    HELD = (State.CONFIRMED, State.OFFERED)

    registration = models.ForeignKey(
        Registration,
        on_delete=models.CASCADE,
        related_name="bookings",
        verbose_name=_("registration"),
        db_index=False,  # Meta.indexes
    )  # a part of the registration
    session = models.ForeignKey(
        Session,
        on_delete=models.PROTECT,
        related_name="bookings",
        verbose_name=_("session"),
        db_index=False,  # Meta.indexes
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CONFIRMED)
    # The order of those who wait: given once, never changed, so nobody is overtaken.
    turn = models.PositiveIntegerField(_("turn"), null=True, blank=True, editable=False)
    offered_until = models.DateTimeField(_("offered until"), null=True, blank=True)
    quota = models.ForeignKey(
        Quota,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("quota"),
    )
    created_at = models.DateTimeField(_("booked on"), auto_now_add=True)
    released_at = models.DateTimeField(_("released on"), null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["session__day", "session__start", "pk"]
        verbose_name = _("booked seat")
        verbose_name_plural = _("booked seats")
        indexes = [
            models.Index(
                fields=["offered_until"], name="booking_offered", condition=Q(state="offered")
            ),
            # How many seats somebody has, how many wait for one: counted in the team's lists.
            models.Index(fields=["registration", "state"], name="booking_of_person"),
            models.Index(fields=["session", "state"], name="booking_of_session"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "session"],
                condition=~Q(state="released"),
                name="booking_once_a_session",
            ),
            models.UniqueConstraint(
                fields=["session", "turn"],
                condition=Q(state="waiting"),
                name="booking_one_a_turn",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", turn__isnull=False)
                | (~Q(state="waiting") & Q(turn__isnull=True)),
                name="booking_waits_in_turn",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", offered_until__isnull=False)
                | (~Q(state="offered") & Q(offered_until__isnull=True)),
                name="booking_offer_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration} – {self.session}"

    @property
    def is_held(self) -> bool:
        return self.state in self.HELD


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
