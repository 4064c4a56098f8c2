"""At the door, on a phone: who has a seat, who comes in, how many chairs are free."""

from collections.abc import Callable
from functools import wraps
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.context import current_edition
from raict.accounts.signed_in import ask_to_sign_in
from registrations import door as doors
from registrations import services
from registrations.door import Ask
from registrations.models import Registration
from sessions.models import Session

# From here on, the list of those expected has a row of letters above it.
LONG = 30


def at_the_door(permission: str) -> Callable:
    """For the team: a stranger gets the login, whatever the address; without the permission, 404."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not (request.user.is_authenticated and request.user.is_staff):
                return ask_to_sign_in(request)
            if not request.user.has_perm(f"registrations.{permission}"):
                raise Http404
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return answer

    return decorate


@require_safe
@at_the_door("view_checkin")
def sessions(request):
    """Today's; when the edition is not today, all of them, by day."""
    edition = current_edition(request)
    today = timezone.localdate()
    attended = doors.attended(edition.sessions) if edition else Session.objects.none()
    is_today = attended.filter(day=today).exists()
    shown = attended.filter(day=today) if is_today else attended
    found = doors.doors(shown.in_order().select_related("edition", "room__venue"))
    days = [(day, list(group)) for day, group in groupby(found, lambda door: door.session.day)]
    context = {"days": days, "is_today": is_today, "today": today, "now": timezone.now()}
    return render(request, "registrations/door/sessions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door("view_checkin")
def session(request, slug):
    """The door of one session. A POST is what was scanned or typed: a code checks in at once."""
    shown = _session(slug)
    typed = request.POST.get("qui", "").strip()[:100]
    if request.method == "POST":
        known = doors.recognised(typed)
        if known and request.user.has_perm("registrations.add_checkin"):
            return _enter(request, shown, known)
        who = {"inscription": known.reference} if known else {"q": typed}
        return _back(shown, **who)
    guests = doors.guests_of(shown)
    text = request.GET.get("q", "").strip()[:100]
    figures = _figures(shown)
    context = {
        **figures,
        "text": text,
        "most": doors.CHOICES,
        "is_list": "liste" in request.GET,
        "found": doors.named(text, shown, guests),
        "may_check_in": request.user.has_perm("registrations.add_checkin"),
        **_lists(guests),
        **_answer(request, figures["door"]),
    }
    return render(request, "registrations/door/session.html", context)


@require_safe
@at_the_door("view_checkin")
def renewed(request, slug):
    """What changes while one looks at it, for the script that renews it."""
    return render(request, "registrations/door/_figures.html", _figures(_session(slug)))


@require_POST
@at_the_door("add_checkin")
def check_in(request, slug):
    known = get_object_or_404(Registration, reference=request.POST.get("reference", ""))
    return _enter(request, _session(slug), known)


@require_POST
@at_the_door("add_checkin")
def undo(request, slug):
    """Whoever may check in may take a mistake back."""
    shown = _session(slug)
    known = get_object_or_404(Registration, reference=request.POST.get("reference", ""))
    services.undo(known, shown, user=request.user)
    return _done(request, shown, known)


def _enter(request: HttpRequest, shown: Session, known: Registration) -> HttpResponse:
    """Check in, or show what stands in the way; from the list, back to the same row."""
    meant = request.POST.get("accord", "")
    ask = Ask(int(meant)) if meant in {"1", "2"} else Ask.NOTHING
    try:
        _found, is_new = services.check_in(known, shown, user=request.user, ask=ask)
    except (services.NotAdmitted, services.NotMeant):
        return _back(shown, inscription=known.reference)
    if not is_new:
        return _back(shown, inscription=known.reference, deja="1")
    return _done(request, shown, known)


def _done(request: HttpRequest, shown: Session, known: Registration) -> HttpResponse:
    """The answer on top of the page; for a tap in the list, the row again."""
    if request.POST.get("liste"):
        address = _back(shown, liste="1").url
        return redirect(f"{address}#p-{known.reference}")
    return _back(shown, inscription=known.reference)


def _back(shown: Session, **query: str) -> HttpResponse:
    address = reverse("registrations:door_session", args=[shown.slug])
    return redirect(f"{address}?{urlencode(query)}")


def _session(slug: str) -> Session:
    public = Session.objects.public().select_related("edition__venue", "room__venue")
    return get_object_or_404(public, slug=slug)


def _figures(shown: Session) -> dict:
    door = doors.door_of(shown)
    return {"session": shown, "door": door, "now": door.now}


def _lists(guests: list[doors.Guest]) -> dict:
    expected = [guest for guest in guests if guest.has_seat]
    letters = [(name, list(group)) for name, group in groupby(expected, lambda one: one.letter)]
    line = sorted((one for one in guests if one.rank), key=lambda one: one.rank)
    return {
        "letters": letters,
        "is_long": len(expected) > LONG,
        "line": line,
        "is_awaited": any(not guest.check_in for guest in line),
        "others": [one for one in guests if not one.has_seat and not one.rank],
    }


def _answer(request: HttpRequest, door: doors.Door) -> dict:
    """What the page says of the person just scanned or tapped."""
    reference = request.GET.get("inscription", "")
    people = Registration.objects.select_related("organisation", "category", "edition")
    known = people.filter(reference=reference).first() if reference else None
    if known is None:
        return {"guest": None}
    guest = doors.guest(known, door.session)
    return {
        "guest": guest,
        "refusal": "" if guest.check_in else doors.refusal(known, door.session),
        "asks": door.asks(guest),
        "was_in": "deja" in request.GET,
    }
