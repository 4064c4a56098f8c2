"""Signed links: a personal page without an account, and the code on a badge.

Both are made from the reference and the secret key alone, so nothing has to be stored, and nothing
in them says who somebody is.
"""

import base64

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import override

from registrations.models import Registration

_signer = signing.Signer(sep=".", salt="registrations.personal")
_SEAL_BYTES = 10  # 80 bits, 16 letters
_REFERENCE_LENGTH = 10


def personal_key(registration: Registration) -> str:
    """The secret part of the personal address; raising `key_version` makes it worthless."""
    return _signer.sign_object([registration.reference, registration.key_version])


def registration_from_key(key: str) -> Registration:
    """The registration behind a personal key; Registration.DoesNotExist for any other text."""
    try:
        reference, version = _signer.unsign_object(key)
    except (signing.BadSignature, ValueError, TypeError):
        raise Registration.DoesNotExist from None
    return Registration.objects.select_related(
        "edition__venue", "organisation", "category", "needs"
    ).get(reference=reference, key_version=version)


def personal_path(registration: Registration, page: str = "personal", *places: str) -> str:
    """A page behind the personal link, in the active language."""
    return reverse(f"registrations:{page}", args=[personal_key(registration), *places])


def personal_url(registration: Registration, page: str = "personal") -> str:
    """The whole address, in the person's language: for mails and documents."""
    with override(registration.language):
        return settings.SITE_URL + personal_path(registration, page)


def register_url(language: str) -> str:
    """The whole address of the registration form, in that language."""
    with override(language):
        return settings.SITE_URL + reverse("registrations:register")


def press_url(language: str) -> str:
    """The whole address of the press room, in that language."""
    with override(language):
        return settings.SITE_URL + reverse("events:press")


def badge_code(registration: Registration) -> str:
    """What a badge's QR code holds: 26 capitals and digits (QR's alphanumeric alphabet).

    It does not depend on `key_version`: a printed badge stays good when a link has to be replaced.
    """
    return registration.reference + _seal(registration.reference, settings.SECRET_KEY)


def registration_from_badge_code(code: str) -> Registration:
    """The registration behind a badge's code; Registration.DoesNotExist for any other text.

    A badge printed before a merge is that of the registration that goes on.
    """
    reference, seal = code[:_REFERENCE_LENGTH], code[_REFERENCE_LENGTH:]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(constant_time_compare(seal, _seal(reference, key)) for key in keys):
        raise Registration.DoesNotExist
    found = Registration.objects.select_related("edition", "merged_into__edition")
    registration = found.get(reference=reference)
    return registration.merged_into or registration


def _seal(reference: str, secret: str) -> str:
    digest = salted_hmac(
        "registrations.badge", reference, secret=secret, algorithm="sha256"
    ).digest()
    return base64.b32encode(digest[:_SEAL_BYTES]).decode()
