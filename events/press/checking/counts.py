"""Numbers as they are written in a sentence: « plus de 500 », « une vingtaine », « 1 300 », « un tiers »."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from events.models import Figure
from events.press.checking.dates import spans
from events.press.checking.reading import MARK, Sentence
from events.press.checking.spelled import CARDINAL, value_of

_Q = Figure.Qualifier
# What is said before a number, and the claim that it makes (FigureValue.bears).
_CLAIMS = {
    "fr": {
        r"plus de|plus d[’']|au-delà de|dépassant(?: les)?|supérieure? à": _Q.MORE_THAN,
        r"près de|près d[’']|presque|pratiquement|pas loin de": _Q.NEARLY,
        r"environ|quelques?|autour de|à peu près": _Q.ABOUT,
        r"au moins|pas moins de|au minimum": "at_least",
        r"moins de|moins d[’']": "less_than",
    },
    "en": {
        r"more than|over|upwards of|in excess of": _Q.MORE_THAN,
        r"nearly|almost|close to": _Q.NEARLY,
        r"about|around|some|approximately|roughly": _Q.ABOUT,
        r"at least|no fewer than|no less than": "at_least",
        r"fewer than|less than|under": "less_than",
    },
}
# « une quinzaine de » is about fifteen.
_ROUND = {
    "fr": {
        "une demi-douzaine": 6,
        "une dizaine": 10,
        "une douzaine": 12,
        "une quinzaine": 15,
        "une vingtaine": 20,
        "deux douzaines": 24,
        "une trentaine": 30,
        "une quarantaine": 40,
        "une cinquantaine": 50,
        "une soixantaine": 60,
        "une centaine": 100,
        "un millier": 1000,
    },
    "en": {"half a dozen": 6, "a dozen": 12, "a score": 20, "two dozen": 24},
}
# In hundredths, and only about.
_FRACTIONS = {
    "fr": {
        "la moitié": 50,
        "un tiers": 33,
        "le tiers": 33,
        "deux tiers": 67,
        "un quart": 25,
        "le quart": 25,
        "trois quarts": 75,
        "un cinquième": 20,
    },
    "en": {
        "half": 50,
        "a third": 33,
        "one third": 33,
        "two thirds": 67,
        "two-thirds": 67,
        "one-third": 33,
        "a quarter": 25,
        "three quarters": 75,
        "a fifth": 20,
    },
}
_DIGITS = r"\d{1,3}(?:[ .,]\d{3})+(?![\d])|\d+(?:[.,]\d+)?"
_PEOPLE = re.compile(r"\s(?:participants|people|personnes|inscrit)")
_UNIT = re.compile(
    r"\s?(?:h\b|heures?\b|min\b|minutes\b|€|euros?\b|EUR\b|am\b|pm\b|ans\b|years\b|k?m\b)"
    r"|,?\s(?:bis |ter )?(?:rue|avenue|av\.|boulevard|bd|place|quai|cours|allée|esplanade|impasse"
    r"|chemin|route|street|road)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:n°|numéro|articles?|art\.|pages?|salles?|halls?|niveau|rooms?|level|loi|\bno\.|[€$£]|\d\s?h)\s?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Number:
    """A number in a sentence, with what is claimed by the word before it."""

    value: Decimal
    claim: str
    is_percentage: bool
    is_word: bool
    start: int
    end: int


@cache
def _pattern(language: str) -> re.Pattern:
    table = sorted(_ROUND[language] | _FRACTIONS[language], key=len, reverse=True)
    return re.compile(
        rf"(?P<claim>\b(?:{'|'.join(_CLAIMS[language])})\s*(?:les |la |the )?)?(?<![\w.,⟦/-])(?<!\d:)"
        rf"(?P<number>{_DIGITS}|(?:{'|'.join(table)})\b|{CARDINAL[language]})(?![\w⟧/])"
        r"(?P<percent>\s?(?:%|pour cent\b|percent\b|per cent\b))?",
        re.IGNORECASE,
    )


def numbers(sentence: Sentence) -> Iterator[Number]:
    """Every number of the sentence that is no date, hour, year, ordinal or amount of money."""
    language, words = sentence.language, sentence.words
    taken = spans(words, language)
    for match in _pattern(language).finditer(words):
        start, end = match.span("number")
        if any(start < stop and end > begin for begin, stop in taken) or _is_other(words, match):
            continue
        written, claim = match["number"], _claim(match["claim"], language)
        fraction = _FRACTIONS[language].get(written.lower())
        value = fraction or _ROUND[language].get(written.lower())
        is_about = bool(value) and claim == _Q.EXACT
        value = value or value_of(written, language)
        if value == 1:  # « un » is an article
            continue
        yield Number(
            _decimal(written) if value is None else Decimal(value),
            _Q.ABOUT if is_about else claim,
            bool(match["percent"] or fraction),
            value is not None,
            match.start(),
            match.end(),
        )


def claims_before_marks(sentence: Sentence) -> Iterator[tuple[re.Match, str]]:
    """« plus de » and the like in front of placeholders, with the claim that they make."""
    claims = "|".join(_CLAIMS[sentence.language])
    pattern = rf"\b(?P<claim>{claims})\s*{MARK.pattern}"
    for match in re.finditer(pattern, sentence.words, re.IGNORECASE):
        yield match, _claim(match["claim"], sentence.language)


def _is_other(words: str, match: re.Match) -> bool:
    """A year on its own, an hour, an amount, an article of law, a house in a street."""
    after, before = words[match.end() :], words[: match.start()]
    is_year = re.fullmatch(r"(?:19|20)\d\d", match["number"]) and not match["claim"]
    return bool(
        (is_year and not _PEOPLE.match(after)) or _UNIT.match(after) or _NUMBERED.search(before)
    )


def _claim(words: str | None, language: str) -> str:
    plain = re.sub(r"\s(?:les|la|the)$", "", (words or "").strip(), flags=re.IGNORECASE)
    for pattern, claim in _CLAIMS[language].items():
        if plain and re.fullmatch(pattern, plain, re.IGNORECASE):
            return claim
    return _Q.EXACT


def _decimal(written: str) -> Decimal:
    """« 1 300 », « 1.300 », "1,300" and « 42,5 »: a group of three digits is a thousand."""
    if re.fullmatch(r"\d{1,3}(?:[ .,]\d{3})+", written):
        return Decimal(re.sub(r"[ .,]", "", written))
    return Decimal(written.replace(",", "."))
