"""Accreditations of the press: read here, and decided with a reason, one by one or together."""

from pathlib import Path

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Concat, Lower
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.models import Edition
from raict.accounts.exports import record_export
from raict.admin import IndexFigure, StaffModelAdmin
from raict.errors import DomainError
from raict.typography import short_day
from registrations import services
from registrations.forms.decision import DecisionForm, ReasonForm
from registrations.models import Accreditation

# More at once would keep the page waiting.
BULK_LIMIT = 600
_CHANGE = "admin:registrations_accreditation_change"
_DONE = {
    True: (gettext_lazy("Decided; the person is told by mail."), messages.SUCCESS),
    False: (
        gettext_lazy("Somebody has decided meanwhile: nothing was changed."),
        messages.WARNING,
    ),
}


class AccreditationDecisions:
    """Mixed into the admin class of accreditations, which lends it name and permissions."""

    actions = ["accept", "refuse"]

    def get_urls(self) -> list:
        pages = [("decide", self.decide_view), ("letter", self.letter_view)]
        return [
            *(
                path(
                    f"<int:pk>/{name}/",
                    self.admin_site.admin_view(view),
                    name=f"registrations_accreditation_{name}",
                )
                for name, view in pages
            ),
            *super().get_urls(),
        ]

    # ------------------------------------------------------------------------------------- one
    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponse:
        context = {"decision": DecisionForm(), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Accept, refuse or withdraw; what is refused comes back with the words that were typed."""
        accreditation = get_object_or_404(Accreditation.objects.select_related("edition"), pk=pk)
        if not self.has_change_permission(request, accreditation):
            raise PermissionDenied
        form = DecisionForm(request.POST or None)
        if form.is_valid():
            try:
                done = self._decided(request, accreditation, **form.decision())
            except DomainError as refusal:
                form.add_error(refusal.field or None, refusal.message)
            else:
                self.message_user(request, *_DONE[done])
                return redirect(_CHANGE, pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": capfirst(self.opts.verbose_name),
            "original": accreditation,
            "decision": form,
        }
        return render(request, "admin/registrations/accreditation/decide.html", context)

    def _decided(
        self, request: HttpRequest, accreditation: Accreditation, *, accept: bool, words: str, seen
    ) -> bool:
        """True: it is decided, in the history of the row, and what is unusual about it is said."""
        if accept:
            done = services.accredit(accreditation, message=words, seen=seen, user=request.user)
        else:
            done = services.refuse_accreditation(
                accreditation, reason=words, seen=seen, user=request.user
            )
        if done:
            state = accreditation.get_state_display()
            self.log_change(request, accreditation, f"{state} – {words}" if words else state)
        if done and accept:
            self._warn(request, accreditation)
        return done

    def _warn(self, request: HttpRequest, accreditation: Accreditation) -> None:
        """Where the team would take the registration for something else than it is."""
        registration = accreditation.registration
        names = {
            "name": accreditation.full_name,
            "person": registration.full_name,
            "category": registration.category.name,
            "rank": registration.rank(),
        }
        sentences = []
        if registration.category.key != services.PRESS:
            sentences.append(
                _(
                    "%(name)s is accredited with the registration that stands for this e-mail:"
                    " %(person)s, category “%(category)s”, which stays."
                )
            )
        if names["rank"]:
            sentences.append(
                _("All places are taken: %(name)s is on the edition’s waiting list, rank %(rank)d.")
            )
        for sentence in sentences:
            self.message_user(request, sentence % names, messages.WARNING)

    def letter_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The letter, for those who may read the row; saved, never shown in our name."""
        accreditation = get_object_or_404(Accreditation, pk=pk)
        if not self.has_view_permission(request, accreditation):
            raise PermissionDenied
        if not accreditation.letter:
            raise Http404
        try:
            file = accreditation.letter.open("rb")
        except FileNotFoundError as missing:
            raise Http404 from missing
        what = _("Letter of %(name)s") % {"name": accreditation.full_name}
        suffix = Path(accreditation.letter.name).suffix
        record_export(request, what, rows=1, kind=suffix.removeprefix(".").upper())
        name = f"{slugify(accreditation.full_name)}{suffix}"
        headers = {"X-Content-Type-Options": "nosniff"}
        return FileResponse(file, as_attachment=True, filename=name, headers=headers)

    # -------------------------------------------------------------------------------- together
    @admin.action(description=gettext_lazy("Accept…"), permissions=["change"])
    def accept(self, request: HttpRequest, queryset):
        return self._together(request, queryset, accept=True)

    @admin.action(description=gettext_lazy("Refuse…"), permissions=["change"])
    def refuse(self, request: HttpRequest, queryset):
        return self._together(request, queryset, accept=False)

    def _together(self, request: HttpRequest, queryset, *, accept: bool) -> HttpResponse | None:
        """Asks for one reason, with the list; then decides each that is still to be decided."""
        if queryset.count() > BULK_LIMIT:
            sentence = _("Choose at most %(limit)d at once.") % {"limit": BULK_LIMIT}
            self.message_user(request, sentence, messages.ERROR)
            return None
        is_sent = "confirmed" in request.POST
        form = ReasonForm(request.POST if is_sent else None, is_compulsory=not accept)
        if is_sent and form.is_valid():
            self._decide_each(request, queryset, accept=accept, words=form.cleaned_data["reason"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Accept accreditations") if accept else _("Refuse accreditations"),
            "accept": accept,
            "form": form,
            "chosen": queryset,
            "asked": [one for one in queryset if one.state == Accreditation.State.ASKED],
        }
        return render(request, "admin/registrations/accreditation/decide_selected.html", context)

    def _decide_each(self, request: HttpRequest, queryset, *, accept: bool, words: str) -> None:
        """Each in a transaction of its own; at the end, how many of what."""
        counts = {"done": 0, "before": 0, "failed": 0}
        for accreditation in queryset.select_related("edition"):
            seen = Accreditation.State.ASKED
            try:
                done = self._decided(request, accreditation, accept=accept, words=words, seen=seen)
            except DomainError as refusal:
                names = {"name": accreditation.full_name, "why": refusal.message}
                self.message_user(request, _("%(name)s: %(why)s") % names, messages.ERROR)
                counts["failed"] += 1
            else:
                counts["done" if done else "before"] += 1
        report = (
            _("Accepted: %(done)d. Decided already: %(before)d. Could not be accepted: %(failed)d.")
            if accept
            else _("Refused: %(done)d. Decided already: %(before)d.")
        )
        level = messages.SUCCESS if counts["done"] else messages.WARNING
        self.message_user(request, report % counts, level)


@admin.register(Accreditation)
class AccreditationAdmin(AccreditationDecisions, StaffModelAdmin):
    list_display = ["name", "medium", "kind", "days_in_words", "standing", "asked_on"]
    list_filter = ["edition", "state", "kind"]
    list_select_related = ["edition"]
    search_fields = ["first_name", "last_name", "email", "medium"]
    ordering = ["-asked_at", "-pk"]
    date_hierarchy = "asked_at"
    empty_value_display = "–"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("state", "asked_at", "edition"),
                    ("decided_at", "decided_by"),
                    "reason",
                    "pages",
                ]
            },
        ),
        (
            gettext_lazy("Person"),
            {"fields": [("civility", "first_name", "last_name"), ("email", "language", "country")]},
        ),
        (
            gettext_lazy("Medium"),
            {"fields": [("medium", "kind"), ("card_number", "letter_link")]},
        ),
        (gettext_lazy("Visit"), {"fields": ["days_in_words", "interviews", "equipment"]}),
        (gettext_lazy("Team"), {"fields": ["notes"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list:
        """What the person wrote, and what was decided, stay as they are."""
        rows = [row for _title, options in self.fieldsets for row in options["fields"]]
        names = [name for row in rows for name in (row if isinstance(row, tuple) else (row,))]
        return [name for name in names if name != "notes"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def index_figures(self, request: HttpRequest, edition: Edition | None) -> list[IndexFigure]:
        if edition is None:
            return []
        asked = edition.accreditations.asked().count()
        address = reverse("admin:registrations_accreditation_changelist")
        return [
            IndexFigure(
                asked,
                ngettext("accreditation to decide", "accreditations to decide", asked),
                f"{address}?edition__id__exact={edition.pk}&state__exact=asked",
                is_task=True,
            )
        ]

    @admin.display(
        description=gettext_lazy("name"), ordering=Concat(Lower("last_name"), Lower("first_name"))
    )
    def name(self, accreditation: Accreditation) -> str:
        return f"{accreditation.last_name} {accreditation.first_name}"

    @admin.display(description=gettext_lazy("days"))
    def days_in_words(self, accreditation: Accreditation) -> str:
        """« mer. 23 oct., jeu. 24 oct. »."""
        return ", ".join(map(short_day, accreditation.wished_days)) or self.empty_value_display

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def standing(self, accreditation: Accreditation) -> str:
        state = accreditation.get_state_display()
        is_open = accreditation.state == Accreditation.State.ASKED
        return format_html('<strong class="mark">{}</strong>', state) if is_open else state

    @admin.display(description=gettext_lazy("asked on"), ordering="asked_at")
    def asked_on(self, accreditation: Accreditation) -> str:
        return date_format(timezone.localtime(accreditation.asked_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=gettext_lazy("letter"))
    def letter_link(self, accreditation: Accreditation) -> str:
        if not accreditation.letter:
            return self.empty_value_display
        return format_html('<a href="{}">{}</a>', accreditation.letter.url, _("Download"))

    @admin.display(description=gettext_lazy("pages"))
    def pages(self, accreditation: Accreditation) -> str:
        """The registration, for those who may see it; and the messages."""
        mails = reverse(
            "admin:mail_message_changelist", query={"reference": accreditation.reference}
        )
        links = format_html('<a href="{}">{}</a>', mails, _("Messages about the request"))
        if accreditation.registration_id is None:
            return links
        address = reverse(
            "admin:registrations_registration_change", args=[accreditation.registration_id]
        )
        return format_html('<a href="{}">{}</a> · {}', address, _("The registration"), links)
