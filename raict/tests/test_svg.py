import time

import pytest
import weasyprint
from django.conf import settings
from django.utils import translation
from weasyprint.urls import URLFetcher

from raict.errors import DomainError
from raict.pdf import data_url
from raict.svg import rewritten, size
from raict.tests.samples import svg

UNKNOWN = "Not an SVG."
DAMAGED = "This drawing is damaged: it cannot be read to its end. Export it and send it again."
ENTITIES = "This drawing defines XML entities. Export it as plain SVG and send it again."
PIXELS = "This drawing holds a picture instead of shapes. Export it as PNG and send that."
NO_SIZE = "This drawing does not say how large it is. Export it with a width and a height."
INTRICATE = "This drawing repeats or nests its parts too often. Export it as PNG and send that."
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10" width="1200" height="600">'
RECT = '<rect width="10" height="5"/>'
ELSEWHERE = "https://elsewhere.example/a"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def kept(content: str) -> str:
    """What stands in the drawing afterwards, beside the rectangle that is always there."""
    found = rewritten(svg(RECT + content), unknown=UNKNOWN).decode()
    head, tail = f'{HEAD}<rect width="10" height="5"></rect>', "</svg>"
    assert found.startswith(head)
    assert found.endswith(tail)
    return found.removeprefix(head).removesuffix(tail)


def refusal(data: bytes) -> str:
    with pytest.raises(DomainError) as caught:
        rewritten(data, unknown=UNKNOWN)
    return str(caught.value.message)


# ------------------------------------------------------------------------------- what survives
GOOD = """
<title>Métropole</title>
<defs>
<linearGradient id="warm" x1="0" x2="1" gradientTransform="rotate(45)">
<stop offset="0" stop-color="#e30613"/><stop offset="1" style="stop-color:rgb(0,150,64)"/>
</linearGradient>
<linearGradient id="warmer" xlink:href="#warm"/>
<clipPath id="frame"><circle cx="10" cy="5" r="4"/></clipPath>
<symbol id="leaf" viewBox="0 0 1 1"><path d="M0 0C1 0 1 1 0 1z"/></symbol>
<filter id="shadow"><feGaussianBlur stdDeviation="2"/><feOffset dx="1" result="moved"/></filter>
</defs>
<style type="text/css"><![CDATA[
.st0 { fill: url(#warmer); stroke: #0A4D8C; enable-background: new } /* a comment */
g > .st1, #b { font-family: 'Marianne', sans-serif; clip-path:url("#frame") }
]]></style>
<g transform="translate(1 2) scale(.5)" clip-path="url(#frame)" filter="url( '#shadow' )">
<use xlink:href="#leaf" x="1" width="3" height="3"/>
<text x="1" y="2" class="st0">A &amp; B <tspan dy="2">&lt;C&gt;</tspan></text>
</g>
"""


def test_good_drawing_survives():
    assert kept(GOOD) == (
        "<title>Métropole</title><defs>"
        '<linearGradient id="warm" x1="0" x2="1" gradientTransform="rotate(45)">'
        '<stop offset="0" stop-color="#e30613"></stop>'
        '<stop offset="1" style="stop-color:rgb(0,150,64)"></stop></linearGradient>'
        '<linearGradient id="warmer" href="#warm"></linearGradient>'
        '<clipPath id="frame"><circle cx="10" cy="5" r="4"></circle></clipPath>'
        '<symbol id="leaf" viewBox="0 0 1 1"><path d="M0 0C1 0 1 1 0 1z"></path></symbol>'
        '<filter id="shadow"><feGaussianBlur stdDeviation="2"></feGaussianBlur>'
        '<feOffset dx="1" result="moved"></feOffset></filter></defs>'
        '<style type="text/css">.st0{fill:url(#warmer);stroke:#0A4D8C}'
        'g &gt; .st1, #b{font-family:"Marianne", sans-serif;clip-path:url("#frame")}</style>'
        '<g transform="translate(1 2) scale(.5)" clip-path="url(#frame)"'
        ' filter="url( &#x27;#shadow&#x27; )">'
        '<use x="1" width="3" height="3" href="#leaf"></use>'
        '<text x="1" y="2" class="st0">A &amp; B <tspan dy="2">&lt;C&gt;</tspan></text></g>'
    )


def test_rewriting_twice_changes_nothing():
    once = rewritten(svg(GOOD), unknown=UNKNOWN)

    assert rewritten(once, unknown=UNKNOWN) == once


@pytest.mark.parametrize(
    ("attributes", "box", "found"),
    [
        ('viewBox="0 0 20 10"', "0 0 20 10", (1200, 600)),
        ('viewBox="-5,-5 10,40" width="7mm" height="3"', "-5 -5 10 40", (300, 1200)),
        ('viewBox="0 0 0 0" width="60mm" height="30mm"', "0 0 60 30", (1200, 600)),
        ('width="20" height="10px"', "0 0 20 10", (1200, 600)),
        ('viewBox="0 0 1 1e9"', "0 0 1 1000000000", (1, 1200)),
    ],
)
def test_drawing_gets_a_frame_and_a_size(attributes, box, found):
    data = rewritten(svg(attributes=attributes), unknown=UNKNOWN)

    assert f' viewBox="{box}" '.encode() in data
    assert size(data) == found


