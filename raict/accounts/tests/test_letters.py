"""Passwords are chosen by link: good once, for three days, and telling nobody who has an account."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from raict.accounts import letters
from raict.accounts.models import User
from raict.accounts.tests.signing import member, type_password
from raict.accounts.views import LINKS_A_NETWORK
from raict.mail.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
START = dt.datetime(2026, 10, 21, tzinfo=dt.UTC)
NEW = "un-tout-nouveau-mot-de-passe"


def ask(client, email: str):
    return client.post(reverse("accounts:forgotten"), {"email": email})


def link() -> str:
    text = Message.objects.latest("pk").text
    (address,) = re.findall(r"http\S+/mot-de-passe/\S+/", text)
    return address


def choose(client, address: str, password: str = NEW):
    page = client.get(address, follow=True)
    data = {"new_password1": password, "new_password2": password}
    return client.post(page.redirect_chain[-1][0], data) if page.redirect_chain else page


def test_the_answer_is_the_same_for_an_address_that_nobody_has(client):
    member()
    answers = [ask(client, email) for email in ("LEA@example.org", "personne@example.org")]
    assert [answer.url for answer in answers] == [reverse("accounts:forgotten_sent")] * 2
    assert [message.to for message in Message.objects.all()] == ["lea@example.org"]


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_a_closed_account_gets_no_link(client, change):
    member(**change)
    ask(client, "lea@example.org")
    assert Message.objects.count() == 0


def test_one_address_gets_one_link_in_ten_minutes(client):
    member()
    for _time in range(3):
        ask(client, "lea@example.org")
    assert Message.objects.count() == 1


def test_one_network_asks_for_ten_in_ten_minutes(client):
    statuses = [ask(client, f"a{n}@example.org").status_code for n in range(LINKS_A_NETWORK + 1)]
    assert statuses == [302] * LINKS_A_NETWORK + [200]


def test_the_link_chooses_a_password_once_and_signs_nobody_in(client):
    member()
    ask(client, "lea@example.org")
    address = link()
    assert choose(client, address).url == reverse("accounts:password_chosen")
    assert SESSION_KEY not in client.session
    assert type_password(client, password=NEW).url == "/admin/"
    assert choose(Client(), address).context["validlink"] is False


def test_an_invited_member_chooses_the_first_one(client):
    user = User.objects.create_user("paul", email="paul@example.org", is_staff=True)
    letters.invite(user)
    assert "paul" in Message.objects.get().text
    choose(client, link())
    assert type_password(client, "paul", NEW).status_code == 302


def test_a_weak_password_is_refused(client):
    member()
    ask(client, "lea@example.org")
    assert set(choose(client, link(), "court").context["form"].errors) == {"new_password2"}


def test_the_link_is_good_for_three_days(client):
    with time_machine.travel(START, tick=False) as clock:
        letters.invite(member())
        clock.shift(3 * 24 * 3600 + 1)
        assert choose(client, link()).context["validlink"] is False


def test_an_account_without_an_address_gets_no_mail():
    letters.invite(member(email=""))
    assert Message.objects.count() == 0


@pytest.mark.parametrize("name", ["forgotten", "forgotten_sent", "password_chosen"])
def test_each_page_has_one_heading_and_nothing_that_the_policy_forbids(client, name):
    page = client.get(reverse(f"accounts:{name}")).content.decode()
    assert (page.count("<h1"), "style=" in page, "<script>" in page) == (1, False, False)
