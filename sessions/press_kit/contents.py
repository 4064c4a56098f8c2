"""All files of an edition's kit, from the rows as they are."""

import datetime as dt
import textwrap

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from events.models import Edition
from events.press.plain import WIDTH
from sessions.press_kit.archive import Entry, text
from sessions.press_kit.figures import key_figures
from sessions.press_kit.people import biographies, speakers_of
from sessions.press_kit.pictures import logos, photos, without_credit
from sessions.press_kit.programme import programme, sessions_of
from sessions.press_kit.releases import releases


def contents(edition: Edition, day: dt.date) -> list[Entry]:
    """What is public now; the files name `day` as that of their making."""
    sessions = sessions_of(edition)
    speakers = speakers_of(sessions)
    entries = [
        *releases(edition),
        *programme(edition, sessions, day),
        *photos(edition, speakers),
        *logos(edition),
        *key_figures(edition, day),
        *biographies(edition, speakers),
    ]
    context = {
        "edition": edition,
        "day": day,
        "folders": {entry.name.partition("/")[0] for entry in entries},
        "names": {entry.name for entry in entries},
        "left_out": [person.full_name for person in without_credit(speakers)],
    }
    return [_read_me(edition, context), *entries]


def _read_me(edition: Edition, context: dict) -> Entry:
    """What is what, whom to name and to ask: in French, then in English."""
    parts = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            address = reverse("programme:edition_press_kit", args=[edition.number])
            said = {**context, "address": settings.SITE_URL + address}
            parts.append(render_to_string("programme/press_kit.txt", said).strip())
    lines = [
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in "\n\n\n".join(parts).split("\n")
    ]
    return text("LISEZ-MOI.txt", "\n".join(lines) + "\n")
