"""An edition, with its partners and its figures."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from events.admin.figures import FigurePages
from events.figures import figures
from events.models import Edition, Figure, Partner
from raict.admin import StaffInline, StaffModelAdmin
from raict.tables.admin import TableAdmin
from raict.typography import date_range


class PartnerInline(StaffInline):
    model = Partner
    classes = ["collapse"]
    show_change_link = True
    fields = [("kind", "position"), ("name_fr", "name_en"), ("acronym", "motto"), "url", "logo"]


class FigureInline(StaffInline):
    model = Figure
    classes = ["collapse"]
    show_change_link = True
    fields = [
        ("key", "position"),
        ("label_fr", "label_en"),
        ("qualifier", "value", "is_percentage"),
        ("source", "declared_on"),
    ]


class EditionForm(forms.ModelForm):
    def clean(self) -> dict:
        """What a constraint would refuse without naming a field, and what a state asks for."""
        cleaned = super().clean()
        if cleaned.get("state") == Edition.State.POSTPONED and not cleaned.get("first_starts_on"):
            self.add_error(
                "first_starts_on", _("A postponed edition keeps the day that was first announced.")
            )
        if self.instance.is_current and cleaned.get("state") == Edition.State.DRAFT:
            self.add_error("state", _("The current edition is on the home page: it is no draft."))
        if cleaned.get("ends_on") and not cleaned.get("starts_on"):
            self.add_error("starts_on", _("An edition with a last day needs a first one."))
        return cleaned


class EditionAdmin(FigurePages, StaffModelAdmin):
    """Registered with the places, by registrations/admin/edition.py."""

    form = EditionForm
    list_display = ["__str__", "days_", "venue", "state", "places", "window", "is_current"]
    list_filter = ["state", "is_demonstration"]
    list_select_related = ["venue"]
    search_fields = ["number", "name_fr", "theme_fr", "theme_en", "venue__name"]
    autocomplete_fields = ["venue"]
    readonly_fields = ["is_current", "places_taken", "computed_figures"]
    actions = ["make_current"]
    inlines = [PartnerInline, FigureInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("number", "short_name"),
                    ("is_demonstration", "is_current"),
                    ("name_fr", "name_en"),
                    ("theme_fr", "theme_en"),
                    "state",
                    ("state_note_fr", "state_note_en"),
                ]
            },
        ),
        (
            _("Dates and place"),
            {
                "fields": [
                    ("starts_on", "ends_on"),
                    ("duration_fr", "duration_en"),
                    "venue",
                    ("first_starts_on", "first_ends_on"),
                ]
            },
        ),
        (
            _("Registrations"),
            {
                "description": _(
                    "Visitors can register while the state is « registrations open » and today lies"
                    " between these two days. A day left empty sets no limit."
                ),
                "fields": [
                    ("registration_opens_on", "registration_closes_on"),
                    ("capacity", "places_taken"),
                    ("walking_minutes", "questions_close_on"),
                ],
            },
        ),
        (
            _("Public texts"),
            {
                "classes": ["collapse"],
                "fields": [
                    ("presentation_fr", "presentation_en"),
                    ("audience_fr", "audience_en"),
                    ("practical_fr", "practical_en"),
                ],
            },
        ),
        (
            _("Guest country and countries present"),
            {
                "classes": ["collapse"],
                "fields": [
                    "guest_country",
                    ("guest_note_fr", "guest_note_en"),
                    "declared_countries",
                ],
            },
        ),
        (
            _("Organiser and contacts"),
            {
                "classes": ["collapse"],
                "fields": [
                    ("organiser", "organiser_short", "organiser_founded"),
                    ("organiser_website", "website"),
                    ("hashtag", "handle"),
                    "contact_email",
                    ("press_contact_name", "press_contact_email"),
                    ("press_contact_role_fr", "press_contact_role_en"),
                ],
            },
        ),
        (
            _("The next edition, as announced"),
            {
                "classes": ["collapse"],
                "fields": ["next_number", ("next_when_fr", "next_when_en")],
            },
        ),
        (
            _("Figures counted by the site"),
            {
                "description": _(
                    "A declared figure with the same key (below) takes the place of the counted one."
                ),
                "fields": ["computed_figures"],
            },
        ),
        (_("For the team only"), {"classes": ["collapse"], "fields": ["internal_notes"]}),
    ]

    def formfield_for_dbfield(self, db_field, request: HttpRequest, **kwargs):
        if isinstance(db_field, CountryField) and db_field.multiple:
            kwargs["widget"] = FilteredSelectMultiple(db_field.verbose_name, is_stacked=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("dates"), ordering="starts_on")
    def days_(self, edition: Edition) -> str:
        return edition.dates

    @admin.display(description=_("places taken"), ordering="places_taken")
    def places(self, edition: Edition) -> str:
        if edition.capacity is None:
            return str(edition.places_taken)
        return f"{edition.places_taken} / {edition.capacity}"

    @admin.display(description=_("registrations open"), ordering="registration_opens_on")
    def window(self, edition: Edition) -> str:
        opens, closes = edition.registration_opens_on, edition.registration_closes_on
        if opens and closes:
            return date_range(opens, closes)
        return date_range(opens or closes) if opens or closes else ""

    @admin.display(description=_("figures"))
    def computed_figures(self, edition: Edition) -> str:
        if not edition.pk:
            return ""
        known = (figure for figure in figures(edition).values() if figure.is_known)
        return format_html(
            '<ul class="figures">{}</ul><p><a href="{}">{}</a></p>',
            format_html_join(
                "",
                "<li><strong>{}</strong> {}</li>",
                ((figure.phrase, figure.label) for figure in known),
            ),
            reverse("admin:events_edition_figures", args=[edition.pk]),
            _("All figures, with their definitions and the rows behind"),
        )

    def get_urls(self) -> list:
        current = path(
            "<int:pk>/current/",
            self.admin_site.admin_view(self.current_view),
            name="events_edition_current",
        )
        return [current, *super().get_urls()]

    def view_on_site(self, edition: Edition) -> str | None:
        return None if edition.state == Edition.State.DRAFT else edition.get_absolute_url()

    def current_view(self, request: HttpRequest, pk: int):
        """The button « make current » of an edition's page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        edition = get_object_or_404(Edition, pk=pk)
        if not self.has_change_permission(request, edition):
            raise PermissionDenied
        self._set_current(request, edition)
        return redirect("admin:events_edition_change", pk)

    @admin.action(description=_("Make current"), permissions=["change"])
    def make_current(self, request: HttpRequest, queryset) -> None:
        if len(queryset) == 1:
            self._set_current(request, queryset[0])
        else:
            self.message_user(request, _("Choose one edition only."), messages.ERROR)

    def _set_current(self, request: HttpRequest, edition: Edition) -> None:
        if edition.state == Edition.State.DRAFT:
            sentence = _("%(edition)s is a draft: publish it first.")
            self.message_user(request, sentence % {"edition": capfirst(edition)}, messages.ERROR)
            return
        with transaction.atomic():
            Edition.objects.exclude(pk=edition.pk).filter(is_current=True).update(is_current=False)
            Edition.objects.filter(pk=edition.pk).update(is_current=True)
        self.message_user(
            request, _("%(edition)s is the current one now.") % {"edition": capfirst(edition)}
        )
        self.log_change(request, edition, str(_("Made current.")))


