"""Sessions: one list for each kind, and one of all."""

from django.contrib import admin, messages
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, npgettext
from django_countries.fields import CountryField

from events.models import Edition, Room
from events.press import kits
from raict.admin import IndexFigure, StaffInline, StaffModelAdmin
from raict.lists import count_of
from raict.tables.admin import TableAdmin
from raict.templatetags.raict import typo
from raict.typography import ordinal
from sessions import moves
from sessions.admin import gathering
from sessions.admin.form import RoomField, SessionForm
from sessions.models import Appearance, Move, Session

WITHOUT_PLACE = Q(room=None) | Q(day=None) | Q(start=None)
WITHOUT_TITLE = Q(title_fr="")
WHEN_AND_WHERE = _("When and where")


class MissingFilter(admin.SimpleListFilter):
    """What is left to do before the programme is complete."""

    title = _("to be specified")
    parameter_name = "missing"
    CONDITIONS = {
        "place": WITHOUT_PLACE,
        "title": WITHOUT_TITLE,
        "speaker": Q(appearances=None) | Q(appearances__is_pending=True),
        "english": Q(title_en="") & ~WITHOUT_TITLE,
    }

    def lookups(self, request: HttpRequest, model_admin) -> list:
        return [
            ("place", _("room, day or time")),
            ("title", _("title")),
            ("speaker", _("speakers")),
            ("english", _("title in English")),
        ]

    def queryset(self, request: HttpRequest, queryset):
        condition = self.CONDITIONS.get(self.value())
        return queryset.filter(condition).distinct() if condition else queryset


class AppearanceInline(StaffInline):
    model = Appearance
    autocomplete_fields = ["person"]
    fields = [
        ("person", "role", "is_pending", "position"),
        ("label_fr", "label_en"),
        ("function_fr", "function_en"),
        "organisation",
        ("represents_fr", "represents_en"),
    ]


