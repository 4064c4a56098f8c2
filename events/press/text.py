"""The language of a release's text: Markdown with placeholders bound to the edition.

`{{ edition.dates }}`, `{{ figure.participants }}`, `{{ next.when|majuscule }}`: a name from a closed
list and at most one filter. Nothing is evaluated; a name that is not in the list, or that the
edition cannot fill, is a problem said in a sentence.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.figures import COMPUTED, Tallies, figures
from events.models import Edition
from raict.countries import country_name, of_country, the_country
from raict.errors import DomainError
from raict.typography import capitalised, in_words, ordinal

_PLACEHOLDER = re.compile(r"\{\{\s*(?P<name>[^{}|]*?)\s*(?:\|\s*(?P<filter>[^{}|]*?)\s*)?\}\}")
_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]#])")
FILTERS: dict[str, Callable[[str], str]] = {"majuscule": capitalised}


@dataclass(frozen=True)
class _Link:
    address: str

    def __str__(self) -> str:
        """As written in French releases: www.example.org, else with its scheme."""
        return re.sub(r"^https?://(?=www\.)", "", self.address).rstrip("/")


def _dates_with_article(edition: Edition) -> str:
    """« les 23 et 24 octobre », « le 5 juin », « du 12 au 14 mai »: whatever the number of days."""
    if get_language() == "en" or len(edition.days) > 2:
        return edition.dates
    return edition.dates and f"{'les' if len(edition.days) == 2 else 'le'} {edition.dates}"


EDITION: dict[str, Callable[[Edition], object]] = {
    "edition.ordinal": lambda e: "" if e.is_demonstration else ordinal(e.number),
    "edition.dates": lambda e: e.dates,
    "edition.dates_the": _dates_with_article,
    "edition.dates_with_weekdays": lambda e: e.dates_with_weekdays,
    "edition.days_in_words": lambda e: in_words(len(e.days)) if e.days else "",
    "edition.year": lambda e: str(e.year or ""),
    "edition.venue": lambda e: e.venue.name if e.venue else "",
    "edition.city": lambda e: e.venue.city if e.venue else "",
    "edition.theme": lambda e: e.theme,
    "edition.hashtag": lambda e: e.hashtag,
    "edition.handle": lambda e: e.handle,
    "edition.website": lambda e: _Link(e.website),
    "edition.organiser": lambda e: e.organiser,
    "edition.organiser_short": lambda e: e.organiser_short,
    "edition.organiser_founded": lambda e: str(e.organiser_founded or ""),
    "edition.organiser_website": lambda e: _Link(e.organiser_website),
    "edition.guest_country": lambda e: country_name(e.guest_country.code),
    "edition.guest_country_the": lambda e: the_country(e.guest_country.code),
    "edition.guest_country_of": lambda e: of_country(e.guest_country.code),
    "next.ordinal": lambda e: ordinal(e.next_number) if e.next_number else "",
    "next.when": lambda e: e.next_when,
}


def values(edition: Edition, tallies: Tallies | None = None) -> dict[str, object]:
    """Every placeholder's value for the edition, in the active language."""
    found = {name: read(edition) for name, read in EDITION.items()}
    return found | {
        f"figure.{key}": figure.phrase for key, figure in figures(edition, tallies).items()
    }


def check_placeholders(text: str, edition: Edition) -> list[str]:
    """What is wrong with a text's placeholders, one sentence each; empty when all can be filled."""
    known = values(edition)
    problems = []
    for match in _PLACEHOLDER.finditer(text):
        name, filter_name = match["name"], match["filter"]
        if name not in known:
            problems.append(
                _("“%(found)s” is not a placeholder. Known ones: %(known)s.")
                % {"found": match.group(), "known": ", ".join(known)}
            )
        elif not str(known[name]):
            problems.append(
                _("“%(found)s”: the edition has no value for it yet.") % {"found": match.group()}
            )
        if filter_name is not None and filter_name not in FILTERS:
            problems.append(
                _("“%(found)s”: the only filter is “majuscule”.") % {"found": match.group()}
            )
    rest = _PLACEHOLDER.sub("", text)
    if "{{" in rest or "}}" in rest:
        problems.append(_("A placeholder is written {{ name }}, with two braces on each side."))
    return problems


def known_names() -> list[str]:
    """The placeholders that every edition has; declared figures come on top."""
    return [*EDITION, *(f"figure.{key}" for key in COMPUTED)]


def filled(text: str, known: dict[str, object], *, markdown: bool = True) -> str:
    """The text with its placeholders filled. A name that is not known raises DomainError.

    In Markdown, values are escaped (a hashtag is no heading) and web addresses become links.
    """

    def fill(match: re.Match) -> str:
        name = match["name"]
        if name not in known or (match["filter"] is not None and match["filter"] not in FILTERS):
            raise DomainError(
                _("“%(found)s” is not a placeholder. Known ones: %(known)s.")
                % {"found": match.group(), "known": ", ".join(known)}
            )
        written = FILTERS.get(match["filter"] or "", str)(str(known[name]))
        if not markdown:
            return written
        escaped = _MARKDOWN_SIGNS.sub(r"\\\1", written).replace("<", "&lt;")
        value = known[name]
        return f"[{escaped}]({value.address})" if isinstance(value, _Link) and written else escaped

    return _PLACEHOLDER.sub(fill, text)
