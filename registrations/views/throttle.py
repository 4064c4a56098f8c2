"""How often one address may send our forms."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from raict import ratelimit
from registrations.models import Registration


def allowed(request: HttpRequest, name: str) -> bool:
    limit = settings.FORM_POSTS_PER_ADDRESS
    return ratelimit.allow(name, ratelimit.client_address(request), limit=limit)


# Whether an address is taken is told by whether it is accepted: nobody tries a list of them.
ADDRESSES_A_DAY = 5


def may_move(registration: Registration, email: str | None) -> bool:
    """Whether the registration may try another address: five in a day, refused or not."""
    if email is None or email.lower() == registration.email.lower():
        return True
    name = f"address:{registration.reference}"
    return ratelimit.allow(name, "", limit=ADDRESSES_A_DAY, period=24 * 3600)


def too_many_addresses() -> str:
    return _(
        "Too many addresses were tried today. Please try again tomorrow, or write to the team."
    )


def too_many() -> str:
    return _("Too many forms were sent from your network. Please try again in a few minutes.")
