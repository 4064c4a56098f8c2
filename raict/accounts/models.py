"""The team: who may sign in, what roles were shipped, and who took data away."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of the staff. Participants have no account: they follow a signed link."""


class SavedFilter(models.Model):
    """A choice of rows in one of the team's lists, to be found again: somebody's own, or everybody's."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_filters",
        verbose_name=_("by"),
    )  # a part of the account
    # « registrations.registration »
    listing = models.CharField(max_length=100, editable=False)
    name = models.CharField(_("name"), max_length=60)
    # Parameters that the list knew when it was saved.
    query = models.TextField(editable=False)
    is_shared = models.BooleanField(_("for the whole team"), default=False)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "listing", "name"],
                name="saved_filter_once_a_name",
                violation_error_message=_("You have a filter of that name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ShippedRole(models.Model):
    """What a group of raict/accounts/roles.py was given last.

    It tells a group that the team has changed from one that follows the table, also when the team
    has given it another name; and one that the team has deleted from one that was never there.
    """

    name = models.CharField(max_length=60, unique=True)
    group = models.OneToOneField("auth.Group", on_delete=models.SET_NULL, null=True)
    # « registrations.view_registration », sorted.
    permissions = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class Export(models.Model):
    """Personal data that left the site in a file: by whom, when, and what. Written once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("account"),
    )
    # Stays when the account goes.
    who = models.CharField(_("by"), max_length=200)
    at = models.DateTimeField(_("downloaded on"), auto_now_add=True)
    what = models.TextField(_("what"), help_text=_("The list, and its filters in words."))
    rows = models.PositiveIntegerField(_("rows"))
    with_needs = models.BooleanField(_("with needs"), default=False)
    kind = models.CharField(_("format"), max_length=10)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("download of personal data")
        verbose_name_plural = _("downloads of personal data")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.what} ({self.kind})"
