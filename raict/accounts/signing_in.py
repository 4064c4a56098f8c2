"""The steps of signing in: the password, then a code; nobody is signed in before the last one.

Between the two, the session only says whose password was right, and forgets it after ten minutes.
"""

import time

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from raict.accounts import second_factor, signed_in, throttle
from raict.accounts.models import User

_HALF = "signing_in"
_MINUTES = 10
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def password_was_right(request: HttpRequest, user: User, address: str) -> HttpResponse:
    """In, where the password is enough; else on to the code, or to set the second factor up."""
    if not settings.STAFF_TWO_FACTOR:
        return sign_in(request, user, address)
    request.session.cycle_key()
    request.session[_HALF] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": time.time(),
        "address": address,
    }
    has_one = second_factor.telephone(user) is not None
    return redirect("accounts:code" if has_one else "accounts:set_up")


def person(request: HttpRequest) -> User | None:
    """Whose password was right in this session a moment ago, and still is."""
    half = request.session.get(_HALF)
    if not half or time.time() - half["at"] > _MINUTES * 60:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True, is_staff=True).first()
    is_same = user and constant_time_compare(half["hash"], user.get_session_auth_hash())
    return user if is_same else None


def code_was_right(request: HttpRequest, user: User, device) -> HttpResponse:
    user.otp_device = device  # django-otp notes it in the session
    return sign_in(request, user, request.session[_HALF]["address"])


def sign_in(request: HttpRequest, user: User, address: str) -> HttpResponse:
    """The session gets a new key and its clock; then the page asked for, or the form that was kept."""
    login(request, user, backend=_BACKEND)
    request.session.pop(_HALF, None)
    signed_in.begin(request.session)
    kept = signed_in.kept_form(request.session, user.pk)
    response = redirect("accounts:resume" if kept else address)
    throttle.know(response, user.get_username())
    return response
