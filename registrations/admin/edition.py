"""An edition with its places and those who wait for one: what needs registrations."""

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events.admin.edition import EditionAdmin
from events.models import Edition
from registrations import services
from registrations.models import Registration


@admin.register(Edition)
class PlacesEditionAdmin(EditionAdmin):
    """More places go to the first in line in the same transaction.

    The row is locked while the form is checked (StaffModelAdmin), and this lock is the one under
    which places are given: what the form has found to be taken stays so until it is saved.
    """

    def get_queryset(self, request: HttpRequest):
        waiting = Q(registrations__state=Registration.State.WAITING)
        queryset = super().get_queryset(request)
        return queryset.annotate(waiting_count=Count("registrations", filter=waiting))

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
