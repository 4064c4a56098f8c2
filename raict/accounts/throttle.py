"""How often somebody may try to sign in.

Wrong passwords for one name from one network: django-axes counts them (settings.AXES_…). Tries for
one name from anywhere: a bucket that fills again in minutes, so that a stranger who spreads out over
many networks guesses slowly, and cannot lock anybody out for long. A browser in which the person has
signed in before is not held back by it.
"""

from hashlib import sha256

from axes.handlers.cache import AxesCacheHandler
from axes.helpers import get_cache, get_client_username
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from raict import ratelimit

# Tries of one name in ten minutes, from anywhere.
TRIES_A_NAME = 30
_COOKIE, _COOKIE_DAYS = "raict_known", 90


class Failures(AxesCacheHandler):
    """Asks for the cache each time: a thread has its own, and django-axes keeps the first for ever."""

    def __init__(self) -> None:
        """Nothing is kept."""

    @property
    def cache(self):
        return get_cache()


def may_try(request: HttpRequest, username: str) -> bool:
    """Whether that name may be tried once more; refused, the answer is a 429 like django-axes’ own."""
    if is_known(request, username) or ratelimit.allow(_name(username), "", limit=TRIES_A_NAME):
        return True
    request.axes_locked_out = True
    return False


def too_many() -> str:
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return ngettext(
        "Too many tries. Wait %(minutes)d minute, then try again; or ask the direction to lift the wait.",
        "Too many tries. Wait %(minutes)d minutes, then try again; or ask the direction to lift the wait.",
        minutes,
    ) % {"minutes": minutes}


def too_many_response(request: HttpRequest, response: HttpResponse, credentials) -> HttpResponse:
    """The login page as the form has written it, with its sentence, as a 429."""
    response.status_code = 429
    response["Retry-After"] = int(settings.AXES_COOLOFF_TIME.total_seconds())
    return response


def free(username: str) -> None:
    """Lift the wait: no wrong password counts until those before have been forgotten."""
    cache.set(_freed(username), value=True, timeout=settings.AXES_COOLOFF_TIME.total_seconds())
    ratelimit.forget(_name(username), "")


def is_freed(request: HttpRequest, credentials: dict | None) -> bool:
    return bool(cache.get(_freed(get_client_username(request, credentials) or "")))


def know(response: HttpResponse, username: str) -> None:
    """Remember in the browser that this person has signed in there."""
    response.set_signed_cookie(
        _COOKIE,
        username,
        salt=_COOKIE,
        max_age=_COOKIE_DAYS * 24 * 3600,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def is_known(request: HttpRequest, username: str) -> bool:
    try:
        found = request.get_signed_cookie(
            _COOKIE, "", salt=_COOKIE, max_age=_COOKIE_DAYS * 24 * 3600
        )
    except signing.BadSignature:
        return False
    return found == username


def _digest(username: str) -> str:
    return sha256(username.encode()).hexdigest()


def _name(username: str) -> str:
    return f"sign-in:{_digest(username)}"


def _freed(username: str) -> str:
    return f"sign-in:freed:{_digest(username)}"
