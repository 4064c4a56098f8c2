"""Wrong passwords: a wait for one network, a slow drip for the whole world, and nobody locked out."""

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from raict.accounts import throttle
from raict.accounts.models import User
from raict.accounts.tests.signing import is_in, member, type_password

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 10, 21, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock(settings):
    """Behind one proxy; the clock stands still, so that the drip does."""
    settings.TRUSTED_PROXIES = 1
    member()
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def at(address: str) -> Client:
    return Client(headers={"X-Forwarded-For": address})


def wrong(client: Client, times: int, name: str = "lea") -> list[int]:
    return [type_password(client, name, "faux").status_code for _try in range(times)]


def test_the_fifth_wrong_password_makes_one_wait_and_says_how_long():
    client = at("192.0.2.1")
    assert wrong(client, 5) == [200, 200, 200, 200, 429]
    response = type_password(client)
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert throttle.too_many() in response.context["form"].non_field_errors()
    assert "15" in throttle.too_many()
    assert not is_in(client)


def test_another_network_and_another_name_are_not_held_back():
    wrong(at("192.0.2.1"), 5)
    member("paul")
    assert type_password(at("192.0.2.1"), "paul").status_code == 302
    assert type_password(at("192.0.2.2")).status_code == 302


def test_what_a_visitor_writes_of_its_address_is_not_believed():
    for number in range(5):
        wrong(at(f"203.0.113.{number}, 192.0.2.1"), 1)
    assert type_password(at("198.51.100.9, 192.0.2.1")).status_code == 429


def test_an_ipv6_subscriber_is_one_visitor():
    for number in range(5):
        wrong(at(f"2001:db8::{number}"), 1)
    assert type_password(at("2001:db8::ffff")).status_code == 429
    assert type_password(at("2001:db8:1::1")).status_code == 302


def test_success_forgets_what_was_wrong_before():
    client = at("192.0.2.1")
    for _round in range(3):
        assert wrong(client, 4) == [200] * 4
        assert type_password(client).status_code == 302
        client.post(reverse("admin:logout"))


def test_many_networks_together_are_slowed_but_a_known_browser_gets_in():
    known, stranger = at("192.0.2.200"), at("192.0.2.201")
    type_password(known)
    known.post(reverse("admin:logout"))
    answers = [wrong(at(f"192.0.2.{number}"), 1)[0] for number in range(throttle.TRIES_A_NAME)]
    assert answers == [200] * 29 + [429]
    assert type_password(stranger).status_code == 429
    assert type_password(known).status_code == 302


def test_the_drip_comes_back_in_minutes(clock):
    for number in range(throttle.TRIES_A_NAME):
        wrong(at(f"192.0.2.{number}"), 1)
    assert type_password(at("198.51.100.1")).status_code == 429
    clock.shift(21)  # 600 seconds for 30 tries
    assert type_password(at("198.51.100.1")).status_code == 302


def test_the_wait_of_one_network_ends(clock):
    client = at("192.0.2.1")
    wrong(client, 5)
    clock.shift(14 * 60)
    assert wrong(client, 1) == [429]  # and does not begin anew
    clock.shift(61)
    assert type_password(client).status_code == 302


def test_a_cookie_that_somebody_else_has_written_knows_nobody():
    client = at("192.0.2.1")
    client.cookies["raict_known"] = "lea:forged"
    for number in range(throttle.TRIES_A_NAME):
        wrong(at(f"198.51.100.{number}"), 1)
    assert type_password(client).status_code == 429


def test_the_direction_and_the_command_lift_the_wait(admin_client):
    client = at("192.0.2.1")
    user = User.objects.get(username="lea")
    wrong(client, 5)
    admin_client.post(reverse("admin:accounts_user_access", args=[user.pk]), {"do": "free"})
    assert type_password(client).status_code == 302
    client.post(reverse("admin:logout"))
    member("paul")
    wrong(client, 5, "paul")
    call_command("free_account", "paul")
    assert type_password(client, "paul").status_code == 302
    with pytest.raises(CommandError):
        call_command("free_account", "personne")


def count_in(settings, backend: str, location, prefix: str = "") -> None:
    backend = f"django.core.cache.backends.{backend}"
    settings.CACHES = {
        "default": {"BACKEND": backend, "LOCATION": location, "KEY_PREFIX": prefix},
    }
    client = at("192.0.2.1")
    assert wrong(client, 5) == [200, 200, 200, 200, 429]
    throttle.free("lea")
    assert type_password(client).status_code == 302


@pytest.mark.sqlite
def test_it_counts_in_files(settings, tmp_path):
    count_in(settings, "filebased.FileBasedCache", tmp_path / "cache")


def test_it_counts_in_redis(settings, redis_url, tmp_path):
    count_in(settings, "redis.RedisCache", redis_url, prefix=str(tmp_path))
