"""The PDF engine: tagged, closed to the world, our own faces, the same bytes."""

import io

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from raict import fonts
from raict.fitting import Style, balanced_width, fit_text, set_text
from raict.pdf import _file, document_key, page_images, render_pdf, render_png

NAMES = {
    "Latin": "Aminata N’Diaye-Lefèvre",
    "Vietnamese": "Nguyễn Thị Phương Thảo",
    "African letters": "Ɓoubacar Ɗiallo Ŋgué Kɔfi Ƴero",
    "Yoruba": "Ọláṣubọ̀mí",
    "Polish": "Wałęsa Żółć",
    "Greek": "Αλέξανδρος Παπαδόπουλος",
    "Cyrillic": "Володимир Зеленський",
    "Kazakh": "Әлия Қасымова",
    "Arabic": "محمد عبد الرحمن السعيد",
    "Persian": "پروین گلچهره",
    "Hebrew": "דוד לוי",
    "Armenian": "Արմեն Սարգսյան",
    "Georgian": "გიორგი მაისურაძე",
    "Ethiopic": "አበበ በቂላ",
    "Tifinagh": "ⵣⴻⵔⵀⵓⵏ",
    "N’Ko": "ߒߞߏ",
    "Thaana": "ދިވެހި",
    "Devanagari": "अमिताभ श्रीवास्तव",
    "Bengali": "সুমন চট্টোপাধ্যায়",
    "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ",
    "Gujarati": "ગુજરાતી",
    "Tamil": "சுப்பிரமணியன்",
    "Telugu": "తెలుగు",
    "Kannada": "ಕನ್ನಡ",
    "Malayalam": "മലയാളം",
    "Sinhala": "සිංහල",
    "Thai": "สมชาย",
    "Lao": "ລາວ",
    "Khmer": "សុខា",
    "Burmese": "မြန်မာ",
    "Chinese, simplified": "王小明",
    "Chinese, traditional": "張國華",
    "Japanese": "佐藤 さくら",
    "Korean": "김민준",
    "Spaces of French": "15\u202f000 «\u202fa\u202f»\u202f; b\u00a0: c",
}


def _page(text: str, design: str = "serif") -> bytes:
    faces = fonts.stack(text, design)
    html = (
        '<html lang="fr"><head><title>Noms</title></head>'
        f'<body><p style="font:600 20pt {fonts.names(faces)}">{text}</p></body></html>'
    )
    return render_pdf(html, stylesheets=[], faces=faces)


