"""Timed mail: to whom, when, and what came of it."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from events.models import Edition
from raict.admin import StaffModelAdmin
from raict.typography import moment
from registrations.admin.desk import desk_context
from registrations.forms.mail import TimedLetterForm
from registrations.letters import TIMED
from registrations.models import TimedLetter
from registrations.services import circulars, timing


@admin.register(TimedLetter)
class TimedLetterAdmin(StaffModelAdmin):
    form = TimedLetterForm
    change_form_template = "admin/registrations/timedletter/change_form.html"
    list_display = ["name", "edition", "is_active", "when", "audience", "category", "outcome"]
    list_filter = ["edition", "is_active"]
    list_select_related = ["edition", "category", "circular"]
    search_fields = ["name", "subject_fr", "subject_en"]
    readonly_fields = ["when", "whom", "outcome"]
    empty_value_display = "–"
    fieldsets = [
        (None, {"fields": [("edition", "name", "is_active")]}),
        (
            _("When and to whom"),
            {
                "fields": [
                    ("days", "anchor", "hour"),
                    ("audience", "category"),
                    ("when", "whom", "outcome"),
                ]
            },
        ),
        (_("Text"), {"fields": ["subject_fr", "text_fr", "subject_en", "text_en"]}),
    ]

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(require_POST(self.examples_view))
        return [
            path("examples/", view, name="registrations_timedletter_examples"),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: TimedLetter | None = None) -> bool:
        """What has left is kept, so that nobody gets it a second time."""
        is_unsent = obj is None or not hasattr(obj, "circular")
        return is_unsent and super().has_delete_permission(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {
            "edition": Edition.objects.filter(is_current=True).first(),
            **super().get_changeform_initial_data(request),
        }

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        found = self.get_object(request, object_id) if object_id else None
        edition = found.edition if found else Edition.objects.filter(is_current=True).first()
        desk = desk_context(request, TIMED, edition)
        return super().changeform_view(
            request, object_id, form_url, {**desk, **(extra_context or {})}
        )

    def examples_view(self, request: HttpRequest) -> HttpResponse:
        """The two that the site ships, inactive, for the current edition."""
        edition = Edition.objects.filter(is_current=True).first()
        if edition is None or not self.has_add_permission(request):
            raise PermissionDenied
        added = timing.add_examples(edition)
        said = ngettext("%d example added, inactive.", "%d examples added, inactive.", added)
        self.message_user(request, said % added)
        return redirect("admin:registrations_timedletter_changelist")

    # ------------------------------------------------------------------------------- when, to whom
    @admin.display(description=_("leaves"))
    def when(self, timed: TimedLetter) -> str:
        at = timed.moment if timed.edition_id else None
        return moment(at) if at else _("once the edition has its dates")

    @admin.display(description=_("would go to"))
    def whom(self, timed: TimedLetter) -> str:
        if not timed.pk:
            return ""
        count = timed.recipients().count()
        said = ngettext("%d person as things stand now", "%d people as things stand now", count)
        return said % count

    @admin.display(description=_("state"))
    def outcome(self, timed: TimedLetter) -> str:
        if not timed.pk:
            return ""
        if hasattr(timed, "circular"):
            page = reverse("admin:registrations_circular_change", args=[timed.circular.pk])
            return format_html('<a href="{}">{}</a>', page, _("begun: look at its progress"))
        if timed.edition.state in circulars.SILENT:
            return _("nothing leaves: %(state)s") % {"state": timed.edition.get_state_display()}
        if timing.is_missed(timed):
            return _("its day is over: it does not leave any more")
        if not timed.is_active:
            return _("inactive")
        return _("waits for its hour") if timed.moment and timed.moment > timezone.now() else ""
