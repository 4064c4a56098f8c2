import datetime as dt

import pytest

from registrations.models import Registration
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORM = "/en/inscription/"


@pytest.fixture
def answers(category):
    return {
        "first_name": "Awa",
        "last_name": "Diop",
        "email": "awa@example.org",
        "country": "SN",
        "category": str(category.pk),
    }


def refusals(client, answers, form=FORM):
    return client.post(form, answers).context["form"].error_links()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (
            {"function": "a < b"},
            ("id_function", "Function", "The signs < and > are not accepted here."),
        ),
        (
            {"first_name": "<b>Awa</b>"},
            ("id_first_name", "First name", "The signs < and > are not accepted here."),
        ),
        (
            {"first_name": "A" + "\u0301" * 6},
            ("id_first_name", "First name", "Too many accents stand on one letter."),
        ),
        (
            {"country": "\x00"},
            (
                "id_country",
                "Country",
                "This choice is no longer offered. Please choose again.",
            ),
        ),
        (
            {"civility": "dr"},
            (
                "id_civility",
                "Form of address",
                "This choice is no longer offered. Please choose again.",
            ),
        ),
        (
            {"email": "e" * 10_000 + "@example.org"},
            ("id_email", "E-mail", "Enter a valid email address."),
        ),
        (
            {"email": "a\x00@example.org"},
            ("id_email", "E-mail", "Enter a valid email address."),
        ),
        (
            {"diet": "halal"},
            (
                "id_consent_needs",
                "",
                "Tick this box so that we may keep your needs, or leave the needs empty.",
            ),
        ),
    ],
)
def test_one_true_sentence_for_what_is_wrong(client, edition, answers, typed, expected):
    assert refusals(client, answers | typed) == [expected]


@pytest.mark.parametrize("name", ["Nguyễn Thị Ngọc Ánh", "שָׁלוֹם", "เนี้ย", "བསྒྲུབས"])
def test_accents_of_living_scripts_are_names(client, edition, answers, name):
    assert client.post(FORM, answers | {"first_name": name}).status_code == 302
    assert Registration.objects.get().first_name == name


def test_overlap_is_said_with_the_other_mistakes(client, edition, answers, ten):
    early = SessionFactory(
        edition=edition, title_en="All morning", start=dt.time(9), end=dt.time(12)
    )
    SessionFactory(edition=edition, title_en="Early", start=dt.time(9), end=dt.time(10))
    chosen = {f"slot_{one.day:%Y%m%d}_{one.start:%H%M}": one.pk for one in (early, ten)}
    found = refusals(client, answers | chosen | {"email": "awa"})
    assert [sentence for _anchor, _label, sentence in found] == [
        "Enter a valid email address.",
        "“All morning” and “Water and sanitation” take place at the same time: choose one of them.",
    ]


def test_french_refusals_have_french_spaces(client, edition, answers, ten):
    """Also in the titles that they quote, and between the field's name and the sentence."""
    Session.objects.update(title_fr="Eau : agir !", capacity=1, seats_taken=1)
    slot = f"slot_{ten.day:%Y%m%d}_{ten.start:%H%M}"
    response = client.post("/inscription/", answers | {slot: ten.pk})
    page = response.content.decode()
    title = "Eau\N{NO-BREAK SPACE}: agir\N{NARROW NO-BREAK SPACE}!"
    quoted = f"«\N{NARROW NO-BREAK SPACE}{title}\N{NARROW NO-BREAK SPACE}»"
    assert (page.count(quoted), page.count("Eau : agir !")) == (2, 0)
    label = f"{response.context['form'].slots[0].day_label}, 10"
    assert (
        page.count(f"{label[:1].upper()}{label[1:]}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}: La") == 1
    )
    empty = client.post("/inscription/", {}).content.decode()
    assert empty.count("Prénom\N{NO-BREAK SPACE}: Indiquez votre prénom.") == 1
