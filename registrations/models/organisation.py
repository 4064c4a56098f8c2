"""Whom people come for, and as what."""

from django.core.validators import RegexValidator
from django.db import connections, models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from raict.i18n import bilingual
from raict.search import FoldedField, containing, words_of


class Category(models.Model):
    """Whom a badge says somebody is. Shipped with the site, edited by the team."""

    key = models.SlugField(_("key"), max_length=30, unique=True)
    name = bilingual(models.CharField(_("name"), max_length=60))
    name_feminine_fr = models.CharField(
        _("name (French, feminine)"),
        max_length=60,
        blank=True,
        help_text=_("« Élue ». For badges."),
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#2b3f92",
        validators=[RegexValidator(r"^#[0-9a-f]{6}$", _("Six hexadecimal digits: #2b3f92."))],
        help_text=_("Band at the foot of the badge, under white words."),
    )
    is_offered = models.BooleanField(
        _("offered in the form"), default=True, help_text=_("Otherwise only the team gives it.")
    )
    needs_approval = models.BooleanField(_("the team approves each one"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name_fr"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet):
    def held(self, pk: int):
        """The row, which stays until the transaction ends; None if it has been merged meanwhile.

        Whoever names an organisation shares it (PostgreSQL: KEY SHARE), and a merge waits for them;
        SQLite lets one writer in at a time anyway.
        """
        sql = "SELECT * FROM registrations_organisation WHERE id = %s"
        if connections[self.db].vendor == "postgresql":
            sql += " FOR KEY SHARE"
        return next(iter(self.raw(sql, [pk])), None)

    def search(self, text: str):
        """Each word in the name or the SIRET."""
        found = self
        for word in words_of(text):
            found = found.filter(containing(word, "name_folded", "siret"))
        return found


class Organisation(models.Model):
    class Kind(models.TextChoices):
        COMMUNE = "commune", _("commune")
        EPCI = "epci", _("intercommunality (EPCI)")
        DEPARTEMENT = "departement", _("département")
        REGION = "region", _("région")
        SYNDICAT = "syndicat", _("syndicate of authorities")
        FOREIGN_AUTHORITY = "foreign_authority", _("local authority abroad")
        FOREIGN_STATE = "foreign_state", _("ministry or agency abroad")
        EMBASSY = "embassy", _("embassy")
        STATE = "state", _("service of the French State")
        PUBLIC_BODY = "public_body", _("public body")
        NETWORK = "network", _("network of authorities")
        ASSOCIATION = "association", _("association")
        FOUNDATION = "foundation", _("foundation")
        HOUSING = "housing", _("social housing body")
        UNIVERSITY = "university", _("university or research")
        COMPANY = "company", _("company")
        INTERNATIONAL = "international", _("international organisation")
        PRESS = "press", _("press")
        OTHER = "other", _("other")

    name = models.CharField(_("name"), max_length=200)
    # What two spellings of one name share.
    name_folded = FoldedField(max_length=200, sources=("name",))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, blank=True)
    country = CountryField(_("country"), blank=True)
    siret = models.CharField(
        "SIRET",
        max_length=14,
        blank=True,
        validators=[RegexValidator(r"^\d{14}$", _("Fourteen digits, without spaces."))],
    )
    is_checked = models.BooleanField(
        _("checked by the team"),
        default=False,
        help_text=_("Checked organisations are offered in the registration form."),
    )

    # The team has looked: these are others, however alike they are written.
    others = models.ManyToManyField("self", blank=True, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [("merge_organisation", _("Can merge organisations"))]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["name_folded", "country"],
                name="organisation_unique_name",
                violation_error_message=_("This organisation exists already in that country."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OtherName(models.Model):
    """A spelling under which an organisation was known before it was merged: typed again, it finds it."""

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        related_name="other_names",
        verbose_name=_("organisation"),
    )  # a part of the organisation
    name = models.CharField(_("name"), max_length=200)
    name_folded = models.CharField(max_length=200, editable=False)
    country = CountryField(_("country"), blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        constraints = [
            models.UniqueConstraint(fields=["name_folded", "country"], name="other_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """The organisation is a member (« adhérente ») of the organiser this year."""

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("organisation"),
    )  # a part of the organisation
    year = models.PositiveSmallIntegerField(_("year"))

    class Meta:
        ordering = ["-year"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="membership_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"
