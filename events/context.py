"""What every page knows: the current edition, the main menu, the same page in the other language."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.models import Edition

# Each language is named in itself: whoever looks for it may not read the page's.
_LANGUAGES = {"fr": "Français", "en": "English"}


def current_edition(request: HttpRequest) -> Edition | None:
    """The current edition, read once a request: pages and the frame around them share it."""
    if not hasattr(request, "_current_edition"):
        request._current_edition = Edition.objects.current()
    return request._current_edition


def site(request: HttpRequest) -> dict:
    """`site_edition` (the current edition, or None) and what the frame of a page is made of."""
    edition = current_edition(request)
    return {
        "site_edition": edition,
        "site_title": _("Meetings on international action by local authorities"),
        "site_url": settings.SITE_URL,
        # An address that leads nowhere has no canonical form.
        "canonical": settings.SITE_URL + request.path if request.resolver_match else "",
        "languages": _languages(request),
        "navigation": _navigation(request, edition),
    }


def _languages(request: HttpRequest) -> list[dict]:
    """The page in each language; the switch keeps the filters of the programme."""
    active = get_language()
    found = request.resolver_match is not None
    full, home = request.get_full_path(), reverse("home")
    return [
        {
            "code": code,
            "name": name,
            "is_active": code == active,
            "url": translate_url(full if found else home, code),
            "canonical": settings.SITE_URL + translate_url(request.path, code),
        }
        for code, name in _LANGUAGES.items()
    ]


def _navigation(request: HttpRequest, edition: Edition | None) -> list[dict]:
    entries = [
        (
            edition.get_absolute_url() if edition else reverse("events:edition_list"),
            _("The edition"),
        ),
        (reverse("programme:programme"), _("Programme")),
        (reverse("events:practical"), _("Practical information")),
        (reverse("events:partner_list"), _("Partners")),
        (reverse("events:press"), _("Press")),
    ]
    return [
        {
            "url": url,
            "label": label,
            "is_current": request.path.startswith(url),
            "current": "page" if request.path == url else "true",
        }
        for url, label in entries
    ]
