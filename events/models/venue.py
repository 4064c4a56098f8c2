"""Where an edition takes place."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from raict.i18n import bilingual


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
