"""The filters of every template, where a fault would let somebody's text act."""

import json
import re

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe
from django.utils.translation import override

from raict.markup import with_full_addresses, without_controls


def shown(filter_name: str, text) -> str:
    template = Template("{{ text|" + filter_name + " }}")
    return template.render(Context({"text": text})).strip()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Paris**", "<p><strong>Paris</strong></p>"),
        ("<script>alert(1)</script>\n\nParis", "<p>Paris</p>"),
        ("![photo](https://example.org/a.png)", "<p></p>"),
        ("[lien](javascript:alert)", '<p><a rel="noopener">lien</a></p>'),
        ("[x](https://example.org)", '<p><a href="https://example.org" rel="noopener">x</a></p>'),
        ('<p onclick="a()" style="color:red">Paris</p>', "<p>Paris</p>"),
        ("", ""),
    ],
)
def test_markdown_gives_nothing_active(text, html):
    assert shown("markdown", text) == html


def test_typo_sets_french_spaces_in_french_only_and_escapes():
    with override("fr"):
        assert shown("typo", "Quoi ? <b>") == "Quoi\u202f? &lt;b&gt;"
    with override("en"):
        assert shown("typo", "Quoi ? <b>") == "Quoi ? &lt;b&gt;"


def test_unlinked_address_is_no_link_for_mail_programs():
    assert shown("unlinked", "gagner.com") == "gagner.\u200bcom"
    assert shown("unlinked", "a@b") == "a@\u200bb"
    assert shown("unlinked", "M. Benali") == "M. Benali"


def test_data_in_a_page_cannot_end_its_block():
    data = {"name": "</script><script>alert(1)</script> & \u2028 é", "days": [1, None]}
    block = shown("json_ld", data)
    head, tail = '<script type="application/ld+json">', "</script>"
    assert (block[: len(head)], block[-len(tail) :]) == (head, tail)
    inside = block[len(head) : -len(tail)]
    assert json.loads(inside) == data
    assert [sign for sign in "<>&\u2028\u2029" if sign in inside] == []


def test_own_addresses_are_given_in_full_and_nothing_else(settings):
    settings.SITE_URL = "https://raict.example"
    html = (
        '<a href="/presse/">a</a> <img alt="1 > 0" src="/media/a.png"> <a href="//b.org/">b</a>'
        ' <a href="https://c.org/">c</a> <p>href="/d"</p>'
    )
    assert with_full_addresses(html) == (
        '<a href="https://raict.example/presse/">a</a>'
        ' <img alt="1 > 0" src="https://raict.example/media/a.png"> <a href="//b.org/">b</a>'
        ' <a href="https://c.org/">c</a> <p>href="/d"</p>'
    )


def test_signs_that_xml_cannot_hold_become_spaces():
    assert without_controls("a\x0bb\x00c\ufffe\td\n\u202fé") == "a b c \td\n\u202fé"


@pytest.mark.parametrize(
    ("clean", "html"),
    [
        ("<p>Paris</p>", '<p style="margin:0 0 16px">Paris</p>'),
        (
            '<a href="/presse/" rel="noopener">x</a>',
            '<a href="https://a.org/presse/" style="color:#2b3f92">x</a>',
        ),
        (
            '<a href="https://example.org/?a=1&amp;b=2">x</a>',
            '<a href="https://example.org/?a=1&amp;b=2" style="color:#2b3f92">x</a>',
        ),
        (
            '<img src="/media/press/a.png" alt="/ <p">',
            '<img src="https://a.org/media/press/a.png" alt="/ &lt;p" width="552" style="{}">'.format(
                "width:auto;max-width:100%;height:auto"
            ),
        ),
        ("<p onclick='a()'>l&amp;b</p>", '<p style="margin:0 0 16px">l&amp;b</p>'),
    ],
)
def test_html_of_a_mail_has_its_styles_on_the_elements_and_whole_addresses(clean, html, settings):
    settings.SITE_URL = "https://a.org"
    written = mark_safe(clean)
    # The order of the attributes is not nh3's promise.
    assert sorted(re.split(r"[ >]", shown("in_mail", written))) == sorted(re.split(r"[ >]", html))
