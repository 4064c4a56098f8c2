"""A badge's layout: every text measured and placed, in millimetres on an A6 page."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import segno
from django.utils.translation import override

from events.models import Edition
from raict.countries import country_title
from raict.fitting import MM_PER_POINT, Setting, Style, set_text
from raict.pdf import picture_url
from raict.typography import french
from registrations.links import badge_code
from registrations.models import Registration

WIDTH, HEIGHT = 105, 148
HEAD, BAND = 34, 15
_LEFT, _COLUMN = 8, WIDTH - 16
_QR = 30  # with its quiet zone of four modules
_TOP, _TEXT_END = HEAD + 6, HEIGHT - BAND - _QR - 1
_SPECIMEN, _NAME_GAP = 3, 0.6
_LOWER = HEAD + 44  # function and organisation stand here when the name leaves room
_SHRINK, _STEPS_WITH_FLOOR, _STEPS = 0.95, 22, 60

_FIRST = Style("serif", 600, 1.06)
_LAST = Style("serif", 600, 1.14)
_FUNCTION = Style("sans", 400, 1.24)
_STRONG = Style("sans", 700, 1.24)
# A capital of Source Serif is 0.67 of its size: 16.5 mm gives capitals of 11 mm.
_FIRST_SIZE, _LAST_SIZE, _TEXT_SIZE = 16.5, 9.6, 4.5
_FIRST_FLOOR, _LAST_FLOOR, _TEXT_FLOOR = 15 * MM_PER_POINT, 13 * MM_PER_POINT, 7.5 * MM_PER_POINT


@dataclass(frozen=True)
class Block:
    """Lines at a place: what the template draws."""

    kind: str
    top: float
    text: Setting

    @property
    def line(self) -> float:
        return round(self.text.size * self.text.leading, 3)


@dataclass(frozen=True)
class Badge:
    registration: Registration
    name: str
    names: tuple[Block, ...]
    blocks: tuple[Block, ...]
    category: Block
    category_en: Block | None
    colour: str
    ink: str
    qr: str

    def settings(self) -> Iterator[Setting]:
        for block in (*self.names, *self.blocks, self.category, self.category_en):
            if block:
                yield block.text


def badge(registration: Registration) -> Badge:
    """Everything of a badge but its head, which all badges of an edition share."""
    names, blocks = _column(registration)
    french_word, english_word = _category(registration)
    word = _in_band(french_word, _STRONG, width=_COLUMN * 0.62, size=6)
    other = _in_band(english_word, _FUNCTION, width=_COLUMN - word.width - 4, size=4.1)
    same = french_word == english_word or not english_word
    colour = registration.category.colour
    return Badge(
        registration=registration,
        name=registration.full_name,
        names=names,
        blocks=(*blocks, _country(registration)),
        category=Block("category", _centred(word), word),
        category_en=None if same else Block("category-en", _centred(other), other),
        colour=colour,
        ink="#ffffff" if _luminance(colour) < 0.18 else "#16203a",
        qr=_qr(badge_code(registration)),
    )


def _column(registration: Registration) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Name, function, organisation: at their own sizes, or all smaller until they fit."""
    top = _TOP + (_SPECIMEN if registration.edition.is_demonstration else 0)
    for step in range(_STEPS):
        scale = _SHRINK**step
        floor = scale if step < _STEPS_WITH_FLOOR else 0

        names = _names(registration, scale, floor)
        details = [
            (
                kind,
                _paragraph(text, style, max(_TEXT_SIZE * scale**0.7, _TEXT_FLOOR if floor else 0)),
            )
            for kind, text, style in (
                ("function", _said(registration.function), _FUNCTION),
                ("organisation", _said(str(registration.organisation or "")), _STRONG),
            )
            if text.strip()
        ]
        name_end = top + sum(text.height + _NAME_GAP for _kind, text in names)
        details_height = sum(text.height for _kind, text in details) + 1.2
        start = max(name_end + 3, min(_LOWER, _TEXT_END - details_height))
        if start + details_height <= _TEXT_END:
            break
    return _placed(names, top, _NAME_GAP), _placed(details, start, 1.2)


