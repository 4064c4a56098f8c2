"""What the board does to one session: its place, its texts, its people, a copy of it, its end.

A form based on an older state than the present one is refused once, with the newer state; what was
typed stays in the form.
"""

import copy

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from raict.typography import NBSP
from sessions import addresses, board, moves
from sessions.admin import board_forms
from sessions.admin.board_forms import PLACE, PersonForm
from sessions.models import Appearance, Person, Session

# A copy has its own seats, place and people; what was said of the first one stays with it.
NOT_COPIED = {
    "day": None,
    "start": None,
    "end": None,
    "room": None,
    "seats_taken": 0,
    "seats_kept": 0,
    "revision": 0,
    "slides": "",
    "report_fr": "",
    "report_en": "",
    "is_published": False,
}

# Enough to propose somebody by name.
NAMES = ("title", "first_name", "last_name")


class BoardSessionPages:
    # ---------------------------------------------------------------------------------- place
    @transaction.atomic
    def place_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Day, time and room; also what a block that was dragged sends."""
        session = self._session(request, pk, self.has_change_permission)
        stood = _planned_place(session)
        seen = board.place_stamp(stood)
        form = self._place_form(request, session)
        if request.method == "POST" and form.is_valid():
            wanted = moves.Place(*(form.cleaned_data[name] for name in PLACE))
            wanted = form.place or wanted
            if wanted == stood:
                return self.board_done(request, session.edition, pk)
            if request.POST.get("seen") == seen:
                said = _("“%(session)s” is now: %(place)s.")
                place = _said(wanted, session)
                self.message_user(request, said % {"session": session.name, "place": place})
                self._save(request, session, form)
                return self.board_done(request, session.edition, pk)
            form.add_error(None, _changed_meanwhile(_said(stood, session)))
        context = {"session": session, "form": form, "seen": seen, "tab": "place"}
        return self._session_page(request, "_place", session, context)

    def _place_form(self, request: HttpRequest, session: Session) -> forms.ModelForm:
        form_class = self.get_form(request, session, change=True, fields=PLACE)
        form = form_class(request.POST or None, instance=session)
        board_forms.shape_place(form, session.edition)
        return form

    # ---------------------------------------------------------------------------------- texts
    @transaction.atomic
    def texts_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        session = self._session(request, pk, self.has_change_permission)
        names = board_forms.texts_of(session.kind)
        seen = board.texts_stamp(session, names)
        form_class = self.get_form(request, session, change=True, fields=names)
        form = form_class(request.POST or None, instance=session)
        if request.method == "POST" and form.is_valid():
            if not form.has_changed():
                return self.board_done(request, session.edition, pk)
            if request.POST.get("seen") == seen:
                self._save(request, session, form)
                said = _("“%(session)s” is saved: %(fields)s.")
                words = {"session": session.name, "fields": _saved(form)}
                self.message_user(request, said % words)
                return self.board_done(request, session.edition, pk)
            form.add_error(None, _changed_meanwhile(", ".join(_differing(form))))
        context = {"session": session, "form": form, "seen": seen, "tab": "texts"}
        return self._session_page(request, "_texts", session, context)

    # --------------------------------------------------------------------------------- people
    @transaction.atomic
    def people_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who appears in it: add one at a time, confirm, take away."""
        session = self._session(request, pk, self.has_view_permission)
        acts = self._people_acts(request)
        form = PersonForm(instance=Appearance(session=session))
        if request.method == "POST":
            act = acts.get(request.POST.get("do"))
            if act is None:
                raise PermissionDenied
            form = act(request, session)
            if form is None:
                return self.board_done(request, session.edition, pk)
        context = {
            "session": session,
            "form": form,
            "tab": "people",
            "acts": acts,
            "appearances": session.appearances.select_related("person"),
            "known": Person.objects.only(*NAMES) if "add" in acts else [],
        }
        return self._session_page(request, "_people", session, context)

    def _people_acts(self, request: HttpRequest) -> dict:
        """What this member of the team may do; each answers a form that needs another look, or None."""
        acts = {
            "add": (self._add_person, "programme.add_appearance"),
            "confirm": (self._confirm, "programme.change_appearance"),
            "take": (self._take_away, "programme.delete_appearance"),
        }
        return {name: act for name, (act, right) in acts.items() if request.user.has_perm(right)}

    def _add_person(self, request: HttpRequest, session: Session) -> PersonForm | None:
        """None when it is done; else the form with what is wrong."""
        form = PersonForm(request.POST, instance=Appearance(session=session))
        if not form.is_valid():
            return form
        is_new = bool(form.cleaned_data["last_name"])
        if is_new and not request.user.has_perm("programme.add_person"):
            raise PermissionDenied
        appearance = form.save()
        self._note(request, session, "added", appearance)
        said = _("%(who)s is added to “%(session)s”.")
        who = appearance.who or _("A place to fill")
        self.message_user(request, said % {"who": who, "session": session.name})
        return None

    def _confirm(self, request: HttpRequest, session: Session) -> None:
        appearance = self._appearance(request, session)
        if not appearance.who:
            self.message_user(
                request, _("Nobody is named: there is nothing to confirm yet."), messages.WARNING
            )
        elif appearance.is_pending:
            appearance.is_pending = False
            appearance.save(update_fields=["is_pending"])
            self._note(request, session, "changed", appearance)
            said = _("%(who)s is confirmed in “%(session)s”.")
            words = {"who": appearance.who, "session": session.name}
            self.message_user(request, said % words)

    def _take_away(self, request: HttpRequest, session: Session) -> None:
        appearance = self._appearance(request, session)
        self._note(request, session, "deleted", appearance)
        appearance.delete()
        said = _("%(who)s is taken out of “%(session)s”.")
        who = appearance.who or _("The place to fill")
        self.message_user(request, said % {"who": who, "session": session.name})

    def _appearance(self, request: HttpRequest, session: Session) -> Appearance:
        pk = request.POST.get("appearance", "")
        found = session.appearances.filter(pk=pk).first() if pk.isdecimal() else None
        if found is None:
            raise Http404
        return found

    def _note(self, request: HttpRequest, session: Session, act: str, appearance) -> None:
        detail = {"name": str(appearance._meta.verbose_name), "object": appearance.who}
        self.log_change(request, session, [{act: detail}])

    # ---------------------------------------------------------------------- a copy, and the end
    @transaction.atomic
    def duplicate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A session with the same texts and conditions, without place, people and seats."""
        session = self._session(request, pk, self.has_add_permission)
        if request.method == "POST" and self.is_first(request):
            twin = copy.copy(session)
            twin.pk, twin._state = None, copy.copy(session._state)
            twin._state.adding = True
            for name, value in NOT_COPIED.items():
                setattr(twin, name, value)
            twin.slug = addresses.free_among(session.slug, Session.objects)
            twin.position = self.next_position(session.edition, session.kind)
            twin.save()
            self.log_addition(request, twin, [{"added": {}}])
            said = _("“%(session)s” is copied; the copy waits beside the grid.")
            self.message_user(request, said % {"session": session.name})
            return self.board_done(request, session.edition, twin.pk)
        if request.method == "POST":
            return self.board_done(request, session.edition)
        context = {"session": session, "tab": "duplicate", "nonce": self.new_nonce()}
        return self._session_page(request, "_duplicate", session, context)

    @transaction.atomic
    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then delete: only where nobody has or wants a seat."""
        session = self._session(request, pk, self.has_delete_permission)
        *_deleted, lacking, protected = self.get_deleted_objects([session], request)
        if request.method == "POST" and not protected and not lacking:
            name = session.name
            self.log_deletions(request, Session.objects.filter(pk=pk))
            self.delete_model(request, session)
            self.message_user(request, _("“%(session)s” is deleted.") % {"session": name})
            return self.board_done(request, session.edition)
        context = {
            "session": session,
            "tab": "remove",
            "protected": protected,
            "lacking": sorted(str(one) for one in lacking),
        }
        return self._session_page(request, "_remove", session, context)

    # -------------------------------------------------------------------------------- helpers
    def _session(self, request: HttpRequest, pk: int, is_allowed) -> Session:
        """The row, locked while it is being changed, for those who may."""
        session = self.get_object(request, pk)
        if session is None:
            raise Http404
        if not self.has_view_permission(request, session) or not (
            is_allowed(request)
            if is_allowed == self.has_add_permission
            else is_allowed(request, session)
        ):
            raise PermissionDenied
        return session

    def _save(self, request: HttpRequest, session: Session, form: forms.ModelForm) -> None:
        """As the session's own form saves: place, seats and history in their turn."""
        message = self.construct_change_message(request, form, [])
        saved = self.save_form(request, form, change=True)
        self.save_model(request, saved, form, change=True)
        self.save_related(request, form, [], change=True)
        self.log_change(request, saved, message)

    def _session_page(
        self, request: HttpRequest, name: str, session: Session, context: dict
    ) -> HttpResponse:
        context |= {
            "may_change": self.has_change_permission(request, session),
            "may_add": self.has_add_permission(request),
            "may_delete": self.has_delete_permission(request, session),
        }
        template = f"admin/programme/board/{name}.html"
        title = f"{capfirst(session.get_kind_display())}{NBSP}: {session.name}"
        return self.board_page(request, template, title, session.edition, context)


def _planned_place(session: Session) -> moves.Place:
    move = moves.prepared(session)
    return moves.after(move) if move else moves.place_of(session)


def _said(place: moves.Place, session: Session) -> str:
    return place.said(session.edition.venue) or _("to be specified")


def _saved(form: forms.ModelForm) -> str:
    """The labels of what was changed; a session that is withdrawn is not « published »."""
    labels = {name: str(form.fields[name].label) for name in form.changed_data}
    if "is_published" in labels and not form.cleaned_data["is_published"]:
        labels["is_published"] = _("not published")
    return ", ".join(labels.values())


def _changed_meanwhile(now: str) -> str:
    return _(
        "Somebody has changed this session meanwhile. It is now: %(now)s. Nothing of yours is saved"
        " yet; save again to keep what you see here."
    ) % {"now": now}


def _differing(form: forms.ModelForm) -> list[str]:
    """« title: as the other one wrote it », of the fields that differ from what is typed here."""
    return [
        f"{form.fields[name].label}{NBSP}: {form.initial.get(name)}" for name in form.changed_data
    ]
