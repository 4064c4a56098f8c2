"""Plots as SVG, made on the server: a curve with its axes, and the bar beside a number.

Presentation attributes and classes only (strict CSP); colours are the style sheet's, so that dark
mode, forced colours and print have theirs. A curve says in words what it shows, and its numbers
stand in a table beside it; a bar is decoration of the number that it stands by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, log10

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from raict.typography import number

WIDTH, HEIGHT = 960, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 84, 14, 34  # room for the axes, and for the lines' names
_STEPS = 4  # lines across, at most


@dataclass(frozen=True)
class Line:
    """`name` stands at its end; `style` is the class that draws it: « now » or « before »."""

    name: str
    style: str
    points: Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Mark:
    """A place on an axis, in the picture's units, with its words."""

    at: float
    label: str


@dataclass(frozen=True)
class Curve:
    title: str
    description: str
    lines: Sequence[Line]
    ticks: Sequence[tuple[int, str]]  # of the horizontal axis

    @cached_property
    def _span(self) -> tuple[int, int]:
        places = [x for line in self.lines for x, _y in line.points] + [x for x, _ in self.ticks]
        return min(places), max(places)

    @cached_property
    def step(self) -> int:
        return step_for(max(y for line in self.lines for _x, y in line.points))

    @cached_property
    def top(self) -> int:
        """The number at the upper edge: the first step that no line exceeds."""
        highest = max(y for line in self.lines for _x, y in line.points)
        return max(1, ceil(highest / self.step)) * self.step

    def x(self, value: int) -> float:
        first, last = self._span
        share = (value - first) / (last - first) if last > first else 1
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: int) -> float:
        return round(HEIGHT - _BOTTOM - value / self.top * (HEIGHT - _TOP - _BOTTOM), 1)

    def svg(self) -> SafeString:
        return render_to_string(
            "charts/curve.svg",
            {
                "curve": self,
                "width": WIDTH,
                "height": HEIGHT,
                "left": _LEFT,
                "right": WIDTH - _RIGHT,
                "foot": HEIGHT - 12,
                "base": self.y(0),
                "base_end": self.y(0) + 5,
                "rows": [
                    Mark(self.y(value), number(value))
                    for value in range(0, self.top + 1, self.step)
                ],
                "columns": [Mark(self.x(value), label) for value, label in self.ticks],
                "paths": [
                    (line, self._path(line), self._last(line), self._name(line))
                    for line in self.lines
                ],
            },
        )

    def _path(self, line: Line) -> str:
        return " ".join(f"{self.x(x)},{self.y(y)}" for x, y in line.points)

    def _last(self, line: Line) -> tuple[float, float]:
        """Marked by a dot: a line of one point would not be seen."""
        x, y = line.points[-1]
        return self.x(x), self.y(y)

    def _name(self, line: Line) -> tuple[float, float]:
        """Where its name stands: beside its last point, and not upon another name."""
        x, height = self._last(line)
        taken = [self._last(other)[1] for other in self.lines[: self.lines.index(line)]]
        if any(abs(height - other) < 14 for other in taken):
            height = max(taken) + 14
        return x + 8, round(min(height, self.y(0)) + 4, 1)


def step_for(highest: int) -> int:
    """1, 2 or 5 times a power of ten, so that at most four steps reach the highest."""
    least = max(1, highest / _STEPS)
    power = 10 ** floor(log10(least))
    return next(int(n * power) for n in (1, 2, 5, 10) if n * power >= least)


def bar(value: int, whole: int) -> SafeString:
    """`value` as a part of `whole`; what exceeds it fills the bar. Assistive technology reads the number."""
    width = round(min(100, 100 * value / whole), 1) if whole > 0 else 0
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="whole" width="100" height="8"/><rect class="part" width="{}" height="8"/></svg>',
        f"{width:g}",
    )
