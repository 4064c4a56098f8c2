"""What is added on the board: a session or several of a kind, a room."""

import copy
import secrets

from django import forms
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.models import Edition, Room
from sessions import addresses, moves
from sessions.admin import board_forms
from sessions.admin.board_forms import (
    MOST_AT_ONCE,
    NEW,
    TITLES,
    BoardRoomForm,
    asked_day,
    rooms_of_board,
)
from sessions.models import Session

# How long a form that was sent is recognised when it comes again.
_NONCE_SECONDS = 600


class AddingPages:
    def board_add_view(self, request: HttpRequest, edition_pk: int) -> HttpResponse:
        """One session in a cell, or several of a kind at one time."""
        edition = self.edition_of_board(request, edition_pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self._new_form(request, edition)
        if request.method == "POST" and form.is_valid():
            if not self.is_first(request):
                return self.board_done(request, edition)
            made = self._add(request, edition, form)
            said = ngettext(
                "%(count)d session is added: %(names)s.",
                "%(count)d sessions are added: %(names)s.",
                len(made),
            )
            names = ", ".join(session.name for session in made)
            said %= {"count": len(made), "names": names}
            self.message_user(request, said)
            return self.board_done(request, edition, made[0].pk)
        context = {"form": form, "nonce": self.new_nonce()}
        title = _("Add sessions")
        return self.board_page(request, "admin/programme/board/_add.html", title, edition, context)

    def _new_form(self, request: HttpRequest, edition: Edition) -> forms.ModelForm:
        """The session's form with the cell that was chosen; published only where nobody has come."""
        form_class = self.get_form(request, None, change=False, fields=NEW)
        kind = request.GET.get("kind", Session.Kind.GEOGRAPHIC_MEETING)
        initial = {
            **{name: request.GET[name] for name in board_forms.PLACE if request.GET.get(name)},
            "day": asked_day(request),
            "kind": kind,
            "booking": "",
            "is_published": not moves.gathers_for(edition),
        }
        instance = Session(edition=edition)
        form = form_class(request.POST or None, instance=instance, initial=initial)
        board_forms.shape_place(form, edition)
        form.fields["booking"] = forms.ChoiceField(
            label=form.fields["booking"].label,
            required=False,
            choices=[("", gettext_lazy("as usual for this kind")), *Session.Booking.choices],
        )
        form.fields["count"] = forms.IntegerField(
            label=gettext_lazy("How many of these"),
            min_value=1,
            max_value=MOST_AT_ONCE,
            initial=1,
            help_text=gettext_lazy("Twelve cafés at one time: 12."),
        )
        form.fields["is_spread"] = forms.BooleanField(
            label=gettext_lazy("Each in a room of its own"),
            required=False,
            help_text=gettext_lazy("From the chosen room on, in the order of the board."),
        )
        form.order_fields(["kind", "count", "is_spread", *TITLES, *board_forms.PLACE])
        return form

    @transaction.atomic
    def _add(self, request: HttpRequest, edition: Edition, form: forms.ModelForm) -> list[Session]:
        """As many as asked for, numbered after those of their kind."""
        Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
        first, count = form.instance, form.cleaned_data["count"]
        first.booking = first.booking or Session.USUAL_BOOKING.get(first.kind, Session.Booking.FREE)
        rooms = self._rooms(edition, first.room, count, is_spread=form.cleaned_data["is_spread"])
        position = self.next_position(edition, first.kind)
        made = []
        for number, room in enumerate(rooms):
            session = copy.copy(first)
            session._state = copy.copy(first._state)
            session.position = position + number
            if room != first.room:
                session.capacity = moves.capacity_after(first, room)
                session.room = room
            session.slug = self._own_slug(session, alone=count == 1)
            session.save()
            self.log_addition(request, session, [{"added": {}}])
            made.append(session)
        return made

    def _own_slug(self, session: Session, *, alone: bool) -> str:
        """What the form made of the words; of several without words, each has its number."""
        has_words = session.title_fr or session.short_name_fr
        plain = f"{session.edition.number} {session.kind} {session.position}"
        wanted = session.slug if has_words or alone else plain.replace("_", "-").replace(" ", "-")
        return addresses.free_among(wanted, Session.objects)

    def _rooms(self, edition: Edition, room: Room | None, count: int, *, is_spread: bool) -> list:
        """One for each: the same, or the next ones on the board; none where there are no more."""
        if not is_spread:
            return [room] * count
        rooms = list(rooms_of_board(edition))
        following = rooms[rooms.index(room) :] if room in rooms else rooms
        return [*following, *([None] * count)][:count]

    def next_position(self, edition: Edition, kind: str) -> int:
        of_kind = edition.sessions.filter(kind=kind)
        return 1 + (of_kind.aggregate(last=Max("position"))["last"] or 0)

    # ---------------------------------------------------------------------------------- rooms
    def room_view(
        self, request: HttpRequest, edition_pk: int, pk: int | None = None
    ) -> HttpResponse:
        """Add a room to the edition's venue, or rename one and count its seats anew."""
        edition = self.edition_of_board(request, edition_pk)
        if not request.user.has_perm("events.change_room" if pk else "events.add_room"):
            raise PermissionDenied
        room = (
            get_object_or_404(rooms_of_board(edition), pk=pk) if pk else Room(venue=edition.venue)
        )
        form = BoardRoomForm(request.POST or None, instance=room)
        if request.method == "POST" and edition.venue and form.is_valid():
            self._save_room(request, form, is_new=pk is None)
            return self.board_done(request, edition)
        context = {"form": form, "room": room if pk else None}
        title = str(room) if pk else _("Add a room")
        return self.board_page(request, "admin/programme/board/_room.html", title, edition, context)

    @transaction.atomic
    def _save_room(self, request: HttpRequest, form: BoardRoomForm, *, is_new: bool) -> None:
        room = form.instance
        if is_new:
            last = room.venue.rooms.aggregate(last=Max("position"))["last"]
            room.position = 0 if last is None else last + 1
        form.save()
        detail = {"name": str(Room._meta.verbose_name), "object": str(room)}
        self.log_change(request, room.venue, [{"added" if is_new else "changed": detail}])
        said = _("The room %(room)s is added.") if is_new else _("The room %(room)s is saved.")
        self.message_user(request, said % {"room": room})

    # -------------------------------------------------------------------------- a form sent twice
    def new_nonce(self) -> str:
        return secrets.token_urlsafe(12)

    def is_first(self, request: HttpRequest) -> bool:
        """False for the second of two clicks on one button."""
        nonce = request.POST.get("nonce", "")[:40]
        return not nonce or cache.add(f"board:{nonce}", 1, _NONCE_SECONDS)
