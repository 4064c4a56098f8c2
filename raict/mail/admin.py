"""The outbox as the team sees it: what left, what failed and why, and the mail as it was read."""

import datetime as dt
from collections import Counter

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.clickjacking import xframe_options_sameorigin

from raict.accounts.exports import record_export
from raict.accounts.letters import PREFIX as ACCOUNT_LETTERS
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


def titles() -> dict:
    """What each kind of letter is called, as the applications above say (settings.MAIL_TITLES)."""
    return import_string(settings.MAIL_TITLES)


def _short(moment: dt.datetime | None) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else ""


class KindFilter(admin.SimpleListFilter):
    title = _("kind of letter")
    parameter_name = "template"

    def lookups(self, request: HttpRequest, model_admin) -> list:
        return list(titles().items())

    def queryset(self, request: HttpRequest, queryset):
        return queryset.filter(template=self.value()) if self.value() else queryset


class ReturnedFilter(admin.SimpleListFilter):
    title = _("came back")
    parameter_name = "returned"

    def lookups(self, request: HttpRequest, model_admin) -> list:
        return [("yes", _("yes"))]

    def queryset(self, request: HttpRequest, queryset):
        return queryset.exclude(returned_at=None) if self.value() else queryset


class ResendForm(forms.Form):
    to = forms.EmailField(label=_("Recipient"), max_length=254)


