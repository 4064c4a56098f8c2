"""The programme board: an edition's timetable as rooms and hours, built and changed in one place.

Here the page itself, its two versions and their difference; board_session.py has what is done to a
session, board_adding.py what is added.
"""

import datetime as dt
from urllib.parse import urlencode

from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _

from events.models import Edition
from raict.admin import IndexPage
from sessions import board, conflicts, moves
from sessions.admin.board_adding import AddingPages
from sessions.admin.board_forms import asked_day, rooms_of_board
from sessions.admin.board_session import BoardSessionPages
from sessions.schedule import PAUSES

FOLDER = "admin/programme/board"
PUBLISHED = "published"


class BoardPages(BoardSessionPages, AddingPages):
    """Mixed into the admin class of all sessions, which lends it forms and permissions."""

    def index_pages(self, request: HttpRequest) -> list[IndexPage]:
        own = super().index_pages(request)
        if not self.has_view_permission(request):
            return own
        return [*own, IndexPage(_("Programme board"), reverse("admin:programme_session_boards"))]

    def get_urls(self) -> list:
        pages = [
            ("board/", self.boards_view, "boards"),
            ("board/<int:edition_pk>/", self.board_view, "board"),
            ("board/<int:edition_pk>/difference/", self.difference_view, "difference"),
            ("board/<int:edition_pk>/add/", self.board_add_view, "board_add"),
            ("board/<int:edition_pk>/rooms/add/", self.room_view, "board_room_add"),
            ("board/<int:edition_pk>/rooms/<int:pk>/", self.room_view, "board_room"),
            ("board/session/<int:pk>/", self.place_view, "place"),
            ("board/session/<int:pk>/texts/", self.texts_view, "texts"),
            ("board/session/<int:pk>/people/", self.people_view, "people"),
            ("board/session/<int:pk>/duplicate/", self.duplicate_view, "duplicate"),
            ("board/session/<int:pk>/delete/", self.remove_view, "remove"),
        ]
        view = self.admin_site.admin_view
        own = [
            path(address, view(page), name=f"programme_session_{name}")
            for address, page, name in pages
        ]
        return [*own, *super().get_urls()]

    # ---------------------------------------------------------------------------------- pages
    def boards_view(self, request: HttpRequest) -> HttpResponse:
        """The current edition's board, or the newest's."""
        edition = Edition.objects.order_by("-is_current", "-number").first()
        if edition is None:
            return redirect("admin:events_edition_add")
        return redirect("admin:programme_session_board", edition.pk)

    def board_view(self, request: HttpRequest, edition_pk: int) -> HttpResponse:
        edition = self.edition_of_board(request, edition_pk)
        if is_from_script(request):
            return self.board_done(request, edition)
        title = _("Programme board")
        context = self.board_context(request, edition)
        context["editions"] = Edition.objects.all()
        return self.board_page(request, f"{FOLDER}/board.html", title, edition, context)

    def difference_view(self, request: HttpRequest, edition_pk: int) -> HttpResponse:
        """What publishing would change for visitors, session by session."""
        edition = self.edition_of_board(request, edition_pk)
        pairs, venue = moves.planned(edition), edition.venue
        context = {
            "moved": [
                (now, moves.place_of(now).said(venue), moves.place_of(future).said(venue))
                for now, future in pairs
                if future is not now and now.is_published
            ],
            "hidden": [
                (now, moves.place_of(future).said(venue))
                for now, future in pairs
                if not now.is_published
            ],
            "shown": sum(now.is_published for now, _future in pairs),
            "may_publish": request.user.has_perms(
                ["programme.change_session", "registrations.change_registration"]
            ),
        }
        title = _("What is not published yet")
        return self.board_page(request, f"{FOLDER}/difference.html", title, edition, context)

    # -------------------------------------------------------------------------------- helpers
    def edition_of_board(self, request: HttpRequest, pk: int) -> Edition:
        edition = get_object_or_404(Edition.objects.select_related("venue"), pk=pk)
        if not self.has_view_permission(request):
            raise PermissionDenied
        return edition

    def board_page(
        self, request: HttpRequest, template: str, title: str, edition: Edition, context: dict
    ) -> HttpResponse:
        """A whole page; for the board's script the part that its dialog shows."""
        day = asked_day(request)
        context = {
            "opts": self.opts,
            "title": title,
            "edition": edition,
            "board_url": board_url(edition),
            "query": f"?{urlencode({'day': day})}" if day else "",
            "part": template,
            **context,
        }
        if is_from_script(request):
            html = render_to_string(template, context, request)
            return JsonResponse({"form": html, "title": title})
        # The grid needs the whole width.
        context = {**self.admin_site.each_context(request), **context}
        context["is_nav_sidebar_enabled"] = False
        is_part = template.rpartition("/")[2].startswith("_")
        return render(request, f"{FOLDER}/page.html" if is_part else template, context)

    def board_done(
        self, request: HttpRequest, edition: Edition, pk: int | None = None
    ) -> HttpResponse:
        """After something was saved: the board as it is now, and what was said about it."""
        if is_from_script(request):
            context = self.board_context(request, edition)
            said = [conditional_escape(one.message) for one in get_messages(request)]
            html = render_to_string(f"{FOLDER}/_board.html", context, request)
            return JsonResponse({"board": html, "said": said, "session": pk})
        anchor = f"#session-{pk}" if pk else ""
        return redirect(board_url(edition, asked_day(request)) + anchor)

    def board_context(self, request: HttpRequest, edition: Edition) -> dict:
        """All that the board shows of one day, in one of its two versions."""
        is_public = request.GET.get("version") == PUBLISHED
        pairs = moves.planned(edition, *conflicts.RELATIONS)
        every = [] if is_public else conflicts.of_sessions([one for _now, one in pairs], edition)
        theirs = conflicts.by_session(every)
        if is_public:
            pairs = [(now, now) for now, _future in pairs if now.is_published]
        blocks = [board.Block(one, now, theirs.get(one.pk, [])) for now, one in pairs]
        days = sorted({*edition.days, *(one.session.day for one in blocks if one.session.day)})
        day = asked_day(request)
        if day is None and days:
            day = days[0]
        grid = board.grid(
            [b for b in blocks if b.session.day == day and board.is_on_grid(b.session)],
            rooms_of_board(edition),
        )
        may_change = not is_public and self.has_change_permission(request)
        return {
            "edition": edition,
            "board_url": board_url(edition),
            "day": day,
            "days": [(one, one == day, one in edition.days) for one in days],
            "query": f"?{urlencode({'day': day})}" if day else "",
            "is_public": is_public,
            "grid": grid,
            "pauses": PAUSES,
            "tray": [one for one in blocks if not board.is_on_grid(one.session)],
            "conflicts": every,
            "clashes": sum(one.is_clash for one in every),
            "lacks": sum(not one.is_clash for one in every),
            "unpublished": sum(one.is_moved or not one.session.is_published for one in blocks),
            "may_change": may_change,
            "may_add": not is_public and self.has_add_permission(request),
            "may_add_rooms": not is_public and request.user.has_perm("events.add_room"),
            "may_change_rooms": not is_public and request.user.has_perm("events.change_room"),
        }


def is_from_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Raict-Board") == "1"


def board_url(edition: Edition, day: dt.date | None = None) -> str:
    address = reverse("admin:programme_session_board", args=[edition.pk])
    return f"{address}?{urlencode({'day': day})}" if day else address
