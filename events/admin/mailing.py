"""Mailings to the press list: begun, followed, and what came of each mail."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from events.models import Edition, Mailing, PressRelease, Recipient
from events.press import mailing as mailings
from events.press import subscription
from raict.admin import IndexFigure, ReadOnlyAdmin
from raict.errors import DomainError
from raict.mail.models import Message

_RECIPIENTS = "admin:events_recipient_changelist"
_State = Message.State
# How far a recipient's mail has come: one of the first four, and a mail that was sent may come back.
_STATES = {
    "to_write": (_("to be written"), {"written_at": None}),
    "under_way": (
        _("queued or being sent"),
        {"message__state__in": [_State.QUEUED, _State.SENDING]},
    ),
    "sent": (pgettext_lazy("mails", "sent"), {"message__state": _State.SENT}),
    "failed": (pgettext_lazy("mails", "failed"), {"message__state": _State.FAILED}),
    "returned": (pgettext_lazy("mails", "came back"), {"bounced_on__isnull": False}),
}
# Failed, and somebody should look: the contact still wants it, and it still is what is published.
_TO_SEE_TO = Q(
    message__state=_State.FAILED,
    bounced_on=None,
    contact__unsubscribed_at=None,
    contact__bounced_on=None,
    mailing__release__state=PressRelease.State.PUBLISHED,
    mailing__version=F("mailing__release__version"),
)
_FAILURES_SHOWN = 20


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        choices = [(name, label) for name, (label, _condition) in _STATES.items()]
        return [*choices, ("to_see_to", _("failed, to be seen to"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "to_see_to":
            return queryset.filter(_TO_SEE_TO)
        if self.value() in _STATES:
            return queryset.filter(**_STATES[self.value()][1])
        return queryset


@admin.register(Recipient)
class RecipientAdmin(ReadOnlyAdmin):
    """Who gets which mailing, what became of the mail, and what the server said."""

    list_display = ["contact", "mailing", "state", "written_at", "answer", "mail"]
    list_filter = [StateFilter, "mailing__release"]
    list_select_related = ["contact", "mailing__release", "message"]
    search_fields = ["contact__name", "contact__medium", "contact__email"]
    actions = ["came_back"]
    fields = ["contact", "mailing", "state", "written_at", "answer", "mail", "bounced_on"]
    readonly_fields = ["state", "answer", "mail"]
    empty_value_display = "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("message__text", "message__html")

    def has_return_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("events.change_recipient")

    def index_figures(self, request: HttpRequest, edition: Edition | None) -> list[IndexFigure]:
        found = Recipient.objects.filter(_TO_SEE_TO).count()
        address = reverse(_RECIPIENTS) + "?state=to_see_to"
        label = ngettext("mail to the press that failed", "mails to the press that failed", found)
        return [IndexFigure(found, label, address, is_task=True)]

    @admin.action(description=_("This mail came back"), permissions=["return"])
    def came_back(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Nothing is sent to these addresses any more."""
        found = subscription.note_returned(queryset)
        said = ngettext("%d mail came back.", "%d mails came back.", found)
        level = messages.SUCCESS if found else messages.WARNING
        self.message_user(request, said % found, level)

    @admin.display(description=_("state"))
    def state(self, recipient: Recipient) -> str:
        if recipient.bounced_on:
            return pgettext("one mail", "came back")
        if recipient.message:
            return recipient.message.get_state_display()
        return _STATES["to_write"][0] if recipient.written_at is None else ""

    @admin.display(description=_("server’s answer"))
    def answer(self, recipient: Recipient) -> str:
        """The last line of the history: why it failed, or why it waits."""
        lines = recipient.message.answer.splitlines() if recipient.message else []
        return lines[-1] if lines else ""

    @admin.display(description=_("message"))
    def mail(self, recipient: Recipient) -> str:
        if recipient.message_id is None:
            return ""
        address = reverse("admin:mail_message_change", args=[recipient.message_id])
        return format_html('<a href="{}">{}</a>', address, _("In the outbox"))


def _count(name: str) -> Callable:
    """The column of a list that counts the recipients in that state."""

    @admin.display(description=_STATES[name][0], ordering=f"{name}_count")
    def count(self, mailing: Mailing) -> int:
        return getattr(mailing, f"{name}_count")

    return count


@admin.register(Mailing)
class MailingAdmin(ReadOnlyAdmin):
    """Begun from a press release; its page says how far it has come."""

    list_display = ["release", "version", "created_at", "total", *_STATES]
    list_filter = ["release__edition"]
    list_select_related = ["release"]
    search_fields = ["release__slug", "release__headline_fr", "release__headline_en"]
    to_write, under_way, sent, failed, returned = map(_count, _STATES)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counts = {
            f"{name}_count": Count(
                "recipients", Q(**{f"recipients__{key}": value for key, value in wanted.items()})
            )
            for name, (_label, wanted) in _STATES.items()
        }
        return super().get_queryset(request).annotate(total_count=Count("recipients"), **counts)

    @admin.display(description=_("recipients"), ordering="total_count")
    def total(self, mailing: Mailing) -> int:
        return mailing.total_count

    def get_urls(self) -> list:
        return [
            path(
                "begin/<int:release_pk>/",
                self.admin_site.admin_view(self.begin_view),
                name="events_mailing_begin",
            ),
            *super().get_urls(),
        ]

    def begin_view(self, request: HttpRequest, release_pk: int) -> HttpResponse:
        """Whom it would go to, and the button."""
        if not request.user.has_perm("events.add_mailing"):
            raise PermissionDenied
        release = get_object_or_404(PressRelease.objects.select_related("edition"), pk=release_pk)
        if request.method == "POST":
            try:
                begun = mailings.begin(release, user=request.user)
            except DomainError as refusal:
                self.message_user(request, refusal.message, messages.ERROR)
            else:
                self.message_user(request, _("The mails are written and sent one after the other."))
                return redirect("admin:events_mailing_change", begun.pk)
        return render(request, "admin/events/mailing/begin.html", self._outlook(request, release))

    def _outlook(self, request: HttpRequest, release: PressRelease) -> dict:
        try:
            mailings.refuse_unsendable(release)
            refusal = ""
        except DomainError as found:
            refusal = found.message
        published = release.publications.filter(version=release.version).order_by("-language")
        texts = list(published.defer("pdf", "values", "figures"))
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Send to the press list"),
            "release": release,
            "headline": texts[0].content["headline"] if texts else "",
            "languages": [one.language for one in texts],
            "refusal": refusal,
            "outlook": mailings.outlook(release),
        }

    def render_change_form(self, request, context, *args, obj: Mailing | None = None, **kwargs):
        """How far it has come: a number and a list for each state, and why mails failed."""
        address = f"{reverse(_RECIPIENTS)}?mailing__id__exact={obj.pk}"
        failed = obj.recipients.filter(message__state=_State.FAILED, bounced_on=None)
        context |= {
            "states": [
                (label, getattr(obj, f"{name}_count"), f"{address}&state={name}")
                for name, (label, _condition) in _STATES.items()
            ],
            "recipients_url": address,
            "failures": failed.select_related("contact", "message").defer(
                "message__text", "message__html"
            )[:_FAILURES_SHOWN],
            "may_begin": request.user.has_perm("events.add_mailing"),
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)
