"""Outside the demonstration nobody is signed in by a password alone."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from raict.accounts import second_factor
from raict.accounts.tests.signing import (
    PASSWORD,
    enrol,
    is_in,
    member,
    token,
    type_code,
    type_password,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
START = dt.datetime(2026, 10, 21, 9, 0, 5, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock(settings):
    settings.STAFF_TWO_FACTOR = True
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def lea(client, clock):
    """Enrolled, and signed out; a minute later."""
    user = member()
    enrol(client, user)
    client.post(reverse("admin:logout"))
    clock.shift(60)
    return user


def test_the_password_alone_is_enough_in_the_demonstration(client, settings):
    settings.STAFF_TWO_FACTOR = False
    member()
    assert type_password(client).url == "/admin/"
    assert is_in(client)


def test_the_first_sign_in_sets_a_telephone_up_and_shows_ten_codes_until_they_are_kept(client):
    user = member()
    assert type_password(client, page="/admin/events/edition/").url == reverse("accounts:set_up")
    assert SESSION_KEY not in client.session
    page = client.get(reverse("accounts:set_up")).content.decode()
    assert second_factor.key_in_groups(second_factor.draft(user)) in page
    assert ("<svg" in page, "style=" in page) == (True, False)
    response = client.post(reverse("accounts:set_up"), {"code": token(user)})
    assert response.url == reverse("accounts:spare_codes")
    codes = second_factor.spare_codes(user)
    assert (len(codes), {len(code) for code in codes}) == (10, {8})
    for _look in range(2):
        shown = client.get(reverse("accounts:spare_codes"))
        assert shown.context["codes"] == codes
    text = client.get(reverse("accounts:spare_codes", query={"texte": ""}))
    assert text.content.decode().split()[-10:] == codes
    assert client.post(reverse("accounts:spare_codes")).url == "/admin/events/edition/"
    assert "codes" not in client.get(reverse("accounts:spare_codes")).context


def test_a_wrong_first_code_sets_nothing_up_and_keeps_the_key(client):
    user = member()
    type_password(client)
    key = second_factor.draft(user).key
    response = client.post(reverse("accounts:set_up"), {"code": "000000"})
    assert list(response.context["form"].errors) == ["code"]
    assert (second_factor.telephone(user), second_factor.draft(user).key) == (None, key)
    assert not is_in(client)


def test_the_next_sign_in_asks_for_a_code(client, lea):
    assert type_password(client).url == reverse("accounts:code")
    assert not is_in(client)
    assert type_code(client, token(lea)).url == "/admin/"
    assert is_in(client)


def test_who_has_a_telephone_sets_no_other_one_up(client, lea):
    type_password(client)
    assert client.get(reverse("accounts:set_up")).url == reverse("accounts:code")


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_differ_by_one_step(client, lea, steps, is_taken):
    type_password(client)
    assert (type_code(client, token(lea, steps=steps)).status_code == 302) is is_taken


def test_a_code_is_good_once(client, lea):
    type_password(client)
    code = token(lea)
    assert type_code(client, code).status_code == 302
    other = Client()
    type_password(other)
    assert type_code(other, code).status_code == 200
    assert not is_in(other)


def test_wrong_codes_make_one_wait_longer_each_time(client, lea, clock):
    type_password(client)
    waits = []
    for _try in range(3):
        type_code(client, "000000")
        refused = type_code(client, token(lea))  # right, but too soon
        waits.append(refused.context["form"].errors["code"][0])
        clock.shift(2**_try)
    assert waits == [
        second_factor.ngettext(
            "Wrong codes were typed: wait %(seconds)d second, then type a new one.",
            "Wrong codes were typed: wait %(seconds)d seconds, then type a new one.",
            seconds,
        )
        % {"seconds": seconds}
        for seconds in (1, 2, 4)
    ]
    clock.shift(1)
    assert type_code(client, token(lea)).status_code == 302


def test_a_spare_code_is_good_once_in_any_writing(client, lea):
    codes = second_factor.spare_codes(lea)
    type_password(client)
    typed = f" {codes[0][:4].upper()}-{codes[0][4:]} "
    assert type_code(client, typed, is_spare=True).url == "/admin/"
    assert second_factor.spare_codes(lea) == codes[1:]
    other = Client()
    type_password(other)
    assert type_code(other, codes[0], is_spare=True).status_code == 200


def test_spare_codes_are_renewed_for_a_code(client, lea, clock):
    type_password(client)
    type_code(client, token(lea))
    before = second_factor.spare_codes(lea)
    page = reverse("accounts:spare_codes")
    assert client.get(page).context["left"] == 10
    assert client.post(page, {"code": "000000"}).context["form"].errors
    clock.shift(60)
    assert client.post(page, {"code": token(lea)}).url == page
    assert set(second_factor.spare_codes(lea)) & set(before) == set()
    assert len(client.get(page).context["codes"]) == 10


def test_the_step_between_is_forgotten_after_ten_minutes(client, lea, clock):
    type_password(client)
    clock.shift(10 * 60 + 1)
    assert type_code(client, token(lea)).url == reverse("admin:login")


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"password": "x"}])
def test_the_step_between_ends_with_the_account(client, lea, change):
    type_password(client)
    type(lea).objects.update(**change)
    assert type_code(client, token(lea)).url == reverse("admin:login")


def test_a_stranger_is_led_to_the_password(client):
    for name in ("code", "set_up"):
        assert client.get(reverse(f"accounts:{name}")).url == reverse("admin:login")


def test_a_reset_ends_the_sessions_that_it_has_opened(client, lea):
    type_password(client)
    type_code(client, token(lea))
    assert second_factor.forget(lea) is True
    assert not is_in(client)
    assert second_factor.forget(lea) is False


@pytest.mark.parametrize("page", ["/admin/", "/accueil/", "/admin/compte/codes-de-secours/"])
def test_a_session_without_a_second_factor_opens_no_page_of_the_team(client, lea, page):
    client.force_login(lea)
    response = client.get(page)
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("admin:login"))


def test_the_key_of_the_session_changes_at_each_step(client, lea):
    client.get(reverse("admin:login"))
    type_password(client)
    half = client.session.session_key
    type_code(client, token(lea))
    assert client.session.session_key != half


def test_a_chosen_password_does_not_replace_the_second_step(client, lea):
    lea.set_password(PASSWORD + "-neuf")
    lea.save()
    assert type_password(client, password=PASSWORD + "-neuf").url == reverse("accounts:code")
