"""Numbers that were typed by hand where the edition knows a figure."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from events.figures import FigureValue
from events.models import Edition, Figure
from events.press.checking.counts import Number, claims_before_marks, numbers
from events.press.checking.finding import Finding
from events.press.checking.nouns import Counted, counted
from events.press.checking.reading import MARK, Sentence
from events.press.checking.shares import share
from events.press.text import CLAIMS

_Q = Figure.Qualifier
# From here on an equal number is hardly a coincidence.
_TELLING = 20
# So few « personnes » are a group, whether or not the figure is known; and so small a part of it.
_CROWD, _PART_OF_CROWD = 50, Decimal("0.1")
_OF_WHICH = re.compile(
    r"\b(?:dont|parmi lesquel(?:le)?s|parmi eux|including|of whom|of which|among them)"
    r"(?: (?:les|some|the))?[\s,]*$",
    re.IGNORECASE,
)
# The sentence is about a part of a day, or one session: its numbers may be those of that part.
_MOMENT = {
    "fr": re.compile(
        r"\b(?:matin(?:ée)?|après-midi|soir(?:ée)?|(?:première|seconde|deuxième|troisième) journée"
        r"|(?:premier|second|deuxième|troisième) jour"
        r"|(?:l[’']|cet |cette |la |le |un |une |au |du |chaque )"
        r"(?:atelier|café|plénière|séance|réunion|session|table ronde))\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:morning|afternoon|evening|(?:first|second|third) day"
        r"|(?:the|this|a|an|each|one) (?:\w+ )?(?:workshop|café|plenary|meeting|session))\b",
        re.IGNORECASE,
    ),
}
# « 9 h 30 : deux ateliers »: a slot of the programme.
_SLOT = re.compile(r"^\W*(?:\w+ )?\d\d?\s?(?:h(?:\b|\d)|[:.]\d\d|[ap]\.?m\b)", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"\b(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)


def findings(
    sentence: Sentence, known: Mapping[str, FigureValue], edition: Edition
) -> Iterator[Finding]:
    counts = list(numbers(sentence))
    for number in counts:
        found = counted(
            sentence.words,
            number.start,
            number.end,
            known,
            sentence.language,
            is_percentage=number.is_percentage,
        )
        if found and not (number.is_percentage and (found.is_of_all or found.is_part)):
            yield from _judged(sentence, number, found, edition)
        elif number.is_percentage and (said := share(sentence, number, known)):
            yield said
        elif number.value >= _TELLING and not found and (figure := _equal(number, known)):
            said = sentence.said(number.start, number.end)
            yield Finding(
                _("« %(said)s » is also the figure « %(figure)s »: bind it if that is meant.")
                % {"said": said, "figure": figure.label},
                excerpt=said,
                suggestion=_binding(number, figure),
                **sentence.place,
            )
    yield from _parts(sentence, counts, known)
    yield from _doubled(sentence, known)


def _judged(
    sentence: Sentence, number: Number, found: Counted, edition: Edition
) -> Iterator[Finding]:
    figure, is_other = found.figure, sentence.is_about_another(edition)
    is_so = figure.is_known and figure.bears(number.claim, number.value)
    is_unsaid = is_other and (found.is_vague or not figure.is_known)
    if not is_so and (is_unsaid or _is_group(number, found)):
        return
    is_smaller = figure.is_known and number.value < figure.value
    if found.is_part and (is_smaller or not figure.is_known):
        return
    is_wrong = False
    if not figure.is_known:
        text = _("« %(said)s »: the site counts none of them yet.")
    elif is_so:
        text = _("« %(said)s » is typed by hand: bind it, so that it stays true.")
    elif is_other:
        text = _("« %(said)s » is not this edition’s figure (%(value)s). Is it another edition’s?")
    elif found.is_part or (is_smaller and _may_be_a_part(sentence, number, found, edition)):
        text = _("« %(said)s »: is it a part of the figure « %(figure)s », which is %(value)s?")
    else:
        text, is_wrong = _("« %(said)s » contradicts the figure « %(figure)s »: %(value)s."), True
    said = sentence.said(number.start, found.end)
    yield Finding(
        text % {"said": said, "figure": figure.label, "value": figure.phrase},
        is_blocking=is_wrong,
        excerpt=said,
        suggestion=_binding(number, figure),
        target=sentence.said(number.start, number.end),
        **sentence.place,
    )


def _is_group(number: Number, found: Counted) -> bool:
    """« 8 personnes à chaque table »."""
    figure = found.figure
    least = figure.value * _PART_OF_CROWD if figure.is_known else _CROWD
    return found.is_vague and number.value < least


def _may_be_a_part(sentence: Sentence, number: Number, found: Counted, edition: Edition) -> bool:
    """Less than half, and not « les N »; or in a sentence about one day, one slot, one session."""
    if number.value * 2 < found.figure.value and not found.is_whole:
        return True
    weekdays = {one.lower() for one in _WEEKDAY.findall(sentence.words)}
    return bool(
        _MOMENT[sentence.language].search(sentence.words)
        or _SLOT.match(sentence.words)
        or (len(weekdays) == 1 and len(edition.days) > 1)
    )


def _parts(
    sentence: Sentence, counts: list[Number], known: Mapping[str, FigureValue]
) -> Iterator[Finding]:
    """« 48 délégations, dont 52 ambassades »: a part is not more than all that stands before it."""
    found = [(one.start, one.end, one.value) for one in counts if not one.is_percentage]
    for mark in MARK.finditer(sentence.words):
        bound = sentence.bound[int(mark[1])]
        figure = known.get(bound.name.removeprefix("figure."))
        if figure and not figure.is_percentage:
            found.append((*mark.span(), bound.claim[1] if bound.claim else figure.value))
    for start, end, value in sorted(found):
        before = [(other, number) for other, _end, number in sorted(found) if other < start]
        if not before or not _OF_WHICH.search(sentence.words, 0, start):
            continue
        most = max(number for _start, number in before)
        if value > most:
            said = sentence.said(before[0][0], end)
            yield Finding(
                _("« %(said)s »: the part is larger than the whole.") % {"said": said},
                is_blocking=True,
                excerpt=said,
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
    for match, claim in claims_before_marks(sentence):
        bound = sentence.bound[int(match[2])]
        figure = known.get(bound.name.removeprefix("figure."))
        if figure is None or not bound.name.startswith("figure."):
            continue
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
