"""The page of a session's seats: who holds one, who is offered one until when, who waits.

What the team does there goes through the services: each button is one of them.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from raict.errors import DomainError
from raict.typography import moment
from registrations import services
from registrations.forms.line import CapacityForm, InviteForm, PersonForm
from registrations.locked import lock
from registrations.models import Booking, Change
from sessions.models import Session


class SeatsPage:
    """Mixed into the admin class of all sessions, which gives the page its address."""

    def seats_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        session = get_object_or_404(Session.objects.select_related("edition", "room"), pk=pk)
        if not self.may_see_seats(request, session):
            raise PermissionDenied
        forms = {}
        if request.method == "POST":
            act = self._acts(request, session).get(request.POST.get("do"))
            if act is None:
                raise PermissionDenied
            try:
                forms = act(request, session)
            except DomainError as refusal:
                self.message_user(request, refusal.message, messages.ERROR)
            if not forms:
                return redirect("admin:programme_session_seats", pk)
        return render(
            request,
            "admin/programme/session/seats.html",
            self._seats_context(request, session, forms),
        )

    def may_see_seats(self, request: HttpRequest, session: Session) -> bool:
        """Names belong to those who may see registrations."""
        sees_names = request.user.has_perm("registrations.view_registration")
        return sees_names and self.has_view_permission(request, session)

    def _acts(self, request: HttpRequest, session: Session) -> dict:
        """What this member of the team may do here. Each answers the forms that need another look."""
        if not request.user.has_perm("registrations.change_registration"):
            return {}
        acts = {"invite": self._invite, "give": self._give, "take": self._take}
        if self.has_change_permission(request, session):
            acts["resize"] = self._resize
        return acts

    # ------------------------------------------------------------------------------------- acts
    def _resize(self, request: HttpRequest, session: Session) -> dict:
        """Under the lock from the check to the end; below what is taken, who leaves is asked first."""
        with transaction.atomic():
            lock(session.edition_id)
            session.refresh_from_db()
            before = session.capacity, session.overbooking
            form = CapacityForm(request.POST, session=session)
            if not form.is_valid():
                return {"capacity_form": form}
            data = form.cleaned_data
            services.resize(
                session,
                capacity=data["capacity"],
                overbooking=data["overbooking"],
                leaving=list(data["leaving"]),
                to_line=data["to_line"],
                user=request.user,
            )
        if before == (data["capacity"], data["overbooking"]):
            self.message_user(request, _("Nothing was different."), messages.WARNING)
        else:
            self._say_resized(request, session, before, data)
        return {}

    def _say_resized(
        self, request: HttpRequest, session: Session, before: tuple, data: dict
    ) -> None:
        note = _("Capacity: %(was)s → %(now)s; no-show margin: %(margin_was)s → %(margin)s %%.") % {
            "was": before[0] or "–",
            "now": data["capacity"] or "–",
            "margin_was": before[1],
            "margin": data["overbooking"],
        }
        self.log_change(request, session, note)
        self.message_user(request, note)

    def _invite(self, request: HttpRequest, session: Session) -> dict:
        form = InviteForm(request.POST, session=session, prefix="invite")
        if not form.is_valid():
            return {"invite_form": form}
        booking = services.invite(
            form.cleaned_data["registration"],
            session,
            until=form.cleaned_data["until"],
            user=request.user,
        )
        sentence = _("%(name)s is invited, and answers by %(until)s.")
        names = {"name": booking.registration.full_name, "until": moment(booking.offered_until)}
        self.message_user(request, sentence % names)
        return {}

    def _give(self, request: HttpRequest, session: Session) -> dict:
        form = PersonForm(request.POST, session=session, prefix="give")
        if not form.is_valid():
            return {"give_form": form}
        registration = form.cleaned_data["registration"]
        changed = services.change_sessions(
            registration,
            sessions=[session],
            among={session.pk},
            by=Change.By.TEAM,
            user=request.user,
        )
        sentence = _("%(name)s has a seat.") if changed else _("%(name)s has a seat already.")
        if not registration.is_placed:
            sentence = _("%(name)s waits for a place in the edition: the session is asked for.")
        self.message_user(request, sentence % {"name": registration.full_name})
        return {}

    def _take(self, request: HttpRequest, session: Session) -> dict:
        key = request.POST.get("booking", "")
        booking = session.bookings.filter(pk=key if key.isdecimal() else None).first()
        if booking and services.give_back(booking, by=Change.By.TEAM, user=request.user):
            sentence = _("The seat of %(name)s is taken back.")
            self.message_user(request, sentence % {"name": booking.registration.full_name})
        else:
            self.message_user(request, _("This seat is not held any more."), messages.WARNING)
        return {}

    # ---------------------------------------------------------------------------------- the page
    def _seats_context(self, request: HttpRequest, session: Session, forms: dict) -> dict:
        people = ("registration__organisation", "registration__category", "quota__category")
        rows = list(
            session.bookings.standing()
            .with_rank()
            .select_related(*people)
            .order_by("turn", "registration__last_name", "registration__first_name", "pk")
        )
        session.refresh_from_db(fields=[*Session.COUNTERS, "capacity", "overbooking"])
        by_state = {
            name: [row for row in rows if row.state == name] for name in Booking.State.values
        }
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Seats and waiting list"),
            "session": session,
            "session_page": reverse("admin:programme_session_change", args=[session.pk]),
            "held": [row for row in rows if row.is_held],
            "acts": self._acts(request, session),
            "gives": session.booking == Session.Booking.SEAT,
            "invites": session.booking in (Session.Booking.SEAT, Session.Booking.INVITATION),
            **by_state,
            "capacity_form": CapacityForm(session=session),
            "invite_form": InviteForm(session=session, prefix="invite"),
            "give_form": PersonForm(session=session, prefix="give"),
            **forms,
        }