@pytest.mark.parametrize(
    "attributes",
    ["", 'width="100%" height="100%"', 'viewBox="0 0 nan 1"', 'viewBox="0 0 inf 1"', 'width="10"'],
)
def test_drawing_without_a_size_is_refused(attributes):
    assert refusal(svg(attributes=attributes)) == NO_SIZE


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_every_encoding_becomes_utf8(encoding):
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>' + svg("<text>é</text>").decode()

    assert rewritten(text.encode(encoding), unknown=UNKNOWN).decode() == (
        f"{HEAD}<text>é</text></svg>"
    )


def test_prefix_and_missing_namespace_are_mended():
    for data in (
        b'<s:svg xmlns:s="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><s:path d="M0 0"/></s:svg>',
        b'<svg viewBox="0 0 20 10"><path d="M0 0"/></svg>',
    ):
        assert rewritten(data, unknown=UNKNOWN).decode() == (f'{HEAD}<path d="M0 0"></path></svg>')


# -------------------------------------------------------------------------------- what is left out
@pytest.mark.parametrize(
    ("content", "left"),
    [
        ("<script>alert(1)</script>", ""),
        ('<script href="https://elsewhere.example/a.js"/>', ""),
        ("<g><script><![CDATA[alert(1)]]></script></g>", "<g></g>"),
        ('<g onload="alert(1)" onClick="alert(1)" id="a"/>', '<g id="a"></g>'),
        ('<a href="javascript:alert(1)"><path d="M0 0"/></a>', '<a><path d="M0 0"></path></a>'),
        ('<a xlink:href="/admin/logout/"><text>A</text></a>', "<a><text>A</text></a>"),
        ('<a><set attributeName="href" to="javascript:alert(1)"/></a>', "<a></a>"),
        ('<animate attributeName="href" values="https://elsewhere.example/"/>', ""),
        (f'<image href="{ELSEWHERE}.png"/><image xlink:href="file:///etc/passwd"/>', ""),
        ('<image href="/media/a.png"/>', ""),
        (f'<use href="{ELSEWHERE}.svg#x"/>', "<use></use>"),
        ('<use xlink:href="/media/a.svg#x" x="1"/>', '<use x="1"></use>'),
        ('<use href="data:image/svg+xml,&lt;svg/&gt;#x"/>', "<use></use>"),
        (f'<filter id="f"><feImage href="{ELSEWHERE}"/></filter>', '<filter id="f"></filter>'),
        ('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>', ""),
        ('<p xmlns="http://www.w3.org/1999/xhtml"><path d="M0 0"/></p>', ""),
        ('<metadata><r xmlns="urn:r">who made it</r></metadata><!-- and when -->', ""),
        ('<handler type="application/ecmascript">alert(1)</handler>', ""),
        ("<font><glyph/></font><iframe/><object/><embed/><video/><audio/>", ""),
        ('<g xmlns:i="urn:i" i:label="Layer 1" xml:base="https://elsewhere.example/"/>', "<g></g>"),
    ],
)
def test_what_could_act_or_fetch_is_left_out(content, left):
    assert kept(content) == left


@pytest.mark.parametrize(
    "value",
    [
        f"url({ELSEWHERE})",
        f"url('{ELSEWHERE}#a')",
        "url(//elsewhere.example/#a)",
        "url(a.svg#a)",
        "URL(/media/a.svg#a)",
        "url( )",
        r"u\72l(https://elsewhere.example/a)",
        r"\75rl(https://elsewhere.example/a)",
        f'image-set("{ELSEWHERE}" 1x)',
        f'image("{ELSEWHERE}")',
        f'src("{ELSEWHERE}")',
        "var(--a)",
        "expression(alert(1))",
        r"rgb(0,0,0) \75 rl(https://elsewhere.example/a)",
        "url/**/(https://elsewhere.example/a)",
        "url(#a) url(https://elsewhere.example/a)",
        "uurl(#a)rl(https://elsewhere.example/a)",
    ],
)
def test_values_refer_to_the_drawing_itself_only(value):
    """In attributes, in attributes of style and in style sheets alike."""
    quoted = value.replace('"', "&quot;")

    assert kept(f'<path fill="{quoted}"/>') == "<path></path>"
    assert kept(f'<path style="fill:{quoted};r:1;opacity:.5"/>') == (
        '<path style="opacity:.5"></path>'
    )
    assert kept(f"<style>.a{{fill:{quoted};opacity:.5}}</style>") == (
        "<style>.a{opacity:.5}</style>"
    )


