"""Numbers of an edition that are declared, because the data are not here."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.edition import Edition
from raict.i18n import bilingual


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
