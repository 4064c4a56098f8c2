"""Dates and ordinals that were typed by hand: against the calendar, and against the edition."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from events.models import Edition, PressRelease
from events.press.checking.finding import Finding
from events.press.checking.reading import Sentence, ordinals
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
        r"|se dérouler|s[’']est déroulé|devait se tenir",
        re.IGNORECASE,
    ),
    "en": re.compile(r"take place|took place|held|organi[sz]ed", re.IGNORECASE),
}
_REGISTRATION = {
    "fr": re.compile(r"inscription|s[’']inscrire", re.IGNORECASE),
    "en": re.compile(r"regist", re.IGNORECASE),
}
_OPENS = {
    "fr": re.compile(r"ouvr|ouvert|début|dès |depuis|à partir d|lancé|\bdu\s?$", re.IGNORECASE),
    "en": re.compile(r"open|start|\bfrom\b|since|begin", re.IGNORECASE),
}
_CLOSES = {
    "fr": re.compile(r"jusqu|clôtur|clos|ferm|avant|date limite|au plus tard", re.IGNORECASE),
    "en": re.compile(r"until|close|before|\bby |deadline|no later", re.IGNORECASE),
}
# A date of the fees is no date of the window.
_MONEY = re.compile(
    r"tarif|rembours|frais|réduction|remise|règlement|annul|fee|refund|discount|early|rate",
    re.IGNORECASE,
)
_NAMED = {
    "fr": re.compile(r"édition|rencontres|raict|év[éè]nement|manifestation", re.IGNORECASE),
    "en": re.compile(r"edition|meetings|raict|event", re.IGNORECASE),
}
# « cette édition 2023 », "this year 2023", « #RencontresAICT2023 ».
_OF_YEAR = re.compile(
    r"(?P<this>\b(?:cette (?:édition|année)|this (?:edition|year)) )(?P<year>20\d\d)\b"
    r"|\b\w*(?:RAICT|AICT|Rencontres)(?P<after>20\d\d)\b",
    re.IGNORECASE,
)
_BEFORE = 60  # characters: how far the verb stands before its date
_NEAR = 60  # days: so close to the event, two days in a row may be meant to be its own


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
    first = rf"(?:{one('1')}(?:\s(?P<m1>{month})|[/.](?P<n1>\d\d?))?\s?{joint}\s?(?:les?\s)?)?"
    in_digits = r"[/.](?P<n2>\d\d?)[/.](?P<year2>20\d\d)"
    european = rf"{first}{one('2')}(?:\s(?P<m2>{month}){year}|{in_digits})"
    if language == "fr":
        return re.compile(rf"(?<!\w){european}\b", re.IGNORECASE)
    american = (
        rf"(?:(?P<w3>{weekday}),?\s)?(?P<m3>{month})\s(?P<d3>{day})(?:\s?{joint}\s?(?:(?P<m4>{month})\s)?(?P<d4>{day}))?"
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
    yield from _years(sentence, edition)


def mentions(sentence: Sentence, year: int) -> Iterator[Mention]:
    """The dates of the sentence; one without a year is of that year. Impossible ones are left out."""
    language = sentence.language
    months = [name.lower() for name in _MONTHS[language].split()]
    weekdays = [name.lower() for name in _WEEKDAYS[language].split()]
    for match in _PATTERNS[language].finditer(sentence.words):
        part = match.groupdict()
        written = part["year"] or part["year2"] or part.get("year3")
        part["m1"], part["m2"] = part["m1"] or part["n1"], part["m2"] or part["n2"]
        if part["m2"]:
            first, last = (
                (part["d1"] or part["d2"], part["m1"] or part["m2"]),
                (part["d2"], part["m2"]),
            )
        else:
            first, last = (
                (part["d3"], part["m3"]),
                (part["d4"] or part["d3"], part["m4"] or part["m3"]),
            )
        try:
            start, end = (
                dt.date(int(written or year), _month(month, months), _number(day))
                for day, month in (first, last)
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


def _month(written: str, months: list[str]) -> int:
    """« octobre » or « 10 »."""
    return int(written) if written.isdigit() else months.index(written.lower()) + 1


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
    corrected = {release.corrects.issued_on} if release.corrects else set()
    return mention.start in {release.issued_on, *corrected, *days, *whole}


def _is_meant_for_the_edition(mention: Mention, sentence: Sentence, edition: Edition) -> bool:
    """And is wrong: its days of another year or month, days that overlap, the day it « is held »."""
    days = edition.days
    same = {(day.month, day.day) for day in days}
    both = {(mention.start.month, mention.start.day), (mention.end.month, mention.end.day)}
    if both <= same and mention.start.year != edition.year:
        return True
    is_of_this_year = mention.has_year and mention.start.year == edition.year
    if sentence.is_about_another(edition) and not is_of_this_year:
        return False
    if mention.start != mention.end and _is_like(mention, edition):
        return True
    is_opening = sentence.field in ("headline", "lead")
    if not is_opening and (
        mention.start == mention.end or not _NAMED[sentence.language].search(sentence.words)
    ):
        return False
    before = sentence.words[max(0, mention.span[0] - _BEFORE) : mention.span[0]]
    return bool(_TAKES_PLACE[sentence.language].search(before))


def _is_like(mention: Mention, edition: Edition) -> bool:
    """As long as the edition, or nearly, and overlapping it or at its side; or a month off."""
    length = (mention.end - mention.start).days
    if abs((mention.start - edition.days[0]).days) > _NEAR or length > len(edition.days):
        return False
    if (mention.start.day, mention.end.day) == (edition.days[0].day, edition.days[-1].day):
        return True
    held = [(edition.days[0], edition.days[-1])]
    if edition.first_starts_on:
        held.append((edition.first_starts_on, edition.first_ends_on or edition.first_starts_on))
    day = dt.timedelta(days=1)
    return any(mention.start <= last + day and mention.end >= first - day for first, last in held)


def _registration(
    mention: Mention, sentence: Sentence, edition: Edition
) -> tuple[str, bool, str] | None:
    """« Inscriptions jusqu'au 10 octobre », when the window closes on another day."""
    language, before = sentence.language, sentence.words[: mention.span[0]]
    if not _REGISTRATION[language].search(sentence.words) or _MONEY.search(sentence.words):
        return None
    window = {
        "opens": edition.registration_opens_on,
        "closes": edition.registration_closes_on,
    }
    is_span = mention.start != mention.end
    if mention.end in window.values() and (not is_span or mention.start == window["opens"]):
        placeholder = next(name for name, day in window.items() if day == mention.end)
        return (
            _("« %(said)s » is typed by hand: bind it."),
            False,
            f"{{{{ edition.registration_{placeholder}_on }}}}",
        )
    which = _which(before, sentence.words, language)
    if is_span and mention.end == window["closes"]:
        which = "opens"
    if not which or window[which] is None or mention.start in edition.days:
        return None
    sentence_of = {
        "opens": _("« %(said)s »: registrations open on another day in the edition."),
        "closes": _("« %(said)s »: registrations close on another day in the edition."),
    }
    return sentence_of[which], True, f"{{{{ edition.registration_{which}_on }}}}"


