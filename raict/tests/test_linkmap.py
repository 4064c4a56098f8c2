import re
from math import asin, atan2, cos, degrees, radians, sin
from xml.etree import ElementTree as ET

import pytest
from django_countries import countries

from events.geography import CAPITALS, PARIS
from raict.linkmap import compressed, link_map, project

SVG = "{http://www.w3.org/2000/svg}"
SOME = ["SN", "CM", "JP", "CA", "BR", "UA"]


def _circles(svg: str) -> list[tuple[float, float, float, str]]:
    root = ET.fromstring(svg)
    return [
        (float(c.get("cx")), float(c.get("cy")), float(c.get("r")), c.get("fill"))
        for c in root.iter(f"{SVG}circle")
        if c.get("fill")
    ]


def _vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    latitude, longitude = radians(latitude), radians(longitude)
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)


def test_capitals_are_known_for_every_country_and_nothing_else():
    assert set(CAPITALS) == {code for code, _name in countries}


def test_capitals_lie_on_the_globe():
    assert all(-90 <= lat <= 90 and -180 <= lon <= 180 for lat, lon in CAPITALS.values())


def test_project_puts_paris_in_the_middle():
    assert project("FR") == pytest.approx((0, 0))


@pytest.mark.parametrize("code", ["CM", "SN", "JP", "CA", "BR", "NZ", "DE", "PF"])
def test_project_keeps_the_true_direction(code):
    """Against the local east and north of Paris, worked out with vectors instead."""
    latitude, longitude = map(radians, PARIS)
    east = (-sin(longitude), cos(longitude), 0)
    north = (
        -sin(latitude) * cos(longitude),
        -sin(latitude) * sin(longitude),
        cos(latitude),
    )
    there = _vector(*CAPITALS[code])
    bearing = atan2(
        sum(a * b for a, b in zip(there, east, strict=True)),
        sum(a * b for a, b in zip(there, north, strict=True)),
    )
    x, y = project(code)
    assert degrees(atan2(x, -y)) == pytest.approx(degrees(bearing), abs=1e-6)


def test_project_keeps_the_order_of_distances():
    def away(code: str) -> float:
        x, y = project(code)
        return (x * x + y * y) ** 0.5

    near_to_far = ["BE", "DE", "TN", "SN", "CM", "JP", "AU", "NZ"]
    assert sorted(near_to_far, key=away) == near_to_far


def test_compressed_goes_from_paris_to_the_antipode():
    half_way = 2 * asin(1) / 2
    assert compressed(0) == 0
    assert compressed(2 * half_way) == pytest.approx(1)
    assert compressed(half_way) > 0.5  # near countries take more room than far ones


def test_link_map_gives_the_same_bytes_whatever_the_order():
    assert link_map(SOME, "CM", width=720, height=640) == link_map(
        [*reversed(SOME), "SN"], "CM", width=720, height=640
    )


def test_link_map_joins_each_country_and_paints_the_guest_in_sun():
    svg = link_map(SOME, "CM", width=720, height=640)
    fills = [fill for *_place, fill in _circles(svg)]
    assert svg.count("<path ") == 6
    assert fills == ["#ffffff"] * 5 + ["#f2b33d", "#ffffff"]  # the guest over them, then Paris


def test_link_map_shows_a_guest_that_is_not_among_the_countries():
    assert link_map(["SN"], "CM", width=720, height=640).count("<path ") == 2


def test_link_map_without_countries_shows_paris_alone():
    svg = link_map([], width=400, height=300)
    assert svg.count("<path ") == 0
    assert _circles(svg) == [(200.0, 120.0, 6.5, "#ffffff")]


def test_link_map_leaves_france_and_unknown_codes_out():
    assert link_map(["FR", "XX", "SN"], width=400, height=300) == link_map(
        ["SN"], width=400, height=300
    )


def test_link_map_hero_keeps_the_whole_world_inside_its_frame():
    svg = link_map(list(CAPITALS), width=720, height=640)
    outside = [
        (x, y) for x, y, r, _fill in _circles(svg) if not (r < x < 720 - r and r < y < 640 - r)
    ]
    assert outside == []


@pytest.mark.parametrize(
    ("variant", "width", "height"),
    [("letterhead", 794, 170), ("badge", 397, 128), ("card", 1200, 630)],
)
def test_link_map_strips_and_cards_keep_the_guest_inside(variant, width, height):
    svg = link_map(list(CAPITALS), "NZ", width=width, height=height, variant=variant)
    [(x, y)] = [(x, y) for x, y, _r, fill in _circles(svg) if fill == "#f2b33d"]
    assert 0 < x < width
    assert 0 < y < height


def test_link_map_has_a_ground_when_it_is_asked_for():
    plain = link_map(SOME, "CM", width=480, height=320)
    grounded = link_map(SOME, "CM", width=480, height=320, ground="#16244f")
    ground = '<rect width="480" height="320" fill="#16244f"/>'
    assert grounded.replace(f">{ground}<", "><", 1) == plain


def test_link_map_is_hidden_and_carries_nothing_active():
    svg = link_map(SOME, "CM", width=720, height=640)
    root = ET.fromstring(svg)
    assert root.get("aria-hidden") == "true"
    assert {element.tag for element in root.iter()} == {f"{SVG}svg", f"{SVG}circle", f"{SVG}path"}
    assert re.findall(r"\b(?:style|class|id|on\w+)=", svg) == []