class SessionAdminBase(TableAdmin, StaffModelAdmin):
    table_subject = "programme"
    form = SessionForm
    list_display = [
        "name",
        "number",
        "when",
        "room",
        "places",
        "speakers",
        "is_published",
        "preliminary",
    ]
    list_filter = [
        "edition",
        MissingFilter,
        gathering.GatheredFilter,
        "is_published",
        "framing_is_preliminary",
        ("room", admin.RelatedOnlyFieldListFilter),
        "booking",
    ]
    list_select_related = ["edition", "room"]
    search_fields = [
        "title_fr",
        "title_en",
        "short_name_fr",
        "question_fr",
        "topic_fr",
        "zone_fr",
        "room__name",
        "appearances__person__last_name",
        "appearances__organisation",
    ]
    ordering = [
        "-edition__number",
        F("day").asc(nulls_last=True),
        F("start").asc(nulls_last=True),
        "position",
        "pk",
    ]
    date_hierarchy = "day"
    readonly_fields = ["seats_taken", "revision"]
    inlines = [AppearanceInline]
    actions = ["publish", "unpublish", "table_xlsx", "table_csv"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("edition", "kind", "position"),
                    ("title_fr", "title_en"),
                    ("short_name_fr", "short_name_en"),
                    ("question_fr", "question_en"),
                    ("slug", "is_published"),
                ]
            },
        ),
        (WHEN_AND_WHERE, {"fields": [("day", "start", "end"), ("room", "capacity")]}),
        (
            _("Who may come in"),
            {
                "fields": [
                    ("booking", "is_members_only"),
                    ("overbooking", "offer_hours"),
                    ("seats_taken", "revision"),
                ]
            },
        ),
        (
            _("Subject"),
            {
                "fields": [
                    "language",
                    ("zone_fr", "zone_en"),
                    ("topic_fr", "topic_en"),
                    "countries",
                ]
            },
        ),
        (
            _("Framing note"),
            {
                "classes": ["collapse"],
                "fields": [
                    "framing_is_preliminary",
                    ("framing_fr", "framing_en"),
                    ("context_fr", "context_en"),
                    ("aims_fr", "aims_en"),
                ],
            },
        ),
        (
            _("After the event"),
            {"classes": ["collapse"], "fields": ["slides", ("report_fr", "report_en")]},
        ),
        (_("For the team only"), {"classes": ["collapse"], "fields": ["contacts"]}),
    ]

    def get_queryset(self, request: HttpRequest):
        return (
            super()
            .get_queryset(request)
            .annotate(
                speaker_count=count_of(Appearance.objects, "session"),
                is_moving=Exists(Move.objects.filter(session=OuterRef("pk"), announcement=None)),
            )
        )

    def get_fieldsets(self, request: HttpRequest, obj: Session | None = None) -> list:
        """Where the menu says the kind already, it is not asked again; what waits is said."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj and (move := moves.prepared(obj)):
            fieldsets = [
                (
                    title,
                    {**options, "description": gathering.note(move)}
                    if title == WHEN_AND_WHERE
                    else options,
                )
                for title, options in fieldsets
            ]
        if len(getattr(self.model, "KINDS", ())) != 1:
            return fieldsets
        (title, options), *others = fieldsets
        (edition, _kind, position), *rows = options["fields"]
        return [(title, {**options, "fields": [(edition, position), *rows]}), *others]

    def get_readonly_fields(self, request: HttpRequest, obj: Session | None = None) -> list:
        """Seats and appearances belong to an edition: a session does not move to another one."""
        return [*self.readonly_fields, "edition"] if obj else self.readonly_fields

    def formfield_for_dbfield(self, db_field, request: HttpRequest, **kwargs):
        if isinstance(db_field, CountryField):
            kwargs["widget"] = FilteredSelectMultiple(db_field.verbose_name, is_stacked=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        edition = Edition.objects.current()
        kind = self.model.KINDS[0] if hasattr(self.model, "KINDS") else None
        return {
            "edition": edition,
            "kind": kind,
            "day": edition and edition.starts_on,
            "booking": Session.USUAL_BOOKING.get(kind, Session.Booking.FREE),
            **super().get_changeform_initial_data(request),
        }

    def formfield_for_foreignkey(self, db_field, request: HttpRequest, **kwargs):
        if db_field.name == "room":
            kwargs["queryset"] = Room.objects.select_related("venue")
            kwargs["form_class"] = RoomField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field, request: HttpRequest, **kwargs):
        if db_field.name == "kind" and hasattr(self.model, "KINDS"):
            kwargs["choices"] = [(kind.value, kind.label) for kind in self.model.KINDS]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Session, form, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        """Time and room go through `moves.place`; two sessions in one room are said."""
        if not obj.kind:
            obj.kind = self.model.KINDS[0]
        move = None
        if change and form.fields.keys() >= set(moves.COLUMNS):
            move = moves.place(obj, **(form.place or moves.place_of(obj))._asdict())
        super().save_model(request, obj, form, change)
        if "is_published" in form.changed_data and not obj.is_published:
            kits.retract(obj.edition_id)
        if move:
            self.message_user(request, gathering.kept(move), messages.WARNING)
        for other in moves.sharing_room(obj):
            room = move.room if move else obj.room
            self.message_user(
                request,
                _("The room %(room)s also has « %(other)s » at that time.")
                % {"room": room, "other": other},
                messages.WARNING,
            )

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None):
        """With a button for each edition whose changes wait."""
        found = {"gathering": gathering.editions_gathering()}
        return super().changelist_view(request, found | (extra_context or {}))

    def view_on_site(self, session: Session) -> str | None:
        is_public = session.is_published and session.edition.state != Edition.State.DRAFT
        return session.get_absolute_url() if is_public else None

    @admin.display(description=_("title"), ordering="title_fr")
    def name(self, session: Session) -> str:
        return typo(session.name)

    @admin.display(description=_("edition"), ordering="edition__number")
    def number(self, session: Session) -> str:
        edition = session.edition
        return _("demo") if edition.is_demonstration else ordinal(edition.number)

    @admin.display(description=_("day and time"), ordering="day")
    def when(self, session: Session) -> str:
        said = moves.place_of(session).when
        return gathering.mark(said) if session.is_moving else said

    @admin.display(description=_("preliminary"), boolean=True, ordering="framing_is_preliminary")
    def preliminary(self, session: Session) -> bool:
        return session.framing_is_preliminary

    @admin.display(description=_("places"), ordering="seats_taken")
    def places(self, session: Session) -> str:
        if session.booking == Session.Booking.FREE:
            return session.get_booking_display()
        if session.capacity is None:
            return str(session.seats_taken)
        return f"{session.seats_taken} / {session.capacity}"

    @admin.display(description=_("speakers"), ordering="speaker_count")
    def speakers(self, session: Session) -> int:
        return session.speaker_count

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset) -> None:
        self._set_published(request, queryset, published=True)

    @admin.action(description=_("Withdraw from publication"), permissions=["change"])
    def unpublish(self, request: HttpRequest, queryset) -> None:
        self._set_published(request, queryset, published=False)

    def _set_published(self, request: HttpRequest, queryset, *, published: bool) -> None:
        rows = Session.objects.filter(pk__in=queryset.values("pk")).exclude(is_published=published)
        note = _("Published.") if published else _("Withdrawn from publication.")
        for session in rows:
            self.log_change(request, session, str(note))
        editions = set() if published else set(rows.values_list("edition_id", flat=True))
        changed = rows.update(is_published=published)
        for edition in editions:
            kits.retract(edition)
        self.message_user(
            request, ngettext("%d session changed.", "%d sessions changed.", changed) % changed
        )


class KindAdmin(SessionAdminBase):
    """One entry a kind; the kind itself is set by the entry.

    Registered with the seats, by registrations/admin/programme.py.
    """


class SessionAdmin(SessionAdminBase):
    """All sessions in one list; here a session may change its kind.

    Registered with the seats, by registrations/admin/programme.py.
    """

    list_display = ["name", "kind", *SessionAdminBase.list_display[1:-1]]
    list_filter = ["edition", "kind", *SessionAdminBase.list_filter[1:]]

    def index_figures(self, request: HttpRequest, edition: Edition | None) -> list[IndexFigure]:
        if edition is None:
            return []
        missing = MissingFilter.CONDITIONS
        found = edition.sessions.aggregate(
            total=Count("pk"),
            incomplete=Count("pk", missing["place"]),
        )
        address = reverse(
            "admin:programme_session_changelist", query={"edition__id__exact": edition.pk}
        )
        return [
            IndexFigure(
                found["total"],
                npgettext("key figure", "session", "sessions", found["total"]),
                address,
            ),
            IndexFigure(
                found["incomplete"],
                ngettext(
                    "session without room or time",
                    "sessions without room or time",
                    found["incomplete"],
                ),
                f"{address}&missing=place",
                is_task=True,
            ),
        ]
