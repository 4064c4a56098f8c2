"""Plots hold to their numbers."""

import re
import xml.etree.ElementTree as ET

import pytest

from raict.charts import HEIGHT, WIDTH, Curve, Line, bar, step_for

TICKS = [(-20, "J − 20"), (-10, "J − 10"), (0, "jour J")]


def curve(*lines: Line) -> Curve:
    return Curve("Inscriptions", "2026 : 40 inscrits.", lines, TICKS)


def drawn(one: Curve) -> ET.Element:
    """As well-formed XML."""
    return ET.fromstring(one.svg())


def points(one: Curve) -> list[list[tuple[float, float]]]:
    return [
        [tuple(map(float, place.split(","))) for place in line.get("points").split()]
        for line in drawn(one).iter("polyline")
    ]


@pytest.mark.parametrize(
    ("highest", "step"),
    [(0, 1), (1, 1), (4, 1), (5, 2), (9, 5), (40, 10), (41, 20), (512, 200), (50_000, 20_000)],
)
def test_steps_are_round_and_few(highest, step):
    assert step_for(highest) == step


def test_a_curve_goes_from_its_first_point_to_its_last():
    one = curve(Line("2026", "now", [(-20, 0), (-10, 20), (0, 40)]))
    ((left, base), (middle, half), (right, top)) = points(one)[0]
    assert (left < middle < right, base > half > top) == (True, True)
    assert (middle - left, half - top) == pytest.approx((right - middle, base - half), abs=0.2)
    assert (one.step, one.top, one.y(40), one.y(0)) == (10, 40, top, base)


def test_two_lines_share_their_axes():
    now = Line("2026", "now", [(-20, 10), (-10, 20)])
    before = Line("2025", "before", [(-20, 10), (-10, 20), (0, 40)])
    first, second = points(curve(now, before))
    assert first == second[:2]


def test_names_at_the_ends_of_lines_do_not_cover_each_other():
    lines = [Line("2026", "now", [(-20, 5), (0, 40)]), Line("2025", "before", [(-20, 5), (0, 41)])]
    names = [text for text in drawn(curve(*lines)).iter("text") if "name" in text.get("class")]
    heights = [float(text.get("y")) for text in names]
    assert abs(heights[0] - heights[1]) >= 14


def test_a_curve_says_what_it_shows():
    svg = drawn(curve(Line("2026", "now", [(0, 40)])))
    texts = [svg.findtext("title"), svg.findtext("desc"), svg.get("role")]
    assert texts == ["Inscriptions", "2026 : 40 inscrits.", "img"]
    ticks = [text.text for text in svg.iter("text") if text.get("class") == "tick"]
    assert ticks == ["0", "10", "20", "30", "40", "J − 20", "J − 10", "jour J"]


def test_everything_lies_inside_and_nothing_has_a_style():
    svg = curve(Line("2026", "now", [(-20, 1), (0, 12_345)])).svg()
    places = [float(place) for place in re.findall(r' (?:x|x1|x2)="([\d.]+)"', svg)]
    heights = [float(place) for place in re.findall(r' (?:y|y1|y2)="([\d.]+)"', svg)]
    assert (max(places) <= WIDTH, max(heights) <= HEIGHT, "style=" in svg) == (True, True, False)
    assert svg.count("15\u202f000") == 1


def test_words_in_a_curve_are_escaped():
    one = Curve("A & <b>", "é", [Line("<i>", "now", [(0, 1)])], [(0, "x")])
    assert drawn(one).findtext("title") == "A & <b>"


@pytest.mark.parametrize(
    ("value", "whole", "width"), [(1, 3, "33.3"), (44, 40, "100"), (0, 40, "0"), (3, 0, "0")]
)
def test_a_bar_is_as_long_as_its_share(value, whole, width):
    parts = ET.fromstring(bar(value, whole)).findall("rect")
    assert [part.get("width") for part in parts] == ["100", width]


def test_the_last_point_of_each_line_has_a_dot():
    one = curve(Line("2026", "now", [(-20, 40)]), Line("2025", "before", [(-20, 10), (0, 20)]))
    dots = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in drawn(one).iter("circle")]
    assert dots == [(one.x(-20), one.y(40)), (one.x(0), one.y(20))]
