"""The kit to download: no form, no account, and no work but to open a file."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import override

from events.context import current_edition
from events.models import Edition, PressKit
from events.press import kits
from raict.http import file_response, public_page
from raict.mail import broker
from sessions.press_kit import making

# Seconds after which a kit in the making is asked for again.
RETRY_AFTER = 30


@public_page
def press_kit(request: HttpRequest) -> HttpResponse:
    """The current edition's."""
    edition = current_edition(request)
    if edition is None:
        raise Http404
    return _kit(request, edition)


@public_page
def edition_press_kit(request: HttpRequest, number: int) -> HttpResponse:
    return _kit(request, get_object_or_404(making.editions(), number=number))


def _kit(request: HttpRequest, edition: Edition) -> HttpResponse:
    kit = PressKit.objects.filter(edition=edition).first()
    if kit and kit.key:
        try:
            return _file(request, kit, edition)
        except FileNotFoundError:
            pass  # made anew at this moment, or lost
    return _preparing(request, kit)


def _file(request: HttpRequest, kit: PressKit, edition: Edition) -> HttpResponse:
    with override("fr"):
        name = f"dossier-de-presse-{slugify(edition.title)}.zip"
    answer = file_response(
        request,
        Path(kit.file.path),
        "application/zip",
        name=name,
        etag=kit.key,
        changed_at=kit.made_at,
        is_saved=True,
    )
    answer["Content-Language"] = "fr, en"
    return answer


def _preparing(request: HttpRequest, kit: PressKit | None) -> HttpResponse:
    """503, and the same again by itself until the worker is through."""
    is_in_hand = kit and kit.leased_until and kit.leased_until > timezone.now()
    if not is_in_hand:
        broker.wake(kits.TASK)
    page = render(request, "programme/press_kit_preparing.html", status=503)
    page["Retry-After"] = page["Refresh"] = str(RETRY_AFTER)
    page["Cache-Control"] = "no-store"
    return page
