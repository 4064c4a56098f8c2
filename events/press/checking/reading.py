"""A text as the check reads it: sentences of plain words, bound placeholders as marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from events.models import Edition
from events.press.checking.spelled import ORDINAL_WORDS, ordinal_value, roman_value
from events.press.text import PLACEHOLDER, Placeholder, placeholders
from raict.markup import PICTURE

# What is no prose: addresses, and the marks of Markdown.
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\]\([^)]*\)")
_MARKUP = re.compile(r"^\s*(?:#+|[-*+]|\d+\.)\s+|[*_`#>\[\]]", re.MULTILINE)
# A row of a table is a line of cells; `|---|` under its head is nothing.
_RULE = re.compile(r"^[ \t|:-]+$", re.MULTILINE)
_EDGES = re.compile(r"^[ \t]*\||\|[ \t]*$", re.MULTILINE)
_SPACES = re.compile(r"[ \t\u00a0\u202f\u2009]+")
# A digit begins a sentence behind a whole word only: « art. 12 » and « n. 3 » go on.
_ENDS = re.compile(
    r"(?<=[.!?…])\s+(?=[«“A-ZÀ-ÖØ-Þ⟦])|(?<=[\w»)]{4}[.!?…])[ \t]+(?=\d)|\n+",
)
MARK = re.compile(r"⟦(\d+)⟧")
_OTHER = {
    "fr": re.compile(
        r"précédente?s?\b|dernières? éditions?|an(?:née)? derni(?:er|ère)|an(?:née)? passée?"
        r"|éditions? passées?|prochaine?s? (?:édition|rencontres|rendez-vous|année|fois)"
        r"|(?:an|année|édition)s? prochaine?s?|éditions? à venir|rendez-vous en"
        r"|depuis (?:la création|l[’']origine|plus|sa |leurs? |\w+ ans|\d{4})|\ben (?:\w+|\d+) ans\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:previous|former)\b|\b(?:last|past|next|coming) (?:\w+ )?(?:year|edition|meeting|time)s?"
        r"|see you in|since (?:its|their|the|\d{4})|\b(?:in|over) (?:\w+ )?\w+ years\b",
        re.IGNORECASE,
    ),
}
# « 15e édition », « quinzièmes Rencontres »; not « la 3e édition du Trophée ».
_ORDINAL = {
    "fr": re.compile(
        r"\b(?:(?P<number>\d+)\s?(?:res?|er|ères?|es?|ᵉ|è|i?èmes?)"
        rf"|(?P<words>(?:{ORDINAL_WORDS['fr']})s?)|(?-i:(?P<roman>[XVI]+))(?:es?|ᵉ|è|èmes?))\s+(?:édition|Rencontres|RAICT)\b"
        r"(?!\s(?:du|d[’']un|de (?:la|l[’']|son|notre|ce))\b"
        r"(?!\s?(?:\w+\s)?(?:Rencontres|événement|évènement|manifestation|rendez-vous|RAICT)))",
        re.IGNORECASE,
    ),
    "en": re.compile(
        rf"\b(?:(?P<number>\d+)(?:st|nd|rd|th)|(?P<words>{ORDINAL_WORDS['en']}))"
        r"\s+(?:edition|meetings|RAICT)\b(?!\sof (?:the|our|its)\s(?!Meetings|event|RAICT))",
        re.IGNORECASE,
    ),
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
        numbers = {number for number, _span in ordinals(self.words, self.language)}
        years = {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", self.words)}
        return bool(numbers - {edition.number}) or bool(years - {edition.year, None})


def ordinals(words: str, language: str) -> Iterator[tuple[int, tuple[int, int]]]:
    """The editions that are named by their number, and where."""
    for match in _ORDINAL[language].finditer(words):
        parts = match.groupdict()
        if spelled := parts["words"]:
            number = ordinal_value(spelled, language)
        elif roman := parts.get("roman"):
            number = roman_value(roman)
        else:
            number = int(parts["number"])
        yield number, match.span()


def sentences(text: str, *, language: str, field: str) -> Iterator[Sentence]:
    """The sentences of a text; a heading, an item of a list and a row of a table are one each."""
    bound = tuple(placeholders(text))
    count = iter(range(len(bound)))
    words = PLACEHOLDER.sub(lambda _match: f"⟦{next(count)}⟧", PICTURE.sub(" ", text))
    words = _EDGES.sub("", _RULE.sub("", _MARKUP.sub("", _ADDRESS.sub(" ", words))))
    words = words.replace("|", " : ")
    for part in _ENDS.split(words):
        if clean := _SPACES.sub(" ", part).strip():
            yield Sentence(clean, language, field, bound)
