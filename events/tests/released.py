"""Releases of a 15th edition and their parts, as the tests of what is made of them need them."""

import datetime as dt
import io
import json
import re
from pathlib import Path

import docx
from django.conf import settings
from PIL import Image

from events.models import Edition, PressRelease
from events.press import publishing
from events.press.word import release_docx
from events.press.writing import Written, write
from events.tests.factories import EditionFactory, PressReleaseFactory

NOON = dt.datetime(2024, 11, 6, 11, tzinfo=dt.UTC)


def edition_15(**parts) -> Edition:
    known = {
        "number": 15,
        "starts_on": dt.date(2024, 10, 23),
        "ends_on": dt.date(2024, 10, 24),
        "state": Edition.State.OVER,
        "organiser_website": "https://www.cites.example/",
        "press_contact_name": "Claire Presse",
        "press_contact_role_fr": "Communication",
        "press_contact_email": "presse@example.org",
        "venue__name": "Pavillon d'Armenonville",
        "guest_country": "CM",
    }
    return EditionFactory(**known | parts)


def written_release(language: str = "fr", **parts) -> Written:
    """A release as it would be published: nothing is printed for it."""
    edition = parts.pop("edition", None) or edition_15()
    release = PressReleaseFactory(
        edition=edition, language=PressRelease.Language.BOTH, draft=True, **parts
    )
    return write(release, language)


def published(*, at: dt.datetime = NOON, **parts) -> PressRelease:
    release = PressReleaseFactory(draft=True, **parts)
    publishing.freeze(release, at=at)
    return release


def bilingual(**parts) -> PressRelease:
    known = {
        "language": PressRelease.Language.BOTH,
        "headline_en": "A title",
        "lead_en": "A lead.",
        "body_en": "A text.",
    }
    return PressReleaseFactory(**known | parts)


def picture(name: str) -> Path:
    file = Path(settings.MEDIA_ROOT) / "press" / name
    file.parent.mkdir(parents=True)
    Image.new("RGBA", (3000, 1000), (36, 57, 138, 128)).save(file)
    return file


def opened(written: Written) -> docx.document.Document:
    return docx.Document(io.BytesIO(release_docx(written)))


def meta(page: str) -> list[tuple[str, str]]:
    """(name, content) of every og:, article: and twitter: line, in order."""
    return re.findall(
        r'<meta\s+(?:property|name)="((?:og|article|twitter):[^"]+)"\s+content="([^"]*)"', page
    )


def json_ld(page: str) -> list[dict]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(block) for block in blocks]
