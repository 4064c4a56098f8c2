"""How pages travel: what may keep them, and for how long."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

# Short, because places left and cancellations must show; long enough for a crowd at the door.
PUBLIC_SECONDS = 60


class AddressLanguageMiddleware(LocaleMiddleware):
    """The address alone tells the language (French at the root, English under /en/).

    Django's own middleware says « Vary: Accept-Language » on every page, which here is untrue
    and makes caches keep one copy for every browser's preferences.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


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
