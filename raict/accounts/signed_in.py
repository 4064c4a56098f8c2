"""How long somebody of the team stays signed in, and what becomes of a form sent after the end.

A session is good for settings.STAFF_IDLE_MINUTES without a page and STAFF_SESSION_HOURS in all; where
a second factor is asked for, only with one. Past that nobody is signed in, whatever page is asked for:
`request.user` itself is anonymous. A form that is sent then is kept in the new session, of the server,
until the same person has signed in again, and is offered to be sent after all (`views.resume`).
"""

import time
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

_SINCE, _SEEN, _KEPT = "signed_in_at", "seen_at", "kept_form"
_STEP = 60  # seconds between two notes of activity: each writes the session


class SignedInMiddleware:
    """After Django's and django-otp's. Lazy as theirs: a public page asks for no session."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(partial(_admitted, request, request.user))
        return self.get_response(request)


def _admitted(request: HttpRequest, user):
    """The user, or nobody when the session has ended or lacks its second factor."""
    if not user.is_authenticated:
        return user
    if _has_ended(request.session) or (settings.STAFF_TWO_FACTOR and not user.is_verified()):
        request.ended_of = user.pk
        request.session.flush()
        return AnonymousUser()
    if time.time() - request.session.get(_SEEN, time.time()) > _STEP:
        request.session[_SEEN] = time.time()
    return user


def _has_ended(session) -> bool:
    """Sessions without the notes of `begin` are those that no password has opened."""
    now = time.time()
    is_idle = now - session.get(_SEEN, now) > settings.STAFF_IDLE_MINUTES * 60
    return is_idle or now - session.get(_SINCE, now) > settings.STAFF_SESSION_HOURS * 3600


def begin(session) -> None:
    """The clock starts: somebody has just signed in."""
    session[_SINCE] = session[_SEEN] = time.time()


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in, and back to the page; with the form that was sent, if the session has ended."""
    user = getattr(request, "ended_of", None)
    if user is not None:
        sentence = _("Your session has ended. Sign in again.")
        if request.method == "POST" and keep_form(request, user):
            sentence = _("Your session has ended. Sign in again: what you typed is kept.")
        messages.warning(request, sentence)
    return redirect_to_login(request.get_full_path())


def keep_form(request: HttpRequest, user: int) -> bool:
    """Keep what was sent for that person, if it may be kept."""
    if may_be_kept(request):
        request.session[_KEPT] = {"user": user, **as_sent(request)}
    return may_be_kept(request)


def may_be_kept(request: HttpRequest) -> bool:
    """Never a password, and nothing that a script sends by itself, such as a preview."""
    is_form = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return is_form and not any("password" in name for name in request.POST)


def as_sent(request: HttpRequest) -> dict:
    """A form as it came: where to, its fields in their order, the names of the files, which are lost."""
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    files = [file.name for name in request.FILES for file in request.FILES.getlist(name)]
    return {"path": request.get_full_path(), "fields": fields, "files": files}


def kept_form(session, user: int) -> dict | None:
    """The form that was kept, for whoever had sent it and nobody else."""
    found = session.get(_KEPT)
    return found if found and found["user"] == user else None
