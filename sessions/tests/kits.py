"""A kit as tests read it."""

import io
import zipfile
from pathlib import Path

import pypdf
from django.conf import settings

from events.models import Edition, PressKit
from sessions.press_kit import making


def kit_bytes(edition: Edition) -> bytes:
    """The kit, brought up to date."""
    making.make(edition)
    return (
        Path(settings.MEDIA_ROOT) / PressKit.objects.get(edition=edition).file.name
    ).read_bytes()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def kit_of(edition: Edition) -> dict[str, bytes]:
    return unpacked(kit_bytes(edition))


def words(pdf: bytes) -> str:
    """Of all pages, with single spaces."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def files() -> list[str]:
    """What lies in the folder of kits, and where they're made."""
    folders = [Path(settings.MEDIA_ROOT) / "press" / "kits", settings.VAR / "cache" / "kits"]
    return sorted(path.name for folder in folders if folder.exists() for path in folder.iterdir())
