"""Registrations.

State and seats are read-only here: actions and pages change them through the services, so that
counters, history and mails follow. Nothing is deleted: a registration is cancelled.
"""

from collections import Counter

from django.contrib import admin, messages
from django.db.models import Count
from django.db.models.functions import Concat, Lower
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.models import Edition
from raict.accounts.saved_filters import SavedFilters
from raict.admin import CountryFilter, IndexFigure, StaffModelAdmin, country_name
from raict.errors import DomainError
from raict.lists import count_of
from raict.mail.models import Message
from raict.tables.admin import TableAdmin
from raict.typography import ordinal
from registrations import services
from registrations.admin.actions import RegistrationActions
from registrations.admin.deciding import RegistrationDecisions
from registrations.admin.filters import (
    BadgeFilter,
    FollowFilter,
    KindFilter,
    MemberFilter,
    NeedsFilter,
    SeatFilter,
    SessionFilter,
)
from registrations.admin.inlines import (
    BookingInline,
    CafePreferenceInline,
    ConsentInline,
    NeedsInline,
)
from registrations.admin.merging import RegistrationMerging
from registrations.admin.pages import RegistrationPages
from registrations.dashboard import REGISTERED
from registrations.forms.staff import REGISTRABLE, NewRegistrationForm, RegistrationForm
from registrations.models import Booking, Change, Needs, Registration
from registrations.overview import standing


def returned_mails(registration: Registration) -> int:
    """How many mails about this person came back, as the team has noted in the outbox."""
    return (
        Message.objects.filter(reference=registration.reference).exclude(returned_at=None).count()
    )


