"""Joining the press list, and leaving it."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from events.context import current_edition
from events.models import PressContact
from events.press import subscription
from events.press.forms import JoinForm
from raict.http import public_page
from raict.ratelimit import allowed, too_many

form_page = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@form_page
def join(request):
    wording = subscription.consent_wording(current_edition(request))
    form = JoinForm(request.POST if request.method == "POST" else None, wording=wording)
    status = 200
    if request.method == "POST" and form.is_valid():
        if allowed(request, "press_list"):
            subscription.ask_to_join(form.asked())
            return redirect("events:press_join_sent")
        status = 429
        form.add_error(None, too_many())
    return render(request, "events/press/join.html", {"form": form}, status=status)


@public_page
def join_sent(request):
    """The same for everybody, whether the address is on the list or not."""
    return render(request, "events/press/join_sent.html", {"days": subscription.LINK_DAYS})


@never_cache
@form_page
def confirm(request, key):
    """Asks once more, because mail scanners follow links; the POST puts the address on the list."""
    asked = subscription.asked_from(key)
    if asked is None:
        context = {"days": subscription.LINK_DAYS}
        return render(request, "events/press/confirm_unknown.html", context, status=404)
    wording = subscription.consent_wording(current_edition(request))
    if request.method == "POST":
        subscription.join(asked, consent=wording)
        return redirect(request.path)
    context = {"asked": asked, "wording": wording, "is_done": subscription.is_as_asked(asked)}
    return render(request, "events/press/confirm.html", context)


@csrf_exempt  # RFC 8058: the mail program posts by itself, without a cookie; the key is the right
@never_cache
@form_page
def unsubscribe(request, key):
    """GET asks and changes nothing; POST takes off the list, at once and without another question.

    Answered by a page, never by a redirect: RFC 8058 § 3.1.
    """
    try:
        contact = subscription.contact_from(key)
    except PressContact.DoesNotExist:
        raise Http404 from None
    wording = subscription.consent_wording(current_edition(request))
    if request.method == "POST":
        if "undo" in request.POST:
            subscription.come_back(contact, consent=wording)
        else:
            subscription.leave(PressContact.objects.filter(pk=contact.pk))
        contact.refresh_from_db()
    context = {"contact": contact, "wording": wording, "is_done": request.method == "POST"}
    response = render(request, "events/press/unsubscribe.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