def _glyphs(pdf: bytes) -> list[int]:
    """Every glyph number that the first page shows."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for operands, operator in pikepdf.parse_content_stream(document.pages[0]):
            if str(operator) in {"TJ", "Tj"}:
                strings = operands[0] if str(operator) == "TJ" else operands
                for part in strings:
                    if isinstance(part, pikepdf.String):
                        raw = bytes(part)
                        found += [int.from_bytes(raw[i : i + 2]) for i in range(0, len(raw), 2)]
    return found


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("design", ["serif", "sans"])
def test_names_of_every_script_print_without_an_empty_box(name, design, caplog):
    assert fonts.printable(name) == name
    glyphs = _glyphs(_page(name, design))
    assert len(glyphs) >= len(name.replace(" ", "")) // 3
    assert [record.getMessage() for record in caplog.records if "notdef" in record.msg] == []


def test_the_engine_tells_of_an_empty_box(caplog):
    html = f'<html lang="fr"><title>x</title><p style="font:20pt {fonts.names(fonts.SERIF)}">漢</p></html>'
    render_pdf(html, stylesheets=[], faces=fonts.SERIF)
    assert [record.levelname for record in caplog.records if "notdef" in record.msg] == ["WARNING"]


def test_arabic_is_joined_and_a_latin_document_reads_latin_files_only():
    separate, together = _glyphs(_page("ب ي ت")), _glyphs(_page("بيت"))
    assert len(set(together) - set(separate)) == 3
    assert [face.family for face in fonts.stack("Éléonore d’Œuvre", "serif")] == ["RAICT Serif"]


def test_what_no_face_has_is_seen_and_never_a_box():
    assert fonts.printable("Zoë 🎉 \ufb01nal\x07") == "Zoë final"
    assert fonts.printable("𓀀 Ra") == "? Ra"
    assert fonts.printable("e\u0301") == "é"


def test_one_design_sets_the_whole_of_a_name():
    families = [face.family for face in fonts.stack("Ɓoubacar", "serif")]
    assert families == ["RAICT Wide", "RAICT Wide Ext"]
    families = [face.family for face in fonts.stack("Nguyễn", "sans")]
    assert families == ["RAICT Serif", "RAICT Serif Vietnamese"]


def test_every_face_is_drawn_on_a_thousand_units():
    paths = [face.path(w, s) for face in fonts.FACES for w, s in face.variants]
    for path in paths:
        with TTFont(fonts.unpacked(path), lazy=True) as font:
            assert (path.name, font["head"].unitsPerEm) == (path.name, 1000)


def test_pdf_is_tagged_titled_and_the_same_bytes_twice():
    html = (
        '<html lang="fr"><head><title>Un titre</title><meta name="author" content="CUF"></head>'
        "<body><h1>Un titre</h1><p>Bonjour</p></body></html>"
    )
    first, second = (render_pdf(html, stylesheets=["pdf-release.css"]) for _i in range(2))
    assert first == second
    with pikepdf.open(io.BytesIO(first)) as document:
        assert str(document.Root.Lang) == "fr"
        assert bool(document.Root.MarkInfo.Marked)
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
        assert str(document.docinfo["/Title"]) == "Un titre"
        assert str(document.docinfo["/Author"]) == "CUF"
        assert b"pdfuaid:part" in document.Root.Metadata.read_bytes()
        assert [str(item.Title) for item in [document.Root.Outlines.First]] == ["Un titre"]


def test_key_changes_with_the_text_and_the_styles():
    keys = {
        document_key("<p>a</p>", ["pdf-release.css"]),
        document_key("<p>b</p>", ["pdf-release.css"]),
        document_key("<p>a</p>", ["pdf-badge.css"]),
    }
    assert len(keys) == 3
    assert document_key("<p>a</p>", ["pdf-badge.css"]) in keys


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:6379/",
        "https://example.org/a.png",
        "file:///etc/passwd",
        "file://host/etc/passwd",
        "ftp://example.org/a",
    ],
)
def test_nothing_but_our_own_files_is_read(address):
    with pytest.raises(ValueError, match="Not a file of ours"):
        _file(address)


def test_static_and_media_files_are_read_and_no_way_leads_out(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "logo.png").write_bytes(b"x")
    (tmp_path.parent / "secret.key").write_text("x")
    assert _file(f"{settings.SITE_URL}/media/logo.png") == (tmp_path / "logo.png").resolve()
    assert _file(f"{settings.SITE_URL}/static/css/pdf-badge.css").name == "pdf-badge.css"
    for path in ("/media/../secret.key", "/media/%2e%2e/secret.key", "/healthz"):
        with pytest.raises(ValueError, match="Not a file of ours"):
            _file(settings.SITE_URL + path)


# ----------------------------------------------------------------------------------- fitting
STYLE = Style("serif", 600)


def test_text_is_shrunk_then_wrapped_then_broken():
    short = set_text("Jean", STYLE, width=89, size=16.5, one_line_from=9)
    assert (short.lines, short.size) == (("Jean",), 16.5)
    shrunk = set_text("Marie-Antoinette", STYLE, width=89, size=16.5, one_line_from=9)
    assert len(shrunk.lines) == 1
    assert 9 < shrunk.size < 16.5
    wrapped = set_text("Jean-Baptiste Emmanuel Zorg", STYLE, width=89, size=16.5, one_line_from=9)
    assert wrapped.lines == ("Jean-Baptiste", "Emmanuel Zorg")
    broken = set_text("W" * 60, STYLE, width=89, size=16.5, one_line_from=9)
    assert "".join(broken.lines) == "W" * 60
    for setting in (short, shrunk, wrapped, broken):
        assert setting.width <= 89.01


def test_break_never_parts_a_letter_from_its_marks():
    setting = set_text("كِتَابٌ" * 12, STYLE, width=60, size=9, one_line_from=8)
    assert len(setting.lines) > 1
    assert not any("\u064b" <= line[0] <= "\u0652" for line in setting.lines)
    assert setting.is_rtl


def test_balanced_title_keeps_its_number_of_lines():
    title = "Un titre assez long pour tenir sur deux lignes et pas une de plus"
    width = balanced_width(title, STYLE, width=100, size=5)
    assert 50 < width < 100


@pytest.mark.parametrize("length", [20, 400, 4000])
def test_text_fits_its_box_whatever_its_length_and_is_never_cut(length):
    text = ("Plus de cinq cents participants réunis à Paris. " * 100)[:length].strip()
    setting = fit_text(text, STYLE, width=780, height=400, size=84)
    assert " ".join(setting.lines) == text
    assert (setting.width <= 780, setting.height <= 400, setting.size <= 84) == (True, True, True)
    # As large as the box lets it: a tenth more would not fit.
    more = set_text(text, STYLE, width=780, size=setting.size * 1.1, one_line_from=84)
    assert (more.height > 400) == (length > 20)


def test_word_wider_than_its_box_is_shrunk_and_only_then_broken():
    shrunk = fit_text("un anticonstitutionnellement", STYLE, width=300, height=400, size=40)
    assert shrunk.lines == ("un", "anticonstitutionnellement")
    assert 20 < shrunk.size < 40
    broken = fit_text("W" * 200, STYLE, width=300, height=400, size=40)
    assert ("".join(broken.lines), round(broken.size, 1)) == ("W" * 200, 13.3)


# ----------------------------------------------------------------------------------- pictures
def _two_pages(size: str) -> str:
    return (
        '<html lang="fr"><head><title>x</title>'
        f"<style>@page {{ size: {size}; margin: 0 }} html {{ background: #16244f }}</style></head>"
        '<body><p>a</p><p style="break-before: page; color: #fff">b</p></body></html>'
    )


def test_pages_become_pictures_as_wide_as_asked():
    pages = page_images(render_pdf(_two_pages("A4"), stylesheets=[]), 420)
    pictures = [Image.open(io.BytesIO(page)) for page in pages]
    assert [(one.format, one.size) for one in pictures] == [("PNG", (420, 595))] * 2
    red, green, blue = pictures[0].convert("RGB").getpixel((400, 500))
    assert max(abs(red - 0x16), abs(green - 0x24), abs(blue - 0x4F)) <= 1
    assert pages[0] != pages[1]


def test_picture_of_a_document_has_its_size_and_is_the_same_bytes_twice():
    html = _two_pages("1200px 630px")
    first, second = (render_png(html, stylesheets=[], width=1200) for _i in range(2))
    assert first == second
    with Image.open(io.BytesIO(first)) as picture:
        assert (picture.size, picture.mode) == ((1200, 630), "P")
    with Image.open(io.BytesIO(render_png(html, stylesheets=[], width=600))) as picture:
        assert picture.size == (600, 315)


def test_picture_with_many_colours_keeps_them_all(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    spectrum = Image.linear_gradient("L").resize((256, 256))
    channels = [spectrum, spectrum.rotate(90), spectrum.rotate(180)]
    Image.merge("RGB", channels).save(tmp_path / "a.png")
    html = (
        '<html lang="fr"><title>x</title><style>@page { size: 256px; margin: 0 }</style>'
        '<body style="margin: 0"><img src="/media/a.png" alt="x"></body></html>'
    )
    with Image.open(io.BytesIO(render_png(html, stylesheets=[], width=256))) as picture:
        assert picture.mode == "RGB"


# --------------------------------------------------------------------------------- robustness
def test_a_document_that_asks_for_something_else_is_refused():
    html = (
        '<html lang="fr"><title>x</title><p>a<img src="http://127.0.0.1/x.png" alt="x"></p></html>'
    )
    with pytest.raises(ValueError, match="Not a file of ours"):
        render_pdf(html, stylesheets=["pdf-release.css"])


def test_unpacked_faces_are_made_again_when_the_cache_was_emptied(settings, tmp_path):
    settings.VAR = tmp_path
    before = _page("Léa")
    for path in (tmp_path / "cache" / "fonts").iterdir():
        path.unlink()
    assert _page("Léa") == before