@admin.register(Registration)
class RegistrationAdmin(
    RegistrationActions,
    RegistrationDecisions,
    RegistrationMerging,
    RegistrationPages,
    SavedFilters,
    TableAdmin,
    StaffModelAdmin,
):
    table_subject = "participants"
    form = RegistrationForm
    list_display = [
        "name",
        "organisation",
        country_name,
        "category",
        "standing",
        "seats",
        "registered_on",
        "number",
    ]
    list_filter = [
        *("edition", "state", FollowFilter, "category", KindFilter, MemberFilter),
        *(SessionFilter, SeatFilter, NeedsFilter, BadgeFilter, "language", CountryFilter),
    ]
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
    readonly_fields = [
        *("edition", "reference", "standing", "created_at", "cancelled_at", "pages"),
        *("badge_made_at", "badge_changed_at"),
    ]
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
                    ("standing", "reference", "edition"),
                    ("created_at", "cancelled_at"),
                    ("badge_made_at", "badge_changed_at"),
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
            {
                "fields": [
                    "sessions",
                    "lists",
                    ("cafe_1", "cafe_2", "cafe_3"),
                    ("cafe_4", "cafe_5"),
                ]
            },
        ),
        (None, {"fields": ["notify"]}),
    ]

    # --------------------------------------------------------------------------- one registration
    def get_queryset(self, request: HttpRequest):
        held = Booking.objects.filter(state=Booking.State.CONFIRMED)
        rows = super().get_queryset(request).with_line_rank()
        return rows.annotate(seat_count=count_of(held, "registration"))

    def get_fieldsets(self, request: HttpRequest, obj: Registration | None = None) -> list:
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Registration | None = None) -> list:
        """A registration that has ended stays as it was."""
        if obj is None:
            return []
        person = [name for row in self.identity[0][1]["fields"] for name in row]
        return self.readonly_fields + ([] if obj.is_live else person)

    def get_inlines(self, request: HttpRequest, obj: Registration | None) -> list:
        return self.inlines if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):  # noqa: FBT002 -- Django's signature
        form = super().get_form(
            request, obj, change, **{**kwargs, **({} if obj else {"form": NewRegistrationForm})}
        )
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What the services refuse is shown beside its field, in the form as it was sent."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        editions = Edition.objects.filter(state__in=REGISTRABLE)
        return {
            "edition": editions.order_by("-is_current", "-number").first(),
            "country": "FR",
            **super().get_changeform_initial_data(request),
        }

    def save_model(self, request: HttpRequest, obj: Registration, form, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        """Through the services: history, badge mark, and a new link to a new address."""
        if not change:
            self._register(request, obj, form)
        elif obj.is_live:
            self._correct(request, obj, form)

    def _correct(self, request: HttpRequest, obj: Registration, form: RegistrationForm) -> None:
        is_moved = "email" in form.changed_data
        if not services.correct(obj, form.person(), by=Change.By.TEAM, user=request.user):
            return
        if is_moved:
            self.message_user(
                request, _("The personal link was sent to the new address; the old link is void.")
            )
        else:
            self.message_user(request, _("The person is told of the correction by mail."))

    def _register(self, request: HttpRequest, obj: Registration, form: NewRegistrationForm) -> None:
        data = form.cleaned_data
        written = services.register(
            edition=data["edition"],
            person=form.person(),
            sessions=data["sessions"],
            lists=data["lists"],
            cafes=data["cafes"],
            language=data["language"],
            notify=data["notify"],
            by_staff=True,
            user=request.user,
        )
        obj.pk = written.pk
        obj.refresh_from_db()
        for sentence in self._lines_of(obj):
            self.message_user(request, sentence, messages.WARNING)

    @staticmethod
    def _lines_of(registration: Registration) -> list[str]:
        """What somebody waits for, where the team might take it for a seat."""
        if rank := registration.rank():
            sentence = _("All places are taken: on the edition’s waiting list, rank %(rank)d.")
            return [sentence % {"rank": rank}]
        return [
            _("On the waiting list of « %(session)s », rank %(rank)d.")
            % {"session": booking.session.name, "rank": booking.rank}
            for booking in standing(registration).filter(state=Booking.State.WAITING)
        ]

    def construct_change_message(self, request: HttpRequest, form, formsets, add=False):  # noqa: FBT002 -- Django's signature
        """That there are needs is not for all who read the history."""
        others = [formset for formset in formsets or [] if formset.model is not Needs]
        return super().construct_change_message(request, form, others, add)

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    # ---------------------------------------------------------------------------------- the list
    def get_list_filter(self, request: HttpRequest) -> list:
        if request.user.has_perm("registrations.view_needs"):
            return self.list_filter
        return [one for one in self.list_filter if one is not NeedsFilter]

    def index_figures(self, request: HttpRequest, edition: Edition | None) -> list[IndexFigure]:
        """People as the figures count them, and what waits for the team."""
        if edition is None:
            return []
        rows = edition.registrations.order_by()
        states = Counter(dict(rows.values_list("state").annotate(Count("pk"))))
        registered = states[Registration.State.CONFIRMED]
        badges = REGISTERED.queryset(edition).filter(badge_changed_at__isnull=False).count()
        address = reverse("admin:registrations_registration_changelist")
        query = f"{address}?edition__id__exact={edition.pk}&state__exact="
        return [
            IndexFigure(registered, REGISTERED.label % {"count": registered}, f"{query}confirmed"),
            IndexFigure(states["waiting"], _("on the edition’s waiting list"), f"{query}waiting"),
            IndexFigure(
                states["pending"],
                ngettext("registration to approve", "registrations to approve", states["pending"]),
                f"{query}pending",
                is_task=True,
            ),
            IndexFigure(
                badges,
                ngettext(
                    "badge changed since it was made", "badges changed since they were made", badges
                ),
                f"{query}confirmed&badge=changed",
                is_task=True,
            ),
        ]

    @admin.display(description=_("name"), ordering=Concat(Lower("last_name"), Lower("first_name")))
    def name(self, registration: Registration) -> str:
        return f"{registration.last_name} {registration.first_name}"

    @admin.display(description=_("state"), ordering="state")
    def standing(self, registration: Registration) -> str:
        """« confirmée », « sur liste d’attente, rang 3 », « confirmée · badge modifié »."""
        state = registration.get_state_display()
        if registration.line_rank:
            words = {"state": state, "rank": registration.line_rank}
            state = _("%(state)s, rank %(rank)d") % words
        marks = (
            [_("badge changed")] if registration.badge_changed_at and registration.is_live else []
        )
        marks += [_("to be followed up")] if registration.is_followed else []
        return format_html(
            "{}{}", state, format_html_join("", ' · <strong class="mark">{}</strong>', zip(marks))
        )

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
        links = format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("admin:registrations_registration_seen", args=[registration.pk]),
            _("The page as the person sees it"),
            mails,
            _("The person’s messages"),
        )
        if not (count := returned_mails(registration)):
            return links
        said = ngettext("%d mail came back", "%d mails came back", count) % count
        page = f"{mails}&returned=yes"
        return format_html(
            '{} · <a href="{}"><strong class="mark">{}</strong></a>', links, page, said
        )
