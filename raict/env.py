"""The environment: every variable that the site reads passes through here.

A value that cannot be used stops the start with one sentence that names the variable.
`NAME_FILE` may hold the path of a file with the value (Docker and systemd secrets).
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.FileAwareEnv()
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def read(path: Path) -> None:
    """Take what the environment does not set from a file: `.env`, or the one that ENV_FILE names."""
    environ.Env.read_env(text("ENV_FILE", str(path)))


def text(name: str, default: str = "") -> str:
    """What is empty counts as not set."""
    return _env.str(name, default=default).strip() or default


def boolean(name: str, *, default: bool) -> bool:
    """One of 1/0, true/false, yes/no, on/off; anything else is refused rather than read as false."""
    value = text(name, str(default)).lower()
    if value not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name}={value!r}: expected one of true, false.")
    return value in _TRUE


def integer(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r}: expected a whole number.") from None


def words(name: str) -> list[str]:
    """Comma-separated words; empty ones are dropped."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    """An absolute folder path, made when missing."""
    path = Path(text(name, str(default))).expanduser().resolve()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)  # personal data will lie there
    except OSError as error:
        raise ImproperlyConfigured(f"{name}={path}: not a usable folder ({error}).") from error
    return path


def database(name: str, default: str) -> dict:
    """Django's connection settings from a URL: postgres://user:password@host/name, sqlite:///path."""
    try:
        config = _env.db_url_config(text(name, default))
    except Exception as error:
        raise ImproperlyConfigured(f"{name}: not a database address ({error}).") from error
    if not config.get("ENGINE"):
        raise ImproperlyConfigured(f"{name}: expected postgres://… or sqlite:///….")
    return config


def mail(name: str, default: str) -> dict:
    """Django's EMAIL_* settings from a URL: smtp://user:password@host:port, smtp+tls://…, smtp+ssl://…."""
    address = text(name, default)
    if address.startswith("smtps:"):  # TLS from the first byte; django-environ means STARTTLS
        address = f"smtp+ssl:{address.removeprefix('smtps:')}"
    try:
        config = _env.email_url_config(address)
    except Exception as error:
        raise ImproperlyConfigured(f"{name}: not a mail server address ({error}).") from error
    usual = 465 if "EMAIL_USE_SSL" in config else 587 if "EMAIL_USE_TLS" in config else 25
    return {**config, "EMAIL_PORT": config["EMAIL_PORT"] or usual}
