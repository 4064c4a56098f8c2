"""Press releases: the list, the form, and the steps from draft to published."""

import secrets

from django.contrib import admin, messages
from django.db.models import Prefetch
from django.forms import Script
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.admin.press_form import (
    ContactInline,
    DueFilter,
    PressReleaseForm,
    QuoteInline,
    picks,
)
from events.admin.press_pages import ReleasePages, standing
from events.models import Edition, PressRelease, Publication, Revision
from events.press import publishing
from events.press.drift import drifted
from raict.admin import IndexFigure, StaffModelAdmin


def _texts(language: str) -> list[str]:
    return [f"{name}_{language}" for name in PressRelease.TEXTS]


def _those(address: str, keys: list[int]) -> str:
    """The list of exactly these; of none, where there are none."""
    return f"{address}?id__in={','.join(map(str, keys)) or 0}"


@admin.register(PressRelease)
class PressReleaseAdmin(ReleasePages, StaffModelAdmin):
    """What was published is not edited: it is corrected by another release, or withdrawn."""

    form = PressReleaseForm
    change_form_template = "admin/events/pressrelease/change_form.html"
    list_display = ["headline", "edition", "kind", "issued_on", "standing"]
    list_filter = ["edition", "state", DueFilter, "kind"]
    list_select_related = ["edition"]
    search_fields = ["slug", "headline_fr", "headline_en", "body_fr", "body_en"]
    date_hierarchy = "issued_on"
    inlines = [QuoteInline, ContactInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("edition", "kind", "language"),
                    "slug",
                    ("issued_on", "place_fr", "place_en"),
                    "embargo_until",
                ]
            },
        ),
        (_("French text"), {"fields": _texts("fr")}),
        (_("English text"), {"fields": _texts("en")}),
    ]

    class Media:
        css = {"all": ["css/press-desk.css"]}
        js = [Script("js/press-desk.js", type="module")]

    # ------------------------------------------------------------------------------- the list
    def get_queryset(self, request: HttpRequest):
        current = Publication.objects.current().defer("pdf", "values", "figures")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("publications", current, to_attr="frozen"))
        )

    @admin.display(description=_("headline"), ordering="headline_fr")
    def headline(self, release: PressRelease) -> str:
        frozen = {one.language: one for one in getattr(release, "frozen", [])}
        if frozen and not release.is_editable:
            return (frozen.get("fr") or frozen["en"]).content["headline"]
        return release.headline or release.headline_en or release.slug

    @admin.display(description=_("state"), ordering="state")
    def standing(self, release: PressRelease) -> str:
        return standing(release)

    def index_figures(self, request: HttpRequest, edition: Edition | None) -> list[IndexFigure]:
        """What waits for somebody: published words that are true no more, what the clock refused."""
        address = reverse("admin:events_pressrelease_changelist")
        changed = [one.pk for one in drifted()]
        refused = PressRelease.objects.filter(
            state=PressRelease.State.DRAFT, revisions__action=Revision.Action.REFUSED
        ).distinct()
        late = list(refused.values_list("pk", flat=True))
        contradicted = ngettext(
            "press release that the data contradict since",
            "press releases that the data contradict since",
            len(changed),
        )
        unpublished = ngettext(
            "press release not published on time",
            "press releases not published on time",
            len(late),
        )
        found = [(contradicted, changed), (unpublished, late)]
        return [
            IndexFigure(len(keys), label, _those(address, keys), is_task=True)
            for label, keys in found
        ]

    # ------------------------------------------------------------------------------- the form
    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {
            "edition": Edition.objects.current(),
            "issued_on": timezone.localdate(),
            **super().get_changeform_initial_data(request),
        }

    def has_change_permission(self, request: HttpRequest, obj: PressRelease | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.is_editable)

    def has_delete_permission(self, request: HttpRequest, obj: PressRelease | None = None) -> bool:
        """Drafts only: what was published once stays in the record."""
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and obj.is_editable and obj.version == 0

    def get_actions(self, request: HttpRequest) -> dict:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def view_on_site(self, release: PressRelease) -> str | None:
        is_out = release.state == PressRelease.State.PUBLISHED and not release.is_under_embargo
        return release.get_absolute_url() if is_out else None

    def save_model(self, request: HttpRequest, obj: PressRelease, form, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        # For save_related, in this request alone: the class serves them all.
        request.texts_before = (
            publishing.texts_of(PressRelease.objects.get(pk=obj.pk)) if change else None
        )
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form, formsets, change: bool) -> None:  # noqa: FBT001 -- same
        """The history, once quotes and contacts are written too."""
        super().save_related(request, form, formsets, change)
        release = PressRelease.objects.get(pk=form.instance.pk)
        if request.texts_before is None:
            publishing.note(release, Revision.Action.WRITTEN, request.user)
            return
        was_checked = release.state == PressRelease.State.CHECKED
        publishing.note_edit(release, request.texts_before, user=request.user)
        if was_checked and release.state == PressRelease.State.DRAFT:
            sentence = _("The text has changed: the release is a draft again, to be checked anew.")
            self.message_user(request, sentence, messages.WARNING)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):  # noqa: FBT002 -- Django's signature
        edition = obj.edition if obj else Edition.objects.current()
        context |= {
            "picks": picks(edition, obj.quotes.all() if obj else ()),
            "picks_edition": edition.pk if edition else "",
            "is_editable": obj is None or obj.is_editable,
            "nonce": "" if obj else secrets.token_urlsafe(12),
            "seen": publishing.last_writing(obj) if obj else "",
        }
        return super().render_change_form(request, context, add, change, form_url, obj)
