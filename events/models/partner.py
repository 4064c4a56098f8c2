"""Who supports an edition, and who exhibits there."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.edition import Edition
from raict.i18n import bilingual
from raict.uploads import LogoField


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
    logo = LogoField(_("logo"), upload_to="partners/", blank=True)
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
