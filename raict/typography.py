"""How numbers, dates and sentences are written, in French and in English.

Sources: Imprimerie nationale, « Lexique des règles typographiques » (spaces, ordinals, dates).
"""

import datetime as dt
import unicodedata

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, override

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


def folded(text: str) -> str:
    """For comparing names: no accents, no capitals, no punctuation, single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(
        sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign)
    )
    return " ".join(plain.split())
