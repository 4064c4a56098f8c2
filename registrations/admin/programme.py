"""Sessions with their seats: what the team sets that needs registrations.

A session's form is checked and saved under the edition's lock, so what it has found to be taken
stays so until it is saved; then the line moves, in the same transaction.
"""

import datetime as dt

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from raict.admin import StaffInline
from raict.lists import count_of
from registrations import services
from registrations.admin.line import SeatsPage
from registrations.admin.signing import SessionSheet
from registrations.locked import lock
from registrations.models import Booking, Quota
from sessions.admin.board import BoardPages
from sessions.admin.form import SessionForm
from sessions.admin.session import KindAdmin, SessionAdmin, SessionAdminBase
from sessions.models import Cafe, GeographicMeeting, Plenary, Session, ThematicWorkshop, with_margin


class SeatsSessionForm(SessionForm):
    def clean(self) -> dict:
        """The seats that are taken stay: who would go is chosen on a page of its own."""
        cleaned = super().clean()
        room, taken = cleaned.get("room"), self.instance.seats_taken
        if "capacity" in self.fields:
            capacity = cleaned.get("capacity") or (room and room.capacity)
        else:
            capacity = self.instance.capacity
        margin = cleaned.get("overbooking", self.instance.overbooking)
        if capacity and with_margin(capacity, margin) < taken:
            sentence = _("%(taken)d seats are taken already.") % {"taken": taken}
            page = reverse("admin:programme_session_seats", args=[self.instance.pk])
            link = format_html('<a href="{}">{}</a>', page, _("Choose who goes"))
            field = "capacity" if "capacity" in self.fields else "room"
            self.add_error(field, ValidationError(format_html("{} {}", sentence, link)))
        return cleaned


class QuotaFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """No more seats are kept, at any one time from today on, than there are."""
        super().clean()
        session = self.instance
        capacity = session.capacity or (session.room and session.room.capacity)
        if capacity is None:
            return
        offered = with_margin(capacity, session.overbooking)
        kept = sum(row["seats"] for row in self._kept())
        if kept > offered:
            raise ValidationError(
                _("The quotas keep %(kept)d seats, and the session has %(offered)d.")
                % {"kept": kept, "offered": offered}
            )

    def _kept(self) -> list[dict]:
        rows = [
            form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
        ]
        today = timezone.localdate()
        return [
            row for row in rows if row.get("seats") and (row.get("until") or dt.date.max) >= today
        ]


class QuotaInline(StaffInline):
    model = Quota
    formset = QuotaFormSet
    fields = [("category", "is_for_abroad"), ("seats", "until")]


