"""The letters of an edition: the shipped words, and the team's own in their place."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events.admin.press_pages import words_changed
from events.models import Edition
from raict.admin import StaffModelAdmin
from raict.mail.wording import Letter, Words
from registrations.admin.desk import MailDesk, desk_context
from registrations.forms.mail import WordingForm
from registrations.letters import GROUPS, LETTERS
from registrations.models import Wording
from registrations.models.circular import LANGUAGES


@admin.register(Wording)
class WordingAdmin(MailDesk, StaffModelAdmin):
    """One page with all letters of an edition, and one for each of them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path(
                "preview/",
                wrap(require_POST(self.preview_view)),
                name="registrations_wording_preview",
            ),
            path("test/", wrap(require_POST(self.test_view)), name="registrations_wording_test"),
            path(
                "edition-<int:edition>/<slug:letter>/",
                wrap(self.letter_view),
                name="registrations_wording_letter",
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """All letters, and which of them have words of the team's."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        editions = list(Edition.objects.order_by("-is_current", "-number"))
        chosen = request.GET.get("edition", "")
        edition = next((one for one in editions if str(one.pk) == chosen), None)
        edition = edition or (editions[0] if editions else None)
        own = {(row.letter, row.language): row for row in self._own(edition)}
        groups = [
            (title, [(letter, self._states(letter, own)) for letter in letters])
            for title, letters in GROUPS
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Letters"),
            "editions": editions,
            "edition": edition,
            "groups": groups,
        }
        return render(request, "admin/registrations/wording/letters.html", context)

    def change_view(self, request: HttpRequest, object_id, form_url="", extra_context=None):
        """A row is changed on the page of its letter, where it is checked."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            return redirect("admin:registrations_wording_changelist")
        return redirect("admin:registrations_wording_letter", row.edition_id, row.letter)

    @staticmethod
    def _own(edition: Edition | None):
        return Wording.objects.filter(edition=edition).select_related("user")

    @staticmethod
    def _states(letter: Letter, own: dict) -> list[tuple[str, Wording | None, bool]]:
        """(language, the team's words or None, whether the shipped ones changed since)."""
        found = []
        for language in LANGUAGES:
            row = own.get((letter.name, language))
            found.append((language, row, bool(row) and _is_behind(row, letter)))
        return found

    # ------------------------------------------------------------------------------- one letter
    def letter_view(self, request: HttpRequest, edition: int, letter: str) -> HttpResponse:
        """The words in both languages; what is broken is said, and not kept."""
        edition = get_object_or_404(Edition.objects.select_related("venue"), pk=edition)
        chosen = LETTERS.get(letter)
        if chosen is None or chosen not in [one for _title, group in GROUPS for one in group]:
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        own = {row.language: row for row in self._own(edition).filter(letter=letter)}
        if language := request.POST.get("reset"):
            return self._reset(request, own.get(language))
        forms = [self._form(request, chosen, language, own) for language in LANGUAGES]
        if request.method == "POST" and all([form.is_valid() for form in forms]):  # noqa: C419 -- each says what is wrong with it
            return self._save(request, edition, chosen, forms)
        return self._letter_page(request, edition, chosen, forms, own)

    @staticmethod
    def _form(request: HttpRequest, letter: Letter, language: str, own: dict) -> WordingForm:
        return WordingForm(
            request.POST or None, letter=letter, language=language, row=own.get(language)
        )

    def _save(
        self, request: HttpRequest, edition: Edition, letter: Letter, forms: list[WordingForm]
    ) -> HttpResponse:
        """What is as shipped needs no row; what is the team's stands in one."""
        for form in forms:
            shipped, words = letter.shipped(form.language), form.words
            key = {"edition": edition, "letter": letter.name, "language": form.language}
            if words == shipped:
                Wording.objects.filter(**key).delete()
            elif form.has_changed():
                values = {**words._asdict(), "shipped": list(shipped), "user": request.user}
                row, _is_new = Wording.objects.update_or_create(**key, defaults=values)
                self.log_change(request, row, _("Words changed."))
        self.message_user(request, _("Saved: letters that leave from now on have these words."))
        return redirect(request.path)

    def _reset(self, request: HttpRequest, row: Wording | None) -> HttpResponse:
        if row is not None:
            self.log_deletions(request, [row])
            row.delete()
        self.message_user(request, _("These are the shipped words again."))
        return redirect(request.path)

    def _letter_page(
        self,
        request: HttpRequest,
        edition: Edition,
        letter: Letter,
        forms: list[WordingForm],
        own: dict[str, Wording],
    ) -> HttpResponse:
        columns = [
            (
                form,
                own.get(form.language),
                *_compared(letter, own.get(form.language), form.language),
            )
            for form in forms
        ]
        context = {
            **self.admin_site.each_context(request),
            **desk_context(request, letter, edition),
            "opts": self.opts,
            "title": letter.title,
            "edition": edition,
            "columns": columns,
            "may_change": self.has_change_permission(request),
            "back": f"{reverse('admin:registrations_wording_changelist')}?edition={edition.pk}",
            "has_errors": any(form.errors for form in forms),
        }
        if context["has_errors"]:
            self.message_user(
                request, _("Nothing was saved: please correct what is marked."), messages.ERROR
            )
        return render(request, "admin/registrations/wording/letter.html", context)


def _is_behind(row: Wording, letter: Letter) -> bool:
    """The site ships other words by now than when the team wrote theirs."""
    return list(letter.shipped(row.language)) != row.shipped


def _compared(letter: Letter, row: Wording | None, language: str) -> tuple[str, str]:
    """From the shipped words to the team's; from those shipped then to those shipped now."""
    if row is None:
        return "", ""
    shipped = letter.shipped(language)
    differs = words_changed(_as_one(shipped), _as_one(row.words))
    if not _is_behind(row, letter):
        return differs, ""
    return differs, words_changed(_as_one(Words(*row.shipped)), _as_one(shipped))


def _as_one(words: Words) -> str:
    return "\n\n".join(words)
