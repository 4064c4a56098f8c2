"""Press releases: their texts, and the placeholders in them."""

from collections.abc import Mapping

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from events.figures import figures
from events.models import Edition, PressRelease
from events.press.text import FILTERS, check_placeholders, known_names
from raict.admin import StaffModelAdmin

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
        rows = queryset.exclude(state=state)
        is_out = state == PressRelease.State.PUBLISHED
        note = _("Published.") if is_out else _("Withdrawn from publication.")
        for release in rows:
            self.log_change(request, release, str(note))
        changed = rows.update(state=state)
        self.message_user(
            request,
            ngettext("%d press release changed.", "%d press releases changed.", changed) % changed,
            messages.SUCCESS if changed else messages.WARNING,
        )
