"""The form of sessions on one’s own page."""

import datetime as dt
import re

import pytest

from events.models import Edition
from raict.mail.models import Message
from registrations import services
from registrations.overview import standing
from registrations.tests.pages import page_of, said, sentences, slot, text_of
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def mine(edition, person, ten, eleven, cafes):
    """A seat at ten, one wish, diet told, one consent; in English."""
    return services.register(
        edition=edition,
        person=person,
        sessions=[ten],
        cafes=[cafes[2]],
        needs={"diet": "halal"},
        consents={"needs": "I agree.", "photos": "I agree too."},
        language="en",
    )


def awaited(registration):
    return list(standing(registration).exclude(state="confirmed"))


def test_sessions_stand_as_they_are(client, mine, ten, eleven, cafes):
    page = client.get(page_of(mine, "sessions")).content.decode()
    assert re.search(rf'value="{ten.pk}"[^>]*checked', page)
    assert not re.search(rf'value="{eleven.pk}"[^>]*checked', page)
    assert f'<option value="{cafes[2].pk}" selected>' in page


def test_sessions_change_in_one_go(client, mine, ten, eleven, cafes):
    messages = Message.objects.count()
    response = client.post(
        page_of(mine, "sessions"),
        {
            "revision": mine.revision,
            slot(eleven): eleven.pk,
            "cafe_1": cafes[0].pk,
            "cafe_2": cafes[2].pk,
        },
    )
    assert (response.status_code, response.url) == (302, page_of(mine))
    assert said(client.get(page_of(mine))) == [
        "You gave back your seat in “Water and sanitation”.",
        "You took a seat in “Culture”.",
        "You changed your café wishes.",
    ]
    assert mine.booked_sessions() == [eleven]
    assert [wish.session for wish in mine.cafe_wishes()] == [cafes[0], cafes[2]]
    assert Message.objects.count() == messages + 1


def test_sessions_sent_unchanged_say_so(client, mine, ten, cafes):
    form = {"revision": mine.revision, slot(ten): ten.pk, "cafe_1": cafes[2].pk}
    messages = Message.objects.count()
    client.post(page_of(mine, "sessions"), form)
    assert said(client.get(page_of(mine))) == ["Nothing was changed."]
    assert Message.objects.count() == messages


def test_session_that_fills_meanwhile_keeps_the_rest(client, mine, ten, eleven, cafes):
    Session.objects.filter(pk=eleven.pk).update(capacity=1, seats_taken=1)
    form = {
        "revision": mine.revision,
        slot(ten): ten.pk,
        slot(eleven): eleven.pk,
        "cafe_1": cafes[1].pk,
    }
    response = client.post(page_of(mine, "sessions"), form)
    assert len(sentences(response)) == 1
    assert sentences(response)[0].startswith("“Culture” is full.")
    page = response.content.decode()
    assert re.search(rf'value="{ten.pk}"[^>]*checked', page)
    assert f'<option value="{cafes[1].pk}" selected>' in page
    assert mine.booked_sessions() == [ten]
    response = client.post(page_of(mine, "sessions"), form | {slot(eleven): "", "lists": eleven.pk})
    assert response.status_code == 302
    assert [one.session for one in awaited(mine)] == [eleven]


def as_shown(response) -> dict:
    """The fields of the page as a browser sends them back."""
    form = response.context["form"]
    fields = {"revision": [form["revision"].value()]}
    for name, key in form.seen():
        fields.setdefault(name, []).append(key)
    for name in form.choices():
        value = form[name].value()
        fields[name] = value if isinstance(value, list) else [value or ""]
    return fields