def _names(registration: Registration, scale: float, floor: float) -> list[tuple[str, Setting]]:
    """Title, first name, surname; the surname never stands taller than the first name."""
    found: list[tuple[str, Setting]] = []
    tallest = _FIRST_SIZE
    for kind, text, style, size, least in (
        ("title", registration.title, _FUNCTION, _TEXT_SIZE, _TEXT_FLOOR),
        ("first", registration.first_name, _FIRST, _FIRST_SIZE, _FIRST_FLOOR),
        ("last", registration.last_name, _LAST, _LAST_SIZE, _LAST_FLOOR),
    ):
        if not text.strip():
            continue
        wanted = min(max(size * scale, least if floor else 0), tallest)
        setting = set_text(
            text,
            style,
            width=_COLUMN,
            size=wanted,
            one_line_from=max(wanted * 0.55, min(least, wanted)),
        )
        if kind == "first":
            tallest = setting.size * 0.85
        found.append((kind, setting))
    return found


def _paragraph(text: str, style: Style, size: float) -> Setting:
    return set_text(text, style, width=_COLUMN, size=size, one_line_from=size * 0.94)


def _placed(texts: list[tuple[str, Setting]], top: float, gap: float) -> tuple[Block, ...]:
    blocks = []
    for kind, text in texts:
        blocks.append(Block(kind, round(top, 3), text))
        top += text.height + gap
    return tuple(blocks)


def _country(registration: Registration) -> Block:
    """In both languages where they differ, at the left of the code."""
    names = []
    for language in ("fr", "en"):
        with override(language):
            names.append(country_title(registration.country.code))
    said = set_text(
        " · ".join(dict.fromkeys(names)),
        _FUNCTION,
        width=_COLUMN - _QR - 2,
        size=4.2,
        one_line_from=3.4,
    )
    return Block("country", round(HEIGHT - BAND - 5 - said.height, 3), said)


def _category(registration: Registration) -> tuple[str, str]:
    category = registration.category
    feminine = registration.civility == Registration.Civility.MADAM and category.name_feminine_fr
    return feminine or category.name_fr, category.name_en


def _in_band(text: str, style: Style, *, width: float, size: float) -> Setting:
    """At full size on one line, else smaller, else on as many lines as the band is high."""
    for step in range(_STEPS):
        tried = size * _SHRINK**step
        word = set_text(text, style, width=width, size=tried, one_line_from=size * 0.72)
        if word.height <= BAND - 3:
            break
    return word


def _centred(text: Setting) -> float:
    return round(HEIGHT - BAND + (BAND - text.height) / 2, 3)


def _said(text: str) -> str:
    """What people typed keeps its words; only the spaces that must not break are mended."""
    return french(text)


def _luminance(colour: str) -> float:
    """WCAG's relative luminance: under 0.18 white words stand out, above it dark ones do."""
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _qr(code: str) -> str:
    """A black and white PNG of one dot a module: `image-rendering: pixelated` keeps them sharp at any size.

    The fixed mask makes it five times as quick.
    """
    out = io.BytesIO()
    segno.make(code, error="m", micro=False, boost_error=False, mask=2).save(
        out, kind="png", border=4, scale=1
    )
    return picture_url(out.getvalue())


@dataclass(frozen=True)
class Head:
    """The strip at the top: the same for every badge of an edition."""

    edition: Edition
    title: Setting
    lines: tuple[str, ...]
    specimen: str


def head(edition: Edition) -> Head:
    titles, dates = [], []
    for language in ("fr", "en"):
        with override(language):
            titles.append(edition.title)
            dates.append(edition.dates)
    if edition.is_demonstration:
        del titles[1:]  # two long ones do not fit, and the specimen's bar speaks both languages
    return Head(
        edition=edition,
        title=set_text(edition.short_name, _LAST, width=_COLUMN, size=7.4, one_line_from=3),
        lines=tuple(filter(None, [" – ".join(titles), *dict.fromkeys(dates)])),
        specimen="DÉMONSTRATION – SPECIMEN" if edition.is_demonstration else "",
    )
