"""What people change by themselves on their own page. Every write is a POST."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from raict.errors import DomainError
from raict.forms import PageForm
from raict.ratelimit import allowed, too_many
from registrations import services
from registrations.forms.personal import (
    IdentityForm,
    PassOnForm,
    QuestionsForm,
    SessionsForm,
)
from registrations.history import sentence
from registrations.links import personal_path
from registrations.models import Booking, Registration
from registrations.overview import standing
from registrations.views.personal import link_moved, personal_page, show
from registrations.views.throttle import may_move, too_many_addresses

form_page = require_http_methods(["GET", "HEAD", "POST"])


def changing(view: Callable) -> Callable:
    """For what may be changed until the event is over; afterwards the page says why not."""

    @wraps(view)
    def answer(request: HttpRequest, registration: Registration, **places: int) -> HttpResponse:
        if services.may_change(registration):
            return view(request, registration, **places)
        if registration.is_live:
            refusal = _("Nothing can be changed any more: the event is over or cancelled.")
        else:
            refusal = _("This registration has ended: nothing can be changed any more.")
        messages.error(request, refusal)
        return redirect(personal_path(registration))

    return answer


def throttled(view: Callable) -> Callable:
    """For buttons without a form."""

    @wraps(view)
    def answer(request: HttpRequest, registration: Registration, **places: int) -> HttpResponse:
        if allowed(request, "personal"):
            return view(request, registration, **places)
        messages.error(request, too_many())
        return show(request, registration, status=429)

    return answer


# ----------------------------------------------------------------------------------- one seat
@require_POST
@personal_page
@throttled
@changing
def accept(request, registration, booking):
    late = _("This seat is not offered to you any more: the offer has run out, or was answered.")
    return _answer(request, registration, booking, services.accept, late)


@require_POST
@personal_page
@throttled
@changing
def step_back(request, registration, booking):
    late = _("There is nothing to leave any more: this was answered already.")
    return _answer(request, registration, booking, services.step_back, late)


@require_POST
@personal_page
@throttled
@changing
def keep(request, registration, booking):
    late = _("There is nothing to choose any more: look at your sessions below.")
    return _answer(request, registration, booking, services.keep, late)


def _answer(
    request: HttpRequest,
    registration: Registration,
    pk: int,
    service: Callable[[Booking], bool],
    late: str,
) -> HttpResponse:
    """A button was pressed; pressed twice, or too late, it changes nothing and says so."""
    bookings = registration.bookings.select_related("registration__edition")
    booking = get_object_or_404(bookings, pk=pk)
    before = _last_change(registration)
    if service(booking):
        _say(request, registration, before)
    else:
        messages.warning(request, late)
    return redirect(personal_path(registration))


def _last_change(registration: Registration) -> int:
    return registration.changes.aggregate(last=Max("pk"))["last"] or 0


def _say(request: HttpRequest, registration: Registration, before: int) -> None:
    """What has happened since, in the words of the history."""
    since = registration.changes.filter(pk__gt=before).select_related("session").order_by("pk")
    said = [sentence(change) for change in since]
    for words in said or [_("Nothing was changed.")]:
        messages.success(request, words)


# ----------------------------------------------------------------------------------- by a form
@form_page
@personal_page
@changing
def sessions(request, registration):
    form = SessionsForm.for_registration(registration, _posted(request))
    status, refusal, before = 200, "", _last_change(registration)
    if form.is_bound:
        try:
            status = _attempt(request, registration, form)
        except services.ChangedMeanwhile as changed:
            refusal, form = changed.message, form.renewed(registration)
            if form.is_done():
                messages.success(request, _("Your sessions are as you chose them."))
                return redirect(personal_path(registration))
        if status is None:
            _say(request, registration, before)
            return redirect(personal_path(registration))
    return _page(request, registration, form, "sessions", status, refusal=refusal)


@form_page
@personal_page
@changing
def identity(request, registration):
    form = IdentityForm.for_registration(registration, _posted(request))
    status, before, address = 200, _last_change(registration), registration.email
    if form.is_bound:
        status = _attempt(request, registration, form)
        if status is None:
            _say(request, registration, before)
            if registration.email != address:
                words = _("Your link leads elsewhere now: it was sent to %(email)s.")
                messages.info(request, words % {"email": registration.email})
                return link_moved(request, personal_path(registration))
            return redirect(personal_path(registration))
    return _page(request, registration, form, "identity", status)


@form_page
@personal_page
@changing
def pass_on(request, registration):
    form = PassOnForm.for_registration(registration, _posted(request))
    status = 200
    if form.is_bound:
        status = _attempt(request, registration, form)
        if status is None:
            return link_moved(request, reverse("registrations:passed"))
    return _page(request, registration, form, "pass_on", status)


@form_page
@personal_page
@changing
def questions(request, registration):
    form = QuestionsForm.for_registration(registration, _posted(request))
    status, before = 200, _last_change(registration)
    if form.is_bound:
        status = _attempt(request, registration, form)
        if status is None:
            _say(request, registration, before)
            return redirect(personal_path(registration))
    return _page(request, registration, form, "questions", status)


def _posted(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _attempt(request: HttpRequest, registration: Registration, form: PageForm) -> int | None:
    """None: it is done. Else the status of the page that says why not, with what was typed."""
    if not allowed(request, "personal"):
        form.add_error(None, too_many())
        return 429
    if not form.is_valid():
        return 200
    if not may_move(registration, form.cleaned_data.get("email")):
        form.add_error("email", too_many_addresses())
        return 429
    try:
        form.save(registration)
    except (services.ChangedMeanwhile, services.LinkReplaced):
        raise
    except DomainError as refusal:
        form.add_refusal(refusal)
        return 200
    return None


def _page(
    request: HttpRequest,
    registration: Registration,
    form: PageForm,
    name: str,
    status: int,
    **context,
) -> HttpResponse:
    context = {
        "registration": registration,
        "edition": registration.edition,
        "form": form,
        "personal_path": personal_path(registration),
        **context,
    }
    return render(request, f"registrations/{name}.html", context, status=status)


# -------------------------------------------------------------------------- the link, and the end
@require_POST
@personal_page
@throttled
def send_own_link(request, registration):
    if not registration.is_live:
        messages.error(request, _("This registration is cancelled: it has no link any more."))
    elif services.send_link_to(registration):
        words = _("Your link is on its way to %(email)s.")
        messages.success(request, words % {"email": registration.email})
    else:
        words = _("A link has just left for %(email)s. You can ask for another in ten minutes.")
        messages.warning(request, words % {"email": registration.email})
    return redirect(personal_path(registration))


@form_page
@personal_page
@changing
def cancel(request, registration):
    """Asks first; the POST cancels. Somebody who is late, or comes twice, sees the page as it is."""
    if request.method == "POST" and allowed(request, "personal"):
        services.cancel(registration)
        return redirect(personal_path(registration))
    context = {
        "registration": registration,
        "edition": registration.edition,
        "sessions": registration.booked_sessions(),
        "lines": standing(registration).exclude(state=Booking.State.CONFIRMED),
        "personal_path": personal_path(registration),
        "refusal": too_many() if request.method == "POST" else "",
    }
    status = 429 if context["refusal"] else 200
    return render(request, "registrations/cancel.html", context, status=status)
