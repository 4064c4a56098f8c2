"""Organisations with their memberships, and the categories of badges."""

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raict.admin import CountryFilter, StaffInline, StaffModelAdmin, country_name
from raict.lists import count_of
from raict.tables.admin import TableAdmin
from raict.typography import folded
from registrations.admin.merging import OrganisationMerging
from registrations.models import (
    Category,
    Membership,
    Organisation,
    OtherName,
    Registration,
)


class OrganisationForm(forms.ModelForm):
    def clean(self) -> dict:
        """Two spellings of one name are one organisation; the folded column is not in the form."""
        cleaned = super().clean()
        if cleaned.get("name"):
            same = Organisation.objects.filter(
                name_folded=folded(cleaned["name"]), country=cleaned.get("country") or ""
            )
            if same.exclude(pk=self.instance.pk).exists():
                self.add_error("name", _("This organisation exists already in that country."))
        return cleaned


class MembershipInline(StaffInline):
    model = Membership


class OtherNameInline(admin.TabularInline):
    """Spellings that were merged into it: typed again, they find it. One that is wrong is deleted."""

    model = OtherName
    extra = 0
    fields = readonly_fields = ["name", "country"]

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(OrganisationMerging, TableAdmin, StaffModelAdmin):
    table_subject = "organisations"
    form = OrganisationForm
    list_display = ["name", "kind", country_name, "is_checked", "is_member", "registration_count"]
    list_filter = ["is_checked", "kind", CountryFilter]
    search_fields = ["name_folded", "siret"]
    ordering = ["name"]
    inlines = [MembershipInline, OtherNameInline]
    actions = ["mark_checked", "merge", "table_xlsx", "table_csv"]
    empty_value_display = "–"
    fieldsets = [
        (None, {"fields": ["name", ("kind", "country"), "siret", "is_checked"]}),
    ]

    def get_queryset(self, request: HttpRequest):
        member = Membership.objects.filter(
            organisation=OuterRef("pk"), year=timezone.localdate().year
        )
        return (
            super()
            .get_queryset(request)
            .annotate(
                registration_total=count_of(Registration.objects, "organisation"),
                member=Exists(member),
            )
        )

    @admin.display(description=_("member this year"), boolean=True, ordering="member")
    def is_member(self, organisation: Organisation) -> bool:
        return organisation.member

    @admin.display(description=_("registrations"), ordering="registration_total")
    def registration_count(self, organisation: Organisation) -> int:
        return organisation.registration_total

    @admin.action(description=_("Mark as checked"), permissions=["change"])
    def mark_checked(self, request: HttpRequest, queryset) -> None:
        changed = Organisation.objects.filter(
            pk__in=queryset.values("pk"), is_checked=False
        ).update(is_checked=True)
        self.message_user(
            request,
            ngettext("%d organisation checked.", "%d organisations checked.", changed) % changed,
        )


class CategoryForm(forms.ModelForm):
    class Meta:
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}


@admin.register(Category)
class CategoryAdmin(StaffModelAdmin):
    form = CategoryForm
    list_display = [
        "name",
        "swatch",
        "is_offered",
        "needs_approval",
        "registration_count",
        "position",
    ]
    list_filter = ["is_offered", "needs_approval"]
    search_fields = ["key", "name_fr", "name_en"]
    ordering = ["position", "name_fr"]
    fieldsets = [
        (None, {"fields": [("name_fr", "name_en"), "name_feminine_fr", ("key", "position")]}),
        (_("Badge"), {"fields": ["colour"]}),
        (_("Registration form"), {"fields": ["is_offered", "needs_approval"]}),
    ]

    def get_queryset(self, request: HttpRequest):
        total = count_of(Registration.objects, "category")
        return super().get_queryset(request).annotate(registration_total=total)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Category | None = None) -> dict:
        return {} if obj else {"key": ["name_fr"]}

    @admin.display(description=_("colour"), ordering="colour")
    def swatch(self, category: Category) -> str:
        return format_html(
            '<svg width="40" height="16" aria-hidden="true"><rect width="40" height="16" fill="{}"/></svg> {}',
            category.colour,
            category.colour,
        )

    @admin.display(description=_("registrations"), ordering="registration_total")
    def registration_count(self, category: Category) -> int:
        return category.registration_total
