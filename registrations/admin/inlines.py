"""What stands below somebody's registration: seats, wishes, needs, consents."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from raict.admin import StaffInline
from registrations.models import Booking, CafePreference, Consent, Needs


class ReadOnlyInline(admin.TabularInline):
    """Shown for reading: another part of the site writes these rows."""

    extra = 0
    can_delete = False
    empty_value_display = "–"

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list:
        return self.fields

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return request.user.has_perm("registrations.view_registration")


class BookingInline(ReadOnlyInline):
    model = Booking
    fields = ["session", "day", "state", "rank", "offered_until", "created_at", "released_at"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).with_rank().select_related("session", "registration")

    @admin.display(description=_("rank"))
    def rank(self, booking: Booking) -> str:
        return str(booking.rank or "–")

    @admin.display(description=_("day"))
    def day(self, booking: Booking) -> str:
        return date_format(booking.session.day) if booking.session.day else ""


class CafePreferenceInline(ReadOnlyInline):
    model = CafePreference
    fields = ["rank", "session"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).select_related("session")


class ConsentInline(ReadOnlyInline):
    model = Consent
    fields = ["purpose", "wording", "language", "given_at"]


class NeedsInline(StaffInline):
    """Only for those who hold the permission « can view needs »: they may tell of health or religion."""

    model = Needs
    fields = ["diet", "access", "interpretation"]
