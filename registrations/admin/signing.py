"""Sign-in sheets: the set of an edition, made by the worker; one session's at once."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Edition
from raict.accounts.exports import record_export
from raict.jobs import running
from registrations.documents import signing
from registrations.forms.signing import SignInForm
from sessions.models import Session


class SignInPage:
    """Mixed into the admin class of editions, which gives the page its address."""

    def sign_in_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Which sheets, then the job that prints them."""
        _refuse_without_names(request)
        edition = get_object_or_404(Edition.objects.select_related("venue"), pk=pk)
        form = SignInForm(request.POST or None, edition=edition)
        if form.is_valid():
            job = running.begin(
                "sign-in-sheets",
                _("Sign-in sheets – %(edition)s") % {"edition": edition},
                arguments={
                    "edition": edition.pk,
                    "wanted": form.wanted(),
                    "as_of": timezone.localdate().isoformat(),
                    "format": form.cleaned_data["format"],
                },
                user=request.user,
                back=reverse("admin:events_edition_sign_in", args=[edition.pk]),
            )
            return redirect(job)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Sign-in sheets"),
            "edition": edition,
            "form": form,
        }
        return render(request, "admin/events/edition/sign_in.html", context)


class SessionSheet:
    """Mixed into the admin class of all sessions."""

    def sheet_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One session's sheet, as of today."""
        _refuse_without_names(request)
        session = get_object_or_404(Session.objects.select_related("edition__venue"), pk=pk)
        (sheet,) = signing.sheets(session.edition, signing.Wanted(sessions=(pk,)))
        what = _("Sign-in sheet: %(session)s") % {"session": session}
        record_export(request, what, rows=len(sheet.rows) + len(sheet.waiting), kind="PDF")
        return HttpResponse(
            signing.sheet_pdf(sheet, as_of=timezone.localdate()),
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{sheet.stem}.pdf"'},
        )


def _refuse_without_names(request: HttpRequest) -> None:
    """Paper with names is taken away: for those who work on registrations."""
    if not request.user.has_perm("registrations.change_registration"):
        raise PermissionDenied
