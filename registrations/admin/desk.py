"""What every page has that writes letters: placeholders to pick, the preview, a test to oneself.

The preview and the test take what stands in the form now, saved or not, and answer into a frame
beside it: nothing typed is lost, and no script is needed.
"""

from collections.abc import Iterable

from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from events.models import Edition
from raict.errors import DomainError
from raict.mail import outbox
from raict.mail.admin import PREVIEW_POLICY
from raict.mail.models import Message
from raict.mail.wording import Letter, Words
from registrations.letters import LETTERS
from registrations.models import Registration
from registrations.models.circular import LANGUAGES
from registrations.samples import facts, sample

_SUGGESTED = 30
_WRITERS = (
    "registrations.change_wording",
    "registrations.send_circular",
    "registrations.change_timedletter",
)


class MailDesk:
    """Mixed into the admin class of letters, which gives the two views their addresses."""

    @method_decorator(csp_replace(PREVIEW_POLICY))
    @method_decorator(xframe_options_sameorigin)
    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """One letter as somebody would get it: its HTML, or its plain text."""
        _refuse_readers(request)
        try:
            message = _typed(request)
        except DomainError as refusal:
            return _said(request, refusal.message)
        if request.GET.get("part") == "text":
            text = f"{message.subject}\n\n{message.text}"
            return render(request, "admin/registrations/mail/plain.html", {"text": text})
        return HttpResponse(message.html)

    @method_decorator(csp_replace(PREVIEW_POLICY))
    @method_decorator(xframe_options_sameorigin)
    def test_view(self, request: HttpRequest) -> HttpResponse:
        """The same, by mail, to whoever asks for it; nothing is attached."""
        _refuse_readers(request)
        if not request.user.email:
            return _said(request, _("Your account has no e-mail address."))
        try:
            message = _typed(request)
        except DomainError as refusal:
            return _said(request, refusal.message)
        message.to, message.reference = request.user.email, ""
        message.subject = (_("[Test] %(subject)s") % {"subject": message.subject})[:300]
        with transaction.atomic():
            outbox.post(message)
        return _said(request, _("Sent to %(email)s.") % {"email": message.to})


def _refuse_readers(request: HttpRequest) -> None:
    if not any(request.user.has_perm(one) for one in _WRITERS):
        raise PermissionDenied


def _typed(request: HttpRequest) -> Message:
    """The letter with the words of the form, for the registration named in it."""
    if not request.user.has_perm("registrations.view_registration"):
        raise DomainError(_("The preview shows a registration, which you may not see."))
    letter, language = LETTERS.get(request.GET.get("letter")), request.GET.get("language")
    if letter is None or language not in LANGUAGES:
        raise Http404
    edition = get_object_or_404(Edition, pk=_number(request.GET.get("edition")))
    words = _words(request, language)
    if not words.text:
        raise DomainError(_("Nothing is written in this language."))
    return sample(
        letter, _example(edition, request.POST.get("example", "")), language=language, words=words
    )


def _words(request: HttpRequest, language: str) -> Words:
    """From either kind of form: one a language (`fr-subject`), or one row (`subject_fr`)."""

    def value(name: str) -> str | None:
        return request.POST.get(f"{language}-{name}", request.POST.get(f"{name}_{language}"))

    subject = value("subject") or ""
    heading = subject if value("heading") is None else value("heading")
    return Words(subject, heading, (value("text") or "").replace("\r\n", "\n").strip())


def _example(edition: Edition, typed: str) -> Registration:
    """By reference, address or name; without any, the last one."""
    found = people_of(edition)
    typed = typed.strip()
    if typed:
        found = found.filter(
            Q(reference__iexact=typed) | Q(email__iexact=typed) | Q(last_name__icontains=typed)
        )
    example = found.first()
    if example is None:
        raise DomainError(
            _("No registration of this edition is called “%(name)s”.") % {"name": typed}
            if typed
            else _("Nobody is registered for this edition yet: there is nothing to show.")
        )
    return example


def people_of(edition: Edition) -> QuerySet[Registration]:
    """Those who hold a place first, the last one first."""
    people = edition.registrations.select_related("edition__venue", "organisation", "category")
    return people.order_by("cancelled_at", "-pk")


def _said(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "admin/registrations/mail/plain.html", {"sentence": sentence})


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def desk_context(
    request: HttpRequest,
    letter: Letter,
    edition: Edition | None,
    *,
    among: Iterable[Registration] = (),
) -> dict:
    """What _desk.html needs: placeholders with an example each, and whom the preview may show.

    Those suggested are some of `among`, else of the edition.
    """
    people = []
    if edition and request.user.has_perm("registrations.view_registration"):
        suggested = people_of(edition)
        if among:
            suggested = suggested.filter(pk__in=[one.pk for one in among])
        people = list(suggested[:_SUGGESTED])
    return {
        "letter": letter,
        "desk_edition": edition,
        "desk_languages": settings.LANGUAGES,
        "people": people,
        "picks": list(_picks(letter, people[0] if people else None)),
    }


def _picks(letter: Letter, person: Registration | None) -> Iterable[dict]:
    try:
        context = facts(letter, person, "fr") if person else None
    except DomainError:
        context = None
    for one in letter.placeholders:
        example = "" if context is None or one.block else one.plain(context)
        yield {
            "label": one.label,
            "codes": {language: one.code(language) for language in LANGUAGES},
            "example": Truncator(example).chars(60),
            "is_block": bool(one.block),
            "is_required": one.french in letter.required,
        }
