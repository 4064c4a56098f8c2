"""How the programme speaks: times, places left and kinds in words."""

import datetime as dt
from typing import NamedTuple

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from events.models import Edition, Room
from raict.templatetags.raict import lang, typo
from raict.typography import NBSP, capitalised, clock, date_range
from sessions.models import Session
from sessions.schedule import PAUSES, Block, Day, Kind
from sessions.speakers import by_role

register = template.Library()

_COUNTED = {
    Session.Kind.OPENING: ngettext_lazy(
        "%(count)d official opening", "%(count)d official openings", "count"
    ),
    Session.Kind.PLENARY: ngettext_lazy("%(count)d plenary", "%(count)d plenaries", "count"),
    Session.Kind.GEOGRAPHIC_MEETING: ngettext_lazy(
        "%(count)d geographic meeting", "%(count)d geographic meetings", "count"
    ),
    Session.Kind.THEMATIC_WORKSHOP: ngettext_lazy(
        "%(count)d thematic workshop", "%(count)d thematic workshops", "count"
    ),
    Session.Kind.CAFE: ngettext_lazy(
        "%(count)d Café des RAICT", "%(count)d Cafés des RAICT", "count"
    ),
    Session.Kind.MEAL: ngettext_lazy("%(count)d meal", "%(count)d meals", "count"),
    Session.Kind.BREAK: ngettext_lazy("%(count)d break", "%(count)d breaks", "count"),
}
# An edition in one of these states is still to come: its places mean something.
_WITH_PLACES = {Edition.State.PUBLISHED, Edition.State.OPEN, Edition.State.CLOSED}


@register.filter
def counted(part: Block | Kind) -> str:
    """« 12 Cafés des RAICT », « Repas » alone; when kinds differ, « 3 sessions en parallèle »."""
    count = len(part.sessions)
    if count == 1:
        return capitalised(part.sessions[0].get_kind_display())
    if not part.kind:
        return ngettext(
            "%(count)d session in parallel", "%(count)d sessions in parallel", count
        ) % {"count": count}
    return _COUNTED[part.kind] % {"count": count}


register.filter("clock", clock)
register.filter("by_role", by_role)


@register.filter
def day_name(date: dt.date, year: str = "") -> str:
    """« Jeudi 24 octobre » where the year stands at the head of the page; "year" adds it."""
    name = capitalised(date_range(date, weekdays=True))
    return name if year else name.removesuffix(f"{NBSP}{date.year}")


@register.filter
def grid_classes(block: Block, day: Day) -> str:
    """Where a block lies, as classes of static/css/programme.css (no style attributes: CSP)."""
    words = ["is-wide"] if block.is_group or block.columns > 1 or day.width == 1 else []
    if day.is_grid:
        words += [f"row-{block.row}", f"rows-{block.rows}"]
        words += [f"column-{block.column + 1}", f"columns-{block.columns}"]
        if day.columns and day.columns[block.column].room == block.room and block.columns == 1:
            words.append("is-under-its-room")
    return " ".join(words)


@register.filter
def hours(session: Session) -> str:
    """« 9 h 30 – 11 h », « à partir de 9 h 30 » while the end is not known, else nothing."""
    if not session.start:
        return ""
    if not session.end:
        return _("from %(time)s") % {"time": clock(session.start)}
    return f"{clock(session.start)}{NBSP}– {clock(session.end)}"


class Places(NamedTuple):
    words: str
    is_full: bool


@register.filter
def places(session: Session) -> Places | None:
    """Places left in words; nothing for meals that are for all, nor for what is behind us.

    A full session has a waiting list as long as registration is open.
    """
    edition = session.edition
    is_behind = edition.state not in _WITH_PLACES or (edition.starts_on and not edition.is_upcoming)
    if is_behind or session.has_begun:
        return None
    if session.booking == Session.Booking.FREE:
        return None if session.kind in PAUSES else Places(_("free entry"), is_full=False)
    if session.booking == Session.Booking.INVITATION:
        return Places(_("by invitation"), is_full=False)
    if session.seats_left is None:
        return Places(_("with a booked seat"), is_full=False)
    return _seats(session)


def _seats(session: Session) -> Places:
    if session.is_full and session.seats_kept:
        words = ngettext(
            "%(count)d place left, kept for certain participants",
            "%(count)d places left, kept for certain participants",
            session.seats_kept,
        )
        return Places(words % {"count": session.seats_kept}, is_full=False)
    if session.is_full:
        edition = session.edition
        has_list = (
            session.booking == Session.Booking.SEAT
            and edition.is_current
            and edition.takes_registrations
        )
        return Places(_("Full – waiting list open") if has_list else _("Full"), is_full=True)
    words = ngettext("%(count)d place left", "%(count)d places left", session.seats_left)
    return Places(words % {"count": session.seats_left}, is_full=False)


@register.filter
def in_venue(room: Room, edition: Edition) -> str:
    """« Salle A », and « Salle A, Hôtel de Ville » when that is not the edition's own venue."""
    name = room.name if room.venue_id == edition.venue_id else f"{room.name}, {room.venue.name}"
    return typo(name)


@register.filter
def awaits_title(session: Session) -> bool:
    """An opening, a meal or a break says enough by its kind; anything else has a title some day."""
    return not session.title and session.kind not in {*PAUSES, Session.Kind.OPENING}


@register.filter
def has_page(session: Session) -> bool:
    """A coffee break of which nothing more is said needs no page of its own."""
    return (
        session.kind not in PAUSES
        or session.booking != Session.Booking.FREE
        or bool(session.question_fr or session.framing_fr or session.context_fr or session.aims_fr)
    )


@register.filter
def name_language(session: Session) -> SafeString:
    """As the filter `lang`, for a name: the title, else the short name, else words of ours."""
    name = next((each for each in ("title", "short_name") if getattr(session, each)), "")
    return lang(session, name) if name else SafeString()
