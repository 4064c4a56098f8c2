"""Venues with their rooms."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events.models import Room, Venue
from raict.admin import StaffInline, StaffModelAdmin


class RoomForm(forms.ModelForm):
    def clean(self) -> dict:
        """A room may not shrink below a session that stands in it."""
        cleaned = super().clean()
        seats = cleaned.get("capacity")
        if seats and self.instance.pk:
            larger = self.instance.sessions.filter(capacity__gt=seats).order_by("-capacity").first()
            if larger:
                self.add_error(
                    "capacity",
                    _("« %(session)s » has %(seats)d seats in this room: change the session first.")
                    % {"session": larger, "seats": larger.capacity},
                )
        return cleaned


class RoomInline(StaffInline):
    model = Room
    form = RoomForm
    fields = [("name", "capacity", "position")]


@admin.register(Venue)
class VenueAdmin(StaffModelAdmin):
    list_display = ["name", "city", "district", "room_count", "seat_count"]
    search_fields = ["name", "city", "address", "district_fr"]
    inlines = [RoomInline]
    fieldsets = [
        (
            None,
            {"fields": ["name", "address", ("postcode", "city"), ("district_fr", "district_en")]},
        ),
        (_("How to get there"), {"fields": [("access_fr", "access_en"), "url"]}),
    ]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).prefetch_related("rooms")

    @admin.display(description=_("rooms"))
    def room_count(self, venue: Venue) -> int:
        return len(venue.rooms.all())

    @admin.display(description=_("seats"))
    def seat_count(self, venue: Venue) -> int | None:
        return sum(room.capacity or 0 for room in venue.rooms.all()) or None
