"""How pages travel: what may keep them, and for how long."""

import datetime as dt
import logging
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from django.db import OperationalError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.template.loader import get_template
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import content_disposition_header, http_date, quote_etag
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)

# Short, because places left and cancellations must show; long enough for a crowd at the door.
PUBLIC_SECONDS = 60

# What PostgreSQL and SQLite say when a lock did not come in time: LockNotAvailable,
# DeadlockDetected and QueryCanceled (statement_timeout); SQLITE_BUSY and SQLITE_LOCKED.
_BUSY_POSTGRESQL = {"55P03", "40P01", "57014"}
_BUSY_SQLITE = {5, 6}
# Seconds after which it may be tried again.
RETRY_AFTER = 10
# Bytes from which on a file is sent piece by piece.
_IN_PIECES = 1_000_000


class AddressLanguageMiddleware(LocaleMiddleware):
    """The address alone tells the language (French at the root, English under /en/).

    Django's own middleware says « Vary: Accept-Language » on every page, which here is untrue
    and makes caches keep one copy for every browser's preferences.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


class BusyMiddleware:
    """A lock that did not come in time is no error: nothing was written, and the page says so.

    The page asks the database for nothing, which has enough to do.
    """

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not _is_busy(error):
            return None
        logger.warning("%s %s: the database was busy (%s).", request.method, request.path, error)
        page = get_template("503.html").render({"language": translation.get_language()})
        headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
        return HttpResponse(page, status=503, headers=headers)


def _is_busy(error: Exception) -> bool:
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # without the extended part
    return getattr(cause, "pgcode", "") in _BUSY_POSTGRESQL or code in _BUSY_SQLITE


def file_response(
    request: HttpRequest,
    path: Path,
    kind: str,
    *,
    name: str,
    etag: str,
    changed_at: dt.datetime,
    is_saved: bool = False,
) -> HttpResponse:
    """The file under that name, shown or (`is_saved`) saved; 304, unread, for who has it already."""
    quoted, since = quote_etag(etag), int(changed_at.timestamp())
    answer = get_conditional_response(request, quoted, since)
    if answer is None:
        # Small files in one piece: as quick, and nothing stays open.
        if path.stat().st_size > _IN_PIECES:
            answer = FileResponse(path.open("rb"), content_type=kind)
        else:
            answer = HttpResponse(path.read_bytes(), content_type=kind)
        answer["Content-Disposition"] = content_disposition_header(is_saved, name)
    answer["ETag"] = quoted
    answer["Last-Modified"] = http_date(since)
    return answer


def public_page(view: Callable) -> Callable:
    """For pages that are the same for everybody: GET and HEAD only, kept a minute by any cache.

    Such a page has no form, no message and nothing of the visitor, or its ETag would change at
    every request. Refusals and errors are not kept.
    """

    @require_safe
    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            patch_cache_control(response, public=True, max_age=PUBLIC_SECONDS)
        return response

    return answer
