"""One's own page, behind a signed link."""

from collections.abc import Callable
from functools import wraps

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from registrations import documents, services
from registrations.forms import LinkForm
from registrations.links import registration_from_key
from registrations.models import Registration
from registrations.personal_page import page_of
from registrations.portability import personal_data

# Seconds in which a form is sent again by a double click.
_DOUBLE_CLICK = 10


def personal_page(view: Callable) -> Callable:
    """The registration behind the key, for its owner's eyes alone; a wrong key is a page, and 404.

    One that was merged into another leads to where its link can be asked for.
    """

    @wraps(view)
    def answer(request: HttpRequest, key: str, **places: int | str) -> HttpResponse:
        try:
            registration = registration_from_key(key)
            if registration.merged_into_id:
                response = redirect("registrations:send_link")
            else:
                response = view(request, registration, **places)
        except (Registration.DoesNotExist, services.LinkReplaced):
            target = cache.get(_moved(request)) if request.method == "POST" else None
            response = redirect(target) if target else _unknown(request)
        response["Cache-Control"] = "private, no-store"
        # Not « no-referrer »: browsers then hide the origin too, and the form to cancel fails.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


def link_moved(request: HttpRequest, target: str) -> HttpResponse:
    """Answer a form that has made its own address void; the second half of a double click too."""
    cache.set(_moved(request), target, _DOUBLE_CLICK)
    return redirect(target)


def _moved(request: HttpRequest) -> str:
    return f"moved:{request.path}"


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "registrations/link_unknown.html", {"form": LinkForm()}, status=404)


@require_safe
@personal_page
def personal(request, registration):
    return show(request, registration)


def show(request: HttpRequest, registration: Registration, *, status: int = 200) -> HttpResponse:
    """One's own page, with what the last change says on top of it."""
    context = page_of(registration)
    return render(request, "registrations/personal.html", context, status=status)


@require_safe
@personal_page
def badge(request, registration):
    """For confirmed registrations only: nobody else is let in by it."""
    if registration.state != Registration.State.CONFIRMED:
        return _unknown(request)
    name = f"badge-{registration.reference}.pdf"
    return HttpResponse(
        documents.badge_pdf([registration]),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@require_safe
@personal_page
def calendar(request, registration):
    if not registration.is_live:
        return _unknown(request)
    return HttpResponse(
        documents.calendar_file(registration),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="agenda.ics"'},
    )


@require_safe
@personal_page
def data(request, registration):
    """Everything that is kept about the person (RGPD art. 15 and 20)."""
    return JsonResponse(
        personal_data(registration),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": 'attachment; filename="donnees.json"'},
    )
