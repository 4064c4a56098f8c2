"""Registering, and asking for one's link."""

import secrets

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events.context import current_edition
from events.models import Edition
from raict.errors import DomainError
from raict.ratelimit import allowed, too_many
from registrations import services
from registrations.forms import LinkForm, RegistrationForm

# How long a form that was answered is recognised when the browser sends it again.
_NONCE_SECONDS = 600
_PAGE_SECONDS = 1
# What stands in the kept page where each visitor has a token of their own.
_TOKEN, _NONCE = "token-of-this-visitor", "nonce-of-this-page"


# ------------------------------------------------------------------------------- registering
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    if request.method != "POST":
        return _empty_form(request)
    edition = current_edition(request)
    if edition is None:
        return _closed(request, edition)
    form = RegistrationForm.for_edition(edition, request.POST)
    status = 200
    if form.is_valid() and _was_answered(form):
        return redirect("registrations:thanks")
    if not allowed(request, "register"):
        status = 429
        form.add_error(None, too_many())
    elif form.is_valid() and _registered(form):
        return redirect("registrations:thanks")
    context = {"edition": edition, "form": form}
    return render(request, "registrations/register.html", context, status=status)


def _closed(request: HttpRequest, edition: Edition | None) -> HttpResponse:
    return render(request, "registrations/closed.html", {"edition": edition})


def _empty_form(request: HttpRequest) -> HttpResponse:
    """The same for everybody but for two tokens, so it is written once a second at most.

    That is as live as seats left can be: whoever sends the form is answered from the rows.
    """
    key = f"registration-page:{get_language()}"
    page = cache.get(key)
    if page is None:
        edition = current_edition(request)
        if edition is None or not edition.takes_registrations:
            return _closed(request, edition)
        form = RegistrationForm.for_edition(edition, nonce=_NONCE)
        context = {"edition": edition, "form": form, "csrf_token": _TOKEN}
        page = render_to_string("registrations/register.html", context, request)
        cache.set(key, page, _PAGE_SECONDS)
    tokens = ((_TOKEN, get_token(request)), (_NONCE, secrets.token_urlsafe(12)))
    for stand_in, token in tokens:
        page = page.replace(stand_in, token)
    return HttpResponse(page)


def _registered(form: RegistrationForm) -> bool:
    """True also when the other half of a double click was registered meanwhile."""
    try:
        form.refuse_unseen_line()
        services.register(**form.answers())
    except DomainError as refusal:
        if _was_answered(form):
            return True
        form.add_refusal(refusal)
        return False
    if form.cleaned_data["nonce"]:
        cache.set(_nonce_key(form), True, _NONCE_SECONDS)
    return True


def _was_answered(form: RegistrationForm) -> bool:
    """This very page, with this e-mail, was registered already: its second half changes nothing.

    Unless that registration was cancelled since: then the page, kept by « back », registers anew.
    """
    if not form.cleaned_data["nonce"] or cache.get(_nonce_key(form)) is None:
        return False
    standing = form.edition.registrations.standing()
    return standing.of_email(form.cleaned_data["email"]).exists()


def _nonce_key(form: RegistrationForm) -> str:
    return f"registration:{form.fingerprint()}"


@require_safe
def thanks(request):
    """The same for everybody, registered now, before, or not at all."""
    return render(request, "registrations/thanks.html", {"edition": current_edition(request)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send_link(request):
    form = LinkForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if allowed(request, "link"):
            services.send_link(email=form.cleaned_data["email"])
            return redirect("registrations:link_sent")
        status = 429
        form.add_error(None, too_many())
    return render(request, "registrations/send_link.html", {"form": form}, status=status)


@require_safe
def link_sent(request):
    """The same for everybody, whether the address is known or not."""
    return render(request, "registrations/link_sent.html")


@never_cache
@require_safe
def passed(request):
    """A place was passed on: the link of the one who did it is void, so nobody is named here."""
    return render(request, "registrations/passed.html", {"edition": current_edition(request)})
