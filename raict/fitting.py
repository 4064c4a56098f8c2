"""Text set into a width by measure: shrunk first, then wrapped, never cut and never overflowing.

The layout engine wraps too, but cannot shrink; and it must not have the last word on a badge.
Sizes and widths are in millimetres.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass

from raict import fonts

MM_PER_POINT = 25.4 / 72
# Kerning and rounding may add a hair to the sum of widths.
_TOLERANCE = 1.01
_WANTED_LINES = 2
_TALL_LINE = 1.5  # scripts with signs above and below: Arabic, Khmer, Burmese, Tamil …


@dataclass(frozen=True)
class Style:
    design: str
    weight: int
    leading: float = 1.12


@dataclass(frozen=True)
class Setting:
    """Lines at one size, with what the page needs to draw them."""

    lines: tuple[str, ...]
    size: float
    leading: float
    faces: tuple[fonts.Face, ...]
    weight: int
    is_rtl: bool

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * self.leading

    @property
    def width(self) -> float:
        """Of the longest line."""
        return self.size * max(
            (_measure(line, faces=self.faces, weight=self.weight) for line in self.lines), default=0
        )

    @property
    def families(self) -> str:
        return fonts.names(self.faces)


def is_rtl(text: str) -> bool:
    """By the first sign that has a direction."""
    directions = (unicodedata.bidirectional(sign) for sign in text)
    return next((d for d in directions if d in {"L", "R", "AL"}), "L") != "L"


def set_text(
    text: str, style: Style, *, width: float, size: float, one_line_from: float
) -> Setting:
    """On one line when that takes no smaller a size than `one_line_from`, else wrapped at `size`.

    A word that is wider than the line is shrunk to fit it, down to `one_line_from`; only then is it
    broken, without a hyphen that its owner does not write.
    """
    text = fonts.printable(text)
    faces = fonts.stack(text, style.design)
    measure = functools.partial(_measure, faces=faces, weight=style.weight)
    fitting = width / max(measure(text), 0.001)
    if fitting >= min(one_line_from, size):
        size, lines = min(size, fitting), [text]
    else:
        widest = max(map(measure, _words(text)), default=0.001)
        size = min(size, max(one_line_from, width / widest))
        lines = _wrapped(text, measure, width / size)
        while len(lines) > _WANTED_LINES and size * 0.95 >= one_line_from:
            size *= 0.95
            lines = _wrapped(text, measure, width / size)
    foreign = any(face in fonts.SCRIPTS for face in faces)
    return Setting(
        tuple(lines),
        round(size, 3),
        max(style.leading, _TALL_LINE) if foreign else style.leading,
        faces,
        style.weight,
        is_rtl(text),
    )


def fit_text(text: str, style: Style, *, width: float, height: float, size: float) -> Setting:
    """As large as the box lets it, from `size` down, on even lines, never cut.

    A word that is wider than the box is shrunk to a third of the size at most, and then broken.
    """
    faces = fonts.stack(fonts.printable(text), style.design)
    widths = (_measure(word.rstrip(), faces=faces, weight=style.weight) for word in _words(text))
    size = min(size, max(width / max(widths, default=1), size / 3))
    while True:
        setting = set_text(text, style, width=width, size=size, one_line_from=size)
        if setting.height <= height:
            break
        size *= 0.97
    # A tenth more than the least width, which is rounded.
    even = balanced_width(text, style, width=width, size=size) + 0.1
    return set_text(text, style, width=min(even, width), size=size, one_line_from=size)


def balanced_width(text: str, style: Style, *, width: float, size: float) -> float:
    """The least width at which the text takes no more lines than at `width`: even lines, for titles."""
    measure = functools.partial(
        _measure, faces=fonts.stack(text, style.design), weight=style.weight
    )
    lines = len(_wrapped(text, measure, width / size))
    low, high = width / 2, width
    while high - low > 1:
        middle = (low + high) / 2
        low, high = (
            (low, middle)
            if len(_wrapped(text, measure, middle / size)) <= lines
            else (middle, high)
        )
    return round(high, 1)


def _measure(text: str, *, faces: tuple[fonts.Face, ...], weight: int) -> float:
    return fonts.width(text, faces, weight) * _TOLERANCE


def _words(text: str) -> list[str]:
    """What a line may end after: a word with its space, a hyphen, a slash."""
    return re.findall(r"[^ /-]*[/-]+|[^ /-]+ *| +", text)


def _clusters(text: str) -> list[str]:
    """Letters with what sits on them: a break never parts the two."""
    found: list[str] = []
    for sign in text:
        joined = unicodedata.category(sign)[0] == "M" or fonts.is_invisible(sign)
        follows_joiner = found and (
            found[-1][-1] == "\u200d" or unicodedata.combining(found[-1][-1]) == 9  # virama
        )
        if found and (joined or follows_joiner):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _wrapped(text: str, measure, limit: float) -> list[str]:
    lines, line = [], ""
    for word in _words(text):
        if measure((line + word).rstrip()) <= limit:
            line += word
            continue
        if line:
            lines.append(line.rstrip())
        line = ""
        if measure(word.rstrip()) <= limit:
            line = word
            continue
        for cluster in _clusters(word):
            if line and measure(line + cluster) > limit:
                lines.append(line)
                line = ""
            line += cluster
    return [*lines, line.rstrip()] if line.strip() else lines
