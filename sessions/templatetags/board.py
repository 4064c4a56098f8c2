"""How the programme board places what it shows: classes of lines, since no style may be written."""

import datetime as dt

from django import template
from django.urls import reverse

from sessions import board, moves
from sessions.conflicts import Conflict
from sessions.models import Session

register = template.Library()


@register.filter
def lines_from(time: dt.time) -> str:
    """Where a time begins: static/css/admin-board.css has a class for each hour and five minutes."""
    return f"fh{time.hour} fm{time.minute // board.STEP * board.STEP}"


@register.filter
def lines(block: board.Block) -> str:
    """From where to where a block lies."""
    (from_hour, from_minute), (to_hour, to_minute) = divmod(block.start, 60), divmod(block.end, 60)
    return f"fh{from_hour} fm{from_minute} th{to_hour} tm{to_minute}"


@register.filter
def minutes(time: dt.time | None) -> int | str:
    return "" if time is None else board.minutes(time)


@register.filter
def hours(session: Session) -> str:
    return moves.place_of(session).hours


@register.filter
def when(session: Session) -> str:
    return moves.place_of(session).when


@register.filter
def seen(session: Session) -> str:
    """Comes back with a move: an older one is not written over a newer one."""
    return board.place_stamp(moves.place_of(session))


@register.simple_tag
def mending(conflict: Conflict) -> str:
    """The page of the board that mends it."""
    return reverse(f"admin:programme_session_{conflict.where}", args=[conflict.session.pk])
