import io
import resource
from pathlib import Path

import pytest
from django.utils import translation
from PIL import Image, ImageFile, features

from raict.errors import DomainError
from raict.pictures import repainted
from raict.tests import samples
from raict.tests.samples import view, written

UNKNOWN = "Not a picture."
TOO_LARGE = "This picture has more than 40 million pixels: make it smaller and send it again."
DAMAGED = "This picture is damaged: it cannot be read to its end. Save it and send it again."


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def painted(data: bytes, *, longest=2400, lossless=False) -> tuple[Image.Image, str]:
    answer, ending = repainted(
        io.BytesIO(data), longest=longest, lossless=lossless, unknown=UNKNOWN
    )
    return Image.open(io.BytesIO(answer)), ending


def refusal(data: bytes) -> str:
    with pytest.raises(DomainError) as caught:
        repainted(io.BytesIO(data), longest=2400, unknown=UNKNOWN)
    return str(caught.value.message)


def colour(image: Image.Image, x: int, y: int) -> str:
    """The nearest plain word: JPEG moves colours a little."""
    red, green, blue = (part > 127 for part in image.convert("RGB").getpixel((x, y)))
    names = {
        (True, False, False): "red",
        (False, True, False): "lime",
        (False, False, True): "blue",
        (True, True, True): "white",
        (False, False, False): "black",
    }
    return names[red, green, blue]


# ------------------------------------------------------------------------------- what survives
def test_photograph_keeps_what_it_shows_and_nothing_else():
    sent = samples.photograph()
    assert samples.place_of(sent) != {}
    assert (samples.COMMENT in sent, samples.PAYLOAD in sent) == (True, True)

    data, ending = repainted(io.BytesIO(sent), longest=2400, unknown=UNKNOWN)

    image = Image.open(io.BytesIO(data))
    assert (ending, image.format, image.size) == (".jpg", "JPEG", (200, 300))
    assert (colour(image, 100, 20), colour(image, 100, 280)) == ("red", "blue")  # upright
    assert dict(image.getexif()) == {}
    assert [word in data for word in (samples.PLACE, samples.COMMENT, b"script", b"Exif")] == [
        False
    ] * 4
    assert {"comment", "exif", "icc_profile", "xmp"} & set(image.info) == set()


@pytest.mark.parametrize("name", ["PNG", "WEBP", "GIF", "AVIF", "JPEG"])
def test_every_format_becomes_a_photograph(name):
    assert features.check("avif")

    image, ending = painted(written(view(), name))

    assert (ending, image.size, colour(image, 20, 50)) == (".jpg", (300, 200), "red")


@pytest.mark.parametrize(
    ("lossless", "ending", "name"), [(False, ".webp", "WEBP"), (True, ".png", "PNG")]
)
@pytest.mark.parametrize("sent", ["RGBA", "LA", "P"])
def test_what_shines_through_still_does(lossless, ending, name, sent):
    see_through = view(mode="RGBA")
    see_through.putalpha(Image.linear_gradient("L").resize(see_through.size))
    if sent == "P":
        data = written(view(mode="P"), "PNG", transparency=view(mode="P").getpixel((0, 0)))
    else:
        data = written(see_through.convert(sent), "PNG")

    image, found = painted(data, lossless=lossless)

    assert (found, image.format, image.mode) == (ending, name, "RGBA")
    assert image.getpixel((10, 0))[3] == 0
    assert image.getpixel((290, 199))[3] > 200


def test_channel_that_hides_nothing_is_dropped():
    assert painted(written(view(mode="RGBA"), "PNG"))[1] == ".jpg"


def test_logo_keeps_its_edges_unless_it_was_a_jpeg():
    image, ending = painted(written(view(), "PNG"), lossless=True)
    assert (ending, image.getpixel((149, 50)), image.getpixel((150, 50))) == (
        ".png",
        (255, 0, 0),
        (0, 0, 255),
    )
    assert painted(written(view(), "JPEG"), lossless=True)[1] == ".jpg"


def test_large_picture_is_scaled_and_a_small_one_is_not():
    assert painted(written(view((5000, 1000)), "JPEG"))[0].size == (2400, 480)
    assert painted(written(view((1000, 5000)), "PNG"), longest=1200)[0].size == (240, 1200)
    assert painted(written(view((30, 20)), "PNG"))[0].size == (30, 20)


