"""Letters whose words the team may change: {{ placeholders }} in Markdown, and nothing else.

What staff type never reaches Django's template language, whose attributes and tags would open the
whole site to it. A placeholder is one of the names that its letter declares; its value is put in
after the Markdown was made and cleaned, escaped, so that nobody's name is ever markup or a link.
A block (a list of seats, a button) is a pair of our own templates, and stands on a line of its own.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from raict.errors import DomainError
from raict.markup import clean_html, mail_html
from raict.templatetags.raict import typo, unlinked

SUBJECT_LENGTH = 200
HEADING_LENGTH = 200
_PLACEHOLDER = re.compile(r"\{\{[^\S\n]*([^{}\n]*?)[^\S\n]*\}\}")
# Private signs of Unicode around a number: no keyboard has them, and Markdown leaves them alone.
_OPEN, _CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_TOKEN_IN_TAG = re.compile(f"<[^>]*{_OPEN}")
_ALONE = re.compile(f"<p[^>]*>\\s*{_OPEN}(\\d+){_CLOSE}\\s*</p>")
_LINK = re.compile(r"!?\[([^\]]*)\]\(<?([^\s)>]+)[^)]*\)")
_MARKS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_SPACES = re.compile(r"[ \t\r\n\v\f]+")  # never the no-break spaces of typography
# A list begins right below a line, as people write: Markdown wants an empty line between.
_LIST_BELOW = re.compile(r"^((?![-*+] |\d+[.)] |\s).+)\n(?=[-*+] |\d+[.)] )", re.MULTILINE)
_ONE_BREAK = re.compile(r"(?<=\S)\n(?=\S)")


@dataclass(frozen=True, eq=False)
class Placeholder:
    """What stands for a fact: its French and its English name mean the same, in either language.

    `value` reads it from the letter's context, or `block` names emails/_<block>.html and .txt.
    An address of ours (`is_address`) is a link in HTML.
    """

    french: str
    english: str
    label: str | Promise
    value: Callable[[Mapping], object] | None = None
    block: str = ""
    is_address: bool = False

    def code(self, language: str) -> str:
        """« {{ prenom }} », as the team types it."""
        return f"{{{{ {self.english if language == 'en' else self.french} }}}}"

    def plain(self, context: Mapping) -> str:
        """As the plain text has it; a block without anything to say is empty."""
        if self.block:
            return render_plain(self.block, context)
        said = _SPACES.sub(" ", str(self.value(context) or "")).strip()
        return said if self.is_address else unlinked(said)

    def html(self, context: Mapping) -> SafeString:
        if self.block:
            return mark_safe(render_to_string(f"emails/_{self.block}.html", dict(context)).strip())
        said = self.plain(context)
        if self.is_address and said:
            style = "color:#2b3f92;word-break:break-all"
            return format_html('<a href="{}" style="{}">{}</a>', said, style, said)
        return escape(said)


class Words(NamedTuple):
    """What a letter says: the subject, the title above the text, the text in Markdown."""

    subject: str
    heading: str
    text: str


@dataclass(frozen=True, eq=False)
class Letter:
    """One kind of letter. `words` makes the shipped ones in the active language.

    `required` are French names without which the letter would be of no use; `template` is what its
    messages are called in the outbox, where several letters may share a name.
    """

    name: str
    title: str | Promise
    words: Callable[[], Words]
    placeholders: tuple[Placeholder, ...]
    required: tuple[str, ...] = ()
    template: str = ""

    @property
    def message_name(self) -> str:
        return self.template or self.name

    def shipped(self, language: str) -> Words:
        """The words that the site comes with, their placeholders named in that language."""
        return _shipped(self, language)

    def named(self, text: str, language: str) -> str:
        """The text with the placeholders' names of that language."""
        known = self.by_name
        return _PLACEHOLDER.sub(lambda match: known[match[1]].code(language), text)

    @cached_property
    def by_name(self) -> dict[str, Placeholder]:
        return {name: one for one in self.placeholders for name in (one.french, one.english)}


@lru_cache(maxsize=256)
def _shipped(letter: Letter, language: str) -> Words:
    with override(language):
        return Words(*(letter.named(text, language) for text in letter.words()))


# ------------------------------------------------------------------------------------- checking
def problems(letter: Letter, words: Words, language: str) -> list[tuple[str, str]]:
    """(field, sentence) for everything that is wrong; each names its line. Empty: it may be sent."""
    found = [
        (field, sentence)
        for field in ("subject", "heading", "text")
        for sentence in _problems_of(letter, field, getattr(words, field), language)
    ]
    if not found:
        found += [("text", sentence) for sentence in _missing(letter, words, language)]
    if not found and _TOKEN_IN_TAG.search(_marked_up(letter, words.text, language)[0]):
        sentence = _(
            "A placeholder stands within a link or a tag. It may only stand in the text itself."
        )
        found.append(("text", sentence))
    return found


def _problems_of(letter: Letter, field: str, text: str, language: str) -> Iterable[str]:
    if not text.strip() and field != "heading":
        yield _("Something has to be written here.")
    for number, line in enumerate(text.splitlines(), 1):
        for why in _problems_in(letter, field, line, language):
            yield _("Line %(number)d: %(why)s") % {"number": number, "why": why}


