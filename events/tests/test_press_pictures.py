"""Pictures and logos in the press room, and in the team's workplace."""

import io
import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.text import slugify
from PIL import Image

from events.models import PressKit, PressPicture
from events.press import pictures
from events.tests.factories import EditionFactory, PressPictureFactory, PressReleaseFactory
from raict.tests.staff import change, errors

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_cache(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture
def edition():
    return EditionFactory(current=True)


def _images(answer) -> list[dict]:
    tags = re.findall(r"<img [^>]*>", answer.content.decode())
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in tags]


def _thumbnail(client, picture):
    return client.get(reverse("events:press_thumbnail", args=[picture.pk]))


def _opened(answer) -> Image.Image:
    return Image.open(io.BytesIO(answer.content))


def test_the_press_room_shows_published_pictures_of_the_current_edition(client, edition):
    photo = PressPictureFactory(
        edition=edition,
        title_fr="L'ouverture",
        alternative_fr="Une salle",
        file__width=1280,
        file__height=853,
    )
    logo = PressPictureFactory(edition=edition, kind="logo")
    PressPictureFactory(edition=edition, is_published=False)
    PressPictureFactory()
    answer = client.get("/presse/")
    assert _images(answer) == [
        {
            "src": f"/presse/vignettes/{photo.pk}.webp",
            "alt": "Une salle",
            "width": "640",
            "height": "426",
            "loading": "lazy",
            "decoding": "async",
        },
        {
            "src": f"/presse/vignettes/{logo.pk}.webp",
            "alt": "",
            "width": "120",
            "height": "80",
            "loading": "lazy",
            "decoding": "async",
        },
    ]
    page = answer.content.decode()
    assert re.findall(r'download="([^"]*)"', page) == [
        "louverture.jpg",
        f"{slugify(logo.title_fr)}.jpg",
    ]
    assert page.count("© A. Roy") == 2
    assert page.count("Libre de droits") == 2
    assert f'href="{photo.file.url}"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_press_room_asks_the_same_whatever_there_is(
    client, edition, rows, django_assert_num_queries
):
    PressPictureFactory.create_batch(rows, edition=edition)
    for _number in range(rows):
        PressReleaseFactory(edition=edition)
    with django_assert_num_queries(4):
        client.get("/presse/")


def test_a_kit_is_offered_with_its_size_and_date(client, edition):
    def said():
        page = client.get("/en/presse/").content.decode()
        return " ".join(re.search(r'<p class="small soft">(.*?)</p>', page, re.DOTALL)[1].split())

    kit = PressKit.objects.create(edition=edition, size=2_500_000)
    assert said() == "ZIP; it is being prepared."
    kit.key, kit.made_at = "x", "2024-10-20T12:00Z"
    kit.save()
    assert said() == "ZIP, 2.4 MB, made on 20 October 2024"
    assert 'href="/presse/dossier.zip"' in client.get("/presse/").content.decode()


def test_a_picture_without_its_file_leaves_the_page_whole(client, edition):
    lost = PressPictureFactory(edition=edition)
    kept = PressPictureFactory(edition=edition)
    lost.file.storage.delete(lost.file.name)
    sources = [image["src"] for image in _images(client.get("/presse/"))]
    assert sources == [f"/presse/vignettes/{kept.pk}.webp"]
    assert _thumbnail(client, lost).status_code == 404


@pytest.mark.parametrize(
    ("size", "mode", "small"),
    [
        ((1600, 1200), "RGB", (640, 480)),
        ((100, 50), "RGB", (100, 50)),
        ((1280, 20), "L", (640, 10)),
        ((700, 700), "RGBA", (640, 640)),
        ((700, 700), "P", (640, 640)),
    ],
)
def test_a_thumbnail_is_small_and_made_once(client, size, mode, small):
    file = io.BytesIO()
    Image.new(mode, size).save(file, "PNG")
    picture = PressPictureFactory(file=ContentFile(file.getvalue(), "x.png"))
    answer = _thumbnail(client, picture)
    assert answer["Content-Type"] == "image/webp"
    with _opened(answer) as image:
        assert (image.format, image.size, image.mode) == (
            "WEBP",
            small,
            "RGBA" if mode == "RGBA" else "RGB",
        )
    path = pictures.thumbnail(picture)
    made_at = path.stat().st_mtime_ns
    assert pictures.thumbnail(picture).stat().st_mtime_ns == made_at
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    again = client.get(
        reverse("events:press_thumbnail", args=[picture.pk]),
        headers={"if-none-match": answer["ETag"]},
    )
    assert again.status_code == 304


