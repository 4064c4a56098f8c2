"""What a cell means: how each kind of column is read from whatever people type, and written again.

`read` gets what the spreadsheet holds (a text, a number, a day …; never nothing) and the table, and
raises DomainError with a sentence; `write` gives what a cell is to show.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.utils.dates import MONTHS, MONTHS_AP
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from raict.countries import country_code, country_name
from raict.errors import DomainError
from raict.spreadsheets.reading import Broken, text_of
from raict.typography import folded


@dataclass(frozen=True)
class Kind:
    read: Callable
    write: Callable = lambda value: value
    # What people may type, in words.
    hint: str = ""
    # What stands there when the cell says « – ».
    nothing: object = ""


def shown(cell) -> str:
    """A cell as people read it in a French spreadsheet."""
    if isinstance(cell, Broken):
        raise DomainError(cell.reason)
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, dt.time):
        return f"{cell:%H:%M}"
    if isinstance(cell, dt.date):
        at_some_hour = isinstance(cell, dt.datetime) and cell.time() != dt.time(0)
        return f"{cell:%d/%m/%Y %H:%M}" if at_some_hour else f"{cell:%d/%m/%Y}"
    if isinstance(cell, float):
        return f"{cell:.10g}".replace(".", ",")
    return "" if cell is None else text_of(str(cell))


def _one_line(cell, _table=None) -> str:
    """Without the spaces, breaks and no-break spaces that a copied text brings along."""
    return " ".join(shown(cell).split())


# ------------------------------------------------------------------------------------- texts
TEXT = Kind(lambda cell, _table: shown(cell))
LINE = Kind(_one_line)


class Shouted(str):
    """A name that the file has all in capitals: it says nothing against « McDonald » or « d’Almeida »."""

    __slots__ = ()


def _name(cell, _table) -> str:
    """One that is all in capitals gets them at the beginning of its words only."""
    name = _one_line(cell)
    if name != name.upper() or name == name.lower() or len(name) < 3:
        return name
    return Shouted(re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), name))


NAME = Kind(
    _name,
    hint=gettext_lazy(
        "A name all in capitals is written with a capital at the start of each word."
    ),
)
EMAIL = Kind(lambda cell, _table: re.sub(r"\s", "", shown(cell)).removeprefix("mailto:"))


def _digits(cell, _table) -> str:
    return re.sub(r"[\s.]", "", shown(cell))


DIGITS = Kind(_digits, hint=gettext_lazy("Digits; spaces do not matter."))


# ------------------------------------------------------------------------------ yes and no
_YES = {"oui", "o", "yes", "y", "x", "vrai", "true", "1", "ok", "v"}
_NO = {"non", "n", "no", "faux", "false", "0"}


def _yes_or_no(cell, _table) -> bool:
    text = folded(shown(cell))
    if text in _YES or shown(cell) in ("✓", "✔", "☑"):
        return True
    if text in _NO:
        return False
    raise DomainError(_("“%(text)s” is neither yes nor no.") % {"text": _short(cell)})


YES_OR_NO = Kind(
    _yes_or_no,
    lambda value: _("yes") if value else _("no"),
    gettext_lazy("yes or no"),
    nothing=False,
)


# ---------------------------------------------------------------------------------- numbers
def _number(cell, _table) -> int:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    text = re.sub(r"\s", "", shown(cell))
    if match := re.fullmatch(r"(\d{1,9})(?:[.,]0+)?", text):
        return int(match[1])
    raise DomainError(_("“%(text)s” is no whole number.") % {"text": _short(cell)})


NUMBER = Kind(_number, hint=gettext_lazy("A whole number."), nothing=None)
POSITION = Kind(_number, hint=gettext_lazy("A whole number."), nothing=0)


# ----------------------------------------------------------------------------- days and times
_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_WORDS = re.compile(r"(?:[^\W\d]+ )?(\d{1,2})(?:er|st|nd|rd|th)? ([^\W\d]+) (\d{4})")
_TIME = re.compile(r"(\d{1,2})\s*(?:h|:|heures?|hours?)\s*(\d{2})?(?:\s*(?:min|:00|mn))?\.?")


@cache
def _months() -> dict[str, int]:
    found = {}
    for language in ("fr", "en"):
        with override(language):
            for names in (MONTHS, MONTHS_AP):
                found |= {folded(str(name)): number for number, name in names.items()}
    return found


def _day(cell, _table) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    try:
        if day := _typed_day(_one_line(cell)):
            return day
    except ValueError:  # 31/02
        pass
    raise DomainError(_("“%(text)s” is no day: write it as 23/10/2024.") % {"text": _short(cell)})


def _typed_day(text: str) -> dt.date | None:
    if match := _ISO.fullmatch(text):
        return dt.date(*map(int, match.groups()))
    if match := _DAY.fullmatch(text.rpartition(" ")[2] if text[:1].isalpha() else text):
        day, month, year = map(int, match.groups())
        return dt.date(year + 2000 if year < 100 else year, month, day)
    if (match := _WORDS.fullmatch(folded(text))) and match[2] in _months():
        return dt.date(int(match[3]), _months()[match[2]], int(match[1]))
    return None


DAY = Kind(_day, hint=gettext_lazy("A day: 23/10/2024."), nothing=None)


def _time(cell, _table) -> dt.time:
    if isinstance(cell, dt.time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, dt.datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, float | int | dt.timedelta) and not isinstance(cell, bool):
        day = cell if isinstance(cell, dt.timedelta) else dt.timedelta(days=cell)
        if dt.timedelta() <= day < dt.timedelta(days=1):
            return dt.time(*divmod(round(day.seconds / 60) % (24 * 60), 60))
    match = _TIME.fullmatch(_one_line(cell).lower())
    if match and int(match[1]) < 24 and int(match[2] or 0) < 60:
        return dt.time(int(match[1]), int(match[2] or 0))
    raise DomainError(
        _("“%(text)s” is no time: write it as 09:30 or 9 h 30.") % {"text": _short(cell)}
    )


TIME = Kind(_time, hint=gettext_lazy("A time: 09:30 or 9 h 30."), nothing=None)


# --------------------------------------------------------------------------------- countries
def _country(cell, _table) -> str:
    if code := country_code(_one_line(cell)):
        return code
    raise DomainError(
        _("“%(text)s” is no country that is known: write its name, or its two letters.")
        % {"text": _short(cell)}
    )


def _countries(cell, table) -> list[str]:
    """Several, with commas, semicolons or line ends between them."""
    names = re.split(r"[,;/\n]", shown(cell))
    # In the order in which the field keeps them.
    return sorted({_country(name, table) for name in names if name.strip()})


def _country_written(country) -> str:
    return country_name(str(country or ""))


COUNTRY = Kind(
    _country,
    _country_written,
    gettext_lazy("The name in French or English, or two letters."),
)
COUNTRIES = Kind(
    _countries,
    lambda countries: ", ".join(country_name(str(one)) for one in countries or ()),
    gettext_lazy("Several, with commas between them."),
    nothing=(),
)


# --------------------------------------------------------------------- one of what there is
def choice(choices, synonyms: dict[str, str] | None = None) -> Kind:
    """One of a model's choices, by its label in either language or its value."""

    @cache
    def known() -> dict[str, str]:
        found = dict(synonyms or {})
        for language in ("en", "fr"):
            with override(language):
                found |= {folded(str(label)): value for value, label in choices.choices}
        return found | {folded(value): value for value in choices.values if folded(value)}

    def read(cell, _table) -> str:
        if (value := known().get(folded(shown(cell)))) is not None:
            return value
        labels = " ; ".join(str(label) for label in choices.labels)
        raise DomainError(
            _("“%(text)s” is none of these: %(choices)s.")
            # « M. » ends the sentence by itself.
            % {"text": _short(cell), "choices": labels.removesuffix(".")}
        )

    def write(value) -> str:
        return str(choices(value).label) if value else ""

    return Kind(read, write, _Choices(choices))


class _Choices:
    """The labels, in the language of whoever reads them."""

    def __init__(self, choices) -> None:
        self.choices = choices

    def __str__(self) -> str:
        return " ; ".join(str(label) for label in self.choices.labels)


def named(group: str, write: Callable, unknown: str) -> Kind:
    """A row of another table, by one of the names that `table.names[group]` has for it.

    The sentence `unknown` has a place for the `text`, and one for the `choices` where they are few.
    """

    def read(cell, table):
        names = table.names[group]
        found = names.get(folded(shown(cell)))
        if found is None:
            choices = " ; ".join(dict.fromkeys(write(row) for row in names.values()))
            raise DomainError(unknown % {"text": _short(cell), "choices": choices})
        return found

    return Kind(read, lambda row: write(row) if row else "", nothing=None)


def _short(cell) -> str:
    text = _one_line(cell)
    return text if len(text) <= 60 else f"{text[:60]}…"
