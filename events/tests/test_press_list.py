"""The press list: nobody joins it but its own people, and everybody leaves it at once."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import PressContact
from events.press import mailing, subscription
from events.press.subscription import Asked
from events.tests.factories import EditionFactory, PressContactFactory, PressReleaseFactory
from raict.mail import outbox
from raict.mail.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
JOIN, SENT = "/en/presse/liste/", "/en/presse/liste/envoye/"
ASKED = Asked("Jane Roe", "The Gazette", "foreign", "en", "Jane@example.org")


@pytest.fixture
def typed():
    return {**ASKED._asdict(), "consent": "on"}


@pytest.fixture
def contact():
    return PressContactFactory(language="en", email="awa@example.org")


def path(address: str) -> str:
    """Of an address in a mail."""
    return re.sub(r"^https?://[^/]+", "", address)


def confirm_path() -> str:
    text = Message.objects.get(template=subscription.CONFIRM).text
    return path(re.search(r"https?://\S+/presse/liste/\S+", text).group())


def sentences(response) -> list[tuple]:
    return [tuple(map(str, link)) for link in response.context["form"].error_links()]


# ----------------------------------------------------------------------------------- joining
def test_who_asks_gets_a_link_and_is_on_the_list_by_their_own_yes(client, typed):
    EditionFactory(current=True, organiser="CUF", press_contact_email="presse@example.org")
    assert client.post(JOIN, typed).url == SENT
    assert client.get(SENT).status_code == 200
    message = Message.objects.get()
    assert (message.to, message.language, message.reply_to) == (
        "Jane@example.org",
        "en",
        "presse@example.org",
    )
    page = confirm_path()
    # Mail scanners follow links.
    assert client.get(page).context["is_done"] is False
    assert client.head(page).status_code == 200
    assert not PressContact.objects.exists()
    assert client.post(page).url == page
    assert client.get(page).context["is_done"] is True
    joined = PressContact.objects.get()
    assert Asked(*(getattr(joined, name) for name in Asked._fields)) == ASKED
    assert (joined.is_reachable, joined.consented_on, joined.consent) == (
        True,
        timezone.localdate(),
        "I agree to receive the press releases of CUF by e-mail. I may leave the list at any time.",
    )


def test_the_mail_holds_nothing_that_a_stranger_typed(client, typed):
    typed |= {"name": "Gagnez un million", "medium": "Appelez le 01 23 45 67 89"}
    client.post(JOIN, typed)
    message = Message.objects.get()
    for words in ("Gagnez", "Appelez"):
        assert (words in message.subject + message.text, words in message.html) == (False, False)


def test_whether_an_address_is_on_the_list_is_told_to_nobody(client, typed, contact):
    answers = []
    for address in (contact.email, "jane@example.org"):
        response = client.post(JOIN, typed | {"email": address})
        answers.append((response.status_code, response.url, response.content))
    assert answers[0] == answers[1]
    assert Message.objects.count() == 2


def test_a_mailbox_is_not_filled_by_asking_again(client, typed):
    with time_machine.travel("2027-01-15T10:00:00Z", tick=False) as clock:
        for address in ("jane@example.org", "JANE@example.org"):
            assert client.post(JOIN, typed | {"email": address}).url == SENT
        assert Message.objects.count() == 1
        clock.shift(subscription.PAUSE)
        client.post(JOIN, typed)
    assert Message.objects.count() == 2


def test_who_is_on_the_list_changes_what_is_known_by_joining_again(client, typed):
    PressContactFactory(email="jane@EXAMPLE.org", language="fr", note="Connue depuis 2019")
    client.post(JOIN, typed)
    client.post(confirm_path())
    changed = PressContact.objects.get()
    assert (changed.name, changed.language, changed.note) == (
        "Jane Roe",
        "en",
        "Connue depuis 2019",
    )


@pytest.mark.parametrize("gone", ["unsubscribed_at", "bounced_on"])
def test_who_has_left_comes_back_with_a_new_consent(client, typed, gone):
    at = timezone.now() if gone == "unsubscribed_at" else timezone.localdate()
    former = PressContactFactory(email="jane@example.org", **{gone: at})
    client.post(JOIN, typed)
    client.post(confirm_path())
    former.refresh_from_db()
    assert (former.is_reachable, former.consented_on) == (True, timezone.localdate())
    assert former.consent.startswith("I agree")


@pytest.mark.parametrize("days", [2, 3])
def test_the_link_serves_three_days(client, typed, days):
    with time_machine.travel("2027-01-15T10:00:00Z", tick=False) as clock:
        client.post(JOIN, typed)
        page = confirm_path()
        clock.shift(dt.timedelta(days=days, minutes=1))
        answers = [client.get(page).status_code, client.post(page).status_code]
    assert answers == ([200, 302] if days == 2 else [404, 404])
    assert PressContact.objects.count() == (1 if days == 2 else 0)


@pytest.mark.parametrize("other", ["leave", "cut", "forged"])
def test_any_other_link_joins_nobody(client, contact, other):
    key = subscription.confirm_url(ASKED).split("/")[-2]
    keys = {
        "leave": subscription.leave_url(contact).split("/")[-2],
        "cut": key[:-3],
        "forged": f"{key[:10]}{'A' if key[10] != 'A' else 'B'}{key[11:]}",
    }
    page = reverse("events:press_confirm", args=[keys[other]])
    assert (client.get(page).status_code, client.post(page).status_code) == (404, 404)
    assert PressContact.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"name": ""}, ("id_name", "Name", "Write your name, or that of your newsroom.")),
        ({"name": "www.gagner.com"}, ("id_name", "Name", None)),
        ({"medium": "a < b"}, ("id_medium", "Medium", None)),
        ({"kind": ""}, ("id_kind", "Kind of medium", "Choose the kind of your medium.")),
        ({"kind": "moon"}, ("id_kind", "Kind of medium", None)),
        ({"language": "de"}, ("id_language", "Language of the press releases", None)),
        ({"email": "jane"}, ("id_email", "E-mail", None)),
        (
            {"consent": ""},
            ("id_consent", "", "Tick this box: nothing is sent without your agreement."),
        ),
        ({"leave_empty": "x"}, ("id_leave_empty", "Leave this field empty", None)),
    ],
)
def test_what_is_wrong_is_said_once_and_nothing_typed_is_lost(client, typed, wrong, expected):
    response = client.post(JOIN, typed | wrong)
    [(anchor, label, sentence)] = sentences(response)
    assert (anchor, label, sentence if expected[2] else None) == expected
    page = response.content.decode()
    assert page.count(f'href="#{anchor}"') == 1
    assert page.count('value="Jane@example.org"') == (0 if "email" in wrong else 1)
    assert not Message.objects.exists()


def test_forms_from_one_network_are_limited(client, typed, settings):
    settings.FORM_POSTS_PER_ADDRESS = 1
    client.post(JOIN, typed)
    refused = client.post(JOIN, typed | {"email": "eva@example.org"})
    assert (refused.status_code, len(sentences(refused))) == (429, 1)
    assert Message.objects.count() == 1


def test_the_form_is_checked_against_forgery(typed):
    assert Client(enforce_csrf_checks=True).post(JOIN, typed).status_code == 403


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_form_starts_in_the_language_of_the_page(client, language):
    page = client.get("/presse/liste/" if language == "fr" else JOIN)
    assert page.context["form"]["language"].value() == language
    assert page.headers["Cache-Control"].split(", ")[-1] == "private"


# ----------------------------------------------------------------------------------- leaving
@pytest.fixture
def page(contact) -> str:
    return path(subscription.leave_url(contact))


def reachable() -> bool:
    return PressContact.objects.reachable().exists()


def test_looking_at_the_page_changes_nothing(client, page):
    first, again = client.get(page), client.head(page)
    assert (first.status_code, again.status_code, reachable()) == (200, 200, True)
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in first.headers["Cache-Control"]
    assert "awa@example.org" not in first.content.decode()
    assert first.cookies.output() == ""


def test_one_click_of_the_mail_program_takes_off_the_list(contact, page):
    """RFC 8058: a POST without cookie, token or redirect."""
    strict = Client(enforce_csrf_checks=True)
    for _click in range(2):
        answer = strict.post(page, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, reachable()) == (200, False)
        left = PressContact.objects.get().unsubscribed_at
        with time_machine.travel(timezone.now() + dt.timedelta(hours=1)):
            strict.post(page, {"List-Unsubscribe": "One-Click"})
        # The first moment counts.
        assert PressContact.objects.get().unsubscribed_at == left


def test_who_left_by_mistake_comes_back_with_a_new_consent(client, contact, page):
    client.post(page)
    assert b"Come back on the list" in client.get(page).content
    client.post(page, {"undo": "yes"})
    contact.refresh_from_db()
    assert (contact.is_reachable, contact.consented_on) == (True, timezone.localdate())
    assert contact.consent.startswith("I agree")


def test_undo_gives_nobody_a_consent_that_stands_already(client, contact, page):
    client.post(page, {"undo": "yes"})
    contact.refresh_from_db()
    assert contact.consented_on == dt.date(2026, 1, 15)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_speaks_the_language_of_the_contact(client, language):
    address = subscription.leave_url(PressContactFactory(language=language))
    assert f'<html lang="{language}">' in client.get(path(address)).content.decode()


@pytest.mark.parametrize("key", ["1", "1.x", "x.y", "AAAA"])
def test_a_key_that_is_not_ours_is_not_found(client, contact, page, key):
    joining = subscription.confirm_url(ASKED).split("/")[-2]
    for wrong in (key, joining, page.split("/")[-2][:-1]):
        address = reverse("events:press_unsubscribe", args=[wrong])
        assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    assert reachable()


def test_the_key_of_somebody_erased_is_not_found(client, contact, page):
    contact.delete()
    assert client.post(page).status_code == 404


def test_leaving_stops_the_mail_that_is_queued(client, contact, page):
    mailing.begin(PressReleaseFactory())
    mailing.write_open()
    message = Message.objects.get()
    assert path(message.unsubscribe_url) == page
    client.post(page)
    outbox.deliver(message.pk)
    message.refresh_from_db()
    assert message.state == "failed"


# ------------------------------------------------------------------------------ mail that returns
def test_a_bounce_marks_the_latest_mail_and_stops_the_next(contact, django_assert_num_queries):
    for _number in range(2):
        mailing.begin(PressReleaseFactory())
        mailing.write_open()
    stranger = PressContactFactory()
    with django_assert_num_queries(9):
        assert subscription.note_bounce(PressContact.objects.all()) == 2
    contact.refresh_from_db()
    stranger.refresh_from_db()
    today = timezone.localdate()
    assert (contact.bounced_on, stranger.bounced_on) == (today, today)
    assert [one.bounced_on for one in contact.receptions.order_by("pk")] == [None, today]
    assert subscription.note_bounce(PressContact.objects.all()) == 0


def test_an_address_that_works_again_is_written_to_unless_it_has_left(contact):
    left = PressContactFactory(unsubscribed_at=timezone.now(), bounced_on=dt.date(2026, 1, 1))
    subscription.note_bounce(PressContact.objects.filter(pk=contact.pk))
    assert subscription.lift_bounce(PressContact.objects.all()) == 2
    assert list(PressContact.objects.reachable()) == [contact]
    left.refresh_from_db()
    assert left.unsubscribed_at is not None
