"""Registrations.

State and seats are read-only here: actions change them through the services, so that counters
and mails follow. Nothing is deleted: a registration is cancelled.
"""

from collections.abc import Callable, Iterable

from django.contrib import admin, messages
from django.db.models import Count, Q
from django.db.models.functions import Concat, Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from events.models import Edition
from raict.admin import CountryFilter, IndexFigure, StaffInline, StaffModelAdmin
from raict.typography import ordinal
from registrations import emails, services
from registrations.documents import badge_pdf
from registrations.exports import filename, registrations_table
from registrations.forms.staff import REGISTRABLE, NewRegistrationForm, RegistrationForm
from registrations.links import personal_url
from registrations.models import (
    Booking,
    CafePreference,
    Consent,
    Needs,
    Registration,
)

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
    fields = ["session", "day", "state", "created_at", "released_at"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).select_related("session")

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


@admin.register(Registration)
class RegistrationAdmin(StaffModelAdmin):
    form = RegistrationForm
    list_display = [
        "name",
        "organisation",
        "country",
        "category",
        "state",
        "seats",
        "registered_on",
        "number",
    ]
    list_filter = ["edition", "state", "category", "language", CountryFilter]
    list_select_related = ["organisation", "category", "edition"]
    search_fields = [
        "first_name",
        "last_name",
        "email",
        "reference",
        "organisation__name",
        "function",
    ]
    ordering = ["-created_at", "-pk"]
    date_hierarchy = "created_at"
    autocomplete_fields = ["organisation"]
    readonly_fields = ["edition", "reference", "state", "created_at", "cancelled_at", "pages"]
    actions = ["approve", "cancel", "badges", "export", "send_link"]
    inlines = [BookingInline, CafePreferenceInline, NeedsInline, ConsentInline]
    empty_value_display = "–"
    identity = [
        (
            _("Person"),
            {
                "fields": [
                    ("civility", "title"),
                    ("first_name", "last_name"),
                    ("email", "language"),
                    ("function", "organisation"),
                    ("country", "category"),
                ]
            },
        ),
    ]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("state", "reference", "edition"),
                    ("created_at", "cancelled_at"),
                    "pages",
                ]
            },
        ),
        *identity,
    ]
    add_fieldsets = [
        (None, {"fields": ["edition"]}),
        *identity,
        (
            _("Sessions and cafés"),
            {"fields": ["sessions", ("cafe_1", "cafe_2", "cafe_3"), ("cafe_4", "cafe_5")]},
        ),
        (None, {"fields": ["notify"]}),
    ]

    # --------------------------------------------------------------------------- one registration
    def get_queryset(self, request: HttpRequest):
        held = Count("bookings", filter=Q(bookings__state=Booking.State.CONFIRMED))
        return super().get_queryset(request).annotate(seat_count=held)

    def get_fieldsets(self, request: HttpRequest, obj: Registration | None = None) -> list:
        """The personal page can cancel: its link is for those who may change a registration."""
        if obj is None:
            return self.add_fieldsets
        if self.has_change_permission(request, obj):
            return self.fieldsets
        (title, options), *others = self.fieldsets
        rows = [row for row in options["fields"] if row != "pages"]
        return [(title, {**options, "fields": rows}), *others]

    def get_readonly_fields(self, request: HttpRequest, obj: Registration | None = None) -> list:
        return self.readonly_fields if obj else []

    def get_inlines(self, request: HttpRequest, obj: Registration | None) -> list:
        return self.inlines if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):  # noqa: FBT002 -- Django's signature
        return super().get_form(
            request, obj, change, **{**kwargs, **({} if obj else {"form": NewRegistrationForm})}
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        editions = Edition.objects.filter(state__in=REGISTRABLE)
        return {
            "edition": editions.order_by("-is_current", "-number").first(),
            "country": "FR",
            **super().get_changeform_initial_data(request),
        }

    def save_model(self, request: HttpRequest, obj: Registration, form, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        """A new one goes through the service; a new address makes the links sent so far worthless."""
        if not change:
            self._register(obj, form)
            return
        moved = "email" in form.changed_data and obj.is_live
        obj.key_version += moved
        super().save_model(request, obj, form, change)
        if moved:
            emails.link(obj)
            self.message_user(
                request, _("The personal link was sent to the new address; the old link is void.")
            )

    def _register(self, obj: Registration, form: NewRegistrationForm) -> None:
        data = form.cleaned_data
        written = services.register(
            edition=data["edition"],
            person=form.person(),
            sessions=data["sessions"],
            cafes=data["cafes"],
            language=data["language"],
            notify=data["notify"],
            by_staff=True,
        )
        obj.pk = written.pk
        obj.refresh_from_db()

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    # ---------------------------------------------------------------------------------- the list
    def index_figures(self, request: HttpRequest) -> list[IndexFigure]:
        found = (
            Edition.objects.filter(is_current=True)
            .annotate(
                live=Count("registrations", filter=Q(registrations__state__in=Registration.LIVE)),
                pending=Count(
                    "registrations", filter=Q(registrations__state=Registration.State.PENDING)
                ),
            )
            .values("pk", "live", "pending")
            .first()
        )
        if not found:
            return []
        address = reverse("admin:registrations_registration_changelist")
        query = f"{address}?edition__id__exact={found['pk']}"
        return [
            IndexFigure(found["live"], _("registered"), f"{query}&state__in=pending,confirmed"),
            IndexFigure(
                found["pending"],
                _("awaiting approval"),
                f"{query}&state__exact=pending",
                is_alarm=found["pending"] > 0,
            ),
        ]

    @admin.display(description=_("name"), ordering=Concat(Lower("last_name"), Lower("first_name")))
    def name(self, registration: Registration) -> str:
        return f"{registration.last_name} {registration.first_name}"

    @admin.display(description=_("sessions"), ordering="seat_count")
    def seats(self, registration: Registration) -> int:
        return registration.seat_count

    @admin.display(description=_("registered on"), ordering="created_at")
    def registered_on(self, registration: Registration) -> str:
        return date_format(timezone.localtime(registration.created_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("edition"), ordering="edition__number")
    def number(self, registration: Registration) -> str:
        edition = registration.edition
        return _("demo") if edition.is_demonstration else ordinal(edition.number)

    @admin.display(description=_("pages"))
    def pages(self, registration: Registration) -> str:
        mails = reverse(
            "admin:mail_message_changelist", query={"reference": registration.reference}
        )
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            personal_url(registration),
            _("The page as the person sees it"),
            mails,
            _("The person’s messages"),
        )

    # ----------------------------------------------------------------------------------- actions
    @admin.action(description=_("Confirm"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset) -> None:
        """Those who await approval; a second time changes nothing."""
        self._each(
            request,
            queryset,
            services.approve,
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
                services.cancel,
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
        """Of the confirmed ones, by surname."""
        if self._too_many(request, queryset):
            return None
        confirmed = list(queryset.confirmed().order_by("last_name", "first_name", "pk"))
        if not confirmed:
            self.message_user(
                request, _("None of these is confirmed: no badge to print."), messages.ERROR
            )
            return None
        name = f"badges-{timezone.localdate():%Y-%m-%d}.pdf"
        return _download(badge_pdf(confirmed), name, "application/pdf")

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
            if act(registration):
                done += 1
                self.log_change(request, registration, str(note))
        self.message_user(
            request,
            report % {"done": done, "rest": len(chosen) - done},
            messages.SUCCESS if done else messages.WARNING,
        )
