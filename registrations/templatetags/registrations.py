"""How a registration speaks."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from events.models import Venue
from raict.templatetags.raict import typo
from raict.typography import NBSP, clock, date_range, moment
from registrations.history import sentence
from sessions.models import Session
from sessions.moves import Place, after, before

register = template.Library()
register.filter("sentence", sentence)
register.filter("moment", moment)
register.filter("date_in_words", date_range)
register.filter("before", before)
register.filter("after", after)


@register.filter
def said(place: Place, venue: Venue | None = None) -> str:
    """« jeudi 24 octobre, 14 h – 15 h, salle B »; with the room's venue when it is not this one."""
    return place.said(venue)


@register.filter
def deadline(until: dt.datetime) -> str:
    """« 24 octobre à 9 h 30 », "24 October at 9:30": for a subject, which has no room for more."""
    local = timezone.localtime(until)
    day = date_range(local.date()).removesuffix(f"{NBSP}{local.year}")
    return _("%(day)s at %(time)s") % {"day": day, "time": clock(local.time())}


@register.filter
def brief(session: Session, length: int) -> str:
    """The session's name for a subject: the short one, else as much of the title as has room."""
    return typo(Truncator(session.short_name or session.name).chars(length))
