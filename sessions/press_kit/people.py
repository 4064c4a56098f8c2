"""biographies/: the speakers of the published sessions who have one, as plain text."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from events.models import Edition
from events.press.plain import blocks
from events.press.writing import typeset
from raict.i18n import language_of
from raict.markup import clean_html
from raict.typography import capitalised
from sessions.models import Appearance, Person, Session
from sessions.press_kit.archive import Entry, text
from sessions.speakers import by_letter

# A speaker, with what they do in this edition.
Speaker = tuple[Person, list[Appearance]]


def speakers_of(sessions: Iterable[Session]) -> list[Speaker]:
    """Each once, by surname."""
    named = [
        appearance
        for session in sessions
        for appearance in session.appearances.all()
        if appearance.person
    ]
    return [speaker for _letter, people in by_letter(named) for speaker in people]


def biographies(edition: Edition, speakers: Iterable[Speaker]) -> Iterator[Entry]:
    """One file a language; what is not translated stands there in French, and says so."""
    speakers = list(speakers)
    for language, _name in settings.LANGUAGES:
        with override(language):
            found = [_biography(*speaker) for speaker in speakers if speaker[0].biography]
            title = _titled(_("Biographies of the speakers"), "=")
            parts = [f"{title}\n{capitalised(edition.title)}", *found]
        if found:
            yield text(f"biographies/biographies-{language}.txt", "\n\n\n".join(parts) + "\n")


def _biography(person: Person, appearances: Iterable[Appearance]) -> str:
    language = language_of(person, "biography")
    functions = dict.fromkeys(filter(None, map(function_of, appearances)))
    parts = ["\n".join([_titled(person.full_name, "-"), *functions])]
    if language != get_language():
        parts.append(_("This biography is available in French only."))
    parts += [typeset(words, language) for _tag, words in blocks(clean_html(person.biography))]
    return "\n\n".join(parts)


def function_of(appearance: Appearance) -> str:
    """« Maire, Ville de Dijon », as it was on that day."""
    represents = appearance.represents
    parts = [
        appearance.function,
        appearance.organisation,
        represents and _("representing %(whom)s") % {"whom": represents},
    ]
    return typeset(", ".join(filter(None, parts)))


def _titled(words: str, line: str) -> str:
    return f"{words}\n{line * len(words)}"
