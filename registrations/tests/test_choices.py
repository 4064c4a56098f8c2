"""Seats and waiting lists in the registration form: what is shown, what is forged, what has filled."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from events.models import Edition
from raict.mail.models import Message
from registrations.forms.choices import SessionChoices
from registrations.models import Quota, Registration
from registrations.tests.pages import sentences, slot
from registrations.tests.seating import line, seated, states
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORM, THANKS = "/en/inscription/", "/en/inscription/merci/"
AGAIN = "This choice is no longer offered. Please choose again."


@pytest.fixture
def answers(category):
    """The least that a person fills in."""
    return {
        "first_name": "Awa",
        "last_name": "Diop",
        "email": "awa@example.org",
        "country": "SN",
        "category": str(category.pk),
    }


def fill(*sessions):
    """One seat each, held by somebody."""
    for session in sessions:
        Session.objects.filter(pk=session.pk).update(capacity=1)
        seated(session.edition, session)


def boxes(page, name):
    """value → what else the control says, of every control of that name."""
    found = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    return {
        re.search(r'value="([^"]*)"', one)[1]: set(re.findall(r"\b(?:checked|disabled)\b", one))
        for one in found
    }


def lone():
    """The names of her seats and lines → state."""
    return states(Registration.objects.get(email="awa@example.org"))


# ------------------------------------------------------------------------------ what is shown
def test_full_session_offers_its_list_and_says_how_many_wait(client, edition, ten, eleven):
    fill(ten)
    seated(edition, lists=[ten])
    seated(edition, lists=[ten])
    page = client.get(FORM).content.decode()
    assert boxes(page, slot(ten)) == {str(ten.pk): {"disabled"}, "": {"checked"}}
    assert boxes(page, slot(eleven)) == {str(eleven.pk): set(), "": {"checked"}}
    assert boxes(page, "lists") == {str(ten.pk): set()}
    assert (page.count("2 people are waiting"), page.count("What is full has")) == (1, 1)


def test_nothing_is_said_of_lists_while_seats_are_left(client, edition, ten):
    page = client.get(FORM).content.decode()
    assert ('name="lists"' in page, "What is full has" in page) == (False, False)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_of_all_sessions_cost_one_query(
    client, edition, category, count, django_assert_num_queries
):
    for number in range(count):
        session = SessionFactory(
            edition=edition, start=dt.time(10 + number), end=dt.time(11 + number)
        )
        fill(session)
        seated(edition, lists=[session])
    with django_assert_num_queries(5):  # edition, sessions, categories, names, who waits
        client.get(FORM)


def test_seats_kept_for_some_can_be_asked_for(client, edition, answers, ten):
    """Whether the person is among them, the services decide."""
    Quota.objects.create(session=ten, is_for_abroad=True, seats=1)
    Session.objects.filter(pk=ten.pk).update(capacity=1, seats_kept=1)
    page = client.get(FORM).content.decode()
    assert boxes(page, slot(ten)) == {str(ten.pk): set(), "": {"checked"}}
    assert page.count("1 place left, kept for certain participants") == 1
    french = client.post(FORM, answers | {slot(ten): ten.pk, "country": "FR"})
    assert [each.partition(".")[0] for each in sentences(french)] == [
        "“Water and sanitation” is full"
    ]
    page = french.content.decode()
    assert boxes(page, slot(ten)) == {str(ten.pk): {"disabled"}, "": {"checked"}}
    assert boxes(page, "lists") == {str(ten.pk): {"checked"}}
    assert client.post(FORM, answers | {slot(ten): ten.pk}).url == THANKS
    assert lone() == {"Eau et assainissement": "confirmed"}


def test_invitations_and_what_has_begun_are_no_choices(client, edition, ten, cafes):
    today = timezone.localdate()
    Edition.objects.update(starts_on=today - dt.timedelta(1), ends_on=today + dt.timedelta(1))
    begun = SessionFactory(edition=edition, title_en="Begun", day=today - dt.timedelta(1))
    invited = SessionFactory(edition=edition, title_en="Guests only", booking="invitation")
    Session.objects.filter(pk=cafes[0].pk).update(day=today - dt.timedelta(1))
    page = client.get(FORM).content.decode()
    assert [page.count(one.title_en) for one in (begun, invited, cafes[0])] == [0, 0, 0]
    assert [page.count(one.title_en) > 0 for one in (ten, cafes[1])] == [True, True]


def test_what_stands_already_is_shown_and_may_be_kept(edition, ten, eleven, cafes):
    """As the personal page needs it: one's own full session can be chosen, an offered one too."""
    fill(ten, eleven)
    held, offered = Session.objects.get(pk=ten.pk), Session.objects.get(pk=eleven.pk)
    waited = SessionFactory(edition=edition, capacity=0, start=dt.time(12), end=dt.time(13))
    form = SessionChoices(
        edition=edition,
        programme=[held, offered, waited, *cafes],
        held={held.pk},
        offered={offered.pk},
        waiting={waited.pk},
        wishes=[cafes[2].pk],
    )
    options = [choice["options"][0] for choice in form.slot_choices()]
    assert [(one.is_chosen, one.is_taken, one.has_list, one.is_waited_for) for one in options] == [
        (True, False, False, False),
        (False, False, False, False),
        (False, True, True, True),
    ]
    assert [field.value() for field in form.wishes()] == [str(cafes[2].pk), None, None]
    assert form.among == {held.pk, offered.pk, waited.pk}
    sent = SessionChoices(
        {slot(held): str(held.pk), slot(offered): str(offered.pk), "lists": [str(waited.pk)]},
        edition=edition,
        programme=[held, offered, waited],
        held={held.pk},
    )
    assert sent.is_valid()
    assert (sent.chosen_sessions(), sent.chosen_lists()) == ([held, offered], [waited])


