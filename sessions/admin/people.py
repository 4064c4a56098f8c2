"""Speakers, and what they do in the programme."""

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.press import kits
from raict.admin import StaffModelAdmin
from raict.tables.admin import TableAdmin
from sessions.models import (
    Appearance,
    Person,
)


@admin.register(Person)
class PersonAdmin(TableAdmin, StaffModelAdmin):
    table_subject = "speakers"
    actions = ["table_xlsx", "table_csv"]
    list_display = ["full_name", "title", "appearance_count", "has_photo"]
    search_fields = ["last_name", "first_name", "appearances__organisation"]
    list_filter = ["appearances__session__edition"]
    ordering = ["last_name", "first_name"]
    fieldsets = [
        (None, {"fields": [("title", "first_name", "last_name"), "slug"]}),
        (_("Biography"), {"fields": [("biography_fr", "biography_en")]}),
        (_("Photograph"), {"fields": [("photo", "photo_credit")]}),
    ]

    def get_queryset(self, request: HttpRequest):
        return (
            super()
            .get_queryset(request)
            .annotate(appearance_total=Count("appearances", distinct=True))
        )

    def table_rows(self, queryset):
        """What these people do, at whichever edition."""
        return Appearance.objects.filter(person__in=queryset.order_by().values("pk"))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Person | None = None) -> dict:
        return {} if obj else {"slug": ["first_name", "last_name"]}

    def save_model(self, request: HttpRequest, obj: Person, form, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        """A portrait that is replaced or taken away leaves the press kits at once."""
        super().save_model(request, obj, form, change)
        if change and {"photo", "photo_credit"} & set(form.changed_data):
            for edition in set(obj.appearances.values_list("session__edition", flat=True)):
                kits.retract(edition)

    def view_on_site(self, person: Person) -> str | None:
        return person.get_absolute_url() if Person.objects.public().filter(pk=person.pk) else None

    @admin.display(description=_("name"), ordering=["last_name", "first_name"])
    def full_name(self, person: Person) -> str:
        return person.full_name

    @admin.display(description=_("appearances"), ordering="appearance_total")
    def appearance_count(self, person: Person) -> int:
        return person.appearance_total

    @admin.display(description=_("photograph"), boolean=True)
    def has_photo(self, person: Person) -> bool:
        return bool(person.photo)


@admin.register(Appearance)
class AppearanceAdmin(TableAdmin, StaffModelAdmin):
    table_subject = "speakers"
    """All appearances in one list: who is still « en attente », who speaks for whom."""

    list_display = ["who", "session", "role", "function", "organisation", "is_pending", "position"]
    list_display_links = ["who"]
    list_filter = ["is_pending", "role", "session__edition", "session__kind"]
    list_select_related = ["person", "session__edition"]
    search_fields = [
        "person__last_name",
        "person__first_name",
        "label_fr",
        "organisation",
        "function_fr",
        "session__title_fr",
    ]
    autocomplete_fields = ["session", "person"]
    actions = ["confirm", "table_xlsx", "table_csv"]
    fieldsets = [
        (None, {"fields": ["session", ("person", "role"), ("label_fr", "label_en"), "is_pending"]}),
        (
            _("On that day"),
            {
                "fields": [
                    ("function_fr", "function_en"),
                    "organisation",
                    ("represents_fr", "represents_en"),
                    "position",
                ]
            },
        ),
    ]

    @admin.display(description=_("speaker"), ordering="person__last_name")
    def who(self, appearance: Appearance) -> str:
        return appearance.who

    @admin.action(description=_("Mark as confirmed"), permissions=["change"])
    def confirm(self, request: HttpRequest, queryset) -> None:
        """« En attente » without a name or an office would leave nobody: such rows are left."""
        named = queryset.exclude(person=None, label_fr="", organisation="")
        changed = named.filter(is_pending=True).update(is_pending=False)
        self.message_user(
            request,
            ngettext("%d appearance confirmed.", "%d appearances confirmed.", changed) % changed,
        )
