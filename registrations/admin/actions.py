"""What the team takes along of several registrations at once: badges, a spreadsheet."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from raict.accounts.exports import list_in_words, record_export
from raict.errors import DomainError
from raict.jobs import running
from registrations.admin.deciding import AT_ONCE
from registrations.documents import badge_pdf, badges_made
from registrations.exports import filename, registrations_table
from registrations.services import circulars

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


class RegistrationActions:
    """Mixed into the admin class of registrations; the decisions are in deciding.py."""

    actions = [
        *("approve", "refuse", "defer", "cancel", "merge"),
        *("badges", "export", "table_xlsx", "table_csv", "send_link", "write"),
    ]

    @admin.action(description=_("Badges (PDF)"), permissions=["change"])
    def badges(self, request: HttpRequest, queryset):
        """Of the confirmed ones, by surname: at once where they are few, else by the worker."""
        now = timezone.now()
        confirmed = list(queryset.confirmed().order_by("last_name", "first_name", "pk"))
        keys = [one.pk for one in confirmed]
        if not confirmed:
            sentence = _("None of these is confirmed: no badge to print.")
            self.message_user(request, sentence, messages.ERROR)
            return None
        if len(confirmed) > AT_ONCE:
            title = _("Print %(count)d badges") % {"count": len(keys)}
            back = request.get_full_path()[:500]
            keys = {"registrations": keys}
            return redirect(
                running.begin("badges", title, arguments=keys, user=request.user, back=back)
            )
        badges = badge_pdf(confirmed)
        badges_made(keys, now)
        what = _("Badges: %(list)s") % {"list": list_in_words(self, request)}
        record_export(request, what, rows=len(confirmed), kind="PDF")
        return _download(badges, f"badges-{timezone.localdate():%Y-%m-%d}.pdf", "application/pdf")

    def has_export_permission(self, request: HttpRequest) -> bool:
        """For those who work on registrations: to look at them is less than to take them away."""
        return self.has_change_permission(request)

    @admin.action(description=_("Export with sessions (XLSX)"), permissions=["export"])
    def export(self, request: HttpRequest, queryset) -> HttpResponse:
        with_needs = request.user.has_perm("registrations.view_needs")
        table = registrations_table(queryset, with_needs=with_needs)
        what, rows = list_in_words(self, request), queryset.count()
        record_export(request, what, rows=rows, kind="XLSX", with_needs=with_needs)
        return _download(table, filename(queryset), XLSX)

    def has_write_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registrations.send_circular")

    @admin.action(description=_("Write to the selection…"), permissions=["write"])
    def write(self, request: HttpRequest, queryset):
        """Opens a group mail to them; it leaves when it is written and sent."""
        try:
            circular = circulars.draft(
                queryset, selection=_("chosen from the list"), user=request.user
            )
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return None
        return redirect("admin:registrations_circular_change", circular.pk)
