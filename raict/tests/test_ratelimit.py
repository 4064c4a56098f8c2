import pytest
import time_machine

from raict.ratelimit import allow, client_address


def test_allow_stops_at_the_limit_and_refills():
    with time_machine.travel("2026-01-01T10:00:00Z", tick=False) as clock:
        assert [allow("form", "192.0.2.1", limit=3, period=60) for _try in range(4)] == [
            True,
            True,
            True,
            False,
        ]
        clock.shift(20)  # a third of the period: one of three
        assert [allow("form", "192.0.2.1", limit=3, period=60) for _try in range(2)] == [
            True,
            False,
        ]


def test_allow_counts_each_address_and_each_form_apart():
    assert allow("form", "192.0.2.1", limit=1) is True
    assert allow("form", "192.0.2.1", limit=1) is False
    assert allow("form", "192.0.2.2", limit=1) is True
    assert allow("link", "192.0.2.1", limit=1) is True


def test_allow_takes_an_ipv6_network_as_one():
    assert allow("form", "2001:db8:1:2::1", limit=1) is True
    assert allow("form", "2001:db8:1:2::ffff", limit=1) is False
    assert allow("form", "2001:db8:1:3::1", limit=1) is True


def test_allow_sees_the_ipv4_address_within_an_ipv6_one():
    assert allow("form", "::ffff:192.0.2.1", limit=1) is True
    assert allow("form", "192.0.2.1", limit=1) is False
    assert allow("form", "::ffff:192.0.2.2", limit=1) is True


def test_no_limit():
    assert all(allow("form", "192.0.2.1", limit=0) for _try in range(5))


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "forged, 198.51.100.7", "198.51.100.7"),
        (2, "forged, 198.51.100.7, 203.0.113.1", "198.51.100.7"),
        (2, "203.0.113.1", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_client_address_believes_our_own_proxies_only(rf, settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", headers={"X-Forwarded-For": header}, REMOTE_ADDR="192.0.2.1")
    assert client_address(request) == address