@admin.register(Message)
class MessageAdmin(StaffModelAdmin):
    """Read-only: messages are written by what causes them, and sent by the worker."""

    list_display = ["to", "subject", "kind", "standing", "attempts", "written", "sent"]
    list_filter = ["state", KindFilter, ReturnedFilter, "language", "created_at"]
    search_fields = ["to", "subject", "reference"]
    date_hierarchy = "created_at"
    actions = ["retry", "withdraw", "came_back"]
    show_full_result_count = False
    empty_value_display = "–"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    *(("standing", "attempts"), ("created_at", "sent_at"), "server_answer"),
                    "copies",
                ]
            },
        ),
        (
            _("The mail as the recipient sees it"),
            {"fields": [("to", "reply_to"), "subject", "files", "preview"]},
        ),
        (_("Text part"), {"classes": ["collapse"], "fields": ["plain_text"]}),
        (
            _("For the record"),
            {
                "classes": ["collapse"],
                "fields": [("kind", "language"), "reference", "not_before", "uid"],
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest):
        """Mail about accounts has links that choose a password: a superuser’s to see, nobody else’s."""
        queryset = super().get_queryset(request)
        if not request.user.is_superuser:
            queryset = queryset.exclude(template__startswith=ACCOUNT_LETTERS)
        has_text = {"mail_message_change", "mail_message_preview"}
        return (
            queryset
            if request.resolver_match.url_name in has_text
            else queryset.defer("text", "html")
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Message | None = None) -> list:
        """All are shown, none is edited: the permission to change is the one to try again."""
        computed = ["server_answer", "files", "preview", "plain_text"]
        computed += ["standing", "kind", "copies"]
        return [*(field.name for field in self.opts.fields), *computed]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("mail.change_message")

    def index_figures(self, request: HttpRequest, edition) -> list[IndexFigure]:
        states = Message.State
        standing = self.get_queryset(request).order_by()
        standing = standing.filter(state__in=[states.FAILED, states.QUEUED])
        found = Counter(dict(standing.values_list("state").annotate(Count("pk"))))
        address = reverse("admin:mail_message_changelist")
        return [
            IndexFigure(
                found[states.FAILED],
                ngettext("failed message", "failed messages", found[states.FAILED]),
                f"{address}?state__exact={states.FAILED}",
                is_task=True,
            ),
            IndexFigure(
                found[states.QUEUED],
                ngettext("queued message", "queued messages", found[states.QUEUED]),
                f"{address}?state__exact={states.QUEUED}",
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

    @admin.action(description=_("Withdraw from the queue"), permissions=["retry"])
    def withdraw(self, request: HttpRequest, queryset) -> None:
        """Queued ones only: what has left cannot be called back."""
        withdrawn = outbox.withdraw(queryset)
        sentence = ngettext(
            "%d queued message is withdrawn.", "%d queued messages are withdrawn.", withdrawn
        )
        level = messages.SUCCESS if withdrawn else messages.WARNING
        self.message_user(request, sentence % withdrawn, level)

    @admin.action(description=_("This mail came back"), permissions=["retry"])
    def came_back(self, request: HttpRequest, queryset) -> None:
        """Sent ones only; whom they are about then says so."""
        found = outbox.note_returned(queryset)
        said = ngettext("%d mail came back.", "%d mails came back.", found)
        self.message_user(request, said % found, messages.SUCCESS if found else messages.WARNING)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None):
        """How many there are in each state, above the list."""
        counts = dict(Message.objects.order_by().values_list("state").annotate(Count("pk")))
        states = [(state.label, state.value, counts.get(state, 0)) for state in Message.State]
        return super().changelist_view(request, {"states": states, **(extra_context or {})})

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
            path(
                "<int:pk>/resend/",
                self.admin_site.admin_view(self.resend_view),
                name="mail_message_resend",
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
        suffix = filename.rpartition(".")[2].upper()[:10]
        record_export(request, f"{filename} → {message.to}", rows=1, kind=suffix)
        return HttpResponse(
            content,
            content_type=kind,
            headers={"Content-Disposition": f'attachment; filename="{filename}"'},
        )

    def resend_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The same letter to the same or a corrected address, as a message of its own."""
        message = self._visible(request, pk)
        if not self.has_retry_permission(request):
            raise PermissionDenied
        form = ResendForm(request.POST or None, initial={"to": message.to})
        if not message.may_be_resent:
            sentence = _("It has not left yet, or belongs to the press list.")
            self.message_user(request, sentence, messages.WARNING)
            return redirect("admin:mail_message_change", pk)
        if form.is_valid():
            again = outbox.resend(message, to=form.cleaned_data["to"])
            self.log_change(request, message, _("Sent again to %(to)s.") % {"to": again.to})
            self.message_user(request, _("Queued for %(to)s.") % {"to": again.to})
            return redirect("admin:mail_message_change", again.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Send again"),
            "message": message,
            "form": form,
        }
        return render(request, "admin/mail/message/resend.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra = {"may_resend": self.has_retry_permission(request)}
        return super().change_view(request, object_id, form_url, {**extra, **(extra_context or {})})

    def _visible(self, request: HttpRequest, pk: int) -> Message:
        message = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, message):
            raise PermissionDenied
        return message

    @admin.display(description=_("state"), ordering="state")
    def standing(self, message: Message) -> str:
        """« envoyé », « envoyé · revenu »."""
        if message.returned_at:
            words = message.get_state_display(), pgettext("one mail", "came back")
            return format_html('{} · <strong class="mark">{}</strong>', *words)
        return message.get_state_display()

    @admin.display(description=_("kind of letter"), ordering="template")
    def kind(self, message: Message) -> str:
        return titles().get(message.template, message.template)

    @admin.display(description=_("written on"), ordering="created_at")
    def written(self, message: Message) -> str:
        return _short(message.created_at)

    @admin.display(description=_("sent on"), ordering="sent_at")
    def sent(self, message: Message) -> str:
        return _short(message.sent_at)

    @admin.display(description=_("sent again"))
    def copies(self, message: Message) -> str:
        """Where this comes from, and as what it was sent once more."""
        others = [message.resent_from] if message.resent_from else []
        others += message.resent_as.order_by("pk")
        links = (
            (
                reverse("admin:mail_message_change", args=[one.pk]),
                "←" if one == message.resent_from else "→",
                one.to,
            )
            for one in others
        )
        return format_html_join(" · ", '<a href="{}">{} {}</a>', links) or "–"

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
