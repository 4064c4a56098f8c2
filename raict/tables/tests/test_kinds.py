"""What people type, column by column."""

import datetime as dt

import pytest

from raict.errors import DomainError
from raict.tables import kinds
from registrations.models import Registration
from registrations.tables.participants import _CIVILITIES
from sessions.models import Session

DAY = dt.date(2024, 10, 23)


@pytest.mark.parametrize(
    "typed",
    [
        *("23/10/2024", "23/10/24", "23.10.2024", "23-10-2024", "2024-10-23", "23 octobre 2024"),
        *(
            "mercredi 23 octobre 2024",
            "23 oct. 2024",
            "Wednesday 23 October 2024",
            " 23/10/2024\xa0",
        ),
        *(DAY, dt.datetime(2024, 10, 23, 9), "mer. 23/10/2024"),  # noqa: DTZ001 -- a spreadsheet knows no zones
    ],
)
def test_a_day_is_read_however_it_is_typed(typed):
    assert kinds.DAY.read(typed, None) == DAY


def test_the_first_of_a_month_is_a_day_and_the_thirty_second_is_not():
    assert kinds.DAY.read("1er juin 2026", None) == dt.date(2026, 6, 1)
    for typed in ("32/10/2024", "31/02/2024", "octobre", 45000, "10/2024"):
        with pytest.raises(DomainError):
            kinds.DAY.read(typed, None)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "9 h 30",
            "9h30",
            "09:30",
            "9 H 30",
            "9:30:00",
            "9\xa0h\xa030",
            "9 heures 30",
            dt.time(9, 30),
        ),
        *(9.5 / 24, dt.timedelta(hours=9.5), dt.datetime(2024, 10, 23, 9, 30)),  # noqa: DTZ001 -- same
    ],
)
def test_a_time_is_read_however_it_is_typed(typed):
    assert kinds.TIME.read(typed, None) == dt.time(9, 30)


def test_what_is_no_time_is_refused():
    assert kinds.TIME.read("14 h", None) == dt.time(14)
    for typed in ("25 h", "9 h 75", "matin", 7, "9"):
        with pytest.raises(DomainError):
            kinds.TIME.read(typed, None)


def test_numbers_are_whole_and_may_be_texts():
    assert [kinds.NUMBER.read(one, None) for one in (40, "40", "1\u202f300", "40,0", 40.0)] == [
        *(40, 40, 1300, 40, 40),
    ]
    for typed in ("2,5", "deux", -1.5, True, "-3"):
        with pytest.raises(DomainError):
            kinds.NUMBER.read(typed, None)


def test_yes_and_no_have_many_words():
    read = kinds.YES_OR_NO.read
    assert [read(one, None) for one in ("Oui", "x", True, 1, "✓", "VRAI")] == [True] * 6
    assert [read(one, None) for one in ("non", False, 0, "faux")] == [False] * 4
    with pytest.raises(DomainError):
        read("peut-être", None)


def test_names_lose_spaces_and_capitals():
    names = {
        "DIOP": "Diop",
        " DE LA  TOUR\xa0": "De La Tour",
        "N'DIAYE": "N'Diaye",
        "JEAN-PIERRE": "Jean-Pierre",
        "McDonald": "McDonald",
        "Lefèvre": "Lefèvre",
        "LI": "LI",
        "李小龍": "李小龍",
    }
    assert {typed: kinds.NAME.read(typed, None) for typed in names} == names


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *(("Sénégal", "SN"), ("SENEGAL (Dakar)", "SN"), ("le Mali", "ML"), ("Cote d'Ivoire", "CI")),
        *(("R.D.C.", "CD"), ("USA", "US"), ("Ivory Coast", "CI"), ("fr", "FR"), ("BEN", "BJ")),
        *(("République du Bénin", "BJ"), ("Viêt Nam", "VN"), ("Germany", "DE"), ("Congo", "CG")),
    ],
)
def test_a_country_has_many_spellings(typed, code):
    assert kinds.COUNTRY.read(typed, None) == code


def test_several_countries_stand_in_one_cell():
    assert kinds.COUNTRIES.read("Sénégal, Mali ; FR", None) == ["FR", "ML", "SN"]
    with pytest.raises(DomainError):
        kinds.COUNTRIES.read("Sénégal, Atlantide", None)


def test_a_choice_is_read_by_label_value_and_synonym():
    civility = kinds.choice(Registration.Civility, _CIVILITIES)
    typed = ("M.", "Mr", "monsieur", "MME", "Madame", "Mlle")
    assert [civility.read(one, None) for one in typed] == ["m"] * 3 + ["mme"] * 3
    assert kinds.choice(Session.Kind).read("Plénière", None) == "plenary"
    with pytest.raises(DomainError) as refusal:
        civility.read("Dr", None)
    assert str(refusal.value.message).endswith(" Mme ; M.")


def test_numbers_in_columns_of_text_are_written_as_people_do():
    cells = [40, 2.5, True, DAY, dt.time(9, 30), None, " a\r\nb\xa0"]
    assert [kinds.TEXT.read(one, None) for one in cells] == [
        *("40", "2,5", "oui", "23/10/2024", "09:30", "", "a\nb"),
    ]
