"""The team's pages for editions, places, partners, figures and the press."""

from collections.abc import Mapping

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.db import transaction
from django.http import HttpRequest, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override
from django_countries.fields import CountryField

from events.figures import figures
from events.models import Edition, Figure, Partner, PressRelease, Room, Venue
from events.press.text import FILTERS, check_placeholders, known_names
from raict.admin import StaffInline, StaffModelAdmin
from raict.typography import date_range


# ------------------------------------------------------------------------------------- places
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


# ------------------------------------------------------------------------------------ edition
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
        capacity, taken = cleaned.get("capacity"), self.instance.places_taken
        if capacity is not None and capacity < taken:
            self.add_error(
                "capacity",
                _("%(taken)d places are taken already: the capacity cannot be lower.")
                % {"taken": taken},
            )
        if cleaned.get("state") == Edition.State.POSTPONED and not cleaned.get("first_starts_on"):
            self.add_error(
                "first_starts_on", _("A postponed edition keeps the day that was first announced.")
            )
        if cleaned.get("ends_on") and not cleaned.get("starts_on"):
            self.add_error("starts_on", _("An edition with a last day needs a first one."))
        return cleaned


@admin.register(Edition)
class EditionAdmin(StaffModelAdmin):
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
        return format_html(
            '<ul class="figures">{}</ul>',
            format_html_join(
                "",
                "<li><strong>{}</strong> {} <code>{}</code> <span>{}</span></li>",
                (
                    (
                        figure.phrase,
                        figure.label,
                        figure.key,
                        figure.source if figure.is_declared else figure.definition,
                    )
                    for figure in figures(edition).values()
                ),
            ),
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
        if self.has_change_permission(request, edition):
            self._set_current(request, edition)
        return redirect("admin:events_edition_change", pk)

    @admin.action(description=_("Make current"), permissions=["change"])
    def make_current(self, request: HttpRequest, queryset) -> None:
        if len(queryset) == 1:
            self._set_current(request, queryset[0])
        else:
            self.message_user(request, _("Choose one edition only."), messages.ERROR)

    def _set_current(self, request: HttpRequest, edition: Edition) -> None:
        with transaction.atomic():
            Edition.objects.exclude(pk=edition.pk).filter(is_current=True).update(is_current=False)
            Edition.objects.filter(pk=edition.pk).update(is_current=True)
        self.message_user(
            request, _("%(edition)s is the current one now.") % {"edition": capfirst(edition)}
        )
        self.log_change(request, edition, str(_("Made current.")))


@admin.register(Partner)
class PartnerAdmin(StaffModelAdmin):
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

    @admin.display(description=_("value"), ordering="value")
    def phrase(self, figure: Figure) -> str:
        number = f"{figure.value.normalize():f}"
        unit = "\u202f%" if figure.is_percentage else ""
        return f"{figure.get_qualifier_display()} {number}{unit}"


# -------------------------------------------------------------------------------------- press
BOUND = ["headline", "lead", "body", "about", "more"]


def _texts(release: PressRelease) -> dict[str, str]:
    names = [f"{name}_{language}" for name in BOUND for language in ("fr", "en")]
    return {name: getattr(release, name) for name in names}


def placeholder_problems(edition: Edition, texts: Mapping[str, str]) -> dict[str, list[str]]:
    """What the edition cannot fill in, by column; each text is read in its own language."""
    found = {}
    for name, text in texts.items():
        with override(name[-2:]):
            problems = check_placeholders(text, edition) if text else []
        if problems:
            found[name] = problems
    return found


class PressReleaseForm(forms.ModelForm):
    def clean(self) -> dict:
        """Before publication every placeholder must have its value; a draft is told, not refused."""
        cleaned = super().clean()
        texts = {name: cleaned.get(name, "") for name in _texts(self.instance)}
        edition = cleaned.get("edition")
        self.problems = placeholder_problems(edition, texts) if edition else {}
        if cleaned.get("state") == PressRelease.State.PUBLISHED:
            for name, sentences in self.problems.items():
                self.add_error(name, sentences)
        return cleaned


@admin.register(PressRelease)
class PressReleaseAdmin(StaffModelAdmin):
    form = PressReleaseForm
    list_display = ["slug", "edition", "kind", "issued_on", "state", "pdf"]
    list_filter = ["edition", "state", "kind"]
    list_select_related = ["edition"]
    search_fields = ["slug", "headline_fr", "headline_en", "body_fr"]
    date_hierarchy = "issued_on"
    readonly_fields = ["pdf", "placeholders"]
    actions = ["publish", "unpublish"]
    fieldsets = [
        (None, {"fields": ["edition", ("kind", "state"), ("headline_fr", "headline_en"), "slug"]}),
        (_("Dateline"), {"fields": ["issued_on", ("place_fr", "place_en")]}),
        (
            _("Text"),
            {
                "description": _(
                    "Numbers, dates and names of the edition are written as placeholders: they"
                    " follow the edition. Before publication, each must have a value."
                ),
                "fields": [("lead_fr", "lead_en"), ("body_fr", "body_en"), "placeholders"],
            },
        ),
        (
            _("At the foot"),
            {"fields": [("about_fr", "about_en"), ("more_fr", "more_en"), "pdf"]},
        ),
    ]

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: PressRelease | None = None
    ) -> dict:
        return {} if obj else {"slug": ["headline_fr"]}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {
            "edition": Edition.objects.current(),
            **super().get_changeform_initial_data(request),
        }

    def view_on_site(self, release: PressRelease) -> str | None:
        return release.get_absolute_url() if release.state == PressRelease.State.PUBLISHED else None

    def save_model(self, request: HttpRequest, obj: PressRelease, form, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        super().save_model(request, obj, form, change)
        for sentences in form.problems.values():
            for sentence in sentences:
                self.message_user(request, sentence, messages.WARNING)

    @admin.display(description=_("placeholders"))
    def placeholders(self, release: PressRelease) -> str:
        names = list(known_names())
        if release.pk:
            names += [f"figure.{key}" for key in figures(release.edition)]
        words = (("{{ " + name + " }}",) for name in dict.fromkeys(names))
        return format_html(
            '<div class="placeholders">{}<p>{}</p></div>',
            format_html_join(" ", "<code>{}</code>", words),
            _("With a capital: %(example)s")
            % {"example": "{{ next.when|" + next(iter(FILTERS)) + " }}"},
        )

    @admin.display(description=_("PDF"))
    def pdf(self, release: PressRelease) -> str:
        if not release.pk or release.state != PressRelease.State.PUBLISHED:
            return ""
        address = reverse("events:release_pdf", args=[release.slug])
        return format_html('<a href="{}">{}</a>', address, _("Open the PDF"))

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset) -> None:
        """Those whose every placeholder has a value; the others are named."""
        ready = []
        for release in queryset.select_related("edition__venue"):
            if problems := placeholder_problems(release.edition, _texts(release)):
                first = next(iter(problems.values()))[0]
                self.message_user(request, f"{release.slug} – {first}", messages.ERROR)
            else:
                ready.append(release.pk)
        self._set_state(request, queryset.filter(pk__in=ready), PressRelease.State.PUBLISHED)

    @admin.action(description=_("Withdraw from publication"), permissions=["change"])
    def unpublish(self, request: HttpRequest, queryset) -> None:
        self._set_state(request, queryset, PressRelease.State.DRAFT)

    def _set_state(self, request: HttpRequest, queryset, state: str) -> None:
        changed = queryset.exclude(state=state).update(state=state)
        self.message_user(
            request,
            ngettext("%d press release changed.", "%d press releases changed.", changed) % changed,
            messages.SUCCESS if changed else messages.WARNING,
        )
