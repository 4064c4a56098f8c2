"""Percentages that no figure says, and that two figures may: « 40 % d’élus »."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from events.figures import FigureValue
from events.models import Figure
from events.press.checking.counts import Number
from events.press.checking.finding import Finding
from events.press.checking.nouns import counted
from events.press.checking.reading import Sentence

_WHOLES = ("registered", "participants")
# Who may be a share of them.
_SHARES = ("elected", "officers", "journalists", "foreign_participants")
# Behind the noun: nothing more is said, or of whom.
_ALONE = re.compile(
    r"\s*(?:$|[.,;:!?)]|(?:parmi|sur) les (?:participants|inscrits)|(?:among|of) (?:the )?participants)",
    re.IGNORECASE,
)


def share(sentence: Sentence, number: Number, known: Mapping[str, FigureValue]) -> Finding | None:
    """What is to be said of a percentage or a fraction of a figure that is none itself.

    « 40 % d’élus » contradicts when neither of the registered nor of the participants so many
    are elected, a point more or less. « la moitié des participants » is to be answered for.
    """
    words, language = sentence.words, sentence.language
    found = counted(words, number.start, number.end, known, language, is_percentage=False)
    if found is None or found.is_vague:
        return None
    said, figure = sentence.said(number.start, found.end), found.figure
    shares = list(_shares(figure, known)) if not (found.is_of_all or found.is_part) else []
    text, is_wrong = _("« %(said)s » is a share that no figure says: is it so?"), False
    if shares and not any(_is_near(number, one) for one in shares):
        text = _("« %(said)s » contradicts the figure « %(figure)s » (%(value)s): %(share)s %%.")
        is_wrong = bool(_ALONE.match(words, found.end))
    facts = {"said": said, "figure": figure.label, "value": figure.phrase}
    facts["share"] = " – ".join(f"{one:.0f}" for one in dict.fromkeys(shares))
    return Finding(text % facts, is_blocking=is_wrong, excerpt=said, **sentence.place)


def _shares(figure: FigureValue, known: Mapping[str, FigureValue]) -> Iterator[Decimal]:
    """Of all who registered, and of all who came, in hundredths; none of what is only about."""
    for whole in (known.get(key) for key in _WHOLES):
        is_exact = whole and {whole.qualifier, figure.qualifier} == {Figure.Qualifier.EXACT}
        if is_exact and figure.key in _SHARES and figure.is_known and whole.value >= figure.value:
            yield 100 * figure.value / whole.value


def _is_near(number: Number, value: Decimal) -> bool:
    """The claim holds of the share, a point more or less."""
    return any(
        FigureValue("", "", value + more).bears(number.claim, number.value) for more in (-1, 0, 1)
    ) or (number.claim == Figure.Qualifier.EXACT and abs(number.value - value) <= 1)
