"""The language of a release's text: Markdown with placeholders bound to the edition.

`{{ edition.dates }}`, `{{ figure.participants|plus_de:500 }}`, `{{ next.when|majuscule }}`: a name
from a closed list and filters from another. Nothing is evaluated; a name that is not in the list,
or that the edition cannot fill, is a problem said in a sentence.

`{{ quote.1 }}` is the first quote of the release; `{{ nombre:4 }}` is the number 4, said to be
none of the figures.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.figures import QUALIFIERS, FigureValue, figures, written_number
from events.models import Edition, Figure, PressRelease
from raict.countries import country_name, of_country, the_country
from raict.errors import DomainError
from raict.typography import NBSP, capitalised, date_range, in_words, ordinal

PLACEHOLDER = re.compile(r"\{\{\s*(?P<name>[^{}|]*?)\s*(?P<filters>(?:\|[^{}|]*)*)\}\}")
LITERAL = "nombre:"
_NUMBER = re.compile(r"\d+(?:[.]\d+)?")
_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]#])")
# How a claim about a figure is written, and the word that it prints.
CLAIMS = {
    "plus_de": Figure.Qualifier.MORE_THAN,
    "pres_de": Figure.Qualifier.NEARLY,
    "environ": Figure.Qualifier.ABOUT,
}
FILTERS = ("majuscule", "lettres", "nombre", *CLAIMS)


@dataclass(frozen=True)
class Placeholder:
    """One `{{ name|filter:argument }}` of a text."""

    raw: str
    name: str
    filters: tuple[tuple[str, str], ...]  # (name, argument)

    @property
    def literal(self) -> str:
        """« 4 » of `{{ nombre:4 }}`; empty for every other name."""
        return self.name.removeprefix(LITERAL).strip() if self.name.startswith(LITERAL) else ""

    @property
    def claim(self) -> tuple[str, Decimal] | None:
        """(qualifier, number) of `figure.x|plus_de:500`."""
        return next(
            (
                (CLAIMS[name], Decimal(given))
                for name, given in self.filters
                if name in CLAIMS and _NUMBER.fullmatch(given)
            ),
            None,
        )


@dataclass(frozen=True)
class Link:
    address: str

    def __str__(self) -> str:
        """As written in French releases: www.example.org, else with its scheme."""
        return re.sub(r"^https?://(?=www\.)", "", self.address).rstrip("/")


@dataclass(frozen=True)
class Quoted:
    """A quote in the active language; as text it is the mark that events/press/writing.py sets."""

    number: int
    words: str
    person: str
    function: str

    def __str__(self) -> str:
        return f"\ue000{self.number}\ue001"


def _dates_with_article(edition: Edition) -> str:
    """« les 23 et 24 octobre », « le 5 juin », « du 12 au 14 mai »: whatever the number of days."""
    if get_language() == "en" or len(edition.days) > 2:
        return edition.dates
    return edition.dates and f"{'les' if len(edition.days) == 2 else 'le'} {edition.dates}"


def _day(date) -> str:
    return date_range(date) if date else ""


EDITION: dict[str, Callable[[Edition], object]] = {
    "edition.ordinal": lambda e: "" if e.is_demonstration else ordinal(e.number),
    "edition.name": lambda e: e.name,
    "edition.short_name": lambda e: e.short_name,
    "edition.dates": lambda e: e.dates,
    "edition.dates_the": _dates_with_article,
    "edition.dates_with_weekdays": lambda e: e.dates_with_weekdays,
    "edition.days_in_words": lambda e: in_words(len(e.days)) if e.days else "",
    "edition.year": lambda e: str(e.year or ""),
    "edition.first_dates": lambda e: e.first_dates,
    "edition.venue": lambda e: e.venue.name if e.venue else "",
    "edition.city": lambda e: e.venue.city if e.venue else "",
    "edition.theme": lambda e: e.theme,
    "edition.registration_opens_on": lambda e: _day(e.registration_opens_on),
    "edition.registration_closes_on": lambda e: _day(e.registration_closes_on),
    "edition.hashtag": lambda e: e.hashtag,
    "edition.handle": lambda e: e.handle,
    "edition.website": lambda e: Link(e.website),
    "edition.organiser": lambda e: e.organiser,
    "edition.organiser_short": lambda e: e.organiser_short,
    "edition.organiser_founded": lambda e: str(e.organiser_founded or ""),
    "edition.organiser_website": lambda e: Link(e.organiser_website),
    "edition.guest_country": lambda e: country_name(e.guest_country.code),
    "edition.guest_country_the": lambda e: the_country(e.guest_country.code),
    "edition.guest_country_of": lambda e: of_country(e.guest_country.code),
    "next.ordinal": lambda e: ordinal(e.next_number) if e.next_number else "",
    "next.when": lambda e: e.next_when,
}


def values(edition: Edition, tallies: Mapping[str, int] | None = None) -> dict[str, object]:
    """Every placeholder's value for the edition, in the active language."""
    found = {name: read(edition) for name, read in EDITION.items()}
    return found | {f"figure.{key}": one for key, one in figures(edition, tallies).items()}


