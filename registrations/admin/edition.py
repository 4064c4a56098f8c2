"""An edition with its places and those who wait for one: what needs registrations."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.admin.edition import EditionAdmin, EditionForm
from events.models import Edition
from raict.lists import count_of
from registrations import services
from registrations.admin.next_edition import NextEditionPages
from registrations.admin.signing import SignInPage
from registrations.admin.translations import TranslationPages
from registrations.models import Registration


class PlacesEditionForm(EditionForm):
    def clean(self) -> dict:
        """The places that are taken stay: the team looks at who came last, and cancels."""
        cleaned = super().clean()
        capacity, taken = cleaned.get("capacity"), self.instance.places_taken
        if capacity is not None and capacity < taken:
            excess = taken - capacity
            sentence = ngettext(
                "%(taken)d places are taken already: %(excess)d registration would have to go.",
                "%(taken)d places are taken already: %(excess)d registrations would have to go.",
                excess,
            ) % {"taken": taken, "excess": excess}
            link = format_html('<a href="{}">{}</a>', self._last_to_come(), _("The last who came"))
            self.add_error("capacity", ValidationError(format_html("{} {}", sentence, link)))
        return cleaned

    def _last_to_come(self) -> str:
        """The list of those who hold a place; it begins with the last."""
        query = {
            "edition__id__exact": self.instance.pk,
            "state__in": ",".join(Registration.PLACED),
        }
        return reverse("admin:registrations_registration_changelist", query=query)


@admin.register(Edition)
class PlacesEditionAdmin(SignInPage, TranslationPages, NextEditionPages, EditionAdmin):
    """More places go to the first in line in the same transaction.

    The row is locked while the form is checked (StaffModelAdmin), and this lock is the one under
    which places are given: what the form has found to be taken stays so until it is saved.
    """

    form = PlacesEditionForm

    def get_urls(self) -> list:
        page = path(
            "<int:pk>/sign-in/",
            self.admin_site.admin_view(self.sign_in_view),
            name="events_edition_sign_in",
        )
        return [page, *super().get_urls()]

    def get_queryset(self, request: HttpRequest):
        waiting = count_of(Registration.objects.in_line(), "edition")
        return super().get_queryset(request).annotate(waiting_count=waiting)

    @admin.display(description=_("places taken"), ordering="places_taken")
    def places(self, edition: Edition) -> str:
        """« 480 / 500, 12 en attente »."""
        taken = super().places(edition)
        if not edition.waiting_count:
            return taken
        return _("%(taken)s, %(count)d waiting") % {"taken": taken, "count": edition.waiting_count}

    def save_related(self, request: HttpRequest, form, formsets, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        super().save_related(request, form, formsets, change)
        services.fill(form.instance, user=request.user)
        self._say_outside(request, form.instance)

    def _say_outside(self, request: HttpRequest, edition: Edition) -> None:
        """The days may change first and the sessions after them; it is said until they have."""
        first, last = edition.starts_on, edition.ends_on or edition.starts_on
        if not first:
            return
        outside = edition.sessions.filter(Q(day__lt=first) | Q(day__gt=last)).count()
        if outside:
            sentence = ngettext(
                "%d session is on a day outside the edition’s dates: move it.",
                "%d sessions are on days outside the edition’s dates: move them.",
                outside,
            )
            self.message_user(request, sentence % outside, messages.WARNING)
