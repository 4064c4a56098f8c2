"""The faces that PDF documents are set in, and what they can print.

No font of the machine is ever used, so a document looks the same everywhere. Covered scripts: Latin
(with Vietnamese and African letters), Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian, Ethiopic,
Tifinagh, N’Ko, Thaana, Devanagari, Bengali, Gurmukhi, Gujarati, Tamil, Telugu, Kannada, Malayalam,
Sinhala, Thai, Lao, Khmer, Burmese, Han (simplified, traditional, Japanese), Kana, Hangul.

Each file is a family of its own: a stack of families falls back sign by sign, and only the files
that a document needs are read. Files are unpacked once into the cache (1 MB of Chinese takes a second).
"""

import functools
import hashlib
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont, woff2

FOLDER = settings.BASE_DIR / "static" / "fonts"
_PER_EM = 1000  # every vendored file is drawn on a thousand units; a test holds that


@dataclass(frozen=True)
class Face:
    """A family made of one subset, in one or more (weight, style) files."""

    family: str
    stem: str
    variants: tuple[tuple[int, str], ...]
    # Ranges in which the file is worth opening: a Latin document never unpacks the Chinese one.
    ranges: tuple[tuple[int, int], ...]

    def path(self, weight: int, style: str = "normal") -> Path:
        return FOLDER / f"{self.stem}-{weight}-{style}.woff2"

    def nearest(self, weight: int) -> int:
        return min(
            (w for w, style in self.variants if style == "normal"), key=lambda w: abs(w - weight)
        )

    def may_hold(self, sign: str) -> bool:
        return any(low <= ord(sign) <= high for low, high in self.ranges)

    def holds(self, sign: str) -> bool:
        return self.may_hold(sign) and ord(sign) in advances(self, self.variants[0][0])


_LATIN = ((0x20, 0x24F), (0x2B0, 0x36F), (0x2000, 0x22FF), (0x1E00, 0x1EFF), (0x250, 0x2AF))
_WIDE = (*_LATIN, (0x1D00, 0x1DBF), (0x2C60, 0x2C7F), (0xA720, 0xA7FF))
_GREEK, _CYRILLIC = ((0x370, 0x3FF),), ((0x400, 0x52F), (0x2116, 0x2116), (0x1C80, 0x1C8F))
_SERIF = ((400, "normal"), (600, "normal"))
_CJK = ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF))

SERIF = (
    Face("RAICT Serif", "source-serif-4-latin", (*_SERIF, (400, "italic")), _LATIN),
    Face("RAICT Serif Ext", "source-serif-4-latin-ext", _SERIF, _LATIN),
    Face("RAICT Serif Vietnamese", "source-serif-4-vietnamese", _SERIF, _LATIN),
    Face("RAICT Serif Greek", "source-serif-4-greek", _SERIF, _GREEK),
    Face("RAICT Serif Cyrillic", "source-serif-4-cyrillic", _SERIF, _CYRILLIC),
)
_SANS_WEIGHTS = ((400, "normal"), (700, "normal"))
SANS = (
    Face("RAICT Sans", "atkinson-hyperlegible-next-latin", _SANS_WEIGHTS, _LATIN),
    Face("RAICT Sans Ext", "atkinson-hyperlegible-next-latin-ext", _SANS_WEIGHTS, _LATIN),
)
# The whole of Latin and Cyrillic: Hausa, Fulani, Ewe, Bamileke, Kazakh, Tatar …
_SEMI = ((600, "normal"),)
WIDE = (
    Face("RAICT Wide", "noto-serif-latin", _SEMI, _LATIN),
    Face("RAICT Wide Ext", "noto-serif-latin-ext", _SEMI, _WIDE),
    Face("RAICT Wide Vietnamese", "noto-serif-vietnamese", _SEMI, _LATIN),
    Face("RAICT Wide Cyrillic", "noto-serif-cyrillic", _SEMI, _CYRILLIC),
    Face("RAICT Wide Cyrillic Ext", "noto-serif-cyrillic-ext", _SEMI, _CYRILLIC),
)
DESIGNS = {"serif": (SERIF, WIDE), "sans": (SANS, SERIF, WIDE)}