def test_palette_is_scaled_with_shades_between():
    stripes = Image.new("1", (4800, 100))
    stripes.putdata([x % 2 for _y in range(100) for x in range(4800)])

    image, _ending = painted(written(stripes, "PNG"), lossless=True)

    assert {level for _n, level in image.convert("L").getcolors()} <= set(range(100, 156))


def test_sixteen_bits_of_grey_are_not_cut_off():
    image, _ending = painted(written(Image.new("I;16", (20, 20), 32768), "PNG"), lossless=True)

    assert image.getpixel((10, 10)) == (128, 128, 128)


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_ink_and_grey_become_rgb(mode):
    image, _ending = painted(written(view(mode=mode), "JPEG"))

    assert image.mode == "RGB"


def test_colour_profile_is_applied_and_left_behind():
    image, _ending = painted(written(view(), "JPEG", icc_profile=samples.swapped_profile()))

    assert (colour(image, 20, 50), colour(image, 280, 50)) == ("blue", "red")
    assert "icc_profile" not in image.info


def test_broken_colour_profile_says_nothing():
    image, _ending = painted(written(view(), "PNG", icc_profile=b"nonsense" * 20))

    assert (colour(image, 20, 50), "icc_profile" in image.info) == ("red", False)


def test_animation_becomes_its_first_picture():
    image, ending = painted(samples.animation())

    assert (ending, colour(image, 20, 15), getattr(image, "n_frames", 1)) == (".jpg", "red", 1)


# --------------------------------------------------------------------------------- refusals
@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script></html>",
        b"just words",
        b"",
        b"%PDF-1.7\n",
        samples.svg(),
        b"\x89PNG\r\n\x1a\n",
        written(view(), "BMP"),
        written(view(), "TIFF"),
        written(view(), "PPM"),
    ],
)
def test_other_content_is_no_picture(data):
    assert refusal(data) == UNKNOWN


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("JPEG", DAMAGED),
        ("PNG", DAMAGED),
        ("GIF", DAMAGED),
        ("WEBP", UNKNOWN),  # no head without the rest
        ("AVIF", UNKNOWN),
    ],
)
@pytest.mark.parametrize("lenient", [False, True])
def test_truncated_picture_is_refused(name, sentence, lenient, monkeypatch):
    """Also where WeasyPrint has been loaded, which wants half a picture rather than none."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    data = written(Image.effect_noise((200, 200), 50).convert("RGB"), name)

    assert refusal(data[: len(data) // 2]) == sentence
    assert ImageFile.LOAD_TRUNCATED_IMAGES is lenient


@pytest.mark.parametrize(("width", "height"), [(8000, 5001), (10_000, 10_000), (20_000, 20_000)])
def test_too_many_pixels_are_refused(width, height):
    """Below what Pillow finds odd, between its warning and its error, and above."""
    assert refusal(samples.bomb(width, height)) == TOO_LARGE


def test_forty_million_pixels_are_taken():
    assert painted(samples.bomb(8000, 5000))[0].size == (2400, 1500)


def test_animation_with_a_huge_frame_is_refused():
    """The head says 1 × 1; the first picture says 60,000 × 60,000."""
    data = bytearray(written(Image.new("P", (1, 1)), "GIF"))
    frame = data.index(b",")
    data[frame + 5 : frame + 9] = (60_000).to_bytes(2, "little") * 2

    assert refusal(bytes(data)) == TOO_LARGE


@pytest.fixture
def little_memory():
    """150 MB more than the process has now."""
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + 150_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def test_bomb_is_refused_before_it_is_unpacked(little_memory, monkeypatch):
    data = samples.bomb(20_000, 20_000)
    assert len(data) < 500_000

    assert refusal(data) == TOO_LARGE

    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    with pytest.raises(MemoryError):  # so the limit would have told
        Image.open(io.BytesIO(data)).load()


def test_jpeg_that_paints_itself_for_ever_is_refused():
    assert painted(samples.slow_jpeg(300))[1] == ".jpg"
    assert refusal(samples.slow_jpeg(301)) == DAMAGED
