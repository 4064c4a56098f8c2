"""Who came, for reading: the door writes it (registrations/services/door.py)."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from raict.admin import StaffModelAdmin
from registrations.models import CheckIn, Registration


@admin.register(CheckIn)
class CheckInAdmin(StaffModelAdmin):
    list_display = ["person", "organisation", "session", "at", "user"]
    list_filter = [
        "session__edition",
        "at",
        ("session", admin.RelatedOnlyFieldListFilter),
        ("user", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["registration__organisation", "session", "user"]
    search_fields = [
        "registration__first_name",
        "registration__last_name",
        "registration__reference",
        "registration__organisation__name",
    ]
    empty_value_display = "–"

    def get_search_results(self, request: HttpRequest, queryset, search_term: str):
        """By the person, as the list of registrations searches."""
        people = Registration.objects.search(search_term).order_by()
        return (queryset.filter(registration__in=people) if search_term else queryset), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    @admin.display(description=_("name"), ordering="registration__last_name")
    def person(self, check_in: CheckIn) -> str:
        return f"{check_in.registration.last_name} {check_in.registration.first_name}"

    @admin.display(description=_("organisation"), ordering="registration__organisation__name")
    def organisation(self, check_in: CheckIn) -> str:
        return str(check_in.registration.organisation or "")
