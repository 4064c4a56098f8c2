"""« La carte des liens »: an edition's countries, each joined to Paris, as one SVG.

Azimuthal projection centred on Paris: every country lies in its true direction, and distances are
compressed so that near countries stand apart. The same countries give the same bytes. Drawn with
presentation attributes only, for pages (strict CSP) and for WeasyPrint alike; meant for a night
blue ground. It is decoration: the countries also stand in words wherever it is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, atan2, cos, hypot, log1p, pi, radians, sin, sqrt
from typing import NamedTuple

from events.geography import CAPITALS, PARIS

_EARTH_KM = 6371
_NEAR = 0.15  # radians, about 950 km: up to here distances grow evenly, beyond they shrink
_RING_KM = (1000, 2500, 5000, 7500, 10_000, 15_000, 20_000)
_BEND = 0.17  # how far an arc leaves its chord, as a part of the chord
_WHITE, _SUN, _LINE, _RING = "#ffffff", "#f2b33d", "#b9c5f2", "#8fa0e0"


class Point(NamedTuple):
    x: float
    y: float


@dataclass(frozen=True)
class _Variant:
    """Where Paris lies (parts of width and height), how far the far end of the world lies (part of
    the height), whether all countries must lie inside or the guest only, and how thick things are.
    """

    paris: tuple[float, float]
    reach: float
    keeps_all: bool
    line: float
    dot: float


_VARIANTS = {
    "hero": _Variant(paris=(0.5, 0.4), reach=0.95, keeps_all=True, line=1.25, dot=3.6),
    "letterhead": _Variant(paris=(0.72, 0.4), reach=0.95, keeps_all=False, line=0.9, dot=2.6),
    "card": _Variant(paris=(0.76, 0.44), reach=0.75, keeps_all=False, line=1.5, dot=4),
    "badge": _Variant(paris=(0.76, 0.4), reach=0.95, keeps_all=False, line=0.8, dot=2.2),
}


def project(code: str) -> Point:
    """A country on the unit disc: Paris in the middle, north up, the antipode on the edge.

    The direction is that of the great circle from Paris, which this projection keeps.
    """
    latitude, longitude = map(radians, CAPITALS[code])
    paris_latitude, paris_longitude = map(radians, PARIS)
    east = longitude - paris_longitude
    half_chord = sqrt(
        sin((latitude - paris_latitude) / 2) ** 2
        + cos(paris_latitude) * cos(latitude) * sin(east / 2) ** 2
    )
    away = compressed(2 * asin(min(1.0, half_chord)))
    bearing = atan2(
        sin(east) * cos(latitude),
        cos(paris_latitude) * sin(latitude) - sin(paris_latitude) * cos(latitude) * cos(east),
    )
    return Point(away * sin(bearing), -away * cos(bearing))


def compressed(angle: float) -> float:
    """A distance on the globe in radians → 0 (Paris) to 1 (the antipode)."""
    return log1p(angle / _NEAR) / log1p(pi / _NEAR)


def link_map(
    countries: Iterable[str],
    guest: str = "",
    *,
    width: int,
    height: int,
    variant: str = "hero",
    ground: str = "",
) -> str:
    """The map as a complete `<svg>`. Countries that are not known are left out, never guessed.

    `ground` is the colour behind it; without, what stands behind it shows.
    Variants: « hero » (every country inside the frame), « card » (behind words on its left),
    « letterhead » and « badge » (strips); but for the hero, what lies outside is cut, and the guest
    country always stays inside.
    """
    style = _VARIANTS[variant]
    points = {
        code: project(code)
        for code in sorted({*countries, guest} - {"FR"})  # France is where the arcs start
        if code in CAPITALS
    }
    paris = Point(style.paris[0] * width, style.paris[1] * height)
    kept = points if style.keeps_all else {guest: points[guest]} if guest in points else {}
    radius = _radius(kept.values(), paris, width, height, style)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" fill="none" aria-hidden="true" focusable="false">'
    )
    behind = f'<rect width="{width}" height="{height}" fill="{ground}"/>' if ground else ""
    parts = [head, behind, *_rings(paris, radius, style)]
    on_canvas = {
        code: Point(paris.x + radius * x, paris.y + radius * y) for code, (x, y) in points.items()
    }
    # The guest comes last, over the others.
    for code in sorted(on_canvas, key=lambda code: (code == guest, code)):
        parts += _link(paris, on_canvas[code], style, is_guest=code == guest)
    parts += [
        f'<circle cx="{_n(paris.x)}" cy="{_n(paris.y)}" r="{_n(style.dot * 1.8)}" fill="{_WHITE}"/>',
        "</svg>",
    ]
    return "".join(parts)


def _radius(
    points: Iterable[Point], paris: Point, width: int, height: int, style: _Variant
) -> float:
    """The disc's radius: the variant's own, or less if a country would leave the frame."""
    margin = style.dot * 3
    radius = style.reach * height
    for x, y in points:
        for offset, low, high in ((x, paris.x, width - paris.x), (y, paris.y, height - paris.y)):
            if offset:
                radius = min(radius, ((high if offset > 0 else low) - margin) / abs(offset))
    return radius


def _rings(paris: Point, radius: float, style: _Variant) -> list[str]:
    """Circles of equal distance from Paris, the outer ones fainter."""
    return [
        f'<circle cx="{_n(paris.x)}" cy="{_n(paris.y)}" r="{_n(radius * compressed(km / _EARTH_KM))}" '
        f'stroke="{_RING}" stroke-opacity="{_n(0.34 - 0.035 * step, 2)}" stroke-width="{_n(style.line * 0.7, 2)}"/>'
        for step, km in enumerate(_RING_KM)
    ]


def _link(paris: Point, end: Point, style: _Variant, *, is_guest: bool) -> list[str]:
    """An arc that leaves its chord to the right of its way, all in the same sense, and its dot."""
    across, down = end.x - paris.x, end.y - paris.y
    control = Point(
        paris.x + across / 2 - down * _BEND,
        paris.y + down / 2 + across * _BEND,
    )
    stroke = (
        f'stroke="{_SUN}" stroke-width="{_n(style.line * 2, 2)}"'
        if is_guest
        else f'stroke="{_LINE}" stroke-opacity="0.75" stroke-width="{_n(style.line, 2)}"'
    )
    # Short arcs have small dots, so that neighbours of Paris do not melt into it.
    dot = style.dot * (1.5 if is_guest else 0.8 if hypot(across, down) < style.dot * 12 else 1)
    way = " ".join(_n(value) for value in (*control, *end))
    return [
        f'<path d="M{_n(paris.x)} {_n(paris.y)}Q{way}" pathLength="1" stroke-linecap="round" {stroke}/>',
        f'<circle cx="{_n(end.x)}" cy="{_n(end.y)}" r="{_n(dot)}" fill="{_SUN if is_guest else _WHITE}"/>',
    ]


def _n(value: float, digits: int = 1) -> str:
    """A short number: 12.0 → 12, -0.0 → 0."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
