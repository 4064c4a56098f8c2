"""photos/ and logos/: the published pictures with their credits, speakers, partners, the emblem."""

import logging
from collections.abc import Iterable, Iterator
from functools import partial

from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext, override

from events.models import Edition, PressPicture
from events.press.writing import typeset
from raict.linkmap import link_map
from raict.pdf import data_url, document_key, render_png
from raict.spreadsheets import csv_table
from sessions.models import Person
from sessions.press_kit.archive import Entry, made, made_later, uploaded
from sessions.press_kit.people import Speaker
from sessions.press_kit.words import file_name, in_both

logger = logging.getLogger(__name__)

_COLUMNS = ("file", "title_fr", "title_en", "alternative_fr", "alternative_en", "credit")
_COLUMNS += ("rights_fr", "rights_en")
# The emblem is drawn for a night blue ground (static/css/tokens.css), here on a square.
_NIGHT, _SIDE, _PIXELS = "#16244f", 480, 1600


def photos(edition: Edition, speakers: Iterable[Speaker]) -> Iterator[Entry]:
    """Published photographs, portraits that name their author, and one table of all of them."""
    rows = []
    for entry, picture in _published(edition, PressPicture.Kind.PHOTO, "photos"):
        rows.append(_credit(entry, picture))
        yield entry
    for person, _appearances in speakers:
        if person.photo and person.photo_credit:
            name = f"photos/portraits/{person.slug}.{person.photo.name.rpartition('.')[2].lower()}"
            if entry := _copied(name, person.photo):
                rows.append(_portrait_credit(entry, person))
                yield entry
    if rows:
        yield _credits("photos", rows)


def without_credit(speakers: Iterable[Speaker]) -> list[Person]:
    """Whose portrait may be shown here, but not be given out: nobody would know whom to name."""
    return [person for person, _own in speakers if person.photo and not person.photo_credit]


def logos(edition: Edition) -> Iterator[Entry]:
    """Published logos, the partners' in the agreed order, and the edition's emblem."""
    rows = []
    for entry, picture in _published(edition, PressPicture.Kind.LOGO, "logos"):
        rows.append(_credit(entry, picture))
        yield entry
    for number, partner in enumerate(edition.partners.all(), start=1):
        if partner.logo:
            words = partner.acronym or partner.name_fr
            name = f"logos/partenaires/{file_name(number, words, partner.logo.name)}"
            if entry := _copied(name, partner.logo):
                yield entry
    yield from _emblem(edition)
    if rows:
        yield _credits("logos", rows)


def _published(edition: Edition, kind: str, folder: str) -> Iterator[tuple[Entry, PressPicture]]:
    """Those of which there is a file, by their place in the team's order."""
    for number, picture in enumerate(edition.press_pictures.public().filter(kind=kind), start=1):
        name = f"{folder}/{file_name(number, picture.title_fr, picture.file.name)}"
        if entry := _copied(name, picture.file):
            yield entry, picture


def _copied(name: str, file) -> Entry | None:
    try:
        return uploaded(name, file)
    except OSError:
        logger.warning("The press kit goes without %s, which is not there.", file.name)
        return None


def _credit(entry: Entry, picture: PressPicture) -> list[str]:
    return [
        entry.name.partition("/")[2],
        *(
            typeset(getattr(picture, name), "en" if name.endswith("_en") else "fr")
            for name in _COLUMNS[1:]
        ),
    ]


def _portrait_credit(entry: Entry, person: Person) -> list[str]:
    said = []
    for language in ("fr", "en"):
        with override(language):
            said.append(gettext("Portrait of %(name)s") % {"name": person.full_name})
    name = entry.name.partition("/")[2]
    return [name, person.full_name, person.full_name, *said, person.photo_credit, "", ""]


def _credits(folder: str, rows: Iterable[list[str]]) -> Entry:
    headers = in_both(PressPicture._meta.get_field(name).verbose_name for name in _COLUMNS)
    return made(f"{folder}/credits.csv", csv_table(headers, rows))


def _emblem(edition: Edition) -> Iterator[Entry]:
    """The map of links on its night blue, as a drawing and as a picture."""
    guest = edition.guest_country.code
    drawing = link_map(edition.countries(), guest, width=_SIDE, height=_SIDE, ground=_NIGHT)
    with override("fr"):
        stem = f"logos/embleme-{slugify(edition.title)}"
        html = render_to_string(
            "pdf/emblem.html", {"emblem": data_url(drawing), "size": f"{_SIDE}px {_SIDE}px"}
        )
    yield made(f"{stem}.svg", f"{drawing}\n".encode())
    make = partial(render_png, html, stylesheets=(), width=_PIXELS, faces=())
    yield made_later(f"{stem}.png", f"{_PIXELS} {document_key(html, ())}", make)