def _noto(name: str, *ranges: tuple[int, int], weights: tuple[int, ...] = (700,)) -> Face:
    return Face(
        f"RAICT {name.title()}",
        f"noto-sans-{name}-{name}",
        tuple((weight, "normal") for weight in weights),
        ranges,
    )


SCRIPTS = (
    _noto(
        "arabic",
        (0x600, 0x6FF),
        (0x750, 0x77F),
        (0x870, 0x8FF),
        (0xFB50, 0xFEFC),
        weights=(400, 700),
    ),
    _noto("hebrew", (0x590, 0x5FF), (0xFB1D, 0xFB4F)),
    _noto("armenian", (0x530, 0x58F), (0xFB13, 0xFB17)),
    _noto("georgian", (0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F)),
    _noto("ethiopic", (0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB01, 0xAB2F)),
    _noto("tifinagh", (0x2D30, 0x2D7F), weights=(400,)),
    _noto("nko", (0x7C0, 0x7FF), weights=(400,)),
    _noto("thaana", (0x780, 0x7BF)),
    _noto("devanagari", (0x900, 0x97F), (0xA8E0, 0xA8FF)),
    _noto("bengali", (0x980, 0x9FF)),
    _noto("gurmukhi", (0xA00, 0xA7F)),
    _noto("gujarati", (0xA80, 0xAFF)),
    _noto("tamil", (0xB80, 0xBFF)),
    _noto("telugu", (0xC00, 0xC7F)),
    _noto("kannada", (0xC80, 0xCFF)),
    _noto("malayalam", (0xD00, 0xD7F)),
    _noto("sinhala", (0xD80, 0xDFF)),
    _noto("thai", (0xE00, 0xE7F)),
    _noto("lao", (0xE80, 0xEFF)),
    _noto("myanmar", (0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F)),
    _noto("khmer", (0x1780, 0x17FF), (0x19E0, 0x19FF)),
    Face(
        "RAICT Korean",
        "noto-sans-kr-korean",
        ((700, "normal"),),
        ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7A3)),
    ),
)
HAN = tuple(
    Face(f"RAICT {name}", f"noto-sans-{code}-{subset}", ((700, "normal"),), _CJK)
    for name, code, subset in (
        ("Chinese", "sc", "chinese-simplified"),
        ("Chinese Traditional", "tc", "chinese-traditional"),
        ("Japanese", "jp", "japanese"),
    )
)
FACES = (*SERIF, *SANS, *WIDE, *SCRIPTS, *HAN)
# Drawn by the shaper itself, whatever the face: spaces, joiners, marks of direction, soft hyphen.
_INVISIBLE = {"Zs", "Cf", "Cc", "Zl", "Zp"}


def is_invisible(sign: str) -> bool:
    return unicodedata.category(sign) in _INVISIBLE


