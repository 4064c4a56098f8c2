"""The little language of letters: what it refuses, and what it does to what people are called."""

import re

import pytest
from django.utils import translation

from raict.errors import DomainError
from raict.mail.wording import Letter, Placeholder, Words, filled, problems

LETTER = Letter(
    "essai",
    "Essai",
    lambda: Words("Bonjour {{ prenom }}", "", "{{ prenom }}\n\n{{ bouton }}"),
    (
        Placeholder("prenom", "first_name", "first name", lambda context: context["name"]),
        Placeholder(
            "adresse", "address", "address", lambda _c: "https://ici.test/x", is_address=True
        ),
        Placeholder("bouton", "button", "button", block="new_address"),
    ),
    required=("bouton",),
)
CONTEXT = {"name": "Awa", "is_new_address": True}


def wrong(text="{{ bouton }}", subject="Objet", heading=""):
    with translation.override("en"):
        return problems(LETTER, Words(subject, heading, text), "en")


def test_shipped_words_are_sound_and_in_their_language():
    assert problems(LETTER, LETTER.shipped("fr"), "fr") == []
    assert LETTER.shipped("en") == Words(
        "Bonjour {{ first_name }}", "", "{{ first_name }}\n\n{{ button }}"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "Un\n{{ prenon }}\n{{ bouton }}",
            "Line 2: “prenon” is no placeholder of this letter. Did you mean {{ prenom }}?",
        ),
        ("{{ x }}\n{{ bouton }}", "Line 1: “x” is no placeholder of this letter."),
        (
            "{{ prenom\n\n{{ bouton }}",
            "Line 1: a placeholder is opened by {{ and not closed by }}.",
        ),
        ("a } b\n{{ bouton }}", "Line 1: there is a brace that belongs to no placeholder."),
        (
            "{% load i18n %}\n{{ bouton }}",
            "Line 1: instructions such as {% … %} are not allowed; only placeholders are.",
        ),
        (
            "{# non #}\n{{ bouton }}",
            "Line 1: instructions such as {% … %} are not allowed; only placeholders are.",
        ),
        (
            "{{ prenom.__class__ }}\n{{ bouton }}",
            "Line 1: “prenom.__class__” is no placeholder of this letter.",
        ),
        (
            "{{ prenom|upper }}\n{{ bouton }}",
            "Line 1: “prenom|upper” is no placeholder of this letter. Did you mean {{ prenom }}?",
        ),
        ("Ici {{ bouton }}", "Line 1: {{ bouton }} stands on a line of its own, in the text."),
        ("Bonjour", "{{ button }} (button) is missing: this letter needs it."),
        ("", "Something has to be written here."),
        (
            "\ue0000\ue001\n{{ bouton }}",
            "Line 1: it holds a sign that no text may have.",
        ),
    ],
)
def test_broken_text_is_refused_with_its_line(text, sentence):
    assert wrong(text) == [("text", sentence)]


@pytest.mark.parametrize(
    "text",
    [
        "[ici]({{ prenom }})",
        '<a href="{{ prenom }}">ici</a>',
        "<{{ adresse }}>",
        "[ici][1]\n\n[1]: {{ prenom }}",
        '[ici](https://x.test "{{ prenom }}")',
    ],
)
def test_no_placeholder_within_a_link(text):
    """Whatever becomes of it: a name would be an address that nobody has looked at."""
    said = filled_or_refused(f"{text}\n\n{{{{ bouton }}}}", name="javascript:alert(1)")
    assert re.search(r'href="[^"]*(javascript|Awa)', said) is None


def filled_or_refused(text, **context) -> str:
    try:
        return str(filled(LETTER, Words("Objet", "", text), {**CONTEXT, **context})["body_html"])
    except DomainError:
        return ""


def test_link_with_a_placeholder_is_refused():
    assert wrong("[ici]({{ prenom }})\n\n{{ bouton }}") == [
        (
            "text",
            "A placeholder stands within a link or a tag. It may only stand in the text itself.",
        )
    ]


def test_blocks_do_not_stand_in_subjects():
    assert [field for field, _sentence in wrong(subject="{{ bouton }}")] == ["subject"]


def test_names_are_neither_markup_nor_links_nor_placeholders():
    name = "<b>Cliquez</b> http://evil.example [x](http://evil.example) {{ bouton }} **gras**"
    with translation.override("fr"):
        said = filled(
            LETTER,
            Words("Objet {{ prenom }}", "", "{{ prenom }}\n\n{{ bouton }}"),
            {
                **CONTEXT,
                "name": name,
            },
        )
    html = said["body_html"]
    assert "&lt;b&gt;Cliquez&lt;/b&gt;" in html
    assert "<strong>" not in html
    assert "evil.example" not in html + said["body_text"] + said["subject"]
    assert "<a " not in html
    assert html.count("{{ bouton }}") == 1


def test_both_names_of_a_placeholder_and_a_block():
    text = (
        "Dear {{first_name}},\nsee **here**: [us](https://ville.test)\n{{ button }}\n{{ adresse }}"
    )
    with translation.override("en"):
        said = filled(LETTER, Words("Hi", "Title", text), CONTEXT)
    assert said["body_text"] == (
        "Dear Awa,\nsee here: us (https://ville.test)\n"
        "This is now the address of your registration. The link below is new; the one sent before"
        " no longer works.\nhttps://ici.test/x"
    )
    assert said["body_html"].count("<p") == 3
    assert '<a href="https://ici.test/x"' in said["body_html"]
    assert "<br>" in said["body_html"]


def test_a_block_without_anything_to_say_leaves_no_gap():
    with translation.override("en"):
        said = filled(
            LETTER,
            Words("Hi", "", "One\n\n{{ button }}\n\nTwo"),
            {**CONTEXT, "is_new_address": False},
        )
    assert said["body_text"] == "One\n\nTwo"
    assert said["body_html"].count("<p") == 2


def test_french_text_gets_its_spaces_and_keeps_its_placeholders():
    with translation.override("fr"):
        said = filled(
            LETTER, Words("Quoi ?", "", "Bonjour {{ prenom }} !\n\n{{ bouton }}"), CONTEXT
        )
    assert said["subject"] == "Quoi\u202f?"
    assert said["body_text"].startswith("Bonjour Awa\u202f!")


def test_active_html_of_the_team_is_cleaned():
    said = filled_or_refused("<script>alert(1)</script><img src=x>\n\n{{ bouton }}")
    assert "<script" not in said
    assert "<img" not in said


def test_a_list_right_below_a_line_is_a_list():
    text = "Prenez :\n- un sac\n- un badge\n\n{{ bouton }}"
    with translation.override("fr"):
        said = filled(LETTER, Words("Objet", "", text), CONTEXT)
    assert said["body_html"].count("<li") == 2
    assert said["body_text"].startswith("Prenez\u00a0:\n- un sac\n- un badge\n\n")
