"""Numbers that were typed by hand where the edition knows a figure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from events.figures import FigureValue
from events.models import Edition, Figure
from events.press.checking.dates import spans
from events.press.checking.finding import Finding
from events.press.checking.nouns import figure_after
from events.press.checking.reading import MARK, Sentence
from events.press.text import CLAIMS

_Q = Figure.Qualifier
# What is said before a number, and the claim that it makes (FigureValue.bears).
_CLAIMS = {
    "fr": {
        r"plus de|plus d[’']|au-delà de|dépassant(?: les)?": _Q.MORE_THAN,
        r"près de|près d[’']|presque|pratiquement": _Q.NEARLY,
        r"environ|quelques?|autour de|à peu près": _Q.ABOUT,
        r"au moins|pas moins de|au minimum": "at_least",
        r"moins de|moins d[’']": "less_than",
    },
    "en": {
        r"more than|over|upwards of": _Q.MORE_THAN,
        r"nearly|almost|close to": _Q.NEARLY,
        r"about|around|some|approximately|roughly": _Q.ABOUT,
        r"at least|no fewer than|no less than": "at_least",
        r"fewer than|less than|under": "less_than",
    },
}
_UNITS = {
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    " dix-sept dix-huit dix-neuf",
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen",
}
_TENS = {
    "fr": {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "cent": 100},
    "en": {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "a hundred": 100},
}
# « une quinzaine de » is about fifteen.
_ROUND = {
    "fr": {
        "une dizaine": 10,
        "une douzaine": 12,
        "une quinzaine": 15,
        "une vingtaine": 20,
        "une trentaine": 30,
        "une quarantaine": 40,
        "une cinquantaine": 50,
        "une soixantaine": 60,
        "une centaine": 100,
    },
    "en": {"a dozen": 12, "a score": 20, "about a hundred": 100},
}
_DIGITS = r"\d{1,3}(?:[ .,]\d{3})+(?![\d])|\d+(?:[.,]\d+)?"
_PEOPLE = re.compile(r"\s(?:participants|people|personnes|inscrit)")
_UNIT = re.compile(
    r"\s?(?:h\b|heures?\b|min\b|€|euros?\b|EUR\b|am\b|pm\b|ans\b|years\b|k?m\b)", re.IGNORECASE
)
_NUMBERED = re.compile(r"(?:n°|article|art\.|page|salle|room|loi|\bno\.)\s?$", re.IGNORECASE)
# From here on an equal number is hardly a coincidence.
_TELLING = 13


@dataclass(frozen=True)
class Number:
    """A number in a sentence, with what is claimed by the word before it."""

    value: Decimal
    claim: str
    is_percentage: bool
    is_word: bool
    start: int
    end: int


def findings(
    sentence: Sentence, known: Mapping[str, FigureValue], edition: Edition
) -> Iterator[Finding]:
    for number in numbers(sentence):
        found = figure_after(
            sentence.words,
            number.end,
            known,
            sentence.language,
            is_percentage=number.is_percentage,
        )
        if found:
            figure, end = found
            yield _judged(sentence, number, figure, end, edition)
        elif number.value >= _TELLING and (figure := _equal(number, known)):
            said = sentence.said(number.start, number.end)
            yield Finding(
                _("« %(said)s » is also the figure « %(figure)s »: bind it if that is meant.")
                % {"said": said, "figure": figure.label},
                excerpt=said,
                suggestion=_binding(number, figure),
                **sentence.place,
            )
    yield from _doubled(sentence, known)


def numbers(sentence: Sentence) -> Iterator[Number]:
    """Every number of the sentence that is no date, hour, year, ordinal or amount of money."""
    language, words = sentence.language, sentence.words
    taken = spans(words, language)
    table = _words(language)
    claims = "|".join(_CLAIMS[language])
    pattern = re.compile(
        rf"(?P<claim>\b(?:{claims})\s*)?(?<![\w.,⟦/])"
        rf"(?P<number>{_DIGITS}|(?:{'|'.join(table)})\b)(?![\w⟧/])"
        r"(?P<percent>\s?(?:%|pour cent\b|percent\b|per cent\b))?",
        re.IGNORECASE,
    )
    for match in pattern.finditer(words):
        start, end = match.span("number")
        written = match["number"]
        if any(start < stop and end > begin for begin, stop in taken) or _is_other(words, match):
            continue
        value, is_round = table.get(written.lower(), (None, False))
        claim = _claim(match["claim"], language)
        yield Number(
            Decimal(value) if value is not None else _decimal(written, language),
            _Q.ABOUT if is_round and claim == _Q.EXACT else claim,
            bool(match["percent"]),
            value is not None,
            match.start(),
            match.end(),
        )


def _is_other(words: str, match: re.Match) -> bool:
    """A year on its own, an hour, an amount, an article of law."""
    after, before = words[match.end() :], words[: match.start()]
    is_year = re.fullmatch(r"(?:19|20)\d\d", match["number"]) and not match["claim"]
    return bool(
        (is_year and not _PEOPLE.match(after)) or _UNIT.match(after) or _NUMBERED.search(before)
    )


def _claim(words: str | None, language: str) -> str:
    for pattern, claim in _CLAIMS[language].items():
        if words and re.fullmatch(pattern, words.strip(), re.IGNORECASE):
            return claim
    return _Q.EXACT


def _decimal(written: str, language: str) -> Decimal:
    """« 1 300 », « 1.300 », "1,300" and « 42,5 »: a group of three digits is a thousand."""
    if re.fullmatch(r"\d{1,3}(?:[ .,]\d{3})+", written):
        return Decimal(re.sub(r"[ .,]", "", written))
    return Decimal(written.replace(",", "."))


def _words(language: str) -> dict[str, tuple[int, bool]]:
    """« douze » → (12, False), « une douzaine » → (12, True); the longest first."""
    found = {word: (value, False) for value, word in enumerate(_UNITS[language].split(), start=2)}
    for tens, value in _TENS[language].items():
        found[tens] = (value, False)
        if value < 100:
            for unit, word in enumerate(_UNITS[language].split()[:8], start=2):
                found[f"{tens}-{word}"] = (value + unit, False)
    found |= {words: (value, True) for words, value in _ROUND[language].items()}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _judged(
    sentence: Sentence, number: Number, figure: FigureValue, end: int, edition: Edition
) -> Finding:
    said = sentence.said(number.start, end)
    facts = {"said": said, "figure": figure.label, "value": figure.phrase}
    if not figure.is_known:
        text, is_wrong = _("« %(said)s »: the site counts none of them yet."), False
    elif figure.bears(number.claim, number.value):
        text, is_wrong = _("« %(said)s » is typed by hand: bind it, so that it stays true."), False
    elif sentence.is_about_another(edition):
        text, is_wrong = (
            _("« %(said)s » is not this edition’s figure (%(value)s). Is it another edition’s?"),
            False,
        )
    else:
        text, is_wrong = _("« %(said)s » contradicts the figure « %(figure)s »: %(value)s."), True
    return Finding(
        text % facts,
        is_blocking=is_wrong,
        excerpt=said,
        suggestion=_binding(number, figure),
        target=sentence.said(number.start, number.end),
        **sentence.place,
    )


def _binding(number: Number, figure: FigureValue) -> str:
    """The placeholder that says the same, or what is so."""
    name = f"figure.{figure.key}"
    filters = {claim: word for word, claim in CLAIMS.items()}
    is_own = figure.qualifier == number.claim and figure.value == number.value
    if number.claim in filters and not is_own and figure.bears(number.claim, number.value):
        return f"{{{{ {name}|{filters[number.claim]}:{number.value.normalize():f} }}}}"
    if number.is_word and number.claim == _Q.EXACT:
        return f"{{{{ {name}|lettres }}}}"
    return f"{{{{ {name} }}}}"


def _equal(number: Number, known: Mapping[str, FigureValue]) -> FigureValue | None:
    return next(
        (
            figure
            for figure in known.values()
            if figure.is_known
            and figure.value == number.value
            and figure.is_percentage == number.is_percentage
        ),
        None,
    )


def _doubled(sentence: Sentence, known: Mapping[str, FigureValue]) -> Iterator[Finding]:
    """« plus de {{ figure.participants }} »: of 612, it is not true that more than 612 came."""
    claims = "|".join(_CLAIMS[sentence.language])
    pattern = re.compile(rf"\b(?P<claim>{claims})\s*{MARK.pattern}", re.IGNORECASE)
    for match in pattern.finditer(sentence.words):
        bound = sentence.bound[int(match[2])]
        figure = known.get(bound.name.removeprefix("figure."))
        if figure is None or not bound.name.startswith("figure."):
            continue
        claim = _claim(match["claim"], sentence.language)
        has_word = bool(figure.words or bound.claim) and "nombre" not in dict(bound.filters)
        if has_word or not figure.bears(claim, figure.value):
            yield Finding(
                _("« %(said)s » says « %(claim)s » of a figure that is %(value)s.")
                % {
                    "said": sentence.said(*match.span()),
                    "claim": match["claim"],
                    "value": figure.phrase,
                },
                is_blocking=True,
                excerpt=sentence.said(*match.span()),
                suggestion=f"{{{{ {bound.name} }}}}",
                **sentence.place,
            )
