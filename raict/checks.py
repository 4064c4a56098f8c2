"""What must hold before the site serves people: `manage.py check`, and `check --deploy` for production.

Every sentence says what to do.
"""

import ctypes
import os
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import Error, Tags, register

# Loaded by WeasyPrint; the name of the library, then Debian's package.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


@register
def libraries(app_configs, **kwargs) -> list[Error]:
    """Badges and communiqués need Pango. Asking the linker is quick; importing WeasyPrint is not."""
    missing = [package for library, package in LIBRARIES.items() if not is_loadable(library)]
    if not missing:
        return []
    names = " ".join(missing)
    return [
        Error(
            f"Badges and communiqués cannot be made: {names} missing.",
            hint=f"As root: apt-get install --no-install-recommends {names}",
            id="raict.E001",
        )
    ]


def is_loadable(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@register
def fonts(app_configs, **kwargs) -> list[Error]:
    if any((settings.BASE_DIR / "static" / "fonts").glob("*.woff2")):
        return []
    return [Error("static/fonts is empty.", hint="Take the whole repository.", id="raict.E002")]


@register(Tags.security, deploy=True)
def secret_key(app_configs, **kwargs) -> list[Error]:
    """Without a fixed key every restart, and every other process, signs personal links differently."""
    if os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE"):
        return []
    if (settings.VAR / "secret.key").exists():
        return []
    hint = "Set SECRET_KEY, or run `manage.py prepare`, which writes one into the data folder."
    return [Error("The secret key lasts as long as this process.", hint=hint, id="raict.E010")]


@register(Tags.database, deploy=True)
def database(app_configs, **kwargs) -> list[Error]:
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return []
    hint = "Set DATABASE_URL=postgres://user:password@host/name."
    return [Error("SQLite is for one machine and for trying out.", hint=hint, id="raict.E011")]


@register(deploy=True)
def broker(app_configs, **kwargs) -> list[Error]:
    if settings.REDIS_URL:
        return []
    hint = "Set REDIS_URL=redis://host:6379/0."
    return [Error("A broker made of files serves one machine only.", hint=hint, id="raict.E012")]


@register(Tags.security, deploy=True)
def site_url(app_configs, **kwargs) -> list[Error]:
    """Links in mails and codes on badges are made of it."""
    address = urlsplit(settings.SITE_URL)
    if address.scheme == "https" and address.hostname not in {None, "localhost", "127.0.0.1"}:
        return []
    hint = "Set SITE_URL to the public address, such as https://rencontres.example.org."
    return [
        Error(f"SITE_URL={settings.SITE_URL} is not a public address.", hint=hint, id="raict.E013")
    ]


@register(Tags.security, deploy=True)
def two_factor(app_configs, **kwargs) -> list[Error]:
    """One guessed password would open everybody's data."""
    if settings.STAFF_TWO_FACTOR:
        return []
    hint = "Unset STAFF_TWO_FACTOR: with an https SITE_URL it is true."
    return [Error("The team signs in with a password alone.", hint=hint, id="raict.E017")]


@register(deploy=True)
def mail(app_configs, **kwargs) -> list[Error]:
    found = []
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        hint = "Set EMAIL_URL=smtp+tls://user:password@host:587."
        found.append(Error("Mail reaches nobody.", hint=hint, id="raict.E014"))
    if "@localhost" in settings.DEFAULT_FROM_EMAIL:
        hint = 'Set DEFAULT_FROM_EMAIL="RAICT <inscriptions@example.org>".'
        found.append(Error("Mail comes from nobody.", hint=hint, id="raict.E015"))
    return found


@register(deploy=True)
def proxies(app_configs, **kwargs) -> list[checks.Warning]:
    if settings.TRUSTED_PROXIES:
        return []
    hint = "Set TRUSTED_PROXIES=1 behind one proxy, and let it set X-Forwarded-For and -Proto."
    return [
        checks.Warning(
            "The form's limit counts the proxy as one visitor.", hint=hint, id="raict.W016"
        )
    ]
