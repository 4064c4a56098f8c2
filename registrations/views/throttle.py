"""How often one address may send our forms."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from raict import ratelimit


def allowed(request: HttpRequest, name: str) -> bool:
    limit = settings.FORM_POSTS_PER_ADDRESS
    return ratelimit.allow(name, ratelimit.client_address(request), limit=limit)


def too_many() -> str:
    return _("Too many forms were sent from your network. Please try again in a few minutes.")
