"""Pictures and logos for the press, and the kit that holds them all."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.edition import Edition
from raict.i18n import bilingual
from raict.uploads import PressPictureField


class PressPictureQuerySet(models.QuerySet):
    def public(self):
        return self.filter(is_published=True)


class PressPicture(models.Model):
    """A photograph or a logo that the press may use."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("photograph")
        LOGO = "logo", _("logo")

    edition = models.ForeignKey(
        Edition,
        on_delete=models.CASCADE,
        related_name="press_pictures",
        verbose_name=_("edition"),
    )  # a part of the edition
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.PHOTO)
    file = PressPictureField(_("file"), upload_to="press/")
    title = bilingual(models.CharField(_("title"), max_length=200))
    alternative = bilingual(
        models.CharField(
            _("alternative text"),
            max_length=300,
            blank=True,
            help_text=_("What the picture shows, for those who cannot see it."),
        )
    )
    credit = models.CharField(
        _("credit"), max_length=120, blank=True, help_text=_("« Name / agency », without ©.")
    )
    rights = bilingual(
        models.CharField(
            _("rights"),
            max_length=300,
            blank=True,
            help_text=_("What the press may do with it: « free for articles on the meetings »."),
        )
    )
    is_published = models.BooleanField(_("published"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = PressPictureQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "kind", "position", "pk"]
        verbose_name = _("picture for the press")
        verbose_name_plural = _("pictures for the press")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="photo") | (~Q(credit="") & ~Q(rights_fr="")),
                name="press_photo_has_rights",
                violation_error_message=_("A photograph needs its credit and its rights."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PressKit(models.Model):
    """An edition's kit as a ZIP file, made by the worker whenever what it holds has changed."""

    edition = models.OneToOneField(
        Edition, on_delete=models.CASCADE, related_name="press_kit", verbose_name=_("edition")
    )  # a part of the edition
    file = models.FileField(_("file"), upload_to="press/kits/", blank=True)
    key = models.CharField(max_length=64, blank=True)  # of what it holds: its ETag
    size = models.PositiveIntegerField(_("size"), default=0)
    made_at = models.DateTimeField(_("made on"), null=True, blank=True)
    # Whoever makes it; another worker may take over when this moment has passed.
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-edition"]
        verbose_name = _("press kit")
        verbose_name_plural = _("press kits")

    def __str__(self) -> str:
        return str(self.edition)
