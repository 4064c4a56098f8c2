"""The pages of a press release in the workplace: preview, check and publish, what comes after, history."""

import base64
import contextlib
import difflib
import re
from collections.abc import Iterable

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events.admin.press_form import MomentField, picks
from events.models import PressRelease, Publication
from events.press import publishing
from events.press.checking import Finding, findings
from events.press.documents import release_pdf
from events.press.drift import drift
from events.press.writing import write
from raict.errors import DomainError
from raict.pdf import page_images
from raict.typography import moment

_REASON = "reason-"
# How long a new release that was sent is recognised when it comes again.
_NONCE_SECONDS = 600
_PAGE_WIDTH = 900  # pixels of a page of the PDF in the preview


class ScheduleForm(forms.Form):
    publish_at = MomentField(label=_("Publish on"))


class ReleasePages:
    """Mixed into the admin class of press releases, which lends it name and permissions."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        pages = [
            ("preview/", require_POST(self.preview_view), "preview"),
            ("<int:pk>/check/", self.check_view, "check"),
            ("<int:pk>/after/", self.after_view, "after"),
            ("<int:pk>/publications/<int:publication>.pdf", self.publication_view, "publication"),
        ]
        own = [
            path(address, view(page), name=f"events_pressrelease_{name}")
            for address, page, name in pages
        ]
        return [*own, *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A form that comes too late, or twice, costs nobody what they typed."""
        if request.method == "POST" and request.user.has_perm("events.change_pressrelease"):
            nonce = request.POST.get("nonce", "")[:40]
            if object_id is None and nonce and not cache.add(f"release:{nonce}", 1, _NONCE_SECONDS):
                return redirect("admin:events_pressrelease_changelist")
            release = self.get_object(request, object_id) if object_id else None
            if release is not None and not release.is_editable:
                typed = [(f.verbose_name, request.POST.get(f.name)) for f in _text_fields()]
                context = {"typed": [pair for pair in typed if pair[1]]}
                return self._page(request, "too_late", _("Too late"), release, context, status=409)
        return super().changeform_view(request, object_id, form_url, extra_context)

    # -------------------------------------------------------------------------------- preview
    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """The form as it stands, nothing saved: page, PDF and check. JSON for the script, else a page."""
        if not request.user.has_perm("events.change_pressrelease"):
            raise PermissionDenied
        release = self._as_typed(request)
        asked = request.POST.get("_language")
        language = asked if asked in ("fr", "en") else release.languages[0]
        context, images, found = {}, [], []
        try:
            written = write(release, language)
            context = {"written": written, "page_language": language, "corrected_url": ""}
            found = findings(release)
            images = page_images(release_pdf(written), _PAGE_WIDTH)
        except (DomainError, ValueError) as refusal:
            context["refusal"] = getattr(refusal, "message", refusal)
            found = found or _without_length(release)
        page = render_to_string("admin/events/pressrelease/preview.html", context, request)
        if "_script" not in request.POST:
            return HttpResponse(page)
        checked = {"findings": found, "is_preview": True}
        answer = {
            "page": page,
            "images": [_data_url(image) for image in images],
            "findings": render_to_string("admin/events/pressrelease/_findings.html", checked),
            "blocking": sum(one.is_blocking for one in found),
            "count": len(found),
        }
        if request.POST.get("_picks") != str(release.edition_id):
            groups = {"picks": picks(release.edition)}
            answer["picks"] = render_to_string("admin/events/pressrelease/_picks.html", groups)
            answer["edition"] = str(release.edition_id)
        return JsonResponse(answer)

    def _as_typed(self, request: HttpRequest) -> PressRelease:
        """The release of the form, not saved; Http404 without an edition, which nothing goes without."""
        pk = request.POST.get("_release")
        known = get_object_or_404(PressRelease, pk=pk) if pk and pk.isdecimal() else None
        form = self.get_form(request, known, change=known is not None)(request.POST, instance=known)
        form.is_valid()  # what is valid is on the instance, whatever else is not
        release = form.instance
        if release.edition_id is None:
            raise Http404
        release.issued_on = release.issued_on or timezone.localdate()
        # Quotes and contacts as they are typed stand where those of the database would be read.
        release.pk = release.pk or -1
        release._prefetched_objects_cache = {
            name: _typed(formset)
            for name, formset in zip(
                ("quotes", "contacts"), self._formsets(request, release), strict=True
            )
        }
        return release

    def _formsets(self, request: HttpRequest, release: PressRelease) -> Iterable:
        for formset, inline in self.get_formsets_with_inlines(request, None):
            prefix = formset.get_default_prefix()
            yield formset(
                request.POST, instance=release, prefix=prefix, queryset=inline.get_queryset(request)
            )

    # ------------------------------------------------------------------------ check and publish
    def check_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the check says, reasons for its warnings, and the way out: checked, now, or later."""
        release = self._visible(request, pk)
        if not release.is_editable:
            return redirect("admin:events_pressrelease_after", pk)
        schedule = ScheduleForm(request.POST if "schedule" in request.POST else None)
        if request.method == "POST":
            self._refuse_readers(request)
            # Somebody else, or the same button a moment ago, may have been first.
            if self._step(request, release, schedule) or not release.is_editable:
                return redirect("admin:events_pressrelease_after", pk)
        found = findings(release)
        signed = {one.finding: one for one in release.sign_offs.select_related("user")}
        context = {
            "findings": [(one, signed.get(one.fingerprint)) for one in found],
            "blocking": sum(one.is_blocking for one in found),
            "open": [x for x in found if not x.is_blocking and x.fingerprint not in signed],
            "schedule": schedule,
            "seen": publishing.last_writing(release),
            "may_change": request.user.has_perm("events.change_pressrelease"),
        }
        return self._page(request, "check", _("Check and publish"), release, context)

    def _step(self, request: HttpRequest, release: PressRelease, schedule: forms.Form) -> bool:
        """One click; True when the release is published."""
        user, post = request.user, request.POST
        try:
            if "unschedule" in post:
                publishing.unschedule(release, user=user)
                self.message_user(request, _("It is no longer scheduled."))
                return False
            _refuse_behind(release, post.get("_seen", ""))
            publishing.sign(release, _reasons(post), user=user)
            if "publish" in post:
                publishing.check(release, user=user)
                publishing.publish(release, user=user)
                self.message_user(request, _("The press release is published."))
                return True
            if "schedule" in post and schedule.is_valid():
                publishing.check(release, user=user)
                publishing.schedule(release, schedule.cleaned_data["publish_at"], user=user)
                at = moment(schedule.cleaned_data["publish_at"])
                self.message_user(request, _("It will be published on %(at)s.") % {"at": at})
            elif "check" in post:
                publishing.check(release, user=user)
                self.message_user(request, _("Checked: nothing stands in the way any more."))
        except DomainError as refusal:
            if refusal.field in schedule.fields and schedule.is_bound:
                schedule.add_error(refusal.field, refusal.message)
            else:
                self.message_user(request, refusal.message, messages.ERROR)
        finally:
            release.refresh_from_db()
        return False

    # ---------------------------------------------------------------------------------- after
    def after_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was published, whether it still holds, and what can be done about it."""
        release = self._visible(request, pk)
        if release.is_editable:
            return redirect("admin:events_pressrelease_check", pk)
        if request.method == "POST":
            self._refuse_readers(request)
            if draft := self._act(request, release):
                return redirect("admin:events_pressrelease_change", draft.pk)
            return redirect(request.path)
        is_out = release.state == PressRelease.State.PUBLISHED
        context = {
            "drift": drift(release) if is_out else [],
            "is_out": is_out,
            "publications": release.publications.defer("pdf", "content", "figures", "values"),
            "corrections": release.corrections.all(),
            "mailings": release.mailings.all(),
            "may_change": request.user.has_perm("events.change_pressrelease"),
        }
        return self._page(request, "after", _("Published press release"), release, context)

    def _act(self, request: HttpRequest, release: PressRelease) -> PressRelease | None:
        """Correct, withdraw or take up again; the draft to go on with, if there is one."""
        user, post = request.user, request.POST
        try:
            if "correct" in post:
                self.message_user(request, _("The correction is begun: write what is right."))
                return publishing.correct(release, user=user)
            if "lift" in post:
                publishing.lift_embargo(release, user=user)
                self.message_user(request, _("The embargo is lifted: everybody can read it."))
            elif "withdraw" in post:
                reasons = {one: post.get(f"reason_{one}", "") for one in ("fr", "en")}
                publishing.withdraw(release, reasons, user=user)
                self.message_user(request, _("Withdrawn: its address says so from now on."))
            elif "reopen" in post:
                publishing.reopen(release, user=user)
                self.message_user(request, _("It is a draft again."))
                return release
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
        return None

    def publication_view(self, request: HttpRequest, pk: int, publication: int) -> HttpResponse:
        """The PDF as it was published, embargo or not."""
        self._visible(request, pk)
        row = get_object_or_404(Publication, pk=publication, release=pk)
        name = f"{row.release.slug}-{row.language}-{row.version}.pdf"
        return HttpResponse(
            bytes(row.pdf),
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'inline; filename="{name}"',
                "Cache-Control": "private, no-store",
            },
        )

    # -------------------------------------------------------------------------------- history
    def history_view(self, request: HttpRequest, object_id: str, extra_context=None):
        """Who changed what, word by word, in place of Django's list of field names."""
        release = self._visible(request, int(object_id) if object_id.isdecimal() else 0)
        revisions = [
            (
                one,
                [(name, words_changed(before, after)) for name, before, after in one.changes],
            )
            for one in release.revisions.select_related("user")
        ]
        context = {"revisions": revisions}
        return self._page(request, "history", _("History"), release, context)

    # ------------------------------------------------------------------------------ in common
    def _visible(self, request: HttpRequest, pk: int) -> PressRelease:
        rows = PressRelease.objects.select_related("edition__venue", "corrects")
        release = get_object_or_404(rows, pk=pk)
        if not self.has_view_permission(request, release):
            raise PermissionDenied
        return release

    def _refuse_readers(self, request: HttpRequest) -> None:
        if not request.user.has_perm("events.change_pressrelease"):
            raise PermissionDenied

    def _page(
        self,
        request: HttpRequest,
        name: str,
        title: str,
        release: PressRelease,
        context: dict,
        *,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "release": release,
            "standing": standing(release),
            "headline": headline_of(release),
            "media": self.media,
            **context,
        }
        page = f"admin/events/pressrelease/{name}.html"
        return render(request, page, context, status=status)


