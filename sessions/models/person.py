"""Who appears in the programme, in which role."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from raict.i18n import bilingual
from raict.uploads import PictureField
from sessions.models.session import Session


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
    photo = PictureField(_("photograph"), upload_to="people/", blank=True)
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