def quotes_of(release: PressRelease) -> dict[str, Quoted]:
    """The quotes of the release by placeholder, in the active language."""
    return {
        f"quote.{quote.position}": Quoted(quote.position, quote.text, quote.person, quote.function)
        for quote in (release.quotes.all() if release.pk else ())
    }


def placeholders(text: str) -> Iterator[Placeholder]:
    """Those of a text, in order, well written or not."""
    return (_read(match) for match in PLACEHOLDER.finditer(text))


def placeholders_of(release: PressRelease, language: str) -> Iterator[Placeholder]:
    """Those of all its texts in that language."""
    for name in PressRelease.TEXTS:
        yield from placeholders(getattr(release, f"{name}_{language}"))


def _read(match: re.Match) -> Placeholder:
    parts = [part.partition(":") for part in match["filters"].split("|")[1:]]
    filters = tuple((name.strip(), re.sub(r"\s", "", given)) for name, _colon, given in parts)
    return Placeholder(match.group(), match["name"], filters)


def problem(found: Placeholder, known: Mapping[str, object]) -> str:
    """Why the placeholder cannot be filled, in a sentence; empty when it can."""
    if found.literal:
        return ""
    if found.name not in known:
        return _("“%(found)s” is not a placeholder. Known ones: %(known)s.") % {
            "found": found.raw,
            "known": ", ".join(known),
        }
    if not str(known[found.name]):
        return _("“%(found)s”: the edition has no value for it yet.") % {"found": found.raw}
    is_figure = isinstance(known[found.name], FigureValue)
    for name, given in found.filters:
        if name not in FILTERS or (name in CLAIMS and not _NUMBER.fullmatch(given)):
            return _("“%(found)s”: the filters are majuscule, lettres, nombre, plus_de:500.") % {
                "found": found.raw
            }
        if name != "majuscule" and not is_figure:
            return _("“%(found)s”: this filter is for figures.") % {"found": found.raw}
    return ""


def placeholder_problems(text: str, known: Mapping[str, object]) -> list[str]:
    """What is wrong with a text's placeholders, one sentence each; empty when all can be filled."""
    found = [problem(one, known) for one in placeholders(text)]
    rest = PLACEHOLDER.sub("", text)
    if "{{" in rest or "}}" in rest:
        found.append(_("A placeholder is written {{ name }}, with two braces on each side."))
    return [sentence for sentence in found if sentence]


def printed(found: Placeholder, known: Mapping[str, object]) -> str:
    """What the placeholder says. DomainError when it cannot be filled for want of a name."""
    if found.literal:
        return found.literal
    if str(known.get(found.name, " ")) and (why := problem(found, known)):
        raise DomainError(why)
    value = known[found.name]
    text = str(value)
    for name, given in found.filters:
        if name in CLAIMS:
            number = written_number(Decimal(given), is_percentage=value.is_percentage)
            text = f"{QUALIFIERS[CLAIMS[name]]} {number}".replace(" ", NBSP)
        elif name == "lettres":
            text = in_words(int(value.value)) if value.value == int(value.value) else value.number
        elif name == "nombre":
            text = value.number
        else:
            text = capitalised(text)
    return text


def is_true(found: Placeholder, known: Mapping[str, object]) -> bool:
    """Whether the figure bears what is claimed of it: « plus de 500 » of 612. True without a claim."""
    value = known.get(found.name)
    if found.claim is None or not isinstance(value, FigureValue):
        return True
    return value.bears(*found.claim)


def filled(text: str, known: Mapping[str, object], *, markdown: bool = True) -> str:
    """The text with its placeholders filled. A name that is not known raises DomainError.

    In Markdown, values are escaped (a hashtag is no heading) and web addresses become links.
    """

    def fill(match: re.Match) -> str:
        found = _read(match)
        written = printed(found, known)
        if not markdown:
            return written
        escaped = _MARKDOWN_SIGNS.sub(r"\\\1", written).replace("<", "&lt;")
        value = known.get(found.name)
        return f"[{escaped}]({value.address})" if isinstance(value, Link) and written else escaped

    return PLACEHOLDER.sub(fill, text)
