"""What the team does to several registrations at once, through the services."""

from collections.abc import Callable, Iterable
from functools import partial

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from raict.errors import DomainError
from registrations import services
from registrations.documents import badge_pdf
from registrations.exports import filename, registrations_table
from registrations.models import Change, Registration

# More at once would keep the page waiting: this many badges take some 25 seconds.
BULK_LIMIT = 600
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
    """Mixed into the admin class of registrations."""

    actions = ["approve", "cancel", "badges", "export", "send_link"]

    @admin.action(description=_("Confirm"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset) -> None:
        """Those who await approval; a second time changes nothing."""
        self._each(
            request,
            queryset,
            partial(services.approve, user=request.user),
            _("Confirmed."),
            _("Confirmed: %(done)d. Left as they were: %(rest)d."),
        )

    @admin.action(description=_("Cancel…"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset):
        """Asks first, with the list; then each seat is given back."""
        if self._too_many(request, queryset):
            return None
        if "confirmed" in request.POST:
            self._each(
                request,
                queryset,
                partial(services.cancel, by=Change.By.TEAM, user=request.user),
                _("Cancelled."),
                _("Cancelled: %(done)d. Left as they were: %(rest)d."),
            )
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Cancel registrations"),
            "registrations": queryset.live().select_related("edition", "organisation"),
            "left_out": queryset.exclude(state__in=Registration.LIVE).count(),
        }
        return render(request, "admin/registrations/registration/cancel_selected.html", context)

    @admin.action(description=_("Badges (PDF)"), permissions=["view"])
    def badges(self, request: HttpRequest, queryset):
        """Of the confirmed ones, by surname. What has changed since they are read stays marked."""
        if self._too_many(request, queryset):
            return None
        now = timezone.now()
        confirmed = list(queryset.confirmed().order_by("last_name", "first_name", "pk"))
        if not confirmed:
            self.message_user(
                request, _("None of these is confirmed: no badge to print."), messages.ERROR
            )
            return None
        try:
            badges = badge_pdf(confirmed)
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return None
        printed = Registration.objects.filter(pk__in=[one.pk for one in confirmed])
        is_as_read = Q(badge_changed_at=None) | Q(badge_changed_at__lte=now)
        printed.filter(is_as_read).update(badge_made_at=now, badge_changed_at=None)
        return _download(badges, f"badges-{timezone.localdate():%Y-%m-%d}.pdf", "application/pdf")

    @admin.action(description=_("Export (XLSX)"), permissions=["view"])
    def export(self, request: HttpRequest, queryset) -> HttpResponse:
        with_needs = request.user.has_perm("registrations.view_needs")
        table = registrations_table(queryset, with_needs=with_needs)
        return _download(table, filename(queryset), XLSX)

    @admin.action(description=_("Send the personal link again"), permissions=["change"])
    def send_link(self, request: HttpRequest, queryset) -> None:
        """To the live ones, at most once in ten minutes."""

        def send(registration: Registration) -> bool:
            return registration.is_live and services.send_link_to(registration)

        self._each(
            request,
            queryset,
            send,
            _("Personal link sent again."),
            _("Links sent: %(done)d. Left out, as cancelled or sent just now: %(rest)d."),
        )

    def _too_many(self, request: HttpRequest, queryset) -> bool:
        count = queryset.count()
        if count > BULK_LIMIT:
            sentence = _("Choose at most %(limit)d registrations at once: these are %(count)d.")
            self.message_user(
                request, sentence % {"limit": BULK_LIMIT, "count": count}, messages.ERROR
            )
        return count > BULK_LIMIT

    def _each(
        self,
        request: HttpRequest,
        queryset: Iterable[Registration],
        act: Callable[[Registration], bool],
        note: str,
        report: str,
    ) -> None:
        """One service call each, in a transaction of its own; a note in the history of each changed.

        At the end, how many they were.
        """
        if self._too_many(request, queryset):
            return
        chosen = list(queryset.select_related("edition__venue", "organisation", "category"))
        done = 0
        for registration in chosen:
            try:
                changed = act(registration)
            except DomainError as refusal:
                changed = False
                sentence = _("%(name)s: %(why)s")
                names = {"name": registration.full_name, "why": refusal.message}
                self.message_user(request, sentence % names, messages.ERROR)
            if changed:
                done += 1
                self.log_change(request, registration, str(note))
        self.message_user(
            request,
            report % {"done": done, "rest": len(chosen) - done},
            messages.SUCCESS if done else messages.WARNING,
        )
