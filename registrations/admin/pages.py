"""What stands around somebody's registration: decisions, notes, history; the pages that lead from it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from raict.errors import DomainError
from registrations import services
from registrations.admin.deciding import QUESTIONS
from registrations.chronology import chronology
from registrations.forms.note import NoteForm
from registrations.forms.staff import PassOnForm, SessionsForm
from registrations.models import Change, Registration
from registrations.personal_page import page_for_team


class RegistrationPages:
    """Mixed into the admin class of registrations, which lends it name and permissions."""

    def get_urls(self) -> list:
        pages = [
            ("sessions", self.sessions_view),
            ("pass-on", self.pass_on_view),
            ("note", require_POST(self.note_view)),
            ("follow", require_POST(self.follow_view)),
            ("seen", require_safe(self.seen_view)),
        ]
        return [
            *(
                path(
                    f"<int:pk>/{name}/",
                    self.admin_site.admin_view(view),
                    name=f"registrations_registration_{name.replace('-', '_')}",
                )
                for name, view in pages
            ),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            context |= {
                "decisions": [
                    (decision, QUESTIONS[decision].button) for decision in _possible(obj)
                ],
                "chronology": chronology(obj),
                "note_form": NoteForm(),
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def note_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Added, never changed after."""
        registration = self._for_change(request, pk)
        form = NoteForm(request.POST)
        if form.is_valid():
            services.add_note(registration, form.cleaned_data["text"], user=request.user)
            self.message_user(request, _("Noted."))
        else:
            self.message_user(request, _("The note was empty."), messages.WARNING)
        return redirect("admin:registrations_registration_change", pk)

    def follow_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        registration = self._for_change(request, pk)
        is_followed = request.POST.get("follow") == "yes"
        if services.follow(registration, is_followed=is_followed):
            note = _("To be followed up.") if is_followed else _("No longer to be followed up.")
            self.log_change(request, registration, note)
            self.message_user(request, note)
        return redirect("admin:registrations_registration_change", pk)

    def seen_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The person's own page, for reading, without the link to it. That it was looked at is kept."""
        registration = self._for_view(request, pk)
        self.log_change(request, registration, _("Looked at as the person sees it."))
        with override(registration.language):
            with_needs = request.user.has_perm("registrations.view_needs")
            context = page_for_team(registration, with_needs=with_needs)
            return render(request, "registrations/personal.html", context)

    def sessions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Seats, waiting lists and wishes as the person wants them now."""
        registration = self._for_change(request, pk)
        form = SessionsForm(request.POST or None, registration=registration)
        if form.is_valid():
            try:
                return self._change_sessions(request, registration, form)
            except services.ChangedMeanwhile:
                sentence = _("These sessions have changed meanwhile. Look at them, and send again.")
                self.message_user(request, sentence, messages.ERROR)
                return redirect(request.path)
            except DomainError as refusal:
                form.add_error(None, refusal.message)
        return self._page(request, "sessions", _("Sessions"), registration, form)

    def _change_sessions(
        self, request: HttpRequest, registration: Registration, form: SessionsForm
    ) -> HttpResponse:
        data = form.cleaned_data
        changed = services.change_sessions(
            registration,
            sessions=data["sessions"],
            lists=data["lists"],
            among=form.among,
            cafes=data["cafes"],
            revision=data["revision"],
            by=Change.By.TEAM,
            user=request.user,
        )
        if changed:
            self.log_change(request, registration, _("Sessions changed."))
            self.message_user(request, _("Changed; the person is told by mail."))
        else:
            self.message_user(request, _("Nothing was different."), messages.WARNING)
        return redirect("admin:registrations_registration_change", registration.pk)

    def pass_on_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Seats and lines stay; the old link dies; both are told."""
        registration = self._for_change(request, pk)
        form = PassOnForm(request.POST or None, initial={"language": registration.language})
        if form.is_valid():
            try:
                services.pass_on(
                    registration, form.cleaned_data, by=Change.By.TEAM, user=request.user
                )
            except DomainError as refusal:
                form.add_error(
                    refusal.field if refusal.field in form.fields else None, refusal.message
                )
            else:
                self.log_change(request, registration, _("Place passed on."))
                sentence = _("The place is %(name)s’s now. Both are told by mail.")
                self.message_user(request, sentence % {"name": registration.full_name})
                return redirect("admin:registrations_registration_change", pk)
        return self._page(request, "pass_on", _("Pass the place on"), registration, form)

    def _for_view(self, request: HttpRequest, pk: int) -> Registration:
        rows = Registration.objects.select_related("edition__venue", "organisation", "category")
        registration = get_object_or_404(rows, pk=pk)
        if not self.has_view_permission(request, registration):
            raise PermissionDenied
        return registration

    def _for_change(self, request: HttpRequest, pk: int) -> Registration:
        registration = self._for_view(request, pk)
        if not self.has_change_permission(request, registration):
            raise PermissionDenied
        return registration

    def _page(
        self, request: HttpRequest, name: str, title: str, registration: Registration, form
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "registration": registration,
            "form": form,
        }
        return render(request, f"admin/registrations/registration/{name}.html", context)


def _possible(registration: Registration) -> list[str]:
    """The decisions that would change something."""
    states = Registration.State
    if registration.merged_into_id:
        return []
    return {
        states.PENDING: ["approve", "refuse", "defer", "cancel"],
        states.CONFIRMED: ["refuse", "defer", "cancel", "send_link"],
        states.WAITING: ["approve", "refuse", "cancel", "send_link"],
        states.REFUSED: ["approve"],
        states.CANCELLED: ["approve"],
    }[registration.state]