def _which(before: str, words: str, language: str) -> str:
    """Which end of the window a date is said to be: by the word nearest before it; empty for none."""
    last = {
        name: max((match.end() for match in pattern[language].finditer(before)), default=0)
        for name, pattern in (("opens", _OPENS), ("closes", _CLOSES))
    }
    if not any(last.values()):
        return "opens" if _OPENS[language].search(words) else ""
    return max(last, key=last.get)


# ----------------------------------------------------------------------------------- ordinals
def _ordinals(sentence: Sentence, edition: Edition) -> Iterator[Finding]:
    if edition.is_demonstration:
        return
    for place, (number, span) in enumerate(ordinals(sentence.words, sentence.language)):
        said = sentence.said(*span)
        is_first = not place and "edition.ordinal" not in {one.name for one in sentence.bound}
        if number in (edition.number, edition.next_number):
            text, is_wrong = _("« %(said)s » is typed by hand: bind it."), False
            suggestion = f"{{{{ {'edition' if number == edition.number else 'next'}.ordinal }}}}"
        elif sentence.field in ("headline", "lead") and is_first:
            text, is_wrong = _("« %(said)s »: this release is of the %(edition)s edition."), True
            suggestion = "{{ edition.ordinal }}"
        else:
            text, is_wrong = _("« %(said)s » is another edition (this is the %(edition)s)."), False
            suggestion = ""
        yield Finding(
            text % {"said": said, "edition": ordinal(edition.number, sentence.language)},
            is_blocking=is_wrong,
            excerpt=said,
            suggestion=suggestion,
            target=said.split()[0],
            **sentence.place,
        )


def _years(sentence: Sentence, edition: Edition) -> Iterator[Finding]:
    """« cette édition 2023 » contradicts; « #RencontresAICT2023 » may be meant."""
    for match in _OF_YEAR.finditer(sentence.words):
        written = match["year"] or match["after"]
        if edition.year and int(written) != edition.year:
            said = sentence.said(*match.span())
            yield Finding(
                _("« %(said)s »: this edition is of %(year)d.")
                % {"said": said, "year": edition.year},
                is_blocking=bool(match["this"]),
                excerpt=said,
                suggestion="{{ edition.year }}",
                target=written,
                **sentence.place,
            )