@pytest.mark.parametrize(
    "rule",
    [
        f'@import "{ELSEWHERE}.css";',
        f"@import url({ELSEWHERE}.css);",
        rf'@\69mport "{ELSEWHERE}.css";',
        f'<![CDATA[@import "{ELSEWHERE}.css";]]>',
        f"@font-face{{font-family:x;src:url({ELSEWHERE}.woff)}}",
        f"@media screen{{.b{{fill:url({ELSEWHERE})}}}}",
        f"@namespace url({ELSEWHERE});",
        ".b:hover{fill:red}",
        '.b[class="x"]{fill:red}',
    ],
)
def test_style_sheet_keeps_plain_rules_only(rule):
    assert kept(f"<style>{rule} .a{{fill:red;background:#fff;behavior:x}}</style>") == (
        "<style>.a{fill:red}</style>"
    )


def test_style_sheet_cannot_end_its_element():
    assert kept('<style>.a{font-family:"&lt;/style>&lt;script>"}</style>') == (
        '<style>.a{font-family:"&lt;/style&gt;&lt;script&gt;"}</style>'
    )


# --------------------------------------------------------------------------------- refusals
@pytest.mark.parametrize(
    "data",
    [
        b"<html><body><script>alert(1)</script></body></html>",
        b"<!DOCTYPE html><p>Hello",
        b"<svg",
        b"words",
        b"",
        b'<?xml version="1.0" encoding="nonsense"?><svg/>',
        b'<svg xmlns="urn:other" viewBox="0 0 1 1"><path/></svg>',
    ],
)
def test_other_content_is_no_drawing(data):
    assert refusal(data) == UNKNOWN


@pytest.mark.parametrize("tail", [b"", b"</svg><script>alert(1)</script>", b"</g>"])
def test_broken_drawing_is_refused(tail):
    assert refusal(svg().removesuffix(b"</svg>") + tail) == DAMAGED


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "https://elsewhere.example/a.dtd">%a;',
    ],
)
def test_entities_are_refused(declaration):
    data = f"<!DOCTYPE svg [{declaration}]>".encode() + svg("<text>&a;</text>")

    assert refusal(data) == ENTITIES


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<g/>",
        '<image href="https://elsewhere.example/a.png"/>',
        "<foreignObject/>",
        f'{RECT}<image href="data:image/png;base64,iVBORw0KGgo="/>',
        f'{RECT}<defs><g><image xlink:href=" DATA:image/png;base64,iVBORw0KGgo="/></g></defs>',
    ],
)
def test_drawing_of_pixels_or_of_nothing_is_refused(content):
    assert refusal(svg(content)) == PIXELS


def test_drawing_that_repeats_itself_without_end_is_refused():
    """« Billion laughs » in shapes: each group draws the one before it ten times."""
    groups = [f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 10)]

    assert refusal(svg(f'<g id="g0">{RECT}</g>{"".join(groups)}')) == INTRICATE
    assert refusal(svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>')) == INTRICATE
    assert refusal(svg('<g id="a"><use href="#a"/></g>')) == INTRICATE


def test_drawing_may_repeat_itself_a_little():
    rewritten(svg(f'<g id="a">{RECT}</g>' + '<use href="#a"/>' * 1000), unknown=UNKNOWN)


@pytest.mark.parametrize(
    "content",
    [
        "<g>" * 70_000,
        "<g>" * 200 + RECT + "</g>" * 200,
        f"<style>.a{{fill:{'(' * 100_000}}}</style>",
    ],
)
def test_deep_drawing_is_refused(content):
    assert refusal(svg(content)) == INTRICATE


def test_long_word_is_read_once():
    """Read anew from each of its letters, it would take an hour."""
    start = time.process_time()

    assert kept(f'<path transform="{"a" * 400_000}" fill="({"a" * 10_000}"/>') != ""
    assert kept(f'<path transform="{"a" * 400_000}\u00a0("/>') != ""
    assert kept(f'<path transform="({"a" * 400_000}"/>') != ""
    assert time.process_time() - start < 2


# -------------------------------------------------------------------------------- in a document
def fetched(drawing: bytes) -> list[str]:
    """What WeasyPrint asks for while it draws."""
    asked = []

    class Recorder(URLFetcher):
        def fetch(self, url, headers=None):
            if url.startswith("data:"):
                return super().fetch(url, headers)
            asked.append(url)
            raise ValueError(url)

    page = f'<img alt="a" src="{data_url(drawing.decode())}">'
    weasyprint.HTML(string=page, base_url=settings.SITE_URL, url_fetcher=Recorder()).write_pdf()
    return asked


@pytest.mark.parametrize("address", [ELSEWHERE, "file:///etc/passwd"])
def test_weasyprint_has_nothing_to_fetch(address):
    sent = svg(
        f'{RECT}<image href="{address}" width="5" height="5"/><use href="{address}#a"/>'
        f'<path fill="url({address}#a)" mask="url({address}#b)" d="M0 0h1v1z"/>'
    )
    assert set(fetched(sent)) == {address}

    assert fetched(rewritten(sent, unknown=UNKNOWN)) == []
