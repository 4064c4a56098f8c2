"""« Publish the changes »: what moves, whom it concerns, and how far the telling has come."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.models import Edition
from raict.admin import IndexFigure, ReadOnlyAdmin
from raict.errors import DomainError
from raict.lists import count_of
from registrations import services
from registrations.models import Notice, Registration
from sessions import conflicts, moves
from sessions.models import Announcement, Move

_CHOSEN = "leaving-"
# Names shown before publishing; the others are counted.
_MOST_NAMES = 300


@admin.register(Move)
class MoveAdmin(ReadOnlyAdmin):
    list_display = ["session", "now_", "then", "announcement", "changed_at"]
    list_filter = ["session__edition", ("announcement", admin.EmptyFieldListFilter)]
    list_select_related = [
        "session__edition__venue",
        "session__room__venue",
        "room__venue",
        "was_room__venue",
        "announcement__edition",
    ]
    search_fields = ["session__title_fr", "session__short_name_fr"]

    @admin.display(description=_("before"))
    def now_(self, move: Move) -> str:
        return moves.before(move).said(move.session.edition.venue)

    @admin.display(description=_("after"))
    def then(self, move: Move) -> str:
        return moves.after(move).said(move.session.edition.venue)


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ["registration", "announcement", "told_at"]
    list_filter = ["announcement__edition", ("told_at", admin.EmptyFieldListFilter)]
    list_select_related = ["registration", "announcement__edition"]
    search_fields = ["registration__last_name", "registration__first_name", "registration__email"]

    def get_search_results(self, request: HttpRequest, queryset, search_term: str):
        """By the person, as the list of registrations searches."""
        people = Registration.objects.search(search_term).order_by()
        return (queryset.filter(registration__in=people) if search_term else queryset), False


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyAdmin):
    list_display = ["made", "edition", "user", "moved", "told"]
    list_filter = ["edition"]
    list_select_related = ["edition", "user"]
    search_fields = ["edition__number"]

    def get_queryset(self, request: HttpRequest):
        return (
            super()
            .get_queryset(request)
            .annotate(
                move_count=count_of(Move.objects, "announcement"),
                notice_count=count_of(Notice.objects, "announcement"),
                told_count=count_of(Notice.objects.filter(told_at__isnull=False), "announcement"),
            )
        )

    @admin.display(description=_("published on"), ordering="made_at")
    def made(self, announcement: Announcement):
        return announcement.made_at

    @admin.display(description=_("sessions"), ordering="move_count")
    def moved(self, announcement: Announcement) -> int:
        return announcement.move_count

    @admin.display(description=_("people told"))
    def told(self, announcement: Announcement) -> str:
        return f"{announcement.told_count} / {announcement.notice_count}"

    def index_figures(self, request: HttpRequest, edition: Edition | None) -> list[IndexFigure]:
        if edition is None or not _may_publish(request):
            return []
        waiting = moves.in_preparation(edition).count()
        address = reverse("admin:programme_announcement_publish", args=[edition.pk])
        label = ngettext(
            "change of time or room to publish", "changes of time or room to publish", waiting
        )
        return [IndexFigure(waiting, label, address, is_task=True)]

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path(
                "publish/<int:edition_pk>/",
                view(self.publish_view),
                name="programme_announcement_publish",
            ),
            path(
                "<int:pk>/progress/",
                view(self.progress_view),
                name="programme_announcement_progress",
            ),
            *super().get_urls(),
        ]

    def publish_view(self, request: HttpRequest, edition_pk: int) -> HttpResponse:
        """What would move, and the button. A refusal leaves the choices as they were made."""
        _refuse_without_right(request)
        edition = get_object_or_404(Edition.objects.select_related("venue"), pk=edition_pk)
        if request.method == "POST":
            try:
                published = self._publish(request, edition)
            except DomainError as refusal:
                self.message_user(request, refusal.message, messages.ERROR)
            else:
                return redirect("admin:programme_announcement_progress", published.pk)
        preview = services.preview(edition)
        context = {
            "preview": preview,
            "told": preview.told(_MOST_NAMES),
            "choices": _choices(request, preview),
            "to_line": request.method != "POST" or "to_line" in request.POST,
            "hidden": edition.sessions.filter(is_published=False).without_texts().in_order(),
            "appearing": _appearing(request),
            "clashes": sum(one.is_clash for one in conflicts.found(edition)),
        }
        context |= self._context(request, _("Publish the changes"), edition)
        return render(request, "admin/registrations/publish_changes.html", context)

    def _publish(self, request: HttpRequest, edition: Edition) -> Announcement:
        """The moves, and the sessions that were ticked; each of those has it in its history."""
        hidden = edition.sessions.filter(pk__in=_appearing(request), is_published=False)
        appearing = list(hidden)
        published = services.publish_changes(
            edition,
            _chosen(request),
            to_line="to_line" in request.POST,
            user=request.user,
            seen=request.POST.get("seen", ""),
            appearing=[session.pk for session in appearing],
        )
        for session in appearing:
            self.log_change(request, session, str(_("Published.")))
        if appearing:
            names = ", ".join(session.name for session in appearing)
            self.message_user(request, _("On the site now: %(sessions)s.") % {"sessions": names})
        return published

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How many have been told; the page renews itself until all are."""
        _refuse_without_right(request)
        announcement = get_object_or_404(self.get_queryset(request), pk=pk)
        context = self._context(request, _("Changes published"), announcement.edition)
        return render(
            request,
            "admin/registrations/changes_progress.html",
            context
            | {
                "announcement": announcement,
                "left": announcement.notice_count - announcement.told_count,
                "moves": announcement.moves.select_related(
                    "session__edition", "room__venue", "was_room__venue"
                ),
            },
        )

    def _context(self, request: HttpRequest, title: str, edition: Edition) -> dict:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "edition": edition,
        }


def _refuse_without_right(request: HttpRequest) -> None:
    """Whoever may move sessions may say so; it changes seats as well."""
    if not _may_publish(request):
        raise PermissionDenied


def _may_publish(request: HttpRequest) -> bool:
    return request.user.has_perms(["programme.change_session", "registrations.change_registration"])


def _choices(request: HttpRequest, preview: services.Preview) -> list[tuple]:
    """Rooms that are too small: the outlook, and each who has a seat with their tick.

    At first the last to come are ticked.
    """
    chosen = _chosen(request)
    found = []
    for outlook in preview.outlooks:
        if outlook.excess:
            ticked = chosen.get(outlook.session.pk)
            if request.method != "POST":
                ticked = [booking.pk for booking in outlook.held[: outlook.excess]]
            found.append((outlook, [(one, one.pk in (ticked or [])) for one in outlook.held]))
    return found


def _appearing(request: HttpRequest) -> list[int]:
    """The sessions that are ticked to be published."""
    return [int(value) for value in request.POST.getlist("appearing") if value.isdecimal()]


def _chosen(request: HttpRequest) -> dict[int, list[int]]:
    """Session → bookings to be taken back, as ticked."""
    found = {}
    for name in request.POST:
        key = name.removeprefix(_CHOSEN)
        if name != key and key.isdecimal():
            found[int(key)] = [
                int(value) for value in request.POST.getlist(name) if value.isdecimal()
            ]
    return found
