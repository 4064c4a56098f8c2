"""A release on paper and in files.

A publication keeps its PDF in its row; under embargo, every file is another one, which says so at
its head. Files are laid beside the site, in the cache, the first time
somebody asks: whoever asks at the same moment waits for that one maker.
"""

import fcntl
import functools
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import Publication
from events.press.card import release_card
from events.press.plain import plain_text
from events.press.writing import Written, from_json
from raict.fitting import MM_PER_POINT, Style, balanced_width
from raict.linkmap import link_map
from raict.pdf import data_url, render_pdf
from raict.typography import moment

_STYLES = ("pdf-release.css",)
# What makes a file besides the words: when it changes, the files are made anew. A PDF is frozen.
_MADE_BY = {
    "txt": ("events/press/plain.py",),
    "docx": ("events/press/word.py", "templates/events/press/word.html"),
    "png": (
        *("events/press/card.py", "templates/pdf/card.html", "static/css/pdf-card.css"),
        *("raict/fitting.py", "raict/linkmap.py", "raict/pdf.py"),
    ),
}
# The headline as pdf-release.css sets it: 16 points on the 170 mm of the column.
_TITLE, _TITLE_BOX = Style("serif", 600), {"width": 170, "size": 16 * MM_PER_POINT}


def release_pdf(written: Written) -> bytes:
    """The release on A4, tagged PDF/UA-1. ValueError when a picture of it is not there."""
    emblem = link_map(
        written.countries, written.guest_country, width=794, height=176, variant="letterhead"
    )
    with override(written.language):
        html = render_to_string(
            "pdf/release.html",
            {
                "written": written,
                "emblem": data_url(emblem),
                "headline_width": str(balanced_width(written.headline, _TITLE, **_TITLE_BOX)),
                "media_url": settings.MEDIA_URL,
            },
        )
    return _printed(html)


@functools.lru_cache(maxsize=8)
def _printed(html: str) -> bytes:
    """Kept for a moment: a check counts the pages, then a preview shows or a publication keeps them."""
    return render_pdf(html, stylesheets=_STYLES)


def pdf_file(publication: Publication) -> Path:
    """The PDF as it was published; under embargo, the same words and until when to keep them."""
    return _file(publication, "pdf", lambda: _pdf(publication))


def _pdf(publication: Publication) -> bytes:
    # Asked after the file has its name: should the embargo end between, no other PDF gets the frozen one's.
    if publication.release.is_under_embargo:
        return release_pdf(content_of(publication))
    return bytes(_whole(publication).pdf)


def text_file(publication: Publication) -> Path:
    """The release as plain text, UTF-8."""
    return _file(publication, "txt", lambda: plain_text(content_of(publication)).encode())


def word_file(publication: Publication) -> Path:
    """The release as a Word document."""
    from events.press.word import release_docx  # noqa: PLC0415 -- its library is slow to load

    return _file(publication, "docx", lambda: release_docx(content_of(publication)))


def card_file(publication: Publication) -> Path:
    """The picture of the release for social networks."""
    return _file(publication, "png", lambda: release_card(content_of(publication)))


def content_of(publication: Publication) -> Written:
    """What was published, with the moment of its embargo while that holds."""
    written, release = from_json(_whole(publication).content), publication.release
    if not release.is_under_embargo:
        return written
    with override(publication.language):
        until = _("Under embargo until %(moment)s") % {"moment": moment(release.embargo_until)}
    return replace(written, embargo=until)


def _whole(publication: Publication) -> Publication:
    """With the columns that pages leave out."""
    return Publication.objects.get(pk=publication.pk)


def _file(publication: Publication, suffix: str, make: Callable[[], bytes]) -> Path:
    """The file in the cache; made now if it is not there. Its name holds the hash of all it is made of."""
    folder = settings.VAR / "cache" / "documents"
    name = f"{publication.release.slug}-{publication.language}"
    release = publication.release
    embargo = f"-{release.embargo_until:%s}" if release.is_under_embargo else ""
    path = folder / f"{name}.{publication.pdf_key[:32]}{_made_by(suffix)}{embargo}.{suffix}"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with _one_maker(folder, publication.pdf_key):
            if not path.exists():
                _keep(path, make())
    return path


@functools.cache
def _made_by(suffix: str) -> str:
    sources = b"\0".join(
        (settings.BASE_DIR / name).read_bytes() for name in _MADE_BY.get(suffix, ())
    )
    return hashlib.sha256(sources).hexdigest()[:8] if sources else ""


def _keep(path: Path, content: bytes) -> None:
    """Write in one step, and let go of the document's former states."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
    for former in path.parent.glob(f"{path.name.split('.')[0]}.*{path.suffix}"):
        if former != path:
            former.unlink(missing_ok=True)


@contextmanager
def _one_maker(folder: Path, key: str) -> Iterator[None]:
    """A lock between threads and processes; sixteen files serve all documents."""
    with (folder / f"maker-{key[0]}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