@functools.cache
def fingerprint() -> str:
    """Changes whenever a vendored face does: part of the key of every cached document."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.woff2")):
        digest.update(path.name.encode())
        digest.update(_digest(path).encode())
    return digest.hexdigest()[:16]


@functools.cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unpacked(path: Path) -> Path:
    """The face as TrueType, kept in the cache under the hash of the file it comes from.

    Made again when it is gone: without any face the engine does not fail, it crashes.
    """
    folder = settings.VAR / "cache" / "fonts"
    target = folder / f"{_digest(path)[:32]}.ttf"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with (
            path.open("rb") as source,
            tempfile.NamedTemporaryFile(dir=folder, delete=False) as out,
        ):
            woff2.decompress(source, out)
        Path(out.name).replace(target)  # in one step: another process may be at it too
    return target


@functools.cache
def advances(face: Face, weight: int) -> dict[int, int]:
    """Width in thousandths of an em, by code point."""
    with TTFont(unpacked(face.path(weight)), lazy=True) as font:
        metrics = font["hmtx"]
        return {code: metrics[name][0] for code, name in font.getBestCmap().items()}


def _covers(faces: Iterable[Face], sign: str) -> bool:
    return any(face.holds(sign) for face in faces)


@functools.lru_cache(maxsize=4096)
def stack(text: str, design: str = "serif") -> tuple[Face, ...]:
    """The faces for a text, in order: one Latin design for all of it, then its other scripts.

    A word is never patched with letters of another design: when the first choice lacks one letter
    of the text, the next design that has them all sets the whole text.
    """
    signs = sorted({sign for sign in text if not is_invisible(sign)})
    foreign = [face for face in SCRIPTS if any(face.holds(sign) for sign in signs)]
    han = _han({sign for sign in signs if HAN[0].may_hold(sign) and not _covers(foreign, sign)})
    others = (*foreign, *han)
    western = [sign for sign in signs if not _covers(others, sign)]
    designs = DESIGNS[design]
    chosen = max(
        designs, key=lambda faces: (sum(_covers(faces, s) for s in western), -designs.index(faces))
    )
    used = [face for face in chosen if face is chosen[0] or any(face.holds(s) for s in western)]
    return (*used, *others)


def _han(signs: set[str]) -> tuple[Face, ...]:
    """One face for all of a name where one can be found: Kana speak for Japanese."""
    if not signs:
        return ()
    kana = any(0x3041 <= ord(sign) <= 0x30FF for sign in signs)
    order = (HAN[2], HAN[0], HAN[1]) if kana else HAN
    for face in order:
        if all(face.holds(sign) for sign in signs):
            return (face,)
    return order


@functools.lru_cache(maxsize=4096)
def printable(text: str) -> str:
    """The text as the faces can print it, never an empty box.

    Composed (NFC), with single spaces. A letter that no face has is written by its compatibility
    form (ﬁ, ①, 𝐀), else as « ? » so that the lack is seen; pictures and controls are left out.
    """
    printed = "".join(map(_printed, unicodedata.normalize("NFC", text)))
    return re.sub(" {2,}", " ", printed).strip()


@functools.lru_cache(maxsize=4096)
def is_unprintable(sign: str) -> bool:
    """No face has it: on paper it would be an empty box."""
    return not (sign.isspace() or is_invisible(sign) or _covers(FACES, sign))


def _printed(sign: str) -> str:
    if sign in "\n\t ":
        return " " if sign == "\t" else sign
    category = unicodedata.category(sign)
    if category in {"Cc", "Cs", "Co", "Cn"}:
        return ""
    if is_invisible(sign) or _covers(FACES, sign):
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    if plain != sign and all(is_invisible(s) or _covers(FACES, s) for s in plain):
        return plain
    base = unicodedata.normalize("NFD", sign)[0]
    if base != sign and _covers(FACES, base):
        return base
    return "?" if category[0] in "LN" else ""


def width(text: str, faces: tuple[Face, ...], weight: int) -> float:
    """Width in em, without kerning: never less than what is printed, but for rounding.

    Joined Arabic and stacked Indic letters come out narrower than their separate forms.
    """
    total = 0
    for sign in text:
        for face in faces:
            found = advances(face, face.nearest(weight)).get(ord(sign))
            if found is not None:
                total += found
                break
        else:
            total += 500 if sign == "\u202f" else 0 if is_invisible(sign) else _PER_EM
    return total / _PER_EM


def css(faces: Iterable[Face]) -> str:
    """@font-face rules for the faces."""
    return "\n".join(
        f'@font-face{{font-family:"{face.family}";font-weight:{weight};font-style:{style};'
        f'src:url("{unpacked(face.path(weight, style)).as_uri()}")}}'
        for face in faces
        for weight, style in face.variants
    )


def names(faces: Iterable[Face]) -> str:
    """The value of `font-family` for the faces."""
    return ",".join(f"'{face.family}'" for face in faces)
