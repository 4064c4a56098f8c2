"""How often one address may send a form: a token bucket in the cache.

A limit against floods, not an invariant: two requests at the same instant may pass for one. What
must be exact (seats, one registration an e-mail) is held by the database.
"""

import ipaddress
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

PERIOD = 600  # seconds in which the whole allowance comes back


def client_address(request: HttpRequest) -> str:
    """The visitor's address, from the last hop that one of our own proxies wrote.

    What stands further left in X-Forwarded-For was written by the visitor and is not believed.
    """
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    trusted = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted and hops[-trusted].strip():
        return hops[-trusted].strip()
    return request.META.get("REMOTE_ADDR", "")


def client_network(request: HttpRequest) -> str:
    """What stands for one visitor where tries are counted."""
    return _network(client_address(request))


def allow(name: str, who: str, *, limit: int, period: int = PERIOD) -> bool:
    """Whether `who` may do `name` once more: `limit` times in `period` seconds; 0 lifts the limit."""
    if not limit:
        return True
    key = _key(name, who)
    now = time.time()
    tokens, then = cache.get(key, (limit, now))
    tokens = min(limit, tokens + (now - then) * limit / period)
    if tokens < 1:
        return False
    cache.set(key, (tokens - 1, now), period)
    return True


def forget(name: str, who: str) -> None:
    """Give the whole allowance back."""
    cache.delete(_key(name, who))


def _key(name: str, who: str) -> str:
    return f"ratelimit:{name}:{_network(who)}"


def allowed(request: HttpRequest, name: str) -> bool:
    """Whether the visitor's network may send that form once more."""
    return allow(name, client_address(request), limit=settings.FORM_POSTS_PER_ADDRESS)


def too_many() -> str:
    return _("Too many forms were sent from your network. Please try again in a few minutes.")


def _network(who: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one: a subscriber owns all of that."""
    try:
        address = ipaddress.ip_address(who)
    except ValueError:
        return "unknown"
    # A server that listens on both sees IPv4 visitors as ::ffff:192.0.2.1, all in one /64.
    address = getattr(address, "ipv4_mapped", None) or address
    if address.version == 6:
        return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
    return str(address)
