"""The way in: password, code, second factor, spare codes, forgotten passwords, and the form kept."""

import re

from django.contrib import admin
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from raict import ratelimit
from raict.accounts import letters, second_factor, signed_in, signing_in
from raict.accounts.forms import CodeForm, ForgottenForm, SignInForm, SpareCodeForm
from raict.errors import DomainError

# Links asked for from one network in ten minutes.
LINKS_A_NETWORK = 10
# Fields that the page has put there itself: rows of a formset, the row that new ones are copied from.
_OF_THE_PAGE = re.compile(r"^_|^initial-|_FORMS$|__prefix__|-id$")
_UNREAD = "spare_codes_unread"


class SignInView(LoginView):
    """The first step; `raict.admin.StaffSite.login` gives it the page around."""

    authentication_form = SignInForm

    def form_valid(self, form: SignInForm) -> HttpResponse:
        return signing_in.password_was_right(self.request, form.get_user(), self.get_success_url())


# ---------------------------------------------------------------------------------- second factor
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the telephone, or (« secours ») a spare one, which is then used up."""
    user = signing_in.person(request)
    if user is None:
        return redirect("admin:login")
    is_spare = "secours" in request.GET
    device = second_factor.spare(user) if is_spare else second_factor.telephone(user)
    form = (SpareCodeForm if is_spare else CodeForm)(request.POST or None)
    if form.is_valid():
        try:
            found = second_factor.check(user, device, form.cleaned_data["code"])
        except DomainError as refusal:
            form.add_error("code", refusal.message)
        else:
            return signing_in.code_was_right(request, user, found)
    return _page(request, "code", _("Second step"), {"form": form, "is_spare": is_spare})


@never_cache
def set_up(request: HttpRequest) -> HttpResponse:
    """For who has no second factor yet: read the picture with the telephone, type the first code."""
    user = signing_in.person(request)
    if user is None or second_factor.telephone(user):
        return redirect("admin:login" if user is None else "accounts:code")
    device = second_factor.draft(user)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            found = second_factor.confirm(user, form.cleaned_data["code"])
        except DomainError as refusal:
            form.add_error("code", refusal.message)
        else:
            response = signing_in.code_was_right(request, user, found)
            request.session[_UNREAD] = response.url
            return redirect("accounts:spare_codes")
    context = {
        "form": form,
        "picture": second_factor.picture(device),
        "key": second_factor.key_in_groups(device),
        "account": user.get_username(),
    }
    return _page(request, "set_up", _("Set up the second step"), context)


@never_cache
def spare_codes(request: HttpRequest) -> HttpResponse:
    """Shown until the person says that they have them; then how many are left, and new ones for a code."""
    if not admin.site.has_permission(request):
        return signed_in.ask_to_sign_in(request)
    codes = second_factor.spare_codes(request.user)
    if _UNREAD in request.session:
        if request.method == "POST":
            return redirect(request.session.pop(_UNREAD))
        if "texte" in request.GET:
            return _as_text(codes)
        return _page(request, "spare_codes", _("Your spare codes"), {"codes": codes})
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            device = second_factor.telephone(request.user)
            second_factor.check(request.user, device, form.cleaned_data["code"])
        except DomainError as refusal:
            form.add_error("code", refusal.message)
        else:
            second_factor.renew_spare_codes(request.user)
            request.session[_UNREAD] = request.path
            return redirect(request.path)
    context = {"form": form, "left": len(codes)}
    return _page(request, "new_spare_codes", _("Spare codes"), context)


def _as_text(codes: list[str]) -> HttpResponse:
    text = "\n".join([str(_("RAICT – spare codes, each for one sign-in")), "", *codes, ""])
    headers = {"Content-Disposition": 'attachment; filename="codes-de-secours.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


# -------------------------------------------------------------------------------------- passwords
@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """The same answer whether there is such an account or not."""
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        address = ratelimit.client_address(request)
        if ratelimit.allow("account-link", address, limit=LINKS_A_NETWORK):
            letters.send_link(form.cleaned_data["email"])
            return redirect("accounts:forgotten_sent")
        form.add_error(None, ratelimit.too_many())
    return _page(request, "forgotten", _("Forgotten password"), {"form": form})


@never_cache
def forgotten_sent(request: HttpRequest) -> HttpResponse:
    return _page(request, "forgotten_sent", _("Look at your mail"), {})


class PasswordView(PasswordResetConfirmView):
    """Choose a password by the link of the mail. It signs nobody in: the second step stays."""

    template_name = "admin/accounts/password.html"
    success_url = reverse_lazy("accounts:password_chosen")
    title = gettext_lazy("Choose your password")

    def get_context_data(self, **kwargs) -> dict:
        page = admin.site.each_context(self.request)
        return {**page, **super().get_context_data(**kwargs)}


@never_cache
def password_chosen(request: HttpRequest) -> HttpResponse:
    return _page(request, "password_chosen", _("Your password is chosen"), {})


# ---------------------------------------------------------------------------------- the form kept
@never_cache
def resume(request: HttpRequest) -> HttpResponse:
    """What was sent after the session’s end, to be sent now."""
    if not admin.site.has_permission(request):
        return signed_in.ask_to_sign_in(request)
    kept = signed_in.kept_form(request.session, request.user.pk)
    return resume_page(request, kept) if kept else redirect("admin:index")


def resume_page(request: HttpRequest, sent: dict, *, status: int = 200) -> HttpResponse:
    typed = [
        (name, value)
        for name, value in sent["fields"]
        if value.strip() and not _OF_THE_PAGE.search(name)
    ]
    context = {**sent, "typed": typed}
    return _page(request, "resume", _("What you typed is kept"), context, status=status)


def _page(
    request: HttpRequest, name: str, title: str, context: dict, *, status: int = 200
) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, "subtitle": None, **context}
    return render(request, f"admin/accounts/{name}.html", context, status=status)