@admin.register(Partner)
class PartnerAdmin(TableAdmin, StaffModelAdmin):
    table_subject = "partners"
    actions = ["table_xlsx", "table_csv"]
    list_display = ["name", "acronym", "kind", "edition", "stand", "position"]
    list_display_links = ["name"]
    list_filter = ["edition", "kind"]
    list_select_related = ["edition"]
    search_fields = ["name_fr", "name_en", "acronym", "stand"]
    fieldsets = [
        (None, {"fields": ["edition", ("kind", "position"), ("name_fr", "name_en")]}),
        (_("Banner"), {"fields": [("acronym", "motto"), "logo", "url"]}),
        (_("Presentation"), {"fields": [("description_fr", "description_en"), "stand"]}),
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {
            "edition": Edition.objects.current(),
            **super().get_changeform_initial_data(request),
        }


@admin.register(Figure)
class FigureAdmin(StaffModelAdmin):
    list_display = ["label", "phrase", "edition", "key", "part_of", "source"]
    list_filter = ["edition"]
    list_select_related = ["edition", "part_of__edition"]
    search_fields = ["label_fr", "label_en", "key", "source"]
    autocomplete_fields = ["part_of"]
    fieldsets = [
        (None, {"fields": ["edition", ("key", "position"), ("label_fr", "label_en")]}),
        (_("Value"), {"fields": [("qualifier", "value", "is_percentage"), "part_of"]}),
        (_("Where it comes from"), {"fields": [("source", "declared_on"), "note"]}),
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {
            "edition": Edition.objects.current(),
            **super().get_changeform_initial_data(request),
        }

    @admin.display(description=_("value"), ordering="value")
    def phrase(self, figure: Figure) -> str:
        number = f"{figure.value.normalize():f}"
        unit = "\u202f%" if figure.is_percentage else ""
        return f"{figure.get_qualifier_display()} {number}{unit}"
