"""The outbox as the team sees it: what left, what failed and why, and the mail as it was read."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin

from raict.admin import IndexFigure, StaffModelAdmin
from raict.errors import DomainError
from raict.mail import outbox
from raict.mail.models import Message

# A mail's HTML needs styles of its own. It may show them, and do nothing else: no script, no form,
# no request to anybody, and no access to the page around it.
PREVIEW_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": [""],
}


@admin.register(Message)
class MessageAdmin(StaffModelAdmin):
    """Read-only: messages are written by what causes them, and sent by the worker."""

    list_display = ["to", "subject", "template", "state", "attempts", "created_at", "sent_at"]
    list_filter = ["state", "template", "language"]
    search_fields = ["to", "subject", "reference"]
    date_hierarchy = "created_at"
    actions = ["retry"]
    empty_value_display = "–"
    fieldsets = [
        (None, {"fields": [("state", "attempts"), ("created_at", "sent_at"), "server_answer"]}),
        (
            _("The mail as the recipient sees it"),
            {"fields": [("to", "reply_to"), "subject", "files", "preview"]},
        ),
        (_("Text part"), {"classes": ["collapse"], "fields": ["plain_text"]}),
        (
            _("For the record"),
            {
                "classes": ["collapse"],
                "fields": [("template", "language"), "reference", "not_before", "uid"],
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest):
        queryset = super().get_queryset(request)
        return (
            queryset
            if request.resolver_match.url_name == "mail_message_change"
            else queryset.defer("text", "html")
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Message | None = None) -> list:
        """All are shown, none is edited: the permission to change is the one to try again."""
        computed = ["server_answer", "files", "preview", "plain_text"]
        return [*(field.name for field in self.opts.fields), *computed]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("mail.change_message")

    def index_figures(self, request: HttpRequest) -> list[IndexFigure]:
        states = Message.State
        found = Message.objects.aggregate(
            failed=Count("pk", filter=Q(state=states.FAILED)),
            queued=Count("pk", filter=Q(state=states.QUEUED)),
        )
        address = reverse("admin:mail_message_changelist")
        return [
            IndexFigure(
                found["failed"],
                _("failed messages"),
                f"{address}?state__exact={states.FAILED}",
                is_alarm=found["failed"] > 0,
            ),
            IndexFigure(
                found["queued"], _("queued messages"), f"{address}?state__exact={states.QUEUED}"
            ),
        ]

    @admin.action(description=_("Try again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset) -> None:
        """Failed ones only; the others are on their way or have left."""
        queued = outbox.retry(list(queryset.values_list("pk", flat=True)))
        sentence = ngettext(
            "%d failed message is queued again.", "%d failed messages are queued again.", queued
        )
        level = messages.SUCCESS if queued else messages.WARNING
        self.message_user(request, sentence % queued, level)

    # ------------------------------------------------------------------------------- one message
    def get_urls(self) -> list:
        return [
            path(
                "<int:pk>/preview/",
                self.admin_site.admin_view(self.preview_view),
                name="mail_message_preview",
            ),
            path(
                "<int:pk>/attachments/<slug:name>/",
                self.admin_site.admin_view(self.attachment_view),
                name="mail_message_attachment",
            ),
            *super().get_urls(),
        ]

    @method_decorator(csp_replace(PREVIEW_POLICY))
    @method_decorator(xframe_options_sameorigin)
    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The HTML part alone, for the frame."""
        return HttpResponse(self._visible(request, pk).html)

    def attachment_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """An attachment, made anew as the worker makes it; a sentence where there is none any more."""
        message = self._visible(request, pk)
        if name not in message.attachments or name not in settings.MAIL_ATTACHMENTS:
            raise Http404
        with translation.override(message.language):
            make = import_string(settings.MAIL_ATTACHMENTS[name])
            try:
                made, why = make(message), _("There is nothing to attach any more.")
            except DomainError as refusal:
                made, why = None, refusal.message
        if made is None:
            self.message_user(request, why, messages.WARNING)
            return redirect("admin:mail_message_change", pk)
        filename, content, kind = made
        return HttpResponse(
            content,
            content_type=kind,
            headers={"Content-Disposition": f'attachment; filename="{filename}"'},
        )

    def _visible(self, request: HttpRequest, pk: int) -> Message:
        message = get_object_or_404(Message, pk=pk)
        if not self.has_view_permission(request, message):
            raise PermissionDenied
        return message

    @admin.display(description=_("as it looks"))
    def preview(self, message: Message) -> str:
        if not message.html:
            return _("This message has a text part only.")
        return format_html(
            '<iframe class="mail-preview" sandbox="" title="{}" src="{}"></iframe>',
            _("The mail as the recipient sees it"),
            reverse("admin:mail_message_preview", args=[message.pk]),
        )

    @admin.display(description=_("text"))
    def plain_text(self, message: Message) -> str:
        return format_html('<pre class="mail-text">{}</pre>', message.text)

    @admin.display(description=_("server’s answer"))
    def server_answer(self, message: Message) -> str:
        return (
            format_html('<pre class="mail-text">{}</pre>', message.answer) if message.answer else ""
        )

    @admin.display(description=_("attachments"))
    def files(self, message: Message) -> str:
        links = (
            (reverse("admin:mail_message_attachment", args=[message.pk, name]), name)
            for name in message.attachments
        )
        return format_html_join(" · ", '<a href="{}">{}</a>', links) or _("none")
