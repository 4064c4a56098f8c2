"""Communiqués: what is written, and the way from draft to published."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.edition import Edition
from raict.i18n import bilingual

# Pages of the press room that stand where the address of a release would.
RESERVED = ("liste", "desinscription", "accreditation", "vignettes", "dossier", "flux")


def refuse_reserved(slug: str) -> None:
    if slug in RESERVED:
        raise ValidationError(_("This address is that of another page of the press room."))


class PressReleaseQuerySet(models.QuerySet):
    def published(self):
        """Published, the embargo over or not: what accredited readers may see."""
        return self.filter(state=PressRelease.State.PUBLISHED).exclude(
            edition__state=Edition.State.DRAFT
        )

    def public(self):
        """Published, and not under embargo any more."""
        return self.published().filter(_embargo_over())

    def embargoed(self):
        """Published for accredited readers only, until the embargo ends."""
        return self.published().exclude(_embargo_over())

    def withdrawn(self):
        """Taken back after everybody could read it: its address says so."""
        return self.filter(
            _embargo_over("withdrawn_at"), state=PressRelease.State.WITHDRAWN
        ).exclude(edition__state=Edition.State.DRAFT)

    def scheduled(self):
        """To be published by the clock."""
        return self.filter(state=PressRelease.State.CHECKED, publish_at__isnull=False)


def _embargo_over(when: str = "") -> Q:
    """No embargo, or one that had ended by the moment of that column (now without one)."""
    moment = models.F(when) if when else timezone.now()
    return Q(embargo_until=None) | Q(embargo_until__lte=moment)


class PressRelease(models.Model):
    """A communiqué. Its texts are Markdown with placeholders bound to the edition: see events/press/.

    State, moments and version are written by events/press/publishing.py only. What was published
    stands in Publication, and changes no more.
    """

    class Kind(models.TextChoices):
        ANNOUNCEMENT = "announcement", _("announcement")
        OPENING = "opening", _("opening")
        # Not what is written after a session: « bilan », not « compte rendu ».
        REPORT = "report", pgettext_lazy("press release", "report")
        CANCELLATION = "cancellation", _("cancellation")
        CORRECTION = "correction", _("correction")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        CHECKED = "checked", pgettext_lazy("press release", "checked")
        # French says it otherwise of « un communiqué » than of « une édition ».
        PUBLISHED = "published", pgettext_lazy("press release", "published")
        WITHDRAWN = "withdrawn", pgettext_lazy("press release", "withdrawn")

    class Language(models.TextChoices):
        BOTH = "fr+en", _("French and English")
        FRENCH = "fr", _("French only")
        ENGLISH = "en", _("English only")

    # The bilingual texts in the order in which they are read; all but the first two are Markdown.
    TEXTS = ("headline", "lead", "body", "thanks", "next_edition", "about", "more")
    # Without these a release does not exist in a language.
    COMPULSORY = ("headline", "lead", "body")

    edition = models.ForeignKey(
        Edition,
        on_delete=models.PROTECT,
        related_name="press_releases",
        verbose_name=_("edition"),
    )
    kind = models.CharField(_("kind"), max_length=14, choices=Kind, default=Kind.REPORT)
    language = models.CharField(
        _("languages"),
        max_length=5,
        choices=Language,
        default=Language.BOTH,
        help_text=_("In which languages it is published."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        validators=[refuse_reserved],
        help_text=_("Stays the same for ever."),
    )
    headline = bilingual(models.CharField(_("headline"), max_length=400, blank=True))
    place = bilingual(models.CharField(_("place"), max_length=80, default="Paris", blank=True))
    issued_on = models.DateField(_("date"))
    lead = bilingual(
        models.TextField(
            _("lead"),
            blank=True,
            help_text=_("One paragraph that says it all: who, what, when, where."),
        )
    )
    body = bilingual(
        models.TextField(
            _("sections"),
            blank=True,
            help_text=_(
                "Markdown. A section starts with a heading: ## and its words. Lists: a hyphen at the"
                " start of each line. A quote stands where its placeholder is."
            ),
        )
    )
    thanks = bilingual(models.TextField(_("thanks"), blank=True))
    next_edition = bilingual(
        models.TextField(
            _("next edition, as announced"),
            blank=True,
            help_text=_("With the placeholders of the next edition: a promise is written once."),
        )
    )
    about = bilingual(models.TextField(_("about the organiser"), blank=True))
    more = bilingual(models.TextField(_("more information"), blank=True))
    embargo_until = models.DateTimeField(
        _("under embargo until"),
        null=True,
        blank=True,
        help_text=_("Until then accredited readers alone can read it, by their personal link."),
    )
    publish_at = models.DateTimeField(
        _("to be published on"), null=True, blank=True, editable=False
    )
    published_at = models.DateTimeField(_("published on"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True, editable=False)
    withdrawal = bilingual(
        models.TextField(_("reason of the withdrawal"), blank=True, editable=False)
    )
    # How often it was published; the texts of the last time are its publications of this number.
    version = models.PositiveSmallIntegerField(default=0, editable=False)
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects"),
        editable=False,
    )

    objects = PressReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("press release")
        verbose_name_plural = _("press releases")
        indexes = [
            models.Index(
                fields=["publish_at"],
                name="release_scheduled",
                condition=Q(publish_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(publish_at__isnull=True) | Q(state="checked"),
                name="release_scheduled_is_checked",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "withdrawn"])
                | Q(version__gte=1, published_at__isnull=False),
                name="release_published_has_version",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="release_withdrawn_since",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("events:release", args=[self.slug])

    @property
    def languages(self) -> tuple[str, ...]:
        """("fr", "en"), ("fr",) or ("en",): those it is to be published in."""
        return tuple(self.language.split("+"))

    @property
    def is_editable(self) -> bool:
        """What was published or withdrawn is corrected by another release, never rewritten."""
        return self.state in (self.State.DRAFT, self.State.CHECKED)

    @property
    def is_under_embargo(self) -> bool:
        return self.embargo_until is not None and self.embargo_until > timezone.now()

    def is_written_in(self, language: str) -> bool:
        """Headline, lead and text are there; the rest is optional."""
        return all(getattr(self, f"{name}_{language}") for name in self.COMPULSORY)


class Quote(models.Model):
    """Somebody's words, as they approved them. `{{ quote.1 }}` in a text is the first one."""

    release = models.ForeignKey(
        PressRelease,
        on_delete=models.CASCADE,
        related_name="quotes",
        verbose_name=_("press release"),
    )  # a part of the release
    position = models.PositiveSmallIntegerField(
        _("number"), help_text=_("2 for the quote that stands at {{ quote.2 }}.")
    )
    text = bilingual(
        models.TextField(_("words"), help_text=_("Without quotation marks: they are added."))
    )
    person = models.CharField(_("person"), max_length=120)
    function = bilingual(models.CharField(_("function"), max_length=300, blank=True))
    approved_on = models.DateField(_("approved on"), null=True, blank=True)

    class Meta:
        ordering = ["release", "position"]
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [
            models.UniqueConstraint(fields=["release", "position"], name="quote_unique_number"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.person}"


class ReleaseContact(models.Model):
    """Whom the press may call about this release; without any, the edition's press contact."""

    release = models.ForeignKey(
        PressRelease,
        on_delete=models.CASCADE,
        related_name="contacts",
        verbose_name=_("press release"),
    )  # a part of the release
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name = models.CharField(_("name"), max_length=120)
    role = bilingual(models.CharField(_("function"), max_length=200, blank=True))
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=30, blank=True)

    class Meta:
        ordering = ["release", "position", "pk"]
        verbose_name = _("press contact")
        verbose_name_plural = _("press contacts")

    def __str__(self) -> str:
        return self.name
