"""A session that moves: gathered until the team publishes, then told once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Edition, Room
from sessions.models.session import Session


class Announcement(models.Model):
    """The moves that were published together."""

    edition = models.ForeignKey(
        Edition,
        on_delete=models.CASCADE,
        related_name="announcements",
        verbose_name=_("edition"),
    )  # a part of the edition
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    made_at = models.DateTimeField(_("published on"), auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("announcement of changes")
        verbose_name_plural = _("announcements of changes")

    def __str__(self) -> str:
        return f"{self.edition} – {self.made_at:%Y-%m-%d %H:%M}"


class Move(models.Model):
    """When and where a session is to be; without announcement while the team prepares it.

    The session keeps its published place until then. The `was_` columns are written when the move
    is published, so that people are told from what to what.
    """

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="moves", verbose_name=_("session")
    )  # a part of the session
    day = models.DateField(_("day"), null=True, blank=True)
    start = models.TimeField(_("start"), null=True, blank=True)
    end = models.TimeField(_("end"), null=True, blank=True)
    room = models.ForeignKey(
        Room,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("room"),
    )
    was_day = models.DateField(_("day before"), null=True, blank=True)
    was_start = models.TimeField(_("start before"), null=True, blank=True)
    was_end = models.TimeField(_("end before"), null=True, blank=True)
    was_room = models.ForeignKey(
        Room,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("room before"),
    )
    announcement = models.ForeignKey(
        Announcement,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="moves",
        verbose_name=_("announcement"),
    )  # a part of the announcement
    changed_at = models.DateTimeField(_("changed on"), auto_now=True)

    class Meta:
        ordering = ["session__day", "session__start", "pk"]
        verbose_name = _("change of time or room")
        verbose_name_plural = _("changes of time or room")
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(announcement__isnull=True),
                name="move_one_in_preparation",
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gt=models.F("start")),
                name="move_ends_after_start",
                violation_error_message=_("The session ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(day__isnull=False),
                name="move_time_needs_day",
                violation_error_message=_("A session with a time needs a day."),
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(start__isnull=False),
                name="move_end_needs_start",
                violation_error_message=_("A session with an end needs a start."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.session)
