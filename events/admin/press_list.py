"""The press list: whom releases are sent to."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.models import PressContact, Recipient
from events.press import subscription
from raict.admin import StaffModelAdmin


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [
            ("reachable", _("reachable")),
            ("unsubscribed", _("has left the list")),
            ("bounced", _("mail comes back")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "reachable":
            return queryset.reachable()
        if self.value() == "unsubscribed":
            return queryset.filter(unsubscribed_at__isnull=False)
        return queryset.filter(bounced_on__isnull=False) if self.value() else queryset


@admin.register(PressContact)
class PressContactAdmin(StaffModelAdmin):
    list_display = ["__str__", "email", "kind", "language", "consented_on", "standing"]
    list_filter = [StandingFilter, "kind", "language"]
    search_fields = ["name", "medium", "email", "note"]
    actions = ["came_back", "works_again", "leave"]
    readonly_fields = ["unsubscribed_at", "mails"]
    empty_value_display = "–"
    fieldsets = [
        (None, {"fields": [("name", "medium"), ("kind", "language"), "email"]}),
        (
            _("Consent"),
            {
                "description": _(
                    "Nobody is written to who has not agreed before (article L. 34-5 of the French"
                    " code of post and electronic communications)."
                ),
                "fields": [("consent", "consented_on"), "unsubscribed_at"],
            },
        ),
        (_("Mail"), {"fields": ["bounced_on", "mails"]}),
        (_("For the team"), {"fields": ["note"]}),
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {
            "consented_on": timezone.localdate(),
            **super().get_changeform_initial_data(request),
        }

    def get_deleted_objects(self, objs, request: HttpRequest):
        """Whoever is erased leaves no trace in mailings: their rows need no right of their own."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking - {Recipient._meta.verbose_name}, protected

    @admin.display(description=_("standing"))
    def standing(self, contact: PressContact) -> str:
        if contact.unsubscribed_at:
            return _("has left the list")
        return _("mail comes back") if contact.bounced_on else _("reachable")

    @admin.display(description=_("mails sent"))
    def mails(self, contact: PressContact) -> str:
        if contact.pk is None:
            return ""
        address = reverse("admin:events_recipient_changelist")
        return format_html(
            '<a href="{}?contact__id__exact={}">{}</a>', address, contact.pk, _("See the list")
        )

    @admin.action(description=_("The mail came back"), permissions=["change"])
    def came_back(self, request: HttpRequest, queryset: QuerySet) -> None:
        """The latest mail to each; nothing is sent there any more."""
        found = subscription.note_bounce(queryset)
        said = ngettext(
            "Nothing is sent to %d more address.", "Nothing is sent to %d more addresses.", found
        )
        self.message_user(request, said % found, _level(found))

    @admin.action(description=_("The address works again"), permissions=["change"])
    def works_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        found = subscription.lift_bounce(queryset)
        said = ngettext("%d address works again.", "%d addresses work again.", found)
        self.message_user(request, said % found, _level(found))
        if queryset.filter(unsubscribed_at__isnull=False).exists():
            refusal = _("Who has left the list by themselves can only come back by themselves.")
            self.message_user(request, refusal, messages.WARNING)

    @admin.action(description=_("They asked to leave the list"), permissions=["change"])
    def leave(self, request: HttpRequest, queryset: QuerySet) -> None:
        found = subscription.leave(queryset)
        said = ngettext("%d contact has left the list.", "%d contacts have left the list.", found)
        self.message_user(request, said % found, _level(found))


def _level(found: int) -> int:
    return messages.SUCCESS if found else messages.WARNING
