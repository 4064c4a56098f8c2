"""Dates and ordinals that were typed by hand: against the calendar, and against the edition."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from events.models import Edition, PressRelease
from events.press.checking.finding import Finding
from events.press.checking.reading import ORDINAL, Sentence
from raict.typography import date_range, ordinal

_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
_WEEKDAYS = {
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
_TAKES_PLACE = {
    "fr": re.compile(
        r"organisée?s?|se tien|s[’']est tenu|se sont tenu|aur(?:a|ont) lieu|a eu lieu|ont eu lieu"
        r"|se dérouler|s[’']est déroulé|réuni|accueill",
        re.IGNORECASE,
    ),
    "en": re.compile(r"take place|took place|held|organi[sz]ed|gather|welcom", re.IGNORECASE),
}
_REGISTRATION = {
    "fr": re.compile(r"inscription|s[’']inscrire", re.IGNORECASE),
    "en": re.compile(r"regist", re.IGNORECASE),
}
_CLOSES = {
    "fr": re.compile(r"jusqu|clôtur|clos|ferm|avant|date limite", re.IGNORECASE),
    "en": re.compile(r"until|close|before|by |deadline", re.IGNORECASE),
}
_NEAR = 60  # days: so close to the event, two days in a row are meant to be its own


@dataclass(frozen=True)
class Mention:
    """One date, or a first and a last day, in a sentence."""

    start: dt.date
    end: dt.date
    weekdays: tuple[tuple[dt.date, int], ...]  # (date, weekday as written, Monday is 0)
    has_year: bool
    span: tuple[int, int]


def _pattern(language: str) -> re.Pattern:
    month = "|".join(_MONTHS[language].split())
    weekday = "|".join(_WEEKDAYS[language].split())
    day = r"(?:1er|\d{1,2})(?:st|nd|rd|th)?"
    joint = r"(?:et|au|and|to|-|–|jusqu[’']au|&)"

    def one(name: str) -> str:
        return rf"(?:(?P<w{name}>{weekday}),?\s)?(?P<d{name}>{day})"

    year = r"(?:,?\s(?P<year>(?:19|20)\d\d))?"
    first = rf"(?:{one('1')}(?:\s(?P<m1>{month}))?\s?{joint}\s?(?:les?\s)?)?"
    european = rf"{first}{one('2')}\s(?P<m2>{month}){year}"
    if language == "fr":
        return re.compile(rf"(?<!\w){european}\b", re.IGNORECASE)
    american = (
        rf"(?:(?P<w3>{weekday}),?\s)?(?P<m3>{month})\s(?P<d3>{day})(?:\s?{joint}\s?(?P<d4>{day}))?"
        r"(?:,?\s(?P<year3>(?:19|20)\d\d))?"
    )
    return re.compile(rf"(?<!\w)(?:{european}|{american})\b", re.IGNORECASE)


_PATTERNS = {language: _pattern(language) for language in _MONTHS}


def spans(words: str, language: str) -> list[tuple[int, int]]:
    """Where dates stand: their numbers count nothing."""
    return [match.span() for match in _PATTERNS[language].finditer(words)]


def findings(sentence: Sentence, release: PressRelease) -> Iterator[Finding]:
    edition = release.edition
    for mention in mentions(sentence, edition.year or release.issued_on.year):
        said = sentence.said(*mention.span)
        if wrong := _weekday(mention, sentence.language):
            yield Finding(wrong, is_blocking=True, excerpt=said, **sentence.place)
            continue
        found = _against(mention, sentence, release)
        if found:
            text, is_wrong, suggestion = found
            facts = {"said": said, "dates": edition.dates}
            yield Finding(
                text % facts,
                is_blocking=is_wrong,
                excerpt=said,
                suggestion=suggestion,
                **sentence.place,
            )
    yield from _ordinals(sentence, edition)


def mentions(sentence: Sentence, year: int) -> Iterator[Mention]:
    """The dates of the sentence; one without a year is of that year. Impossible ones are left out."""
    language = sentence.language
    months = [name.lower() for name in _MONTHS[language].split()]
    weekdays = [name.lower() for name in _WEEKDAYS[language].split()]
    for match in _PATTERNS[language].finditer(sentence.words):
        part = match.groupdict()
        written = part["year"] or part.get("year3")
        month = part["m2"] or part.get("m3")
        last = part["d2"] or part.get("d4") or part.get("d3")
        first = part["d1"] or (part.get("d3") if part.get("d4") else None) or last
        try:
            end = dt.date(int(written or year), months.index(month.lower()) + 1, _number(last))
            start = end.replace(
                month=months.index((part["m1"] or month).lower()) + 1, day=_number(first)
            )
        except ValueError:
            continue
        named = [(start, part["w1"]), (end, part["w2"] or part.get("w3"))]
        yield Mention(
            start,
            end,
            tuple((date, weekdays.index(name.lower())) for date, name in named if name),
            bool(written),
            match.span(),
        )


def _number(day: str) -> int:
    return int(re.sub(r"\D", "", day))


def _weekday(mention: Mention, language: str) -> str:
    for date, weekday in mention.weekdays:
        if date.weekday() != weekday:
            return _("%(date)s is a %(weekday)s, not a %(written)s.") % {
                "date": date_range(date),
                "weekday": _WEEKDAYS[language].split()[date.weekday()],
                "written": _WEEKDAYS[language].split()[weekday],
            }
    return ""


def _against(
    mention: Mention, sentence: Sentence, release: PressRelease
) -> tuple[str, bool, str] | None:
    """What is to be said of a date, whether it blocks, and the placeholder for it."""
    edition = release.edition
    if registration := _registration(mention, sentence, edition):
        return registration
    if not edition.days or _is_of_the_release(mention, release):
        return None
    if (mention.start, mention.end) == (edition.days[0], edition.days[-1]):
        return _("« %(said)s » is typed by hand: bind it."), False, "{{ edition.dates }}"
    if _is_meant_for_the_edition(mention, sentence, edition):
        return _("« %(said)s »: the edition is on %(dates)s."), True, "{{ edition.dates }}"
    if sentence.is_about_another(edition):
        return None
    return _("« %(said)s » is none of the edition’s dates (%(dates)s)."), False, ""


def _is_of_the_release(mention: Mention, release: PressRelease) -> bool:
    """A day of the edition, its first dates before a postponement, or the date of the release."""
    edition = release.edition
    whole = (edition.first_starts_on, edition.first_ends_on or edition.first_starts_on)
    if mention.start != mention.end:
        return (mention.start, mention.end) == whole
    days = edition.days if len(edition.days) > 1 else []
    return mention.start in {release.issued_on, *days, *whole}


def _is_meant_for_the_edition(mention: Mention, sentence: Sentence, edition: Edition) -> bool:
    """And is wrong: its days of another year, two days close to it, the day on which it « is held »."""
    days = {(day.month, day.day) for day in edition.days}
    both = {(mention.start.month, mention.start.day), (mention.end.month, mention.end.day)}
    if both <= days and mention.start.year != edition.year:
        return True
    is_of_this_year = mention.has_year and mention.start.year == edition.year
    if sentence.is_about_another(edition) and not is_of_this_year:
        return False
    is_near = abs((mention.start - edition.days[0]).days) <= _NEAR
    takes_place = sentence.field in ("headline", "lead") and _TAKES_PLACE[sentence.language].search(
        sentence.words
    )
    return (mention.start != mention.end and is_near) or bool(takes_place)


def _registration(
    mention: Mention, sentence: Sentence, edition: Edition
) -> tuple[str, bool, str] | None:
    """« Inscriptions jusqu'au 10 octobre », when the window closes on another day."""
    language = sentence.language
    if not _REGISTRATION[language].search(sentence.words):
        return None
    window = {
        "opens": edition.registration_opens_on,
        "closes": edition.registration_closes_on,
    }
    is_end = bool(_CLOSES[language].search(sentence.words[: mention.span[0]]))
    which = "closes" if is_end else "opens"
    if mention.end in window.values():
        placeholder = next(name for name, day in window.items() if day == mention.end)
        return (
            _("« %(said)s » is typed by hand: bind it."),
            False,
            f"{{{{ edition.registration_{placeholder}_on }}}}",
        )
    if window[which] is None or mention.start in edition.days:
        return None
    sentence_of = {
        "opens": _("« %(said)s »: registrations open on another day in the edition."),
        "closes": _("« %(said)s »: registrations close on another day in the edition."),
    }
    return sentence_of[which], True, f"{{{{ edition.registration_{which}_on }}}}"


