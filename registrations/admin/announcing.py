"""« Publish the changes »: what moves, whom it concerns, and how far the telling has come."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from events.models import Edition
from raict.admin import IndexFigure, ReadOnlyAdmin
from raict.errors import DomainError
from registrations import services
from registrations.models import Notice
from sessions import moves
from sessions.models import Announcement, Move

_CHOSEN = "leaving-"


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
                move_count=Count("moves", distinct=True),
                notice_count=Count("notices", distinct=True),
                told_count=Count("notices", Q(notices__told_at__isnull=False), distinct=True),
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

    def index_figures(self, request: HttpRequest) -> list[IndexFigure]:
        """Only while something waits: a zero would say nothing."""
        if not _may_publish(request):
            return []
        found = (
            Edition.objects.filter(is_current=True)
            .annotate(waiting=Count("sessions__moves", Q(sessions__moves__announcement=None)))
            .values("pk", "waiting")
            .first()
        )
        if not found or not found["waiting"]:
            return []
        address = reverse("admin:programme_announcement_publish", args=[found["pk"]])
        label = _("changes of time or room to publish")
        return [IndexFigure(found["waiting"], label, address, is_alarm=True)]

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
                published = services.publish_changes(
                    edition,
                    _chosen(request),
                    to_line="to_line" in request.POST,
                    user=request.user,
                    seen=request.POST.get("seen", ""),
                )
            except DomainError as refusal:
                self.message_user(request, refusal.message, messages.ERROR)
            else:
                return redirect("admin:programme_announcement_progress", published.pk)
        context = self._context(request, _("Publish the changes"), edition)
        preview = services.preview(edition)
        return render(
            request,
            "admin/registrations/publish_changes.html",
            context
            | {
                "preview": preview,
                "choices": _choices(request, preview),
                "to_line": request.method != "POST" or "to_line" in request.POST,
            },
        )

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
