"""Communiqués."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.edition import Edition
from raict.i18n import bilingual


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