# ------------------------------------------------------------------------------- what is sent
def test_a_seat_in_one_and_a_turn_for_the_other(client, edition, answers, ten):
    other = SessionFactory(edition=edition, title_fr="Autre")
    fill(ten)
    form = answers | {slot(ten): other.pk, "lists": [ten.pk]}
    assert client.post(FORM, form).url == THANKS
    assert lone() == {"Autre": "confirmed", "Eau et assainissement": "waiting"}


def test_list_of_a_session_with_seats_is_a_seat(client, edition, answers, ten):
    assert client.post(FORM, answers | {"lists": [ten.pk]}).url == THANKS
    assert lone() == {"Eau et assainissement": "confirmed"}


def test_seat_and_list_of_the_same_session_is_a_seat(client, edition, answers, ten):
    assert client.post(FORM, answers | {slot(ten): ten.pk, "lists": [ten.pk]}).url == THANKS
    assert lone() == {"Eau et assainissement": "confirmed"}


def test_list_joined_twice_is_one_turn(client, edition, answers, ten):
    fill(ten)
    form = answers | {"lists": [ten.pk, ten.pk], "nonce": "page-1"}
    assert [client.post(FORM, form).url for _half in range(2)] == [THANKS, THANKS]
    assert line(ten) == [Registration.objects.get(email="awa@example.org").pk]
    assert Message.objects.filter(to="awa@example.org").count() == 1


@pytest.mark.parametrize("name", ["slot", "lists"])
def test_forged_sessions_are_one_sentence(client, edition, answers, ten, cafes, name):
    forged = [
        SessionFactory(edition=edition, is_published=False).pk,
        SessionFactory(edition=edition, kind="break", booking="free").pk,
        SessionFactory(edition=edition, booking="invitation").pk,
        cafes[0].pk,
        SessionFactory(title_en="Of another edition").pk,
        "x",
        "",
        "\x00",
        "9" * 30,
    ]
    name = slot(ten) if name == "slot" else name
    for value in forged:
        response = client.post(FORM, answers | {name: [value], "first_name": "Aïcha"})
        if name != "lists" and value == "":
            assert response.url == THANKS  # « none of these »
            Registration.objects.all().delete()
            continue
        assert sentences(response) == [AGAIN]
        page = response.content.decode()
        assert (page.count('value="Aïcha"'), page.count("Of another edition")) == (1, 0)
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("gone", [{"lists": ["1"]}, {"slot_20270127_1000": "1"}, {"cafe_4": "1"}])
def test_choice_that_is_gone_does_not_vanish_in_silence(client, edition, answers, cafes, gone):
    response = client.post(FORM, answers | gone)
    assert sentences(response) == [
        "The programme has changed meanwhile. Please check your sessions below."
    ]


