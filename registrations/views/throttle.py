"""How often a registration may try another address."""

from django.utils.translation import gettext as _

from raict import ratelimit
from registrations.models import Registration

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
