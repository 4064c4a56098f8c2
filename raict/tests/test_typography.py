"""French spaces and apostrophes, numbers and dates."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils.translation import override

from raict.typography import (
    NBSP,
    capitalised,
    date_range,
    folded,
    french,
    in_words,
    number,
    ordinal,
    short_day,
)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Quoi ? Oui ! Non ; bon", "Quoi\u202f? Oui\u202f! Non\u202f; bon"),
        ("Quoi? Oui! Non; bon", "Quoi\u202f? Oui\u202f! Non\u202f; bon"),
        ("l'axe suivant : là", "l’axe suivant\u00a0: là"),
        ("« Rencontres »", "«\u202fRencontres\u202f»"),
        ("«Rencontres» !", "«\u202fRencontres\u202f»\u202f!"),
        ("« **axe** » : fin", "«\u202f**axe**\u202f»\u00a0: fin"),
        ("Vraiment ?! Oui", "Vraiment\u202f?! Oui"),
        ("à 10:30, ratio 1:2", "à 10:30, ratio 1:2"),
        ("voir http://raict.org/?a=b;c!", "voir http://raict.org/?a=b;c\u202f!"),
        ("www.cites-unies-france.org : site", "www.cites-unies-france.org\u00a0: site"),
        ("k.fotic@example.org ; oui", "k.fotic@example.org\u202f; oui"),
        ("40 % et 12%", "40\u202f% et 12\u202f%"),
        ("la 15e édition", "la 15e édition"),
        ("Créteil (94) : oui", "Créteil (94)\u00a0: oui"),
        ("(?) ! au début", "(?)\u202f! au début"),
        ("Thaïlande\n: non", "Thaïlande\n: non"),
        ("", ""),
    ],
)
def test_french_sets_the_spaces_of_a_sentence(typed, printed):
    assert french(typed) == printed
    assert french(printed) == printed


def test_french_leaves_tags_entities_and_addresses_of_html_as_they_are():
    html = '<a href="http://a.org/?x=1;y" title="Quoi ?">l&#x27;axe&nbsp;: a &amp; b</a> : <b>oui</b> !'
    assert french(html) == (
        '<a href="http://a.org/?x=1;y" title="Quoi ?">l’axe\u00a0: a &amp; b</a>\u00a0: <b>oui</b>\u202f!'
    )


@pytest.mark.parametrize(
    ("value", "printed", "english"),
    [
        (500, "500", "500"),
        (1300, "1\u202f300", "1,300"),
        (Decimal("1300000.00"), "1\u202f300\u202f000", "1,300,000"),
        (Decimal("2.50"), "2,5", "2.5"),
        (0, "0", "0"),
    ],
)
def test_number_follows_the_language(value, printed, english):
    with override("fr"):
        assert number(value) == printed
    with override("en"):
        assert number(value) == english


def test_small_numbers_are_written_in_words():
    with override("fr"):
        assert [in_words(n) for n in (1, 2, 12, 13)] == ["un", "deux", "douze", "13"]
    with override("en"):
        assert in_words(2) == "two"


def test_ordinals_dates_and_capitals():
    assert [ordinal(n, "fr") for n in (1, 15)] == ["1re", "15e"]
    assert [ordinal(n, "en") for n in (1, 2, 3, 11, 15, 22)] == [
        "1st",
        "2nd",
        "3rd",
        "11th",
        "15th",
        "22nd",
    ]
    days = dt.date(2024, 10, 23), dt.date(2024, 10, 24)
    said = date_range(*days, language="fr", weekdays=True)
    assert capitalised(said).replace("\u00a0", " ") == "Mercredi 23 et jeudi 24 octobre 2024"
    said = date_range(dt.date(2024, 9, 30), dt.date(2024, 10, 2), language="fr")
    assert said.replace("\u00a0", " ") == "du 30 septembre au 2 octobre 2024"


def test_folded_knows_letters_that_unicode_keeps_whole():
    assert folded("Đặng Thị-Minh, Œuvre d’Øystein ŁÓDŹ") == "dang thi minh oeuvre d oystein lodz"


@pytest.mark.parametrize(
    ("day", "language", "said"),
    [
        ((2027, 1, 19), "fr", f"mar. 19{NBSP}janv."),
        ((2027, 5, 1), "fr", f"sam. 1er{NBSP}mai"),
        ((2027, 1, 19), "en", f"Tue 19{NBSP}Jan"),
        ((2027, 5, 1), "en", f"Sat 1{NBSP}May"),
    ],
)
def test_short_days_have_their_points(day, language, said):
    assert short_day(dt.date(*day), language) == said
