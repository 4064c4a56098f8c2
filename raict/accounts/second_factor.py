"""The second factor: a code that changes every 30 seconds (RFC 6238), and ten spare ones on paper.

django-otp keeps both, refuses a code that was used, and makes whoever types wrong ones wait, longer
each time. A code of the step before or after counts as well: telephones’ clocks differ.
"""

import math

import segno
from django.db import transaction
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from raict.accounts.models import User
from raict.errors import DomainError

SPARE_CODES = 10


def telephone(user: User) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def draft(user: User) -> TOTPDevice:
    """The telephone that is being set up: the same key until its first code has come."""
    found = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return found or TOTPDevice.objects.create(user=user, confirmed=False, name="telephone")


def key_in_groups(device: TOTPDevice) -> str:
    """The key as it is typed by hand: « ABCD EFGH … », which programs read with its spaces."""
    secret = device.config_url.split("secret=")[1].split("&")[0]
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def picture(device: TOTPDevice) -> SafeString:
    """The QR code that the program on the telephone reads. No style in it: our policy allows none."""
    code = segno.make(device.config_url, error="m", micro=False)
    return mark_safe(code.svg_inline(scale=5, border=4, light="#fff", omitsize=False))


def check(user: User, device: Device | None, code: str) -> Device:
    """The device that takes the code. A DomainError says that it is wrong, or how long to wait."""
    if device is None:
        raise DomainError(_wrong(), field="code")
    is_allowed, why = device.verify_is_allowed()
    if not is_allowed:
        seconds = max(1, math.ceil((why["locked_until"] - timezone.now()).total_seconds()))
        sentence = ngettext(
            "Wrong codes were typed: wait %(seconds)d second, then type a new one.",
            "Wrong codes were typed: wait %(seconds)d seconds, then type a new one.",
            seconds,
        )
        raise DomainError(sentence % {"seconds": seconds}, field="code")
    typed = "".join(sign for sign in code.lower() if sign.isalnum())
    found = verify_token(user, device.persistent_id, typed)
    if found is None:
        raise DomainError(_wrong(), field="code")
    return found


def _wrong() -> str:
    return _("This code is wrong, or was used already. Wait for the next one, and type it.")


def spare(user: User) -> StaticDevice | None:
    return StaticDevice.objects.filter(user=user).first()


def confirm(user: User, code: str) -> TOTPDevice:
    """The telephone is set up: its first code is right. It brings ten spare codes."""
    device = check(user, draft(user), code)
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        renew_spare_codes(user)
    return device


@transaction.atomic
def renew_spare_codes(user: User) -> None:
    """Ten new ones; those that are left of the old are void."""
    device, _is_new = StaticDevice.objects.get_or_create(
        user=user, defaults={"name": "spare codes"}
    )
    device.token_set.all().delete()
    codes = {StaticToken.random_token() for _number in range(SPARE_CODES)}
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)


def spare_codes(user: User) -> list[str]:
    """Those that were not used yet."""
    tokens = StaticToken.objects.filter(device__user=user)
    return sorted(tokens.values_list("token", flat=True))


@transaction.atomic
def forget(user: User) -> bool:
    """Telephone and spare codes are void: the next sign-in sets a new one up. False: there was none.

    Sessions that they have opened end with them.
    """
    removed = [
        rows.filter(user=user).delete()[0] for rows in (TOTPDevice.objects, StaticDevice.objects)
    ]
    return any(removed)