class SeatsAdmin(SessionAdminBase):
    """What the seats add to the list and the form of sessions."""

    form = SeatsSessionForm
    inlines = [QuotaInline, *SessionAdminBase.inlines]
    readonly_fields = [*SessionAdminBase.readonly_fields, "seats_now"]

    def get_object(self, request: HttpRequest, object_id, from_field=None):
        """The edition's lock comes before the session's, here as wherever seats change."""
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            found = super().get_queryset(request).filter(pk=_key(object_id)).first()
            if found:
                lock(found.edition_id)
        return super().get_object(request, object_id, from_field)

    def get_queryset(self, request: HttpRequest):
        offered = Booking.objects.filter(state=Booking.State.OFFERED)
        return (
            super()
            .get_queryset(request)
            .annotate(
                waiting_count=count_of(Booking.objects.in_line(), "session"),
                offered_count=count_of(offered, "session"),
            )
        )

    def get_fieldsets(self, request: HttpRequest, obj: Session | None = None) -> list:
        """The figures instead of the bare counter, once the session is there."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        return [
            (title, {**options, "fields": [_with_figures(row) for row in options["fields"]]})
            for title, options in fieldsets
        ]

    def change_view(self, request: HttpRequest, object_id, form_url="", extra_context=None):
        """With the way to the page of its seats, for those who may see who comes."""
        if _key(object_id) and request.user.has_perm("registrations.view_registration"):
            page = reverse("admin:programme_session_seats", args=[object_id])
            extra_context = {"seats_page": page, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra_context)

    def save_related(self, request: HttpRequest, form, formsets, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        super().save_related(request, form, formsets, change)
        services.settle(form.instance, user=request.user)
        if {"booking", "is_published"} & set(form.changed_data):
            self._say_standing(request, form.instance)

    def _say_standing(self, request: HttpRequest, session: Session) -> None:
        """Nobody loses a seat by a box that is ticked; but the line stands still, which is said."""
        if session.is_published and session.booking == Session.Booking.SEAT:
            return
        standing = session.bookings.aggregate(
            held=Count("pk", Q(state__in=Booking.HELD)),
            waiting=Count("pk", Q(state=Booking.State.WAITING)),
        )
        if not any(standing.values()):
            return
        sentence = _(
            "“%(session)s” cannot be booked any more. Seats taken: %(held)d, waiting: %(waiting)d."
            " Nobody has been told, they keep what they have, and the waiting list stands still."
        ) % {"session": session.name, **standing}
        page = reverse("admin:programme_session_seats", args=[session.pk])
        link = format_html('<a href="{}">{}</a>', page, _("Seats and waiting list"))
        self.message_user(request, format_html("{} {}", sentence, link), messages.WARNING)

    def _set_published(self, request: HttpRequest, queryset, *, published: bool) -> None:
        """A line moves again once its session is published again."""
        with transaction.atomic():
            sessions = list(queryset.order_by("edition", "pk"))
            for edition_id in sorted({session.edition_id for session in sessions}):
                lock(edition_id)
            super()._set_published(request, queryset, published=published)
            for session in sessions:
                services.settle(session, user=request.user)
                session.is_published = published
                self._say_standing(request, session)

    @admin.display(description=_("places"), ordering="seats_taken")
    def places(self, session: Session) -> str:
        """« 18 / 20, 3 en attente »; with a no-show margin, of all that may be booked."""
        if session.booking == Session.Booking.FREE or not session.waiting_count:
            return _of_offered(session) or super().places(session)
        return _("%(taken)s, %(count)d waiting") % {
            "taken": _of_offered(session) or session.seats_taken,
            "count": session.waiting_count,
        }

    @admin.display(description=_("seats"))
    def seats_now(self, session: Session) -> str:
        """The counters of this moment, in words."""
        parts = [_("%(count)d taken") % {"count": session.seats_taken}]
        if session.offered_count:
            parts += [_("of which %(count)d offered") % {"count": session.offered_count}]
        parts += [_("%(count)d kept for quotas") % {"count": session.seats_kept}]
        parts += [_("%(count)d waiting") % {"count": session.waiting_count}]
        if session.seats_offered is not None:
            parts += [_("%(count)d may be booked") % {"count": session.seats_offered}]
        return " · ".join(str(part) for part in parts)


def _key(object_id) -> int | None:
    return int(object_id) if str(object_id).isdecimal() else None


def _with_figures(row):
    return "seats_now" if "seats_taken" in row else row


def _of_offered(session: Session) -> str:
    if session.booking == Session.Booking.FREE or session.seats_offered is None:
        return ""
    return f"{session.seats_taken} / {session.seats_offered}"


@admin.register(Plenary, GeographicMeeting, ThematicWorkshop, Cafe)
class SeatsKindAdmin(SeatsAdmin, KindAdmin):
    """One entry a kind."""


@admin.register(Session)
class SeatsSessionAdmin(SeatsAdmin, BoardPages, SessionAdmin, SeatsPage, SessionSheet):
    """All sessions; the programme board, one session's seats, and its sheet to sign."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/seats/", view(self.seats_view), name="programme_session_seats"),
            path("<int:pk>/sign-in.pdf", view(self.sheet_view), name="programme_session_sign_in"),
            *super().get_urls(),
        ]