# ----------------------------------------------------------------------------------- ordinals
def _ordinals(sentence: Sentence, edition: Edition) -> Iterator[Finding]:
    for match in ORDINAL[sentence.language].finditer(sentence.words):
        number, said = int(match[1]), sentence.said(*match.span())
        facts = {"said": said, "edition": ordinal(edition.number, sentence.language)}
        if edition.is_demonstration:
            continue
        if number == edition.number:
            text, is_wrong = _("« %(said)s » is typed by hand: bind it."), False
            suggestion = "{{ edition.ordinal }}"
        elif number == edition.next_number:
            text, is_wrong = _("« %(said)s » is typed by hand: bind it."), False
            suggestion = "{{ next.ordinal }}"
        elif sentence.field in ("headline", "lead") and _is_first(sentence, match):
            text, is_wrong = _("« %(said)s »: this release is of the %(edition)s edition."), True
            suggestion = "{{ edition.ordinal }}"
        else:
            text, is_wrong = _("« %(said)s » is another edition (this is the %(edition)s)."), False
            suggestion = ""
        yield Finding(
            text % facts,
            is_blocking=is_wrong,
            excerpt=said,
            suggestion=suggestion,
            target=said.split()[0],
            **sentence.place,
        )


def _is_first(sentence: Sentence, match: re.Match) -> bool:
    """Nothing before it says which edition the release is about."""
    before = sentence.words[: match.start()]
    named = [one for one in sentence.bound if one.name == "edition.ordinal"]
    return not named and not ORDINAL[sentence.language].search(before)
