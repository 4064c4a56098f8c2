"""A picture is read and painted again, so that nothing of what was sent is kept but what it shows.

Neither metadata (place, camera, comments) nor anything that follows the picture survives. What
would cost too much is refused from its head, before a single pixel is unpacked.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageFile, ImageOps

from raict.errors import DomainError

PIXELS = 40_000_000
# A progressive JPEG paints all of itself anew for every scan (ten are usual), and one of a hundred
# bytes takes 25 ms over 40 megapixels. A film behind the picture holds the two bytes by chance,
# 160 times in 10 MB.
_SCAN, _SCANS = b"\xff\xda", 300
_FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "AVIF"]
_JPEG = {"JPEG", "MPO"}  # a telephone's second view stands in the same file


def repainted(
    file: BinaryIO, *, longest: int, unknown: str, lossless: bool = False
) -> tuple[bytes, str]:
    """The picture of a file, and the ending of its name.

    Upright, in sRGB, its longest side at most `longest` pixels, of an animation the first picture.
    JPEG; where something shines through, WebP. `lossless` keeps the edges of a logo: PNG, unless a
    JPEG was sent. DomainError with the sentence `unknown` when the content is no picture, or one
    that says what is wrong with it.
    """
    with _whole_pictures_only():
        image = _opened(file.read(), unknown)
        try:
            painted = _painted(image, longest)
            if painted.mode == "RGB" and (image.format in _JPEG or not lossless):
                return _written(painted, "JPEG", quality=85, progressive=True), ".jpg"
            if lossless:
                return _written(painted, "PNG"), ".png"
            return _written(painted, "WEBP", quality=85), ".webp"
        except Exception as error:  # Pillow's readers raise whatever a damaged file leads them into
            raise _damaged() from error


@contextmanager
def _whole_pictures_only() -> Iterator[None]:
    """WeasyPrint, once loaded, has Pillow paint half a picture too, in the whole process."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _opened(data: bytes, unknown: str) -> Image.Image:
    """The head has been read, and nothing unpacked yet."""
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except Exception as error:  # as above
        raise DomainError(unknown) from error
    if image.width * image.height > PIXELS:
        raise _too_large()
    if image.format in _JPEG and data.count(_SCAN) > _SCANS:
        raise _damaged()
    return image


def _too_large() -> DomainError:
    return DomainError(
        _("This picture has more than 40 million pixels: make it smaller and send it again.")
    )


def _damaged() -> DomainError:
    return DomainError(
        _("This picture is damaged: it cannot be read to its end. Save it and send it again.")
    )


def _painted(image: Image.Image, longest: int) -> Image.Image:
    """RGBA where something shines through, RGB elsewhere."""
    profile = image.info.get("icc_profile")
    image.draft(None, (2 * longest, 2 * longest))  # JPEG unpacks at a half, a quarter, an eighth
    scaled = _scalable(image)
    scaled.thumbnail((longest, longest))
    painted = _in_srgb(ImageOps.exif_transpose(scaled), profile)
    if painted.mode == "RGBA" and painted.getchannel("A").getextrema() == (255, 255):
        painted = painted.convert("RGB")
    painted.info.clear()  # comments and profiles, which Pillow would write again
    return painted


def _scalable(image: Image.Image) -> Image.Image:
    """Pillow scales palettes and bits without any shade between, and cuts off sixteen bits."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256, "L")
    if image.mode in {"L", "RGB", "CMYK", "RGBA"} and "transparency" not in image.info:
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        # One that is broken, or of another kind than the colours, says nothing.
        with suppress(ImageCms.PyCMSError, OSError):
            return ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode=mode,
            )
    return image.convert(mode)


def _written(image: Image.Image, name: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, name, **options)
    return file.getvalue()
