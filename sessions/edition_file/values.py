"""Single values: what a key accepts, and the sentence when it holds something else."""

import datetime as dt
import difflib
import re
from collections.abc import Callable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import (
    EmailValidator,
    MaxValueValidator,
    MinValueValidator,
    URLValidator,
)
from django.db import models
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_countries import countries as all_countries
from django_countries.fields import CountryField

from sessions.edition_file.problems import WrongValueError, meant
from sessions.edition_file.words import loose, words_of, words_to_say

Reader = Callable[[object], object]
_TIME = re.compile(r"^([01]?\d|2[0-3])\s*[:hH]\s*([0-5]\d)?$")


def shown(value: object) -> str:
    """A value of the file as the file writes it, cut when long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value if len(value) <= 60 else value[:59] + "…"}"'
    if isinstance(value, dict):
        return _("a table")
    if isinstance(value, list):
        return _("a list")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def reader_for(field: models.Field) -> Reader:
    """How to read the value of a model's field."""
    if field.choices and not isinstance(field, CountryField):
        return lambda value: choice(value, words_of(field))
    if isinstance(field, CountryField):
        return countries if field.multiple else country
    for kind, reader in _READERS.items():
        if isinstance(field, kind):
            return lambda value: reader(value, field)
    raise TypeError(field)


def text(value: object, field: models.Field) -> str:
    if not isinstance(value, str):
        raise WrongValueError(
            _("expected text between quotes, found %(found)s.") % {"found": shown(value)}
        )
    value = value.strip()
    if "\x00" in value:
        raise WrongValueError(_("expected text, found a sign that cannot be printed."))
    if isinstance(field, models.CharField) and "\n" in value:
        raise WrongValueError(_("expected a single line of text."))
    if field.max_length and len(value) > field.max_length:
        raise WrongValueError(
            _("expected at most %(limit)d signs, found %(length)d.")
            % {"limit": field.max_length, "length": len(value)}
        )
    return value


def slug(value: object, field: models.Field) -> str:
    value = text(value, field)
    if not re.fullmatch(r"[-a-zA-Z0-9_]+", value):
        raise WrongValueError(
            _("expected letters without accents, digits and hyphens, found %(found)s.")
            % {"found": shown(value)}
            + (meant(slugify(value), [slugify(value)]) if slugify(value) else "")
        )
    return value


def email(value: object, field: models.Field) -> str:
    value = text(value, field)
    try:
        EmailValidator()(value)
    except ValidationError:
        raise WrongValueError(
            _("expected an e-mail address, found %(found)s.") % {"found": shown(value)}
        ) from None
    return value


def url(value: object, field: models.Field) -> str:
    value = text(value, field)
    try:
        URLValidator(schemes=["http", "https"])(value)
    except ValidationError:
        raise WrongValueError(
            _("expected a web address that starts with https:// or http://, found %(found)s.")
            % {"found": shown(value)}
        ) from None
    return value


def boolean(value: object, field: models.Field | None = None) -> bool:
    if not isinstance(value, bool):
        raise WrongValueError(
            _("expected true or false, without quotes, found %(found)s.") % {"found": shown(value)}
        )
    return value


def whole(value: object, field: models.Field) -> int:
    low = max([0, *(v.limit_value for v in field.validators if isinstance(v, MinValueValidator))])
    size = 32_767 if isinstance(field, models.PositiveSmallIntegerField) else 2_147_483_647
    limits = (v.limit_value for v in field.validators if isinstance(v, MaxValueValidator))
    return whole_between(value, low, min([size, *limits]))


def whole_between(value: object, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise WrongValueError(
            _("expected a whole number from %(low)d to %(high)d, without quotes, found %(found)s.")
            % {"low": low, "high": high, "found": shown(value)}
        )
    return value


def number(value: object, field: models.DecimalField) -> Decimal:
    """Zero or more, with two decimals at most."""
    if not isinstance(value, bool) and isinstance(value, int | float):
        exact = Decimal(str(value))
        if exact.is_finite() and 0 <= exact < 10**10 and exact == round(exact, 2):
            return exact
    raise WrongValueError(
        _("expected a number, zero or more, with two decimals at most, found %(found)s.")
        % {"found": shown(value)}
    )


def date(value: object, field: models.Field | None = None) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            pass  # the 30th of February: refused below
    raise WrongValueError(
        _("expected a date such as 2024-10-23 (year-month-day), found %(found)s.")
        % {"found": shown(value)}
    )


def day(value: object) -> dt.date | int:
    """A date, or the number of a day of the edition."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    try:
        return date(value)
    except WrongValueError:
        raise WrongValueError(
            _("expected a date such as 2024-10-23, or 1 for the first day, found %(found)s.")
            % {"found": shown(value)}
        ) from None


def time(value: object, field: models.Field | None = None) -> dt.time:
    if isinstance(value, dt.time):
        return value
    if isinstance(value, str) and (match := _TIME.match(value.strip())):
        return dt.time(int(match[1]), int(match[2] or 0))
    raise WrongValueError(
        _('expected a time such as "9:30", "09:30" or "9h30", found %(found)s.')
        % {"found": shown(value)}
    )


def choice(value: object, words: dict[str, str]) -> str:
    """One of the words of a list, in English or French, whatever the capitals and accents."""
    folded = {loose(word): word for word in words}
    if isinstance(value, str) and loose(value) in folded:
        return words[folded[loose(value)]]
    word = folded.get(_closest(loose(value), list(folded)), "") if isinstance(value, str) else ""
    if get_language() == "en":
        word = words.get(word, "")
    raise WrongValueError(
        _("expected one of %(words)s, found %(found)s.")
        % {"words": ", ".join(words_to_say(words)), "found": shown(value)}
        + meant(word, [word] if word else [])
    )


def _closest(value: str, words: list[str]) -> str:
    """The word that is meant, or "": « sponsor » is no misspelt « support »."""
    close = difflib.get_close_matches(value, words, n=1, cutoff=0.75)
    close = close or [word for word in words if len(value) > 3 and value in word]
    return close[0] if close else ""


def country(value: object) -> str:
    if isinstance(value, str) and value.strip().upper() in dict(all_countries):
        return value.strip().upper()
    code = ""
    if isinstance(value, str):
        code = all_countries.by_name(value.strip(), language=get_language() or "fr")
        code = code or all_countries.by_name(value.strip(), language="fr")
        code = code or all_countries.by_name(value.strip(), language="en")
    raise WrongValueError(
        _("expected the two letters of a country (ISO 3166) such as CM, found %(found)s.")
        % {"found": shown(value)}
        + (meant(code, [code]) if code else "")
    )


def countries(value: object) -> list[str]:
    if not isinstance(value, list):
        raise WrongValueError(
            _('expected a list of countries such as ["CM", "SN"], found %(found)s.')
            % {"found": shown(value)}
        )
    return sorted({country(code) for code in value})


_READERS = {
    models.SlugField: slug,
    models.EmailField: email,
    models.URLField: url,
    models.CharField: text,
    models.TextField: text,
    models.BooleanField: boolean,
    models.DecimalField: number,
    models.PositiveIntegerField: whole,
    models.PositiveSmallIntegerField: whole,
    models.DateField: date,
    models.TimeField: time,
}
