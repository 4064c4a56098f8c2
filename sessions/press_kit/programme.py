"""programme/: the published sessions on paper and for calendars, in both languages."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

from django.conf import settings
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from events.models import Edition
from raict.linkmap import link_map
from raict.pdf import data_url, document_key, render_pdf
from sessions.calendar import calendar
from sessions.models import Appearance, Session
from sessions.press_kit.archive import Entry, made, made_later
from sessions.schedule import programme as by_day

_STYLES = ("pdf-release.css", "pdf-programme.css")


def sessions_of(edition: Edition) -> list[Session]:
    """The published ones in order, with rooms and speakers. Two queries."""
    appearances = Appearance.objects.select_related("person").order_by("position", "pk")
    return list(
        edition.sessions.public()
        .in_order()
        .select_related("room__venue")
        .prefetch_related(Prefetch("appearances", appearances))
    )


def programme(edition: Edition, sessions: list[Session], day: dt.date) -> Iterator[Entry]:
    """Nothing while no session is published."""
    if not sessions:
        return
    made_at = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    emblem = link_map(
        edition.countries(), edition.guest_country.code, width=794, height=176, variant="letterhead"
    )
    for language, _name in settings.LANGUAGES:
        with override(language):
            html = render_to_string(
                "pdf/press_programme.html",
                {
                    "edition": edition,
                    "programme": by_day(sessions),
                    "emblem": data_url(emblem),
                    "day": day,
                },
            )
            entries = calendar(sessions, edition=edition, made_at=made_at)
        yield made_later(
            f"programme/programme-{language}.pdf",
            document_key(html, _STYLES),
            partial(render_pdf, html, stylesheets=_STYLES),
        )
        yield made(f"programme/programme-{language}.ics", entries)
