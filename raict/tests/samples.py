"""Files as people send them, made on the fly: good ones, broken ones and traps."""

import io
import zlib

import pikepdf
from PIL import Image, ImageCms, ImageDraw

PLACE, COMMENT, PAYLOAD = b"48.856613", b"taken at home", b"PK\3\4<script>alert(1)</script>"
_GPS = 0x8825


def written(image: Image.Image, name: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def view(size: tuple[int, int] = (300, 200), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, "red")
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill="blue")
    return image.convert(mode)


def photograph(**options) -> bytes:
    """A JPEG that says where it was taken, holds a comment, lies on its side, and has a tail."""
    image = view()
    exif = image.getexif()
    exif[0x0112] = 6  # turn it right to see it upright
    exif.get_ifd(_GPS)[0x001B] = PLACE
    return written(image, "JPEG", exif=exif, comment=COMMENT, **options) + PAYLOAD


def place_of(data: bytes) -> dict:
    with Image.open(io.BytesIO(data)) as image:
        return image.getexif().get_ifd(_GPS)


def animation() -> bytes:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "lime", "blue")]
    return written(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)


def bomb(width: int, height: int) -> bytes:
    """A PNG of one bit a pixel: a few kilobytes that unpack to one byte a pixel."""
    row = zlib.compressobj(1)
    line = bytes(1 + (width + 7) // 8)
    body = b"".join([*(row.compress(line) for _i in range(height)), row.flush()])
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([1, 0, 0, 0, 0])
    chunks = [(b"IHDR", head), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + kind + data + check


def slow_jpeg(scans: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    data = written(Image.new("L", (64, 64), 128), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * (scans - data.count(b"\xff\xda")) + b"\xff\xd9"


def swapped_profile() -> bytes:
    """A colour profile in which red is called blue, and blue red."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")


def svg(content: str = '<rect width="10" height="5"/>', attributes: str = 'viewBox="0 0 20 10"'):
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {names} {attributes}>{content}</svg>".encode()


def pdf(pages: int = 1, **encryption) -> bytes:
    document, file = pikepdf.new(), io.BytesIO()
    for _page in range(pages):
        document.add_blank_page()
    document.save(file, encryption=pikepdf.Encryption(**encryption) if encryption else None)
    return file.getvalue()
