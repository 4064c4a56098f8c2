"""Photographs and logos of the press room, each with a small one for its page."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from PIL import Image, ImageOps

from events.models import PressPicture

# Of a small one, in pixels: twice what a column of the page has, for screens that show twice as many.
WIDTH = 640


@dataclass(frozen=True)
class Shown:
    """A picture with what its page needs: where the small one is, its size, how large the file is."""

    picture: PressPicture
    address: str
    width: int
    height: int
    size: int

    @property
    def format(self) -> str:
        """« JPG », « SVG »."""
        return self.picture.file.name.rpartition(".")[2].upper()


def shown(pictures: Iterable[PressPicture]) -> Iterator[Shown]:
    """Those of which there is a file that can be shown."""
    for picture in pictures:
        try:
            size, width, height = picture.file.size, picture.file.width, picture.file.height
        except OSError:
            continue
        if width and height:
            small = min(width, WIDTH)
            yield Shown(picture, _address(picture), small, round(height * small / width), size)


def _address(picture: PressPicture) -> str:
    """A drawing is small as it is."""
    if picture.file.name.endswith(".svg"):
        return picture.file.url
    return reverse("events:press_thumbnail", args=[picture.pk])


def thumbnail(picture: PressPicture) -> Path:
    """At most 640 pixels wide, WebP; made the first time somebody asks. OSError without a picture."""
    folder = settings.VAR / "cache" / "thumbnails"
    path = folder / f"{Path(picture.file.name).name}-{picture.file.size}.webp"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with picture.file.open() as file:
            small = _small(Image.open(file))
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            small.save(file, "WEBP", quality=80)
        Path(file.name).replace(path)
    return path


def _small(image: Image.Image) -> Image.Image:
    image.draft(None, (2 * WIDTH, 2 * WIDTH))  # JPEG unpacks at a half, a quarter, an eighth
    upright = ImageOps.exif_transpose(image)
    plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    plain.thumbnail((WIDTH, 8 * WIDTH))
    return plain
