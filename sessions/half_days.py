"""Mornings and afternoons of an edition: what people sign for, and what an attendance is counted by."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from raict.typography import date_range
from sessions.models import Session

# A session belongs to the half-day in which it starts; what starts at one belongs to the afternoon.
NOON = dt.time(13)


class HalfDay(NamedTuple):
    day: dt.date
    is_afternoon: bool

    @property
    def name(self) -> str:
        """« mercredi 23 octobre 2024, matin »."""
        part = _("afternoon") if self.is_afternoon else _("morning")
        return f"{date_range(self.day, weekdays=True)}, {part}"

    @property
    def short(self) -> str:
        """« 23/10 matin »: over a narrow column."""
        part = _("afternoon") if self.is_afternoon else _("morning")
        return f"{self.day:%d/%m} {part}"


def half_day_of(session: Session) -> HalfDay | None:
    """None while its day or start is not known."""
    if not (session.day and session.start):
        return None
    return HalfDay(session.day, session.start >= NOON)


def half_days(sessions: Iterable[Session]) -> list[HalfDay]:
    """Those in which something starts, in their order."""
    return sorted({half for session in sessions if (half := half_day_of(session))})
