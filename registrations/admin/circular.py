"""Group mail: written to a selection, sent, followed; paused, resumed and stopped."""

from collections import Counter
from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from raict.admin import ReadOnlyAdmin, StaffModelAdmin
from raict.errors import DomainError
from raict.mail.models import Message
from registrations.admin.desk import desk_context
from registrations.forms.mail import CircularForm
from registrations.letters import CIRCULAR
from registrations.models import Booking, Circular, CircularRecipient, Registration
from registrations.services import circulars
from sessions.models import Session

_State = Message.State
# How far a recipient's mail has come.
_STATES = {
    "left": (_("still to be written"), Q(written_at=None)),
    "queued": (
        _("queued or being sent"),
        Q(message__state__in=[_State.QUEUED, _State.SENDING]),
    ),
    "sent": (pgettext_lazy("mails", "sent"), Q(message__state=_State.SENT)),
    "failed": (pgettext_lazy("mails", "failed"), Q(message__state=_State.FAILED)),
    "withdrawn": (pgettext_lazy("mails", "withdrawn"), Q(message__state=_State.WITHDRAWN)),
}
_RENEWED_AFTER = 5  # seconds
_SHOWN = 20


class ProgressFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "progress"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [(name, label) for name, (label, _condition) in _STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        found = _STATES.get(self.value())
        return queryset.filter(found[1]) if found else queryset


@admin.register(CircularRecipient)
class CircularRecipientAdmin(ReadOnlyAdmin):
    """Who gets which group mail, and what became of it."""

    list_display = ["registration", "circular", "email", "written_at", "mail"]
    list_filter = [ProgressFilter, ("circular", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["registration", "circular", "message"]
    search_fields = ["registration__first_name", "registration__last_name", "email"]
    fields = ["registration", "circular", "email", "written_at", "mail"]
    readonly_fields = ["mail"]
    empty_value_display = "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("message__text", "message__html")

    @admin.display(description=_("message"))
    def mail(self, recipient: CircularRecipient) -> str:
        if recipient.message_id is None:
            return ""
        address = reverse("admin:mail_message_change", args=[recipient.message_id])
        return format_html('<a href="{}">{}</a>', address, recipient.message.get_state_display())


def _count(name: str) -> Callable:
    @admin.display(description=_STATES[name][0], ordering=f"{name}_count")
    def count(self, circular: Circular) -> int:
        return getattr(circular, f"{name}_count")

    return count


@admin.register(Circular)
class CircularAdmin(StaffModelAdmin):
    """Begun from a selection of registrations, or by a timed mail."""

    form = CircularForm
    change_form_template = "admin/registrations/circular/change_form.html"
    list_display = ["title", "state", "selection", "begun_at", "total", *_STATES]
    list_filter = ["state", "edition"]
    list_select_related = ["timed"]
    search_fields = ["subject_fr", "subject_en"]
    empty_value_display = "–"
    left, queued, sent, failed, withdrawn = map(_count, _STATES)

    # -------------------------------------------------------------------------------- permissions
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Circular | None = None) -> bool:
        """A draft may go; what was sent is kept."""
        is_draft = obj is None or obj.state == Circular.State.DRAFT
        return is_draft and request.user.has_perm("registrations.send_circular")

    def has_change_permission(self, request: HttpRequest, obj: Circular | None = None) -> bool:
        is_draft = obj is None or obj.state == Circular.State.DRAFT
        return is_draft and request.user.has_perm("registrations.send_circular")

    def has_view_permission(self, request: HttpRequest, obj: Circular | None = None) -> bool:
        may_send = request.user.has_perm("registrations.send_circular")
        return may_send or super().has_view_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict:
        """No rows of what was sent are deleted from the list."""
        return {}

    # -------------------------------------------------------------------------------------- pages
    def get_urls(self) -> list:
        acts = {
            "pause": (circulars.pause, _("Paused: what was not sent yet stays here.")),
            "resume": (circulars.resume, _("It goes on.")),
            "stop": (circulars.stop, _("Stopped for good. What had left has left.")),
        }
        return [
            *(self._path(f"<int:pk>/{name}/", self._act(*act), name) for name, act in acts.items()),
            self._path("<int:pk>/send/", self.send_view, "send"),
            self._path(
                "of-session/<int:pk>/<slug:whom>/", require_POST(self.of_session_view), "of_session"
            ),
            *super().get_urls(),
        ]

    def _path(self, route: str, view: Callable, name: str):
        return path(route, self.admin_site.admin_view(view), name=f"registrations_circular_{name}")

    def _act(self, act: Callable, sentence: str) -> Callable:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            circular = self._sendable(request, pk)
            if act(circular):
                self.log_change(request, circular, str(sentence))
                self.message_user(request, sentence)
            else:
                self.message_user(request, _("Somebody was faster."), messages.WARNING)
            return redirect("admin:registrations_circular_change", pk)

        return require_POST(view)

    def send_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks once more, with the numbers; then the recipients are frozen."""
        circular = self._sendable(request, pk)
        if request.method == "POST":
            return self._begin(request, circular)
        context = {
            **self.admin_site.each_context(request),
            **_outlook(circular, circulars.addressees(circular)),
            "opts": self.opts,
            "title": _("Send the group mail"),
            "circular": circular,
        }
        return render(request, "admin/registrations/circular/send.html", context)

    def _begin(self, request: HttpRequest, circular: Circular) -> HttpResponse:
        try:
            count = circulars.begin(circular, user=request.user)
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
        else:
            said = ngettext("%d person receives it.", "%d people receive it.", count) % count
            if count:
                self.log_change(request, circular, said)
            self.message_user(request, said if count else _("It was begun already."))
        return redirect("admin:registrations_circular_change", circular.pk)

    def of_session_view(self, request: HttpRequest, pk: int, whom: str) -> HttpResponse:
        """A draft to everybody who has a seat in the session, or waits for one."""
        if not request.user.has_perm("registrations.send_circular"):
            raise PermissionDenied
        session = get_object_or_404(Session, pk=pk)
        states = [Booking.State.WAITING] if whom == "waiting" else [Booking.State.CONFIRMED]
        people = Registration.objects.filter(
            bookings__session=session, bookings__state__in=states
        ).distinct()
        selection = _("waiting for: %(name)s") if whom == "waiting" else _("seated in: %(name)s")
        try:
            circular = circulars.draft(
                people, selection=(selection % {"name": session.name})[:200], user=request.user
            )
        except DomainError:
            self.message_user(request, _("There is nobody to write to."), messages.WARNING)
            return redirect("admin:programme_session_seats", pk)
        return redirect("admin:registrations_circular_change", circular.pk)

    def _sendable(self, request: HttpRequest, pk: int) -> Circular:
        if not request.user.has_perm("registrations.send_circular"):
            raise PermissionDenied
        return get_object_or_404(Circular.objects.select_related("edition"), pk=pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        circular = self.get_object(request, object_id)
        extra = dict(extra_context or {})
        if circular and circular.state == Circular.State.DRAFT:
            people = circulars.addressees(circular)
            extra |= _outlook(circular, people)
            extra |= desk_context(request, CIRCULAR, circular.edition, among=people)
        elif circular:
            extra |= self._progress(circular)
        extra["may_send"] = request.user.has_perm("registrations.send_circular")
        response = super().change_view(request, object_id, form_url, extra)
        if extra.get("is_running"):
            response["Refresh"] = _RENEWED_AFTER
        return response

    def response_change(self, request: HttpRequest, obj: Circular) -> HttpResponse:
        """One stays on the page: what is written is looked at, then sent."""
        if "_send" in request.POST:
            return redirect("admin:registrations_circular_send", obj.pk)
        self.message_user(request, _("Saved."))
        return redirect("admin:registrations_circular_change", obj.pk)

    @staticmethod
    def _progress(circular: Circular) -> dict:
        """Written, sent, failed, left; and whom it failed for."""
        rows = circular.recipients
        counts = rows.aggregate(
            total=Count("pk"), **{name: Count("pk", filter=q) for name, (_l, q) in _STATES.items()}
        )
        listed = reverse("admin:registrations_circularrecipient_changelist")
        query = f"{listed}?circular__id__exact={circular.pk}"
        failed = rows.filter(message__state=_State.FAILED).select_related("registration", "message")
        return {
            "progress": [
                (label, counts[name], f"{query}&progress={name}")
                for name, (label, _q) in _STATES.items()
            ],
            "total": counts["total"],
            "done": counts["total"] - counts["left"] - counts["queued"] - counts["withdrawn"],
            "recipients_url": query,
            "failures": list(failed[:_SHOWN]),
            "is_running": circular.state == Circular.State.SENDING
            and counts["left"] + counts["queued"] > 0,
        }

    # --------------------------------------------------------------------------------------- list
    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counts = {
            f"{name}_count": Count("recipients", filter=_on_recipients(condition))
            for name, (_label, condition) in _STATES.items()
        }
        return super().get_queryset(request).annotate(total_count=Count("recipients"), **counts)

    @admin.display(description=_("subject"), ordering="subject_fr")
    def title(self, circular: Circular) -> str:
        return str(circular)

    @admin.display(description=_("recipients"), ordering="total_count")
    def total(self, circular: Circular) -> int:
        return circular.total_count


def _on_recipients(condition: Q) -> Q:
    return Q(*((f"recipients__{key}", value) for key, value in condition.children))


def _outlook(circular: Circular, people: list[Registration]) -> dict:
    """Whom it would go to: by state, and by the language in which they get it."""
    table = Counter((one.state, circular.written_in(one.language)) for one in people)
    languages = [language for language in ("fr", "en") if getattr(circular, f"text_{language}")]
    rows = [
        (state.label, [table[state, language] for language in ("fr", "en")])
        for state in Registration.State
        if any(table[state, language] for language in ("fr", "en"))
    ]
    return {
        "rows": rows,
        "count": len(people),
        "left_out": len(circular.chosen) - len(people),
        "only_language": languages[0] if len(languages) == 1 else "",
    }
