"""One's own page: what it shows, and its buttons."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import Edition
from raict.mail.models import Message
from registrations import services
from registrations.models import Booking, Change, Registration
from registrations.tests.factories import CategoryFactory
from registrations.tests.pages import page_of, said, text_of
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def mine(edition, person, ten, cafes):
    """The registration behind a personal link, in English, with a seat at ten."""
    return services.register(
        edition=edition, person=person, sessions=[ten], cafes=cafes[:1], language="en"
    )


@pytest.fixture
def other(edition, person):
    """Somebody else."""
    return services.register(
        edition=edition, person=person | {"email": "other@example.org"}, language="en"
    )


@pytest.fixture
def rival(edition):
    """At the same time as « ten », one seat, offered for a day when it becomes free."""
    return SessionFactory(
        edition=edition, title_en="Diasporas", start=dt.time(10, 30), end=dt.time(11, 30)
    )


@pytest.fixture
def offered(mine, other, rival):
    """A seat in « Diasporas » was given back by somebody else and is offered to me."""
    Session.objects.filter(pk=rival.pk).update(capacity=1)
    rival.refresh_from_db()
    services.change_sessions(other, sessions=[rival], among=[rival.pk])
    services.change_sessions(mine, sessions=[], lists=[rival], among=[rival.pk])
    services.change_sessions(other, sessions=[], among=[rival.pk])
    return Booking.objects.get(registration=mine, session=rival, state="offered")


def seat_of(registration, session):
    return registration.bookings.get(session=session)


def press(client, registration, name, booking):
    return client.post(page_of(registration, name, booking.pk))


# ------------------------------------------------------------------------------------ offers
def test_offer_names_its_end_and_what_it_gives_back(client, mine, offered, rival):
    page = text_of(client.get(page_of(mine)))
    assert "This seat is kept for you until" in page
    assert (
        "If you accept, you give back your seat in “Water and sanitation”, which takes place at "
        "the same time." in page
    )
    assert page.count("Accept the seat Diasporas") == 1
    assert page.count("Decline Diasporas") == 1


def test_accepting_gives_the_other_seat_back(client, mine, offered, rival, ten):
    response = press(client, mine, "accept", offered)
    assert (response.status_code, response.url) == (302, page_of(mine))
    assert said(client.get(page_of(mine))) == [
        "You took a seat in “Diasporas”.",
        "You gave back your seat in “Water and sanitation”.",
    ]
    assert mine.booked_sessions() == [rival]
    assert said(client.get(page_of(mine))) == []


def test_accepting_twice_says_so(client, mine, offered, rival):
    press(client, mine, "accept", offered)
    client.get(page_of(mine))
    messages = Message.objects.count()
    press(client, mine, "accept", offered)
    assert said(client.get(page_of(mine))) == [
        "This seat is not offered to you any more: the offer has run out, or was answered."
    ]
    assert (mine.booked_sessions(), Message.objects.count()) == ([rival], messages)


def test_offer_that_ran_out_cannot_be_accepted(client, mine, offered, ten):
    Booking.objects.filter(pk=offered.pk).update(offered_until=timezone.now())
    page = text_of(client.get(page_of(mine)))
    assert "The offer ran out on" in page
    assert "Accept the seat" not in page
    press(client, mine, "accept", offered)
    assert said(client.get(page_of(mine))) == [
        "This seat is not offered to you any more: the offer has run out, or was answered."
    ]
    assert mine.booked_sessions() == [ten]


def test_declining_keeps_the_seat_that_is_held(client, mine, offered, ten, rival):
    press(client, mine, "step_back", offered)
    assert said(client.get(page_of(mine))) == ["You declined the seat offered in “Diasporas”."]
    rival.refresh_from_db()
    assert (mine.booked_sessions(), rival.seats_taken) == ([ten], 0)
    press(client, mine, "step_back", offered)
    assert said(client.get(page_of(mine))) == [
        "There is nothing to leave any more: this was answered already."
    ]


# ------------------------------------------------------------------------------------- lines
def test_line_shows_the_rank_and_is_left_in_one_click(client, mine, other, eleven):
    Session.objects.filter(pk=eleven.pk).update(capacity=1, seats_taken=1)
    for registration in (other, mine):
        services.change_sessions(registration, sessions=[], lists=[eleven], among=[eleven.pk])
    assert "Your rank: 2" in text_of(client.get(page_of(mine)))
    press(client, other, "step_back", seat_of(other, eleven))
    page = text_of(client.get(page_of(mine)))
    assert "Your rank: 1" in page
    assert page.count("Leave this list Culture") == 1


def test_waiting_registration_says_its_rank_and_what_comes(client, edition, mine, person, ten):
    Edition.objects.update(capacity=1)
    late = services.register(
        edition=Edition.objects.get(),
        person=person | {"email": "late@example.org"},
        sessions=[ten],
        language="en",
    )
    page = text_of(client.get(page_of(late)))
    assert "you are number 1 on the waiting list of the edition" in page
    assert "As soon as a place becomes free" in page
    assert page.count("Ask for it no longer Water and sanitation") == 1
    assert page_of(late, "badge") not in page
    press(client, late, "step_back", seat_of(late, ten))
    assert said(client.get(page_of(late))) == [
        "You stopped waiting for a seat in “Water and sanitation”."
    ]
    assert client.post(page_of(late, "cancel")).status_code == 302
    late.refresh_from_db()
    assert late.state == "cancelled"


# ----------------------------------------------------------------------------------- clashes
@pytest.fixture
def clash(mine, ten, eleven):
    """« Culture » was held beside « ten », and has moved to ten."""
    services.change_sessions(mine, sessions=[ten, eleven], among=[ten.pk, eleven.pk])
    Session.objects.filter(pk=eleven.pk).update(start=dt.time(10), end=dt.time(11))
    return eleven


def test_clash_asks_to_choose(client, mine, ten, clash):
    page = text_of(client.get(page_of(mine)))
    assert page.count("These sessions now take place at the same time: choose") == 1
    assert page.count("Keep this one Water and sanitation") == 1
    assert page.count("Keep this one Culture") == 1
    press(client, mine, "keep", seat_of(mine, clash))
    response = client.get(page_of(mine))
    assert said(response) == ["You gave back your seat in “Water and sanitation”."]
    assert "choose" not in text_of(response)
    assert mine.booked_sessions() == [clash]


def test_both_buttons_of_a_clash_leave_one_seat(client, mine, ten, clash):
    seats = [seat_of(mine, ten), seat_of(mine, clash)]
    for booking in seats:
        press(client, mine, "keep", booking)
    assert said(client.get(page_of(mine)))[-1] == (
        "There is nothing to choose any more: look at your sessions below."
    )
    assert mine.booked_sessions() == [ten]


# ----------------------------------------------------------------------------- wrong on purpose
@pytest.mark.parametrize("name", ["accept", "step_back", "keep"])
def test_buttons_are_posts_about_ones_own_seats(client, mine, other, eleven, ten, name):
    services.change_sessions(other, sessions=[eleven], among=[eleven.pk])
    theirs = seat_of(other, eleven)
    assert client.get(page_of(mine, name, theirs.pk)).status_code == 405
    assert client.post(page_of(mine, name, theirs.pk)).status_code == 404
    assert client.post(page_of(mine, name, 9**30)).status_code == 404
    wrong = reverse(f"registrations:{name}", args=["wrong.key", theirs.pk])
    assert client.post(f"/en{wrong}").status_code == 404
    assert (mine.booked_sessions(), other.booked_sessions()) == ([ten], [eleven])


def test_posts_are_protected_against_forgery(mine, offered):
    strict = Client(enforce_csrf_checks=True)
    for address in (
        page_of(mine, "accept", offered.pk),
        *(page_of(mine, name) for name in ("cancel", "sessions", "identity", "pass_on")),
    ):
        assert strict.post(address).status_code == 403
    mine.refresh_from_db()
    assert mine.state == "confirmed"


def test_too_many_posts_are_a_sentence(client, mine, offered, settings, ten):
    settings.FORM_POSTS_PER_ADDRESS = 1
    client.post(page_of(mine, "send_own_link"))
    client.get(page_of(mine))
    response = press(client, mine, "accept", offered)
    assert response.status_code == 429
    words = ["Too many forms were sent from your network. Please try again in a few minutes."]
    assert said(response) == words
    response = client.post(page_of(mine, "identity"), {"first_name": "Aïcha"})
    assert response.status_code == 429
    assert 'value="Aïcha"' in response.content.decode()
    assert client.post(page_of(mine, "cancel")).status_code == 429
    mine.refresh_from_db()
    assert (mine.state, mine.booked_sessions()) == ("confirmed", [ten])


@pytest.mark.parametrize("change", ["over", "cancelled", "past"])
def test_nothing_changes_after_the_event(client, mine, offered, ten, change):
    if change == "past":
        day = timezone.localdate() - dt.timedelta(days=1)
        Edition.objects.update(starts_on=day, ends_on=day)
    else:
        Edition.objects.update(state=change)
    response = client.get(page_of(mine))
    page = response.content.decode()
    assert "nothing can be changed here any more" in text_of(response)
    posts = re.findall(r'<form method="post" action="([^"]+)"', " ".join(page.split()))
    assert posts == [page_of(mine, "send_own_link")]
    for name in ("sessions", "identity", "pass_on", "questions", "cancel"):
        assert page_of(mine, name) not in page
        assert client.post(page_of(mine, name)).url == page_of(mine)
    press(client, mine, "accept", offered)
    words = "Nothing can be changed any more: the event is over or cancelled."
    assert said(client.get(page_of(mine))) == [words] * 6
    mine.refresh_from_db()
    assert (mine.state, mine.booked_sessions()) == ("confirmed", [ten])


def test_nothing_changes_once_cancelled(client, mine):
    services.cancel(mine)
    for name in ("sessions", "identity", "pass_on", "questions", "cancel"):
        assert client.get(page_of(mine, name)).url == page_of(mine)
    words = "This registration has ended: nothing can be changed any more."
    assert said(client.get(page_of(mine))) == [words] * 5
    client.post(page_of(mine, "send_own_link"))
    assert said(client.get(page_of(mine))) == [
        "This registration is cancelled: it has no link any more."
    ]


# ------------------------------------------------------------------------------------ the rest
def test_link_again_once_in_ten_minutes(client, mine):
    for _time in range(2):
        response = client.post(page_of(mine, "send_own_link"))
        assert (response.status_code, response.url) == (302, page_of(mine))
    assert said(client.get(page_of(mine))) == [
        "Your link is on its way to awa@example.org.",
        "A link has just left for awa@example.org. You can ask for another in ten minutes.",
    ]
    assert Message.objects.filter(template="registration_link").count() == 1
    assert client.get(page_of(mine, "send_own_link")).status_code == 405


def test_badge_that_changed_says_so(client, mine):
    words = "Your badge has changed since it was sent"
    assert words not in text_of(client.get(page_of(mine)))
    services.correct(mine, {"last_name": "Diop"})
    assert words in text_of(client.get(page_of(mine)))


def test_history_is_in_sentences_newest_first(client, mine, eleven, ten):
    services.change_sessions(mine, sessions=[eleven], among=[ten.pk, eleven.pk], by="team")
    page = re.sub(r"^.*What has happened", "", text_of(client.get(page_of(mine))))
    found = re.findall(r"(?:Your?|The) [^.]*\.(?: Done by the team\.)?", page)
    assert found[:4] == [
        "You have a seat in “Culture”. Done by the team.",
        "Your seat in “Water and sanitation” was given back. Done by the team.",
        "You took a seat in “Water and sanitation”.",
        "The registration was made.",
    ]


def test_history_of_an_offer_is_past(client, mine, offered):
    page = text_of(client.get(page_of(mine)))
    assert "A seat became free in “Diasporas”: it was offered to you." in page


def test_data_holds_states_ranks_history_and_check_ins(client, mine, offered, ten, rival):
    mine.check_ins.create(session=ten)
    data = client.get(page_of(mine, "data")).json()
    assert [(one["session"], one["state"], one["rank"]) for one in data["bookings"]] == [
        (ten.slug, "confirmed", None),
        (rival.slug, "offered", None),
    ]
    assert [(one["action"], one["session"], one["by"]) for one in data["history"]] == [
        ("offered", rival.slug, "site"),
        ("joined", rival.slug, "person"),
        ("booked", ten.slug, "person"),
        ("registered", None, "person"),
    ]
    assert [one["session"] for one in data["check_ins"]] == [ten.slug]
    assert data["registration"]["rank"] is None


def test_pending_page_says_what_comes(client, edition, person):
    press_card = CategoryFactory(needs_approval=True)
    mine = services.register(edition=edition, person=person | {"category": press_card})
    page = client.get(page_of(mine)).content.decode()
    assert page_of(mine, "badge") not in page
    assert page_of(mine, "sessions") in page


@pytest.mark.parametrize("count", [1, 3])
def test_personal_page_queries(client, edition, person, count, django_assert_num_queries):
    sessions = [
        SessionFactory(edition=edition, start=dt.time(9 + number), end=dt.time(10 + number))
        for number in range(count)
    ]
    lists = [
        SessionFactory(edition=edition, start=dt.time(9 + n), end=dt.time(10 + n), capacity=1)
        for n in range(count)
    ]
    Session.objects.filter(pk__in=[one.pk for one in lists]).update(seats_taken=1)
    cafes = SessionFactory.create_batch(count, edition=edition, cafe=True)
    mine = services.register(
        edition=edition, person=person, sessions=sessions, lists=lists, cafes=cafes
    )
    assert Change.objects.filter(registration=mine).count() >= 1
    # registration, bookings, wishes, accreditation, consents, history, current edition
    with django_assert_num_queries(7):
        client.get(page_of(mine))
    assert Registration.objects.count() == 1
