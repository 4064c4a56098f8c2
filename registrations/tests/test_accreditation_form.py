"""The page on which the press asks to come, and what answers it."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from events.models import Edition
from raict.mail.models import Message
from raict.typography import capitalised, date_range
from registrations import services
from registrations.models import Accreditation
from registrations.tests.pages import sentences, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORM, THANKS = "/en/presse/accreditation/", "/en/presse/accreditation/merci/"


@pytest.fixture
def answers(edition):
    """What a browser sends."""
    return {
        "civility": "mme",
        "first_name": "Léa",
        "last_name": "Martin",
        "email": "lea@example.org",
        "country": "FR",
        "kind": "radio",
        "medium": "Radio Monde",
        "card_number": "98765",
        "days": [edition.days[0].isoformat()],
        "interviews": "La présidente,\n\nle maire",
        "equipment": "Une perche",
    }


def test_a_request_is_written_as_it_was_sent(client, edition, answers, letter):
    response = client.post(FORM, {**answers, "letter": letter})
    assert (response.status_code, response.url) == (302, THANKS)
    row = Accreditation.objects.get()
    assert {name: getattr(row, name) for name in answers} == answers
    assert (row.edition, row.language, Path(row.letter.name).suffix) == (edition, "en", ".pdf")
    with row.letter.open() as kept:
        assert kept.read() == letter.open().read()


def test_the_letter_keeps_nothing_of_its_name(client, answers, letter):
    client.post(FORM, {**answers, "letter": letter})
    name = Accreditation.objects.get().letter.name
    assert (name.startswith("accreditations/"), "lettre" in name, "mission" in name) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"last_name": "<b>Martin"}, "last_name"),
        ({"email": "lea"}, "email"),
        ({"country": "XX"}, "country"),
        ({"kind": ""}, "kind"),
        ({"kind": "gazette"}, "kind"),
        ({"medium": ""}, "medium"),
        ({"medium": "…"}, "medium"),
        ({"medium": "www.gagner.com"}, "medium"),
        ({"card_number": ""}, "card_number"),
        ({"days": ["2001-01-01"]}, "days"),
        ({"interviews": "x" * 1001}, "interviews"),
        ({"equipment": "<script>"}, "equipment"),
        ({"equipment": "a\u202eb"}, "equipment"),
        ({"leave_empty": "x"}, "leave_empty"),
    ],
)
def test_each_refusal_stands_beside_its_field(client, answers, changes, field):
    response = client.post(FORM, {**answers, **changes})
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert len(sentences(response)) == 1
    assert Accreditation.objects.count() == Message.objects.count() == 0
    page = response.content.decode()
    assert page.count(f'id="id_{field}_error"') == (field != "leave_empty")
    assert page.count(f'href="#id_{field}"') == 1
    assert page.count(f'id="id_{field}"') == 1


@pytest.mark.parametrize("papers", ["card", "letter", "both"])
def test_a_card_or_a_letter_is_enough(client, answers, letter, papers):
    if papers == "letter":
        answers["card_number"] = ""
    if papers != "card":
        answers["letter"] = letter
    assert client.post(FORM, answers).status_code == 302


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<script>alert(1)</script>", "text/html"),
        (b"MZ", "application/pdf"),
        (b"%PDF-" + b"x" * 6_000_000, "application/pdf"),
        (b"", "application/pdf"),
    ],
    ids=["script", "what is no PDF", "too large", "empty"],
)
def test_what_is_no_letter_is_refused(client, answers, settings, content, kind):
    answers |= {"card_number": "", "letter": SimpleUploadedFile("lettre.pdf", content, kind)}
    response = client.post(FORM, answers)
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["letter"])
    assert list(Path(settings.PRIVATE_ROOT).rglob("*")) == []


def test_a_form_that_comes_back_says_that_its_file_is_lost(client, answers, letter):
    response = client.post(FORM, {**answers, "medium": "", "letter": letter})
    assert sentences(response) == [
        "Write the name of your medium.",
        "Please choose your file once more: a browser does not keep it with the form.",
    ]
    page = response.content.decode()
    assert 'value="98765"' in page
    assert "La présidente,\n\nle maire</textarea>" in page
    assert page.count(" checked>") == 1


def test_days_are_those_of_the_edition(client, edition):
    response = client.get(FORM)
    with override("en"):
        days = [capitalised(date_range(day, weekdays=True)) for day in edition.days]
    shown = [day for _value, day, _id, _chosen in response.context["form"].day_choices()]
    assert (shown, response.content.decode().count('name="days"')) == (days, 2)
    Edition.objects.update(starts_on=None, ends_on=None)
    assert client.get(FORM).content.decode().count('name="days"') == 0


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(
    client, edition, press, answers
):
    def sent(email: str) -> tuple:
        response = client.post(FORM, {**answers, "email": email})
        del response["Expires"]  # the second of the answer
        return response.status_code, response.content, dict(response.headers)

    pages = [sent(name) for name in ("lea@example.org", "lea@example.org", "other@example.org")]
    services.accredit(Accreditation.objects.get(email="lea@example.org"))
    pages.append(sent("lea@example.org"))
    assert pages == [pages[0]] * 4
    assert Accreditation.objects.count() == 2


def test_too_many_posts_are_a_sentence_and_nothing_is_lost(client, answers, letter, settings):
    settings.FORM_POSTS_PER_ADDRESS = 1
    client.post(FORM, answers)
    response = client.post(FORM, {**answers, "email": "paul@example.org", "letter": letter})
    assert response.status_code == 429
    assert sentences(response) == [
        "Too many forms were sent from your network. Please try again in a few minutes.",
        "Please choose your file once more: a browser does not keep it with the form.",
    ]
    assert 'value="paul@example.org"' in response.content.decode()
    assert Accreditation.objects.count() == 1


def test_posts_are_protected_against_forgery(answers):
    assert Client(enforce_csrf_checks=True).post(FORM, answers).status_code == 403
    assert Accreditation.objects.count() == 0


def test_the_form_is_kept_by_nobody(client, edition):
    assert "no-store" in client.get(FORM)["Cache-Control"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("over", "This edition is over: there is no accreditation any more."),
        ("cancelled", "This edition is cancelled: there is no accreditation."),
    ],
)
def test_a_closed_page_says_why_and_takes_nothing(client, answers, state, words):
    Edition.objects.update(state=state)
    for response in (client.get(FORM), client.post(FORM, answers)):
        assert (response.status_code, text_of(response).count(words)) == (200, 1)
    assert Accreditation.objects.count() == 0


def test_without_an_edition_the_page_says_so(client, db):
    assert "No edition takes accreditations" in text_of(client.get(FORM))
    assert client.get(THANKS).status_code == 200


def test_the_press_contact_is_on_the_thanks_page(client, edition):
    Edition.objects.update(press_contact_name="Ada", press_contact_email="presse@example.org")
    page = client.get(THANKS).content.decode()
    assert page.count('href="mailto:presse@example.org"') == 1
    assert client.post(THANKS).status_code == 405


@pytest.mark.parametrize("state", ["open", "over", "cancelled"])
def test_the_press_room_leads_here_while_it_is_open(client, edition, state):
    Edition.objects.update(state=state)
    page = client.get("/en/presse/").content.decode()
    assert page.count(f'href="{FORM}"') == (state == "open")


def test_the_address_is_the_form_not_a_release(client, edition):
    assert client.get("/presse/accreditation/").resolver_match.view_name == (
        "registrations:accreditation"
    )


@pytest.mark.parametrize("language", ["", "/en"])
def test_form_page_queries(client, edition, language, django_assert_num_queries):
    with django_assert_num_queries(1):  # the edition
        client.get(f"{language}/presse/accreditation/")


def test_sending_queries(client, answers, django_assert_num_queries):
    # edition, who asked; savepoint, row, words, message, release of the savepoint
    with django_assert_num_queries(7):
        assert client.post(FORM, answers).status_code == 302
