"""A drawing (SVG) is written anew, from lists of what a drawing may hold.

What is not on the lists is left out with all that is in it: scripts, events, links, animations,
foreign objects, fonts, metadata. What stays refers to parts of the same file only, in attributes as
in styles, so that whoever draws it, a browser or WeasyPrint, has nothing to fetch.
"""

import math
import re
from collections import defaultdict
from html import escape
from xml.parsers import expat

import tinycss2
from django.utils.translation import gettext as _

from raict.errors import DomainError

LONGEST = 1200  # pixels that it asks for: a drawing has no size of its own, and pages only reduce
# A file of 500 kB has 25,000 elements at most; what repeats parts of itself may draw twice as many.
_DEPTH, _ELEMENTS_DRAWN = 100, 50_000
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SHAPES = _words("path rect circle ellipse line polyline polygon text use")
_ELEMENTS = _SHAPES | _words("""
    svg g a defs symbol switch title desc style tspan textPath linearGradient radialGradient stop
    clipPath mask pattern marker filter feBlend feColorMatrix feComponentTransfer feComposite
    feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode
    feMorphology feOffset
""")
_PROPERTIES = _words("""
    alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation
    color-interpolation-filters direction display dominant-baseline fill fill-opacity fill-rule
    filter flood-color flood-opacity font font-family font-size font-stretch font-style font-variant
    font-weight isolation letter-spacing marker marker-end marker-mid marker-start mask mask-type
    mix-blend-mode opacity overflow paint-order shape-rendering stop-color stop-opacity stroke
    stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit
    stroke-opacity stroke-width text-anchor text-decoration text-rendering transform transform-box
    transform-origin unicode-bidi vector-effect visibility word-spacing writing-mode
""")
_ATTRIBUTES = _PROPERTIES | _words("""
    amplitude class clipPathUnits cx cy d dx dy exponent filterUnits fr fx fy gradientTransform
    gradientUnits height id in in2 intercept k1 k2 k3 k4 lengthAdjust markerHeight markerUnits
    markerWidth maskContentUnits maskUnits method mode offset operator orient pathLength
    patternContentUnits patternTransform patternUnits points preserveAspectRatio primitiveUnits r
    radius refX refY result rotate rx ry side slope spacing spreadMethod startOffset stdDeviation
    systemLanguage tableValues textLength type values viewBox width x x1 x2 y y1 y2
""")
_WITH_TEXT = _words("text tspan textPath a title desc")

_FUNCTIONS = _words("""
    rgb rgba hsl hsla matrix translate translatex translatey scale scalex scaley rotate skewx skewy
""") | {""}  # parentheses alone
# A whole word, or half a million letters without a parenthesis would be read from each of them.
_FUNCTION = re.compile(r"(?<![^\s,;:()'\"])([^\s,;:()'\"]*)\(")
_OWN_PART = re.compile(r"#[^\s#'\"()\\]+")
_OWN_URL = re.compile(rf"\burl\(\s*(['\"]?){_OWN_PART.pattern}\1\s*\)", re.IGNORECASE)
_SELECTOR = re.compile(r"[\w\s.#,>+~*-]+")
_LENGTH = re.compile(r"\s*([\d.]+(?:e[+-]?\d+)?)\s*(?:px|pt|pc|mm|cm|in)?\s*", re.IGNORECASE)
_HEAD = re.compile(rb'<svg xmlns="[^"]*" viewBox="[^"]*" width="(\d+)" height="(\d+)"')


def rewritten(data: bytes, *, unknown: str) -> bytes:
    """The drawing with nothing in it but shapes, colours and words.

    DomainError with the sentence `unknown` when it is no SVG, or one that says what it lacks.
    """
    drawing = _Drawing(unknown)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = drawing.start
    parser.EndElementHandler = drawing.end
    parser.CharacterDataHandler = drawing.text
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the latter: unknown encodings
        if not drawing.written:
            raise DomainError(unknown) from error
        raise DomainError(
            _("This drawing is damaged: it cannot be read to its end. Export it and send it again.")
        ) from error
    except RecursionError as error:  # brackets within brackets, in a style
        raise _too_intricate() from error
    drawing.check()
    return "".join(drawing.written).encode()


def size(head: bytes) -> tuple[int, int] | None:
    """Width and height of a drawing that `rewritten` wrote."""
    found = _HEAD.match(head)
    return (int(found[1]), int(found[2])) if found else None


def _refuse_entities(*_declaration) -> None:
    raise DomainError(
        _("This drawing defines XML entities. Export it as plain SVG and send it again.")
    )


