"""One's own page, behind a signed link."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from registrations import documents, services
from registrations.forms import LinkForm
from registrations.links import personal_path, registration_from_key
from registrations.models import Registration
from registrations.portability import personal_data


def personal_page(view: Callable) -> Callable:
    """The registration behind the key, for its owner's eyes alone; a wrong key is a page, and 404."""

    @wraps(view)
    def answer(request: HttpRequest, key: str) -> HttpResponse:
        try:
            registration = registration_from_key(key)
        except Registration.DoesNotExist:
            response = _unknown(request)
        else:
            response = view(request, registration)
        response["Cache-Control"] = "private, no-store"
        # Not « no-referrer »: browsers then hide the origin too, and the form to cancel fails.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "registrations/link_unknown.html", {"form": LinkForm()}, status=404)


@require_safe
@personal_page
def personal(request, registration):
    context = {
        "registration": registration,
        "edition": registration.edition,
        "sessions": registration.booked_sessions(),
        "wishes": registration.cafe_wishes(),
        "may_cancel": services.may_cancel(registration),
        "links": {
            page: personal_path(registration, page)
            for page in ("badge", "calendar", "data", "cancel")
        },
    }
    return render(request, "registrations/personal.html", context)


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


@require_http_methods(["GET", "HEAD", "POST"])
@personal_page
def cancel(request, registration):
    """Asks first; the POST cancels. Somebody who is late, or comes twice, sees the page as it is."""
    home = personal_path(registration)
    if not services.may_cancel(registration):
        return redirect(home)
    if request.method == "POST":
        services.cancel(registration)
        return redirect(home)
    context = {
        "registration": registration,
        "edition": registration.edition,
        "sessions": registration.booked_sessions(),
        "personal_path": home,
    }
    return render(request, "registrations/cancel.html", context)
