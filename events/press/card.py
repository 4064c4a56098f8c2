"""The picture of a release that social networks show: its headline on the night of the link map."""

from django.template.loader import render_to_string
from django.utils.translation import override

from events.press.writing import Written
from raict import fonts
from raict.fitting import Style, fit_text, set_text
from raict.linkmap import link_map
from raict.pdf import data_url, render_png

WIDTH, HEIGHT = 1200, 630
_STYLES = ("pdf-card.css",)
# In pixels, as pdf-card.css places them: the column of words; how high headline and foot may be.
_COLUMN, _WORDS = 780, 444
_HEADLINE = Style("serif", 600, leading=1.16)
_PLAIN, _BOLD = Style("sans", 400, leading=1.3), Style("sans", 700, leading=1.3)


def release_card(written: Written) -> bytes:
    """1200 × 630 pixels, PNG. The headline is shrunk, then wrapped, never cut."""
    notice = written.labels["demonstration"] if written.is_demonstration else ""
    said = {
        "notice": (notice, _BOLD),
        "banner": (written.banner, _PLAIN),
        "organiser": (written.organiser, _BOLD),
    }
    foot = {
        name: set_text(text, style, width=_COLUMN, size=25, one_line_from=21)
        for name, (text, style) in said.items()
        if text
    }
    room = _WORDS - sum(setting.height for setting in foot.values())
    headline = fit_text(written.headline, _HEADLINE, width=_COLUMN, height=room, size=84)
    emblem = link_map(
        written.countries, written.guest_country, width=WIDTH, height=HEIGHT, variant="card"
    )
    context = {
        "written": written,
        "emblem": data_url(emblem),
        "headline": headline,
        "headline_top": round((room - headline.height) * 0.4),  # a little above the middle
        "foot": foot,
    }
    with override(written.language):
        html = render_to_string("pdf/card.html", context)
    faces = [*fonts.SERIF[:2], *fonts.SANS]
    faces += [face for setting in (headline, *foot.values()) for face in setting.faces]
    return render_png(html, stylesheets=_STYLES, width=WIDTH, faces=faces)
