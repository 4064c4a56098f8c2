"""« Translations to do »: what stands in one language only, and the other one written beside it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Edition
from raict.admin import IndexFigure, IndexPage
from raict.errors import DomainError
from registrations import services
from registrations.translations import (
    BY_KEY,
    GROUPS,
    OTHER,
    Group,
    Text,
    missing,
    progress,
    text_of,
)

_TEXTS = 50  # a page
_TYPED = "text-"


@dataclass
class Line:
    """A text on the page: what was typed, and why it was not saved."""

    text: Text
    is_open: bool  # may be written by who looks at it
    typed: str = ""
    refusal: str = ""
    theirs: str = ""

    @property
    def id(self) -> str:
        return f"{_TYPED}{self.text.key.replace('.', '-')}"

    @property
    def name(self) -> str:
        return _TYPED + self.text.key

    @property
    def rows(self) -> int:
        """As high as the text that is to be translated, within reason."""
        return max(2, min(16, len(self.text.given) // 55 + self.text.given.count("\n") + 1))

    @property
    def url(self) -> str:
        meta = self.text.row._meta
        try:
            name = f"admin:{meta.app_label}_{meta.model_name}_change"
            return reverse(name, args=[self.text.row.pk])
        except NoReverseMatch:  # a part of a press release
            return reverse("admin:events_pressrelease_change", args=[self.text.row.release_id])


class TranslationPages:
    """Mixed into the admin class of editions, which lends it its name."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        name = "events_edition_translations"
        return [
            path("translations/", view(self.current_translations_view), name=f"{name}_current"),
            path("<int:pk>/translations/", view(self.translations_view), name=name),
            *super().get_urls(),
        ]

    def index_pages(self, request: HttpRequest) -> list[IndexPage]:
        pages = super().index_pages(request)
        if open_to(request):
            url = reverse("admin:events_edition_translations_current")
            pages.append(IndexPage(_("Translations to do"), url))
        return pages

    def index_figures(self, request: HttpRequest, edition: Edition | None) -> list[IndexFigure]:
        """The texts that their page shows to this person."""
        found = super().index_figures(request, edition)
        if edition and open_to(request):
            count = sum(one.missing for one in progress(edition) if may(request, one.group, "view"))
            url = reverse("admin:events_edition_translations", args=[edition.pk])
            label = ngettext("text in one language only", "texts in one language only", count)
            found.append(IndexFigure(count, label, url, is_task=True))
        return found

    def current_translations_view(self, request: HttpRequest) -> HttpResponse:
        """From the menu: the current edition, else the latest."""
        editions = Edition.objects.order_by("-is_current", "-number").values_list("pk", flat=True)
        if (pk := editions.first()) is None:
            return redirect("admin:events_edition_changelist")
        return redirect("admin:events_edition_translations", pk)

    def translations_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = get_object_or_404(Edition.objects.select_related("venue"), pk=pk)
        if not open_to(request):
            raise PermissionDenied
        kept = self._save(request, edition) if request.method == "POST" else []
        if request.method == "POST" and not kept:
            return redirect(request.get_full_path())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Translations to do"),
            "edition": edition,
            **listing(request, edition, kept),
        }
        return render(request, "admin/events/edition/translations.html", context)

    def _save(self, request: HttpRequest, edition: Edition) -> list[Line]:
        """Write what was asked for; the lines that were typed and are not saved, with the reason."""
        wanted, kept, saved = request.POST.get("save", ""), [], 0
        for key, words in typed(request).items():
            line = _line(request, edition, key, words)
            if line is None:
                said = _("This text is not there any more, or may not be changed now.")
                self.message_user(request, f"{said} « {words} »", messages.ERROR)
                continue
            kept.append(line)
            if wanted not in ("all", key) or not line.is_open:
                continue
            try:
                services.translate(edition, key, words, user=request.user)
            except DomainError as refusal:
                line.refusal, line.theirs = refusal.message, getattr(refusal, "theirs", "")
            else:
                kept.remove(line)
                saved += 1
        self._say_saved(request, saved, any(line.refusal for line in kept))
        return kept

    def _say_saved(self, request: HttpRequest, saved: int, is_refused: bool) -> None:  # noqa: FBT001 -- the second of two counts
        if saved:
            said = ngettext("%d text saved.", "%d texts saved.", saved) % saved
            self.message_user(request, said)
        if is_refused:
            said = _("Some texts were not saved: they stand at the top, as you typed them.")
            self.message_user(request, said, messages.ERROR)
        if not saved and not is_refused:
            self.message_user(request, _("Nothing was typed."), messages.WARNING)


def typed(request: HttpRequest) -> dict[str, str]:
    """What was typed, by key; lines end as the database has them."""
    return {
        name.removeprefix(_TYPED): words.replace("\r\n", "\n").strip()
        for name, words in request.POST.items()
        if name.startswith(_TYPED) and words.strip()
    }


def _line(request: HttpRequest, edition: Edition, key: str, words: str) -> Line | None:
    text = text_of(edition, key)
    if text is None or not may(request, text.group, "view"):
        return None
    return Line(text, may(request, text.group, "change"), words)


def may(request: HttpRequest, group: Group, action: str) -> bool:
    """Who may change may look as well, as everywhere in the admin."""
    has = request.user.has_perm
    return has(group.permission("change")) or has(group.permission(action))


def open_to(request: HttpRequest) -> bool:
    return any(may(request, group, "change") for group in GROUPS)


def listing(request: HttpRequest, edition: Edition, kept: list[Line]) -> dict:
    """The counts, the filters, and a page of texts; what is typed and not saved comes first."""
    shown = [group for group in GROUPS if may(request, group, "view")]
    counts = [one for one in progress(edition) if one.group in shown and one.total]
    group = BY_KEY.get(request.GET.get("group", ""))
    lacking = request.GET.get("lacking") if request.GET.get("lacking") in OTHER else ""
    words = request.GET.get("q", "")
    groups = [group] if group in shown else shown
    pages = Paginator(missing(edition, groups, lacking=lacking, words=words), _TEXTS)
    page = pages.get_page(request.GET.get("p"))
    keys = {line.text.key for line in kept}
    lines = [
        Line(text, may(request, text.group, "change")) for text in page if text.key not in keys
    ]
    total = sum(one.total for one in counts)
    query = request.GET.copy()
    query.pop("p", None)
    return {
        "counts": counts,
        "total": total,
        "done": sum(one.done for one in counts),
        "chosen": group.key if group in shown else "",
        "lacking": lacking,
        "words": words,
        "page": page,
        "page_range": pages.get_elided_page_range(page.number),
        "query": query.urlencode(),
        "blocks": _blocks(kept + lines),
        "is_open": any(line.is_open for line in kept + lines),
    }


def _blocks(lines: list[Line]) -> list[tuple[str, str, str, list[Line]]]:
    """(what it is, its name, where it is changed, its texts) for each object, in order."""
    blocks: dict = {}
    for line in lines:
        row = line.text.row
        block = (row._meta.verbose_name, str(row), line.url, [])
        blocks.setdefault((line.text.group.key, row.pk), block)[3].append(line)
    return list(blocks.values())
