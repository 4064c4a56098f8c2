"""Public files that are answered at the speed of a static one: kept whole, in front of everything else.

A view marks its answer with `keep`; the middleware then repeats it, headers and all, to whoever asks
for that address, without opening a database connection or running any other middleware. It does so
for a second at most, and not at all once `renew` was called on this machine: what is taken back is
gone here at once, and on other machines within that second.
"""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

SECONDS = 1.0
_MOST = 64  # answers a process keeps; a document has some 50 KB
_MARK = "_raict_kept_since"
_CONDITIONS = frozenset(
    {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"}
)


def keep(response: HttpResponse, changed_at: int) -> HttpResponse:
    """Mark an answer that is the same for everybody; `changed_at` is its Last-Modified, in seconds."""
    setattr(response, _MARK, changed_at)
    return response


def renew() -> None:
    """Whatever any process of this machine keeps is asked for anew."""
    _stamp_file().parent.mkdir(parents=True, exist_ok=True)
    _stamp_file().write_text(str(time.time_ns()))


def _stamp_file() -> Path:
    return settings.VAR / "cache" / "kept.stamp"


def _stamp() -> int:
    try:
        return _stamp_file().stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@dataclass(frozen=True)
class _Kept:
    response: HttpResponse
    changed_at: int
    until: float
    stamp: int

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The same once more, or 304 for who has it already."""
        again = copy.copy(self.response)
        again._resource_closers, again.closed = [], False
        if not _CONDITIONS.isdisjoint(request.META):
            etag = again.headers["ETag"]
            again = get_conditional_response(request, etag, self.changed_at, again)
        return again


class KeptFilesMiddleware:
    """Right behind the static files."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response
        self.kept: dict[str, _Kept | None] = {}  # None: such an answer, not at hand

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = request.path_info
        if request.method not in ("GET", "HEAD") or address not in self.kept:
            return self._first(request)
        kept = self.kept[address]
        if kept is None or kept.until < time.monotonic() or kept.stamp != _stamp():
            return self._anew(request)
        return kept.answer(request)

    def _first(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if hasattr(response, _MARK):
            while len(self.kept) >= _MOST:
                self.kept.pop(next(iter(self.kept)), None)
            self.kept[request.path_info] = None
        return response

    def _anew(self, request: HttpRequest) -> HttpResponse:
        """Asked for whole, whatever this visitor has already: the next ones get it from here."""
        stamp = _stamp()  # before the answer is made: what is renewed meanwhile counts
        asked = {name: request.META.pop(name) for name in _CONDITIONS if name in request.META}
        method, request.method = request.method, "GET"
        response = self.get_response(request)
        request.META |= asked
        request.method = method
        if response.status_code != 200 or not hasattr(response, _MARK):
            self.kept.pop(request.path_info, None)
            return response
        until = time.monotonic() + SECONDS
        kept = _Kept(response, getattr(response, _MARK), until, stamp)
        self.kept[request.path_info] = kept
        return kept.answer(request)