class _Drawing:
    """What the parser reads, as it is written."""

    def __init__(self, unknown: str) -> None:
        self.unknown = unknown
        self.written: list[str] = []
        self.names: list[str] = []  # of the elements that are open
        self.left_out = 0  # how deep it stands in something that is left out
        self.shapes = 0
        self.has_pixels = False
        # Of each part with a name: how many elements it has itself, and which parts it draws.
        self.elements: dict[str, int] = defaultdict(int)
        self.draws: dict[str, list[str]] = defaultdict(list)
        self.parts = [""]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _space, name = tag.rpartition(" ")
        if not self.names and (name != "svg" or namespace not in {_SVG, ""}):
            raise DomainError(self.unknown)
        if self.left_out or namespace not in {_SVG, ""} or name not in _ELEMENTS:
            self.left_out += 1
            href = attributes.get("href") or attributes.get(f"{_XLINK} href", "")
            self.has_pixels |= name == "image" and href.strip().lower().startswith("data:")
            return
        if len(self.names) > _DEPTH:
            raise _too_intricate()
        kept = _kept(attributes)
        if not self.names:
            sized = {"xmlns": _SVG, **_sized(attributes)}
            kept = sized | kept | sized  # first in the file, and over what was sent
        self.names.append(name)
        self.shapes += name in _SHAPES
        self._count(kept)
        self.written.append(f"<{name}{''.join(_attribute(*pair) for pair in kept.items())}>")

    def end(self, tag: str) -> None:
        if self.left_out:
            self.left_out -= 1
            return
        self.parts.pop()
        self.written.append(f"</{self.names.pop()}>")

    def text(self, text: str) -> None:
        if self.left_out:
            return
        if self.names[-1] == "style":
            self.written.append(escape(_stylesheet(text), quote=False))
        elif self.names[-1] in _WITH_TEXT:
            self.written.append(escape(text, quote=False))

    def _count(self, attributes: dict[str, str]) -> None:
        part, name = self.parts[-1], attributes.get("id", "")
        if name and name not in self.parts:
            self.draws[part].append(name)
            part = name
        self.parts.append(part)
        self.elements[part] += 1
        if "href" in attributes:
            self.draws[part].append(attributes["href"].removeprefix("#"))

    def check(self) -> None:
        """Refuse what draws nothing, and what draws itself again and again."""
        if self.has_pixels or not self.shapes:
            raise DomainError(
                _("This drawing holds a picture instead of shapes. Export it as PNG and send that.")
            )
        if self._cost("", 0, {}) > _ELEMENTS_DRAWN:
            raise _too_intricate()

    def _cost(self, part: str, depth: int, known: dict[str, int]) -> int:
        """How many elements are drawn for a part. One that draws itself goes too deep."""
        if depth > _DEPTH:
            raise _too_intricate()
        if part not in known:
            drawn = self.draws.get(part, ())
            known[part] = self.elements.get(part, 0) + sum(
                self._cost(other, depth + 1, known) for other in drawn
            )
        return known[part]


def _too_intricate() -> DomainError:
    return DomainError(
        _("This drawing repeats or nests its parts too often. Export it as PNG and send that.")
    )


# ----------------------------------------------------------------------------------- attributes
def _kept(attributes: dict[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in attributes.items()
        if name in _ATTRIBUTES and _is_harmless(value)
    }
    href = attributes.get("href") or attributes.get(f"{_XLINK} href", "")
    if _OWN_PART.fullmatch(href):
        kept["href"] = href
    if "style" in attributes:
        kept["style"] = _declarations(attributes["style"])
    return kept


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"'


def _is_harmless(value: str) -> bool:
    """Refers to nothing outside: the functions that it calls are known, and addresses are `#part`.

    A name that is written with escapes is not known.
    """
    called = _FUNCTION.findall(_OWN_URL.sub(" ", value)) if "(" in value else []
    return all(name.lower() in _FUNCTIONS for name in called)


def _sized(attributes: dict[str, str]) -> dict[str, str]:
    """The frame of the whole drawing, and its size in pixels."""
    box = _numbers(attributes.get("viewBox", ""))
    if len(box) != 4 or min(box[2:]) <= 0:
        lengths = [_LENGTH.fullmatch(attributes.get(name, "")) for name in ("width", "height")]
        box = [0, 0, *(number for found in lengths if found for number in _numbers(found[1]))]
    if len(box) != 4 or min(box[2:]) <= 0:
        raise DomainError(
            _("This drawing does not say how large it is. Export it with a width and a height.")
        )
    scale = LONGEST / max(box[2:])
    return {
        "viewBox": " ".join(f"{number:.10g}" for number in box),
        **{
            name: str(max(1, round(number * scale)))
            for name, number in zip(("width", "height"), box[2:], strict=True)
        },
    }


def _numbers(text: str) -> list[float]:
    try:
        numbers = [float(word) for word in re.split(r"[\s,]+", text.strip())]
    except ValueError:
        return []
    return numbers if all(map(math.isfinite, numbers)) else []


# --------------------------------------------------------------------------------------- styles
def _stylesheet(text: str) -> str:
    """Its plain rules: whatever starts with an @ (imports, fonts) is left out."""
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    selectors = [
        (tinycss2.serialize(rule.prelude).strip(), rule.content)
        for rule in rules
        if rule.type == "qualified-rule"
    ]
    return "".join(
        f"{selector}{{{_declarations(content)}}}"
        for selector, content in selectors
        if _SELECTOR.fullmatch(selector)
    )


def _declarations(content) -> str:
    declarations = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    written = [
        (declaration.lower_name, tinycss2.serialize(declaration.value).strip())
        for declaration in declarations
        if declaration.type == "declaration" and declaration.lower_name in _PROPERTIES
    ]
    return ";".join(f"{name}:{value}" for name, value in written if _is_harmless(value))
