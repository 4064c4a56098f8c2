"""How numbers, dates and sentences are written, in French and in English.

Sources: Imprimerie nationale, « Lexique des règles typographiques » (spaces, ordinals, dates).
"""

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"


def ordinal(number: int, language: str | None = None) -> str:
    """15 → « 15e » (feminine, as for « édition »: 1re) or "15th"."""
    if (language or get_language()) == "en":
        suffix = (
            "th"
            if number % 100 in (11, 12, 13)
            else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        )
        return f"{number}{suffix}"
    return "1re" if number == 1 else f"{number}e"


def _day(date: dt.date, language: str) -> str:
    return "1er" if date.day == 1 and language != "en" else str(date.day)


def date_range(
    start: dt.date,
    end: dt.date | None = None,
    *,
    language: str | None = None,
    weekdays: bool = False,
) -> str:
    """« 23 et 24 octobre 2024 », « du 30 septembre au 2 octobre 2024 », "23 and 24 October 2024".

    Nothing is written twice: month and year stand once when both days share them. Two days in a
    row are joined by « et », more by « au ». With `weekdays`: « mercredi 23 et jeudi 24 … ».
    """
    language = language or get_language() or "fr"
    end = end or start
    with override(language):

        def name(date: dt.date, *, month: bool, year: bool) -> str:
            words = [str(WEEKDAYS[date.weekday()])] if weekdays else []
            words.append(_day(date, language))
            words += [str(MONTHS[date.month])] if month else []
            words += [str(date.year)] if year else []
            return (
                NBSP.join(words[-2:])
                if len(words) <= 2
                else " ".join(words[:-2]) + NBSP + NBSP.join(words[-2:])
            )

        if start == end:
            return name(start, month=True, year=True)
        same_year = start.year == end.year
        same_month = same_year and start.month == end.month
        first = name(start, month=not same_month, year=not same_year)
        last = name(end, month=True, year=True)
        if (end - start).days == 1:
            return f"{first} {'and' if language == 'en' else 'et'} {last}"
        return f"{first} to {last}" if language == "en" else f"du {first} au {last}"


# Django's French leaves the points out.
_SHORT_MONTHS = [
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
]


def short_day(day: dt.date, language: str | None = None) -> str:
    """« mar. 19 janv. », "Tue 19 Jan": for tables, where the year stands above."""
    language = language or get_language() or "fr"
    with override(language):
        weekday = str(WEEKDAYS_ABBR[day.weekday()]).removesuffix(".").lower()
        if language == "en":
            return f"{weekday.capitalize()} {day.day}{NBSP}{str(MONTHS_3[day.month]).capitalize()}"
    return f"{weekday}. {_day(day, language)}{NBSP}{_SHORT_MONTHS[day.month - 1]}"


def clock(time: dt.time, language: str | None = None) -> str:
    """9:30 → « 9 h 30 » (« 9 h » on the hour) or "9:30", never cut at the end of a line."""
    if (language or get_language()) == "en":
        return f"{time.hour}:{time:%M}"
    minutes = f"{NBSP}{time:%M}" if time.minute else ""
    return f"{time.hour}{NBSP}h{minutes}"


# Letters that Unicode does not take apart into a letter and its mark.
_FOLDED = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ħ": "h", "ı": "i", "œ": "oe", "æ": "ae"})


def moment(at: dt.datetime) -> str:
    """« jeudi 24 octobre 2024 à 9 h 30 », "Thursday 24 October 2024 at 9:30 am", in Paris."""
    local = timezone.localtime(at)
    return _("%(day)s at %(time)s") % {
        "day": date_range(local.date(), weekdays=True),
        "time": clock(local.time()),
    }


def folded(text: str) -> str:
    """For comparing names: no accents, no capitals, no punctuation, single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_FOLDED)
    plain = "".join(
        sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign)
    )
    return " ".join(plain.split())


_PARTICLE = re.compile(r"^(?:de |d['’] ?)(?=\w)", re.IGNORECASE)


def surname_key(last_name: str, first_name: str = "") -> tuple[str, str]:
    """The place of a name in a list that people look through: accents and capitals do not count.

    The French particle « de », « d’ » is passed over, while « du », « des », « la », « le » and the Arabic
    « El », « Al » belong to the name (rules of the Bibliothèque nationale de France for French surnames):
    « d’Ormesson » under O, « de La Fontaine » under L, « El Amrani » beside « Elamrani » under E.
    """
    own = _PARTICLE.sub("", last_name.strip())
    return folded(own).replace(" ", ""), folded(first_name)


def number(value: Decimal | float) -> str:
    """1300 → « 1 300 » (narrow no-break space) or "1,300"; 2.50 → « 2,5 »."""
    written = f"{Decimal(str(value)).normalize():,f}"
    if get_language() == "en":
        return written
    return written.replace(",", NARROW_NBSP).replace(".", ",")


_NUMBER_WORDS = {
    "fr": [
        "zéro",
        "un",
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "neuf",
        "dix",
        "onze",
        "douze",
    ],
    "en": [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ],
}


def in_words(value: int) -> str:
    """2 → « deux », "two"; above twelve in digits."""
    words = _NUMBER_WORDS[get_language() or "fr"]
    return words[value] if 0 <= value < len(words) else number(value)


def capitalised(text: str) -> str:
    """« mercredi 23 octobre » → « Mercredi 23 octobre »: the first sign alone."""
    return text[:1].upper() + text[1:]


_SPACES = f"[ {NBSP}{NARROW_NBSP}\u2009]*"
_FRENCH = re.compile(
    # What is left as it is: tags, entities, addresses.
    r"(?P<keep><[/!a-zA-Z][^<>]*>|&\#?\w+;|https?://[^\s<>«»]*[^\s<>«».,;:!?)]"
    r"|www\.[^\s<>«»]*[^\s<>«».,;:!?)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    rf"|«(?P<open>{_SPACES})"
    rf"|{_SPACES}(?P<close>»)"
    rf"|(?<=[^\s(\[«¿¡!?;]){_SPACES}(?P<high>[;!?])(?![\w;])"
    rf"|(?<=[^\s(\[«:]){_SPACES}(?P<colon>:)(?=[\s<»)]|$)"
    rf"|(?<=\d){_SPACES}(?P<unit>[%€])"
    r"|(?<=[^\W\d_])(?P<apostrophe>')"
)
_ESCAPED_APOSTROPHES = {"&#x27;", "&#39;", "&apos;"}


def french(text: str) -> str:
    """The spaces and apostrophes of French: before ; ! ? : % and inside « », never to break at.

    Idempotent. Takes plain text or HTML; tags, entities, web and mail addresses and times stay as
    they are.
    """
    return _FRENCH.sub(_set, text.replace("&nbsp;", NBSP))


def _set(match: re.Match) -> str:
    kind, found = match.lastgroup, match.group()
    if kind == "keep":
        return "’" if found in _ESCAPED_APOSTROPHES else found
    if kind == "open":
        return f"«{NARROW_NBSP}"
    if kind == "colon":
        return f"{NBSP}:"
    return "’" if kind == "apostrophe" else NARROW_NBSP + match[kind]
