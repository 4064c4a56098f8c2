"""A release as PDF and as text, made once for each state of its text, styles and figures."""

import fcntl
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from events.press.plain import plain_text
from events.press.writing import Written
from raict.fitting import MM_PER_POINT, Style, balanced_width
from raict.linkmap import link_map
from raict.pdf import data_url, document_key, render_pdf

_STYLES = ("pdf-release.css",)
# The headline as pdf-release.css sets it: 16 points on the 170 mm of the column.
_TITLE, _TITLE_BOX = Style("serif", 600), {"width": 170, "size": 16 * MM_PER_POINT}


@dataclass(frozen=True)
class ReleasePDF:
    """The PDF of a release. Its key is known before it is made: a reader who has it gets nothing new."""

    written: Written

    @cached_property
    def html(self) -> str:
        edition = self.written.edition
        emblem = link_map(
            edition.countries(),
            edition.guest_country.code,
            width=794,
            height=176,
            variant="letterhead",
        )
        with override(self.written.language):
            return render_to_string(
                "pdf/release.html",
                {
                    "written": self.written,
                    "edition": edition,
                    "emblem": data_url(emblem),
                    "headline_width": str(
                        balanced_width(self.written.headline, _TITLE, **_TITLE_BOX)
                    ),
                },
            )

    @cached_property
    def key(self) -> str:
        return document_key(self.html, _STYLES)

    @property
    def path(self) -> Path:
        name = f"{self.written.release.slug}-{self.written.language}"
        return settings.VAR / "cache" / "documents" / f"{name}.{self.key}.pdf"

    @property
    def made_at(self) -> int | None:
        """When this state was printed, in seconds; None while it is not."""
        return int(self.path.stat().st_mtime) if self.path.exists() else None

    def content(self) -> bytes:
        """From the cache, or made now: several who ask at once wait for one maker."""
        path = self.path
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with _one_maker(path.parent, self.key):
                if not path.exists():
                    _keep(path, render_pdf(self.html, stylesheets=_STYLES))
        return path.read_bytes()


def _keep(path: Path, content: bytes) -> None:
    """Write in one step, and let go of the document's former states."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
    for former in path.parent.glob(f"{path.name.split('.')[0]}.*.pdf"):
        if former != path:
            former.unlink(missing_ok=True)


@contextmanager
def _one_maker(folder: Path, key: str) -> Iterator[None]:
    """A lock between threads and processes; sixteen files serve all documents."""
    with (folder / f"maker-{key[0]}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True)
class ReleaseText:
    written: Written
    made_at = None

    @cached_property
    def text(self) -> str:
        return plain_text(self.written)

    @property
    def key(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:32]

    def content(self) -> bytes:
        return self.text.encode()
