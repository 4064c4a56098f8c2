"""The filters of every template, where a fault would let somebody's text act."""

import pytest
from django.template import Context, Template
from django.utils.translation import override


def shown(filter_name: str, text: str) -> str:
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