def _text_fields() -> list:
    """The columns of the texts, in the order of the form."""
    return [
        PressRelease._meta.get_field(f"{name}_{language}")
        for language in ("fr", "en")
        for name in PressRelease.TEXTS
    ]


def standing(release: PressRelease) -> str:
    """« sous embargo jusqu'au … », « à publier le … », else the state."""
    if release.state == PressRelease.State.PUBLISHED and release.is_under_embargo:
        return _("under embargo until %(moment)s") % {"moment": moment(release.embargo_until)}
    if release.publish_at:
        return _("to be published on %(moment)s") % {"moment": moment(release.publish_at)}
    return release.get_state_display()


def headline_of(release: PressRelease) -> str:
    """As it was published, else with today's values; with its placeholders where these are missing."""
    frozen = release.publications.current().order_by("-language").first()  # French first
    if frozen and not release.is_editable:
        return frozen.content["headline"]
    language = next((one for one in release.languages if release.is_written_in(one)), "")
    with contextlib.suppress(DomainError):
        return write(release, language).headline if language else release.headline or release.slug
    return getattr(release, f"headline_{language}")


def _typed(formset: forms.BaseInlineFormSet) -> list:
    """The rows of a set of forms as they are typed, those to be deleted left out.

    What has no number yet gets that of its place, so that the preview goes on meanwhile.
    """
    formset.is_valid()
    kept = [
        form.instance
        for form in formset.forms
        if form.has_changed() or form.instance.pk
        if not form.cleaned_data.get("DELETE")
    ]
    for number, row in enumerate(kept, start=1):
        row.position = number if row.position is None else row.position
    return sorted(kept, key=lambda row: row.position)


def _without_length(release: PressRelease) -> list[Finding]:
    try:
        return findings(release)
    except (DomainError, ValueError):
        return []


def _data_url(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _refuse_behind(release: PressRelease, seen: str) -> None:
    """What is published is what the one who publishes has read."""
    if seen not in ("", str(publishing.last_writing(release))):
        raise DomainError(
            _("Somebody has changed this press release meanwhile: read it again first.")
        )


def _reasons(post) -> dict[str, str]:
    return {
        name.removeprefix(_REASON): value
        for name, value in post.items()
        if name.startswith(_REASON) and value.strip()
    }


def words_changed(before: str, after: str) -> str:
    """Both texts in one: what went is struck out, what came is marked."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    parts = []
    for what, i, j, k, m in matcher.get_opcodes():
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        if what == "equal":
            parts.append(("{}", _shortened(gone)))
            continue
        parts += [("<del>{}</del>", gone)] if gone else []
        parts += [("<ins>{}</ins>", come)] if come else []
    return format_html_join("", "{}", ((format_html(form, text),) for form, text in parts))


def _shortened(text: str, around: int = 60) -> str:
    """What did not change, cut in the middle when it is long."""
    return text if len(text) <= 3 * around else f"{text[:around]} […] {text[-around:]}"
