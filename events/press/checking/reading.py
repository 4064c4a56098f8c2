"""A text as the check reads it: sentences of plain words, bound placeholders as marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from events.models import Edition
from events.press.text import PLACEHOLDER, Placeholder, placeholders
from raict.markup import PICTURE

# What is no prose: addresses, and the marks of Markdown.
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\]\([^)]*\)")
_MARKUP = re.compile(r"^\s*(?:#+|[-*+]|\d+\.)\s+|[*_`#>\[\]]", re.MULTILINE)
_SPACES = re.compile(r"[ \t\u00a0\u202f\u2009]+")
_ENDS = re.compile(r"(?<=[.!?…])\s+(?=[«“A-ZÀ-ÖØ-Þ⟦])|\n+")
MARK = re.compile(r"⟦(\d+)⟧")
_OTHER = {
    "fr": re.compile(
        r"précédente?s?\b|dernières? éditions?|an(?:née)? derni(?:er|ère)|an(?:née)? passée?"
        r"|éditions? passées?|prochaine?s?\b|à venir|rendez-vous en",
        re.IGNORECASE,
    ),
    "en": re.compile(r"\b(?:previous|last|past|next|coming|former)\b|see you in", re.IGNORECASE),
}
# « 15e édition ».
ORDINAL = {
    "fr": re.compile(r"\b(\d+)\s?(?:re|er|ère|e|ᵉ|è|ème|èmes)\s+(?:édition|Rencontres)\b"),
    "en": re.compile(r"\b(\d+)(?:st|nd|rd|th)\s+(?:edition|meetings?)\b", re.IGNORECASE),
}


@dataclass(frozen=True)
class Sentence:
    """Some words of a text, without markup; `⟦2⟧` is the third placeholder of `bound`."""

    words: str
    language: str
    field: str
    bound: tuple[Placeholder, ...]

    @property
    def place(self) -> dict[str, str]:
        """For a Finding."""
        return {"language": self.language, "field": self.field}

    def said(self, start: int, end: int) -> str:
        """The words from there to there, with the placeholders as they were written."""
        return MARK.sub(lambda mark: self.bound[int(mark[1])].raw, self.words[start:end]).strip()

    def is_about_another(self, edition: Edition) -> bool:
        """It names another edition or another year, or says « la précédente édition »."""
        if _OTHER[self.language].search(self.words):
            return True
        numbers = {int(match[1]) for match in ORDINAL[self.language].finditer(self.words)}
        years = {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", self.words)}
        return bool(numbers - {edition.number}) or bool(years - {edition.year, None})


def sentences(text: str, *, language: str, field: str) -> Iterator[Sentence]:
    """The sentences of a text; a heading, an item of a list and a cell of a table are one each."""
    bound = tuple(placeholders(text))
    count = iter(range(len(bound)))
    words = PLACEHOLDER.sub(lambda _match: f"⟦{next(count)}⟧", PICTURE.sub(" ", text))
    words = _MARKUP.sub("", _ADDRESS.sub(" ", words)).replace("|", "\n")
    for part in _ENDS.split(words):
        if clean := _SPACES.sub(" ", part).strip():
            yield Sentence(clean, language, field, bound)