def _problems_in(letter: Letter, field: str, line: str, language: str) -> Iterable[str]:
    known = letter.by_name
    if _OPEN in line or _CLOSE in line:
        yield _("it holds a sign that no text may have.")
    for match in _PLACEHOLDER.finditer(line):
        placeholder = known.get(match[1])
        if placeholder is None:
            yield _unknown(match[1], known, language)
        elif placeholder.block and (field != "text" or line.strip() != match[0]):
            yield _("%(code)s stands on a line of its own, in the text.") % {"code": match[0]}
    rest = _PLACEHOLDER.sub("", line)
    if "{%" in rest or "{#" in rest or "%}" in rest:
        yield _("instructions such as {% … %} are not allowed; only placeholders are.")
    elif "{{" in rest:
        yield _("a placeholder is opened by {{ and not closed by }}.")
    elif "{" in rest or "}" in rest:
        yield _("there is a brace that belongs to no placeholder.")


def _unknown(name: str, known: Mapping[str, Placeholder], language: str) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if not close:
        return _("“%(name)s” is no placeholder of this letter.") % {"name": name}
    sentence = _("“%(name)s” is no placeholder of this letter. Did you mean %(code)s?")
    return sentence % {"name": name, "code": f"{{{{ {close[0]} }}}}"}


def _missing(letter: Letter, words: Words, language: str) -> Iterable[str]:
    known = letter.by_name
    used = {
        known[name].french
        for text in (words.subject, words.text)
        for name in _PLACEHOLDER.findall(text)
    }
    for name in letter.required:
        if name not in used:
            yield _("%(code)s (%(label)s) is missing: this letter needs it.") % {
                "code": known[name].code(language),
                "label": known[name].label,
            }


# ------------------------------------------------------------------------------------ rendering
@lru_cache(maxsize=512)
def is_sound(letter: Letter, words: Words, language: str) -> bool:
    """Whether these words may be sent: a later version of the site may ask for other placeholders."""
    return not problems(letter, words, language)


def filled(letter: Letter, words: Words, context: Mapping) -> dict:
    """Subject, heading and text of one letter, for emails/worded.*, in the active language.

    DomainError where the words are broken: what is saved never is.
    """
    language = get_language() or "fr"
    if not is_sound(letter, words, language):
        field, sentence = problems(letter, words, language)[0]
        raise DomainError(sentence, field=field)
    return {
        "subject": _one_line(letter, words.subject, context),
        "heading": _one_line(letter, words.heading, context),
        "body_text": _as_text(letter, words.text, context),
        "body_html": _as_html(letter, words.text, context, language),
    }


def _one_line(letter: Letter, text: str, context: Mapping) -> str:
    known = letter.by_name
    said = _PLACEHOLDER.sub(lambda match: known[match[1]].plain(context), typo(text))
    return _SPACES.sub(" ", said).strip()


def _as_text(letter: Letter, text: str, context: Mapping) -> str:
    """Markdown reads well as it is, without its marks; what stands for nothing leaves no gap."""
    known = letter.by_name
    text = text.replace("\r\n", "\n")
    plain = _MARKS.sub(r"\2", _LINK.sub(r"\1 (\2)", _HEADING.sub("", text)))
    said = _PLACEHOLDER.sub(lambda match: known[match[1]].plain(context), typo(plain))
    return re.sub(r"\n{3,}", "\n\n", said).strip()


def _as_html(letter: Letter, text: str, context: Mapping, language: str) -> SafeString:
    html, used = _marked_up(letter, text, language)

    def block(match: re.Match) -> str:
        one = used[int(match[1])]
        return one.html(context) if one.block else match[0]

    html = _ALONE.sub(block, html)
    return mark_safe(_TOKEN.sub(lambda match: used[int(match[1])].html(context), html))


@lru_cache(maxsize=512)
def _marked_up(letter: Letter, text: str, language: str) -> tuple[str, list[Placeholder]]:
    """Clean HTML with a token for each placeholder, and what each token stands for.

    Kept, because the same letter goes to many; `language` is the active one, whose spaces it has.
    """
    known, used = letter.by_name, []

    def token(match: re.Match) -> str:
        used.append(known[match[1]])
        name = f"{_OPEN}{len(used) - 1}{_CLOSE}"
        # A block is a paragraph, however close to the next line it was typed.
        return f"\n\n{name}\n\n" if used[-1].block else name

    with override(language):
        marked = _PLACEHOLDER.sub(token, typo(text.replace("\r\n", "\n")))
    marked = _LIST_BELOW.sub("\\1\n\n", marked)
    marked = _ONE_BREAK.sub("  \n", marked)  # a line is a line, as it is in the plain text
    return mail_html(clean_html(marked)), used


def render_plain(block: str, context: Mapping) -> str:
    """One of our own templates as plain text, nothing escaped."""
    template = get_template(f"emails/_{block}.txt").template
    return template.render(Context(dict(context), autoescape=False)).strip("\n").rstrip()