def test_list_for_members_only_is_refused_beside_its_slot(client, edition, answers, ten):
    fill(ten)
    Session.objects.update(is_members_only=True)
    form = client.post(FORM, answers | {"lists": [ten.pk]}).context["form"]
    assert [
        (anchor, sentence.partition(",")[0]) for anchor, _label, sentence in form.error_links()
    ] == [
        (f"id_{slot(ten)}", "“Water and sanitation” is reserved for members of Cités Unies France")
    ]


# --------------------------------------------------------------------------- what has filled
def test_filled_meanwhile_is_said_with_the_other_mistakes(client, edition, answers, ten, eleven):
    fill(ten)
    form = answers | {"email": "awa", slot(ten): ten.pk, slot(eleven): eleven.pk}
    response = client.post(FORM, form)
    assert sentences(response) == [
        "Enter a valid email address.",
        "“Water and sanitation” is full. Please choose another session, or join its waiting list.",
    ]
    page = response.content.decode()
    assert boxes(page, slot(ten)) == {str(ten.pk): {"disabled"}, "": {"checked"}}
    assert boxes(page, slot(eleven)) == {str(eleven.pk): {"checked"}, "": set()}
    assert boxes(page, "lists") == {str(ten.pk): {"checked"}}
    assert page.count("we have ticked the waiting list for you") == 1
    # Sent again as the page now stands.
    again = client.post(FORM, answers | {slot(eleven): eleven.pk, "lists": [ten.pk]})
    assert again.url == THANKS
    assert lone() == {"Culture": "confirmed", "Eau et assainissement": "waiting"}


def test_full_edition_is_a_waiting_list_with_wishes(client, edition, answers, ten, eleven):
    Edition.objects.update(capacity=1)
    seated(edition)
    Session.objects.filter(pk=eleven.pk).update(capacity=1, seats_taken=1)
    page = client.get(FORM).content.decode()
    assert page.count("All places are taken: this is the waiting list") == 1
    assert page.count("Join the waiting list of the edition") == 1
    assert "Send my registration" not in page
    form = answers | {slot(ten): ten.pk, "lists": [eleven.pk], "in_line": "on"}
    assert client.post(FORM, form).url == THANKS
    registration = Registration.objects.get(email="awa@example.org")
    assert (registration.state, registration.rank()) == ("waiting", 1)
    assert lone() == {"Eau et assainissement": "asked", "Culture": "asked"}
    thanks = client.get(THANKS).content.decode()
    assert thanks.count("All places are taken at this moment") == 1


def test_edition_filled_meanwhile_asks_before_it_makes_anybody_wait(client, edition, answers, ten):
    Edition.objects.update(capacity=1)
    seated(edition)
    response = client.post(FORM, answers | {slot(ten): ten.pk})
    assert sentences(response) == [
        (
            "All places have been taken meanwhile. Nothing that you typed is lost: send it again,"
            " and you are on the waiting list of the edition."
        )
    ]
    page = response.content.decode()
    assert 'value="awa@example.org"' in page
    assert boxes(page, slot(ten)) == {str(ten.pk): {"checked"}, "": set()}
    assert boxes(page, "in_line") == {"on": set()}
    assert Registration.objects.count() == 1


def test_second_half_of_a_double_click_does_not_meet_its_own_place(client, edition, answers):
    Edition.objects.update(capacity=1)
    form = answers | {"nonce": "page-1"}
    assert [client.post(FORM, form).status_code for _half in range(2)] == [302, 302]


def test_full_edition_that_is_closed_has_no_waiting_list(client, edition, answers):
    Edition.objects.update(capacity=1, state="closed")
    seated(edition)
    assert sentences(client.post(FORM, answers)) == ["Registration for this edition is not open."]
