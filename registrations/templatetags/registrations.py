"""How a registration speaks."""

from django import template

from events.models import Venue
from raict.typography import moment
from registrations.history import sentence
from sessions.moves import Place, after, before

register = template.Library()
register.filter("sentence", sentence)
register.filter("moment", moment)
register.filter("before", before)
register.filter("after", after)


@register.filter
def said(place: Place, venue: Venue | None = None) -> str:
    """« jeudi 24 octobre, 14 h – 15 h, salle B »; with the room's venue when it is not this one."""
    return place.said(venue)