def test_a_thumbnail_is_upright(client):
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    Image.new("RGB", (300, 200)).save(file, "JPEG", exif=exif)
    picture = PressPictureFactory(file=ContentFile(file.getvalue(), "x.jpg"))
    with _opened(_thumbnail(client, picture)) as image:
        assert image.size == (200, 300)


def test_no_thumbnail_of_what_is_not_public(client, django_assert_num_queries):
    hidden = PressPictureFactory(is_published=False)
    draft = PressPictureFactory(edition__state="draft")
    broken = PressPictureFactory()
    Path(broken.file.path).write_bytes(b"no picture")
    for picture in (hidden, draft, broken):
        assert _thumbnail(client, picture).status_code == 404
    public = PressPictureFactory()
    with django_assert_num_queries(1):
        assert _opened(_thumbnail(client, public)).size == (120, 80)


# ------------------------------------------------------------------------------------ workplace
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_for_one_row_and_three(
    admin_client, edition, rows, django_assert_num_queries
):
    PressPictureFactory.create_batch(rows, edition=edition)
    with django_assert_num_queries(6):
        admin_client.get(reverse("admin:events_presspicture_changelist"))


def test_the_list_gives_what_to_paste_in_a_release(admin_client, edition):
    picture = PressPictureFactory(edition=edition, alternative_fr="Salle [pleine]")
    page = admin_client.get(reverse("admin:events_presspicture_changelist")).content.decode()
    assert f"<code>![Salle (pleine)]({picture.file.url})</code>" in page
    assert picture.file.url.startswith("/media/press/")


def test_a_photograph_without_credit_or_rights_is_refused_in_a_sentence(admin_client, edition):
    picture = PressPictureFactory(edition=edition)
    answer = change(admin_client, picture, rights_fr="", file="")
    assert list(errors(answer)) == ["__all__"]


def _kit(edition) -> PressKit:
    values = {"key": "x", "file": "press/kits/x.zip", "made_at": "2024-10-20T12:00Z"}
    return PressKit.objects.create(edition=edition, **values)


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"is_published": ""}, ""),
        ({"rights_fr": "Sur demande"}, ""),
        ({"title_fr": "Autre"}, "x"),
        ({"position": "3"}, "x"),
    ],
)
def test_what_is_taken_away_leaves_the_kit_at_once(admin_client, edition, values, key):
    picture, kit = PressPictureFactory(edition=edition), _kit(edition)
    answer = change(admin_client, picture, **{"file": "", **values})
    assert answer.status_code == 302, errors(answer)
    kit.refresh_from_db()
    assert kit.key == key


def test_pictures_are_published_and_ordered_in_the_list(admin_client, edition):
    first, second = PressPictureFactory.create_batch(2, edition=edition)
    kit = _kit(edition)
    data = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "_save": "x"}
    for number, picture in enumerate([first, second]):
        data |= {f"form-{number}-id": picture.pk, f"form-{number}-position": 9 - number}
    data["form-0-is_published"] = "on"
    admin_client.post(reverse("admin:events_presspicture_changelist"), data)
    rows = PressPicture.objects.order_by("position").values_list("pk", "position", "is_published")
    assert list(rows) == [(second.pk, 8, False), (first.pk, 9, True)]
    kit.refresh_from_db()
    assert kit.key == ""


@pytest.mark.parametrize("how", ["form", "list"])
def test_a_deleted_picture_leaves_the_kit_at_once(admin_client, edition, how):
    picture, kit = PressPictureFactory(edition=edition), _kit(edition)
    if how == "form":
        address = reverse("admin:events_presspicture_delete", args=[picture.pk])
        admin_client.post(address, {"post": "yes"})
    else:
        data = {"action": "delete_selected", "_selected_action": [picture.pk], "post": "yes"}
        admin_client.post(reverse("admin:events_presspicture_changelist"), data)
    kit.refresh_from_db()
    assert (PressPicture.objects.count(), kit.key) == (0, "")


def test_a_kit_is_seen_and_made_again_and_nothing_else(admin_client, edition):
    kit = _kit(edition)
    _unmade = PressKit.objects.create(edition=EditionFactory())
    address = reverse("admin:events_presskit_changelist")
    page = admin_client.get(address)
    assert [row.pk for row in page.context["cl"].result_list] == [kit.pk]
    assert f"/editions/{edition.number}/dossier-de-presse.zip" in page.content.decode()
    assert admin_client.get(reverse("admin:events_presskit_add")).status_code == 403
    admin_client.post(address, {"action": "make_again", "_selected_action": [kit.pk]})
    kit.refresh_from_db()
    assert (kit.key, kit.made_at, kit.file.name) == ("", None, "press/kits/x.zip")
