"""HTML becomes PDF, and PDF becomes pictures, here and nowhere else: the only importer of both engines.

Documents are tagged (PDF/UA-1), carry their language and title, use our own faces only, read
nothing from the network, and are the same bytes for the same input.
"""

import base64
import contextlib
import functools
import hashlib
import html as markup
import io
import os
import re
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from PIL import Image, ImageChops, ImageStat

from raict import fonts

_CSS = settings.BASE_DIR / "static" / "css"
# Without this file fontconfig would offer the machine's fonts, and two machines would differ.
_NO_SYSTEM_FONTS = Path(__file__).parent / "fontconfig.xml"
# Pango's font maps and PDFium are not safe to share between threads; the environment is the process's.
_ONE_AT_A_TIME = threading.Lock()
# Of 255 steps of a channel: what a palette may move a sign's edge by, and the picture on average.
_UNSEEN, _UNSEEN_EVERYWHERE = 16, 2


def document_key(html: str, stylesheets: Iterable[str]) -> str:
    """The same key means the same bytes: text, styles, faces and engine are all in it."""
    parts = [html, *map(_stylesheet, stylesheets), fonts.fingerprint(), version()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def data_url(svg: str) -> str:
    """An emblem of ours, as the address of a background: decoration stays out of the tagged text."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def picture_url(png: bytes) -> str:
    """A picture of ours, the same way."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


@functools.cache
def version() -> str:
    """WeasyPrint's version, without loading it."""
    from importlib.metadata import version as installed  # noqa: PLC0415 -- used here only

    return installed("weasyprint")


def _stylesheet(name: str) -> str:
    return (_CSS / name).read_text(encoding="utf-8")


def preload() -> None:
    """Load the engine ahead of the first document: importing it takes most of a second."""
    import weasyprint  # noqa: F401, PLC0415 -- slow: most processes never print

    for face in (*fonts.SERIF, *fonts.SANS):
        for weight, style in face.variants:
            fonts.unpacked(face.path(weight, style))
    fonts.fingerprint()


def render_pdf(
    html: str, *, stylesheets: Iterable[str], faces: Iterable[fonts.Face] | None = None
) -> bytes:
    """A whole HTML document (with `lang`, `title` and `meta name=author`) as tagged PDF/UA-1.

    In the stylesheets `var(--serif)` and `var(--sans)` are the stacks of families for the text of this
    document: ours only, and only those whose signs occur in it. A document that names its families
    itself gives its `faces` instead. ValueError when the document asks for a file that is not ours.
    """
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 -- slow to load

    rules = [_font_rules(html) if faces is None else fonts.css(dict.fromkeys(faces))]
    rules += map(_stylesheet, stylesheets)
    with _ONE_AT_A_TIME:
        try:
            return _printed(html, rules)
        except FatalURLFetchingError as error:
            # A BaseException by birth: it would take the whole worker down.
            raise ValueError(str(error)) from error


def render_png(html: str, *, stylesheets: Iterable[str], width: int, faces=None) -> bytes:
    """The first page of the document as a PNG of that many pixels across: a card of 1200 × 630, say."""
    return page_images(render_pdf(html, stylesheets=stylesheets, faces=faces), width)[0]


def page_images(pdf: bytes, width: int) -> list[bytes]:
    """Each page of a PDF as a PNG of that many pixels across, whatever its size on paper."""
    import pypdfium2  # noqa: PLC0415 -- loads a library of 7 MB: most processes need no picture

    with _ONE_AT_A_TIME, contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        return [
            _png(page.render(scale=width / page.get_width()).to_pil().convert("RGB"))
            for page in document
        ]


def page_count(pdf: bytes) -> int:
    import pypdfium2  # noqa: PLC0415 -- same

    with _ONE_AT_A_TIME, contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        return len(document)


def _png(image: Image.Image) -> bytes:
    """As small as it gets: with a palette where that moves no colour by more than can be seen."""
    palette = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    moved = ImageStat.Stat(ImageChops.difference(image, palette.convert("RGB")))
    most = max(high for _low, high in moved.extrema)
    best = palette if most <= _UNSEEN and max(moved.mean) <= _UNSEEN_EVERYWHERE else image
    with io.BytesIO() as file:
        best.save(file, "PNG", optimize=True)
        return file.getvalue()


def _printed(html: str, rules: list[str]) -> bytes:
    import weasyprint  # noqa: PLC0415 -- slow to load: most processes never print
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- same

    with _own_fonts_only():
        configuration = FontConfiguration()
    ours = {"url_fetcher": _fetcher(), "base_url": f"{settings.SITE_URL}/"}
    return weasyprint.HTML(string=html, **ours).write_pdf(
        stylesheets=[
            weasyprint.CSS(string=rule, font_config=configuration, **ours) for rule in rules
        ],
        font_config=configuration,
        pdf_variant="pdf/ua-1",
        # Identical input, identical bytes: the identifier would be drawn by lot otherwise.
        pdf_identifier=hashlib.md5(html.encode(), usedforsecurity=False).hexdigest().encode(),
    )


def _font_rules(html: str) -> str:
    text = markup.unescape(re.sub(r"<style\b.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL))
    signs = "".join(sorted(set(text)))
    serif, sans = fonts.stack(signs, "serif"), fonts.stack(signs, "sans")
    root = f":root{{--serif:{fonts.names(serif)};--sans:{fonts.names(sans)}}}"
    return fonts.css(dict.fromkeys((*serif, *sans))) + root


@contextlib.contextmanager
def _own_fonts_only() -> Iterator[None]:
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(_NO_SYSTEM_FONTS)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def _roots() -> dict[str, tuple[Path, ...]]:
    """Where an address of ours, or a file, may lie."""
    return {
        settings.STATIC_URL: (settings.BASE_DIR / "static",),
        settings.MEDIA_URL: (Path(settings.MEDIA_ROOT),),
    }


def _file(url: str) -> Path:
    """The file behind an address, when it is one of our static, media or unpacked font files."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.scheme == "file" and not parts.netloc:
        allowed = [root for roots in _roots().values() for root in roots]
        allowed.append(settings.VAR / "cache" / "fonts")
        candidates = [(root, Path(path)) for root in allowed]
    elif f"{parts.scheme}://{parts.netloc}" == settings.SITE_URL:
        candidates = [
            (root, root / path.removeprefix(prefix))
            for prefix, roots in _roots().items()
            if path.startswith(prefix)
            for root in roots
        ]
    else:
        candidates = []
    for root, candidate in candidates:
        found = candidate.resolve()
        if found.is_relative_to(root.resolve()) and found.is_file():
            return found
    raise ValueError(f"Not a file of ours: {url}")


def _fetcher():
    from weasyprint.urls import (  # noqa: PLC0415 -- slow
        FatalURLFetchingError,
        URLFetcher,
        URLFetcherResponse,
    )

    class OwnFiles(URLFetcher):
        """Static and media files, data: addresses; nothing else, not even from this machine."""

        def fetch(self, url, headers=None):
            if url.startswith("data:"):
                return super().fetch(url, headers)
            try:
                path = _file(url)
            except ValueError as error:
                # Else the engine would go on without it, and without a face it crashes.
                raise FatalURLFetchingError(str(error)) from error
            return URLFetcherResponse(path.as_uri(), path.read_bytes())

    return OwnFiles(allowed_protocols=["data"], allow_redirects=False)
