"""The team decides on registrations, one or many: asked first, then done, in the worker if long."""

from collections import Counter
from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from raict.jobs import running
from registrations import services
from registrations.forms.chosen import ChosenForm
from registrations.models import Registration

# More than so many keep the page waiting: the worker does them, and shows how far it is.
AT_ONCE = 30
_NAMED = 20
_BATCH = 1000


@dataclass(frozen=True)
class Question:
    """How a decision is asked about: the button, what it will do, what a job of it is called."""

    button: str
    consequence: str
    job: str
    has_reason: bool = True
    is_danger: bool = False


QUESTIONS = {
    "approve": Question(
        _("Confirm"),
        _(
            "Who awaits approval is confirmed. Who waits for a place, was refused or has cancelled"
            " is given one, if one is left. Each receives badge and calendar by mail; who is"
            " confirmed already is not told again."
        ),
        ngettext_lazy("Confirm %d registration", "Confirm %d registrations"),
    ),
    "refuse": Question(
        _("Refuse"),
        _(
            "The registration is not accepted: place and seats go to the next in line at once, and"
            " the person is told by mail. Only the team can open it again."
        ),
        ngettext_lazy("Refuse %d registration", "Refuse %d registrations"),
        is_danger=True,
    ),
    "defer": Question(
        _("Put on the waiting list"),
        _(
            "Who has a place goes to the end of the edition’s waiting list; the place goes to the"
            " first who waits, and seats go down their lines. The person is told the rank by mail."
        ),
        ngettext_lazy(
            "Put %d registration on the waiting list", "Put %d registrations on the waiting list"
        ),
        is_danger=True,
    ),
    "cancel": Question(
        _("Cancel the registration"),
        _("Place and seats become free at once, and the person is told by mail."),
        ngettext_lazy("Cancel %d registration", "Cancel %d registrations"),
        is_danger=True,
    ),
    "send_link": Question(
        _("Send the personal link again"),
        _("To those whose registration stands, at most once in ten minutes."),
        ngettext_lazy("Send the link of %d registration", "Send the links of %d registrations"),
        has_reason=False,
    ),
}


class RegistrationDecisions:
    """Mixed into the admin class of registrations: an action, a button and a page for each."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.decide_view)
        name = "registrations_registration_decide"
        return [path("decide/<slug:decision>/", view, name=name), *super().get_urls()]

    @admin.action(description=_("Confirm…"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset):
        return self._ask_about(request, "approve", queryset)

    @admin.action(description=_("Refuse…"), permissions=["change"])
    def refuse(self, request: HttpRequest, queryset):
        return self._ask_about(request, "refuse", queryset)

    @admin.action(description=_("Put on the waiting list…"), permissions=["change"])
    def defer(self, request: HttpRequest, queryset):
        return self._ask_about(request, "defer", queryset)

    @admin.action(description=_("Cancel…"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset):
        return self._ask_about(request, "cancel", queryset)

    @admin.action(description=_("Send the personal link again…"), permissions=["change"])
    def send_link(self, request: HttpRequest, queryset):
        return self._ask_about(request, "send_link", queryset)

    def decide_view(self, request: HttpRequest, decision: str) -> HttpResponse:
        """Asks; the POST decides."""
        if decision not in QUESTIONS:
            raise Http404
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = ChosenForm(request.POST if request.method == "POST" else request.GET)
        if not form.is_valid() and "keys" in form.errors:
            raise Http404
        if request.method == "POST" and form.is_valid():
            return self._decide(request, decision, form)
        return self._ask(request, decision, form)

    def _ask_about(self, request: HttpRequest, decision: str, queryset) -> HttpResponse:
        """Those who are chosen now: what the filter would find later is not asked for."""
        keys = queryset.values_list("pk", flat=True)
        data = {"keys": ",".join(map(str, keys)), "back": request.get_full_path()}
        form = ChosenForm(data)
        form.full_clean()
        return self._ask(request, decision, form)

    def _ask(self, request: HttpRequest, decision: str, form: ChosenForm) -> HttpResponse:
        question = QUESTIONS[decision]
        keys = form.data["keys"].split(",")
        states, languages, named = _summary([int(key) for key in keys])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": question.button,
            "question": question,
            "form": form,
            "reasons": form.reason_fields(languages) if question.has_reason else [],
            "address": reverse("admin:registrations_registration_decide", args=[decision]),
            "back": _back(form.data.get("back", "")),
            "count": sum(states.values()),
            "states": [(count, Registration.State(state).label) for state, count in states.items()],
            "named": named,
            "unnamed": sum(states.values()) - len(named),
            "is_long": len(keys) > AT_ONCE,
        }
        return render(request, "admin/registrations/registration/decide.html", context)

    def _decide(self, request: HttpRequest, decision: str, form: ChosenForm) -> HttpResponse:
        keys, reasons = form.cleaned_data["keys"], form.reasons()
        back = _back(form.cleaned_data["back"])
        if len(keys) > AT_ONCE:
            arguments = {"decision": decision, "keys": keys, "reasons": reasons}
            title = QUESTIONS[decision].job % len(keys)
            return redirect(
                running.begin(
                    "registrations.decide",
                    title,
                    arguments=arguments,
                    user=request.user,
                    back=back[:500],
                )
            )
        counts, sentences = Counter(), []
        outcomes = services.decide_each(decision, keys, reasons=reasons, user=request.user)
        services.tally(outcomes, lambda name: counts.update([name]), sentences.append)
        for sentence in sentences:
            self.message_user(request, sentence, messages.ERROR)
        report = [_("%(what)s: %(count)d.") % {"what": w, "count": n} for w, n in counts.items()]
        self.message_user(request, " ".join(map(str, report)))
        return redirect(back)


def _back(address: str) -> str:
    """The page from which somebody came, if it is one of ours."""
    if address.startswith("/") and url_has_allowed_host_and_scheme(address, None):
        return address
    return reverse("admin:registrations_registration_changelist")


def _summary(keys: list[int]) -> tuple[Counter, set[str], list[Registration]]:
    """How many are in each state, the languages that they read, the first of them."""
    states, languages = Counter(), set()
    for start in range(0, len(keys), _BATCH):
        rows = Registration.objects.filter(pk__in=keys[start : start + _BATCH]).order_by()
        for state, language in rows.values_list("state", "language"):
            states[state] += 1
            languages.add(language)
    first = Registration.objects.select_related("organisation", "edition").in_bulk(keys[:_NAMED])
    return states, languages, [first[key] for key in keys[:_NAMED] if key in first]
