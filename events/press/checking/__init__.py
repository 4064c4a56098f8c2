"""Reading a release before it is published: what contradicts the data, and what should be looked at.

    findings(release)         everything, what blocks first
    contradictions(…)         the typed numbers that the data have left behind, after publication
    unsigned(release, found)  the warnings that nobody answers for yet
    refuse_unready(release)   DomainError while something blocks, or a warning is not signed

A warning is signed off with a reason (SignOff), which holds as long as the warning says the same.
finding.py says what a finding is, reading.py what a sentence is. Each other module looks for one kind
of thing: around.py for what surrounds the text, bound.py for placeholders and pictures, numbers.py
(counts.py reads them, spelled.py in words; nouns.py says of which figure they are, shares.py judges
percentages), dates.py and names.py for what was typed by hand, length.py for the number of pages.
"""

from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from events.figures import FigureValue
from events.models import PressRelease
from events.press.checking import around, bound, dates, length, names, numbers
from events.press.checking.finding import Finding
from events.press.checking.reading import Sentence, sentences
from events.press.text import quotes_of, values
from events.press.writing import write
from raict.errors import DomainError

__all__ = ["Finding", "contradictions", "findings", "refuse_unready", "unsigned"]


def findings(release: PressRelease) -> list[Finding]:
    """Everything that the check has to say, what blocks first."""
    found = list(around.findings(release))
    words = names.vocabulary(release)
    found += names.of_quotes(release, words)
    for language in release.languages:
        with override(language):
            known = values(release.edition) | quotes_of(release)
        figures = _figures(known)
        found += bound.findings(release, language, known)
        for sentence in _sentences(release, language):
            found += numbers.findings(sentence, figures, release.edition)
            found += dates.findings(sentence, release)
            found += names.findings(sentence, words, release)
        if release.is_written_in(language) and not any(one.is_blocking for one in found):
            found += length.findings(write(release, language))
    return sorted(dict.fromkeys(found), key=lambda one: not one.is_blocking)


def contradictions(
    release: PressRelease, language: str, known: Mapping[str, object]
) -> list[Finding]:
    """The numbers typed by hand in that language that contradict the figures among `known`."""
    figures = _figures(known)
    found = (
        one
        for sentence in _sentences(release, language)
        for one in numbers.findings(sentence, figures, release.edition)
    )
    return [one for one in dict.fromkeys(found) if one.is_blocking]


def _figures(known: Mapping[str, object]) -> dict[str, FigureValue]:
    return {one.key: one for one in known.values() if isinstance(one, FigureValue)}


def _sentences(release: PressRelease, language: str) -> Iterator[Sentence]:
    """Those of every text, and of the quotes."""
    for name in PressRelease.TEXTS:
        text = getattr(release, f"{name}_{language}")
        yield from sentences(text, language=language, field=name)
    for quote in release.quotes.all():
        text = getattr(quote, f"text_{language}")
        yield from sentences(text, language=language, field="quotes")


def unsigned(release: PressRelease, found: Iterable[Finding]) -> list[Finding]:
    """The warnings among them that nobody has signed off."""
    signed = set(release.sign_offs.values_list("finding", flat=True))
    return [one for one in found if not one.is_blocking and one.fingerprint not in signed]


def refuse_unready(release: PressRelease) -> None:
    """DomainError, with the first thing to mend, unless the release may be published."""
    found = findings(release)
    if blocking := [one for one in found if one.is_blocking]:
        raise DomainError(
            ngettext(
                "%(count)d contradiction stands in the way: %(first)s",
                "%(count)d contradictions stand in the way. The first: %(first)s",
                len(blocking),
            )
            % {"count": len(blocking), "first": blocking[0].sentence}
        )
    if waiting := unsigned(release, found):
        raise DomainError(
            _("A warning is neither mended nor signed off: %(first)s")
            % {"first": waiting[0].sentence}
        )