def test_second_tab_is_told_what_changed(client, mine, ten, eleven, cafes):
    """It shows what stands by now, and on it what was changed on the old page."""
    Session.objects.filter(pk=eleven.pk).update(capacity=0)
    opened = as_shown(client.get(page_of(mine, "sessions")))
    client.post(page_of(mine, "sessions"), opened | {slot(ten): ""})
    sent = opened | {"lists": eleven.pk, "cafe_1": cafes[0].pk}
    response = client.post(page_of(mine, "sessions"), sent)
    assert response.status_code == 200
    assert re.search(r"<title>\s*Error –", response.content.decode())
    said_of_it = (
        "Your sessions have changed since this page was opened. Please look at them below and send"
        " again. What you had just changed is kept below."
    )
    assert said_of_it in text_of(response)
    assert mine.booked_sessions() == awaited(mine) == []
    again = as_shown(response)
    assert again["revision"] == ["1"]
    assert (again[slot(ten)], again["lists"]) == ([""], [str(eleven.pk)])
    assert again["cafe_1"] == [str(cafes[0].pk)]
    assert client.post(page_of(mine, "sessions"), again).status_code == 302
    assert mine.booked_sessions() == []
    assert [one.session for one in awaited(mine)] == [eleven]
    assert [wish.session for wish in mine.cafe_wishes()] == [cafes[0]]


def test_both_halves_of_a_double_click_say_that_it_is_done(client, mine, ten, eleven, cafes):
    """The browser shows the answer to the second."""
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    opened = as_shown(client.get(page_of(mine, "sessions")))
    # A list whose session has a seat left by now is a seat at once.
    sent = opened | {slot(ten): "", "lists": eleven.pk, "cafe_1": cafes[0].pk}
    client.post(page_of(mine, "sessions"), sent)
    client.get(page_of(mine))
    before = Message.objects.count()
    response = client.post(page_of(mine, "sessions"), sent, follow=True)
    assert said(response) == ["Your sessions are as you chose them."]
    assert mine.booked_sessions() == [eleven]
    assert Message.objects.count() == before


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40])
def test_forged_revision_changes_nothing(client, mine, ten, eleven, revision):
    form = {"revision": revision, slot(eleven): eleven.pk}
    assert client.post(page_of(mine, "sessions"), form).status_code == 200
    assert mine.booked_sessions() == [ten]


def test_forged_sessions_are_refused(client, mine, edition, ten, cafes):
    hidden = SessionFactory(edition=edition, is_published=False)
    for value in (hidden.pk, cafes[0].pk, SessionFactory().pk, "x", "9" * 30):
        form = {"revision": mine.revision, slot(ten): value}
        response = client.post(page_of(mine, "sessions"), form)
        assert sentences(response) == ["This choice is no longer offered. Please choose again."]
    assert mine.booked_sessions() == [ten]


def test_session_not_bookable_any_more_stays(client, mine, ten, eleven):
    Session.objects.filter(pk=ten.pk).update(is_published=False)
    page = text_of(client.get(page_of(mine, "sessions")))
    assert (
        "“Water and sanitation” has begun or is not booked here any more: what you have there "
        "stays as it is." in page
    )
    client.post(page_of(mine, "sessions"), {"revision": mine.revision, slot(eleven): eleven.pk})
    assert mine.booked_sessions() == [ten, eleven]


def test_waiting_registration_asks_for_other_sessions(client, edition, person, ten, eleven):
    Edition.objects.update(capacity=1, places_taken=1)
    edition.refresh_from_db()
    mine = services.register(edition=edition, person=person, sessions=[ten], language="en")
    page = client.get(page_of(mine, "sessions")).content.decode()
    assert re.search(rf'value="{ten.pk}"[^>]*checked', page)
    form = {"revision": mine.revision, slot(eleven): eleven.pk}
    assert client.post(page_of(mine, "sessions"), form).status_code == 302
    assert [(one.session, one.state) for one in awaited(mine)] == [(eleven, "asked")]


@pytest.mark.parametrize("count", [1, 3])
def test_sessions_form_queries(client, edition, person, count, django_assert_num_queries):
    sessions = [
        SessionFactory(edition=edition, start=dt.time(9 + number), end=dt.time(10 + number))
        for number in range(count)
    ]
    cafes = SessionFactory.create_batch(count, edition=edition, cafe=True)
    mine = services.register(edition=edition, person=person, sessions=sessions, cafes=cafes)
    # registration, its last change and revision, bookings, programme, wishes, current edition
    with django_assert_num_queries(7):
        client.get(page_of(mine, "sessions"))
