"""The press asks to come."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events.context import current_edition
from raict.errors import DomainError
from raict.ratelimit import allowed, too_many
from registrations import services
from registrations.forms import AccreditationForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    edition = current_edition(request)
    if edition is None or not edition.takes_accreditations:
        return render(request, "registrations/accreditation_closed.html", {"edition": edition})
    is_sent = request.method == "POST"
    data, files = (request.POST, request.FILES) if is_sent else (None, None)
    form = AccreditationForm(data, files, edition=edition)
    status = 200
    if is_sent:
        if not allowed(request, "accreditation"):
            status = 429
            form.add_error(None, too_many())
        elif form.is_valid() and _asked(form):
            return redirect("registrations:accreditation_thanks")
        form.tell_lost_file()
    context = {
        "edition": edition,
        "form": form,
        "papers_kept_days": settings.PRESS_PAPERS_KEPT_DAYS,
    }
    return render(request, "registrations/accreditation.html", context, status=status)


def _asked(form: AccreditationForm) -> bool:
    try:
        services.ask_accreditation(**form.answers())
    except DomainError as refusal:
        form.add_refusal(refusal)
        return False
    return True


@require_safe
def thanks(request):
    """The same for everybody, whether the address was known, is new, or is accredited already."""
    context = {"edition": current_edition(request)}
    return render(request, "registrations/accreditation_thanks.html", context)
