"""Mail about accounts: the link that chooses a password, and the word that the second factor is void.

Nobody but a superuser reads these in the outbox (raict/mail/admin.py): whoever has the link of an
account may become that person.
"""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from raict.accounts.models import User
from raict.mail import outbox

PREFIX = "account_"
# Seconds in which one address gets the link once, however often it is asked for.
_PAUSE = 600


def invite(user: User) -> None:
    """« Votre compte »: the address of the site, the name to sign in with, and the link."""
    _write(user, "account_invited", link=password_link(user))


def send_link(email: str) -> None:
    """A new link to each account with that address; nothing, and no word of it, where there is none."""
    for user in User.objects.filter(email__iexact=email, is_active=True, is_staff=True):
        if cache.add(f"account-link:{user.pk}", 1, timeout=_PAUSE):
            _write(user, "account_link", link=password_link(user))


def tell_of_reset(user: User) -> None:
    _write(user, "account_second_factor")


def password_link(user: User) -> str:
    """Good once, for settings.PASSWORD_RESET_TIMEOUT, and until the person signs in by other means."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("accounts:password", args=[key, default_token_generator.make_token(user)])
    return f"{settings.SITE_URL}{path}"


@transaction.atomic
def _write(user: User, template: str, **context: str) -> None:
    if not user.email:
        return
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)
    context |= {
        "name": user.get_full_name() or user.get_username(),
        "username": user.get_username(),
        "sign_in_url": f"{settings.SITE_URL}{reverse('admin:login')}",
        "days": days,
    }
    outbox.queue(to=user.email, template=template, language="fr", context=context)
