"""The sessions with seats, arranged so that one can hardly choose two at the same time."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from raict.typography import clock, date_range
from sessions.models import Session


@dataclass
class Slot:
    """Sessions among which one is chosen; any number when their times are not known yet."""

    sessions: list[Session]
    day: dt.date | None
    start: dt.time | None
    # pk → sessions of other slots that run at the same time.
    clashes: dict[int, list[Session]] = field(default_factory=dict)

    @property
    def is_exclusive(self) -> bool:
        return self.start is not None

    @property
    def name(self) -> str:
        """The field's name: made of the time, so that it lives through changes of the programme."""
        day = f"{self.day:%Y%m%d}" if self.day else "later"
        return f"slot_{day}_{self.start:%H%M}" if self.start else f"slot_{day}"

    @property
    def day_label(self) -> str:
        return date_range(self.day, weekdays=True) if self.day else _("Day to be announced")

    @property
    def time_label(self) -> str:
        return clock(self.start) if self.start else _("Time to be announced")


def arrange(sessions: Iterable[Session]) -> list[Slot]:
    """Slots in order of time.

    The sessions of one slot all run at some common moment: each excludes the others. A long session
    may still reach into the next slot; both then name each other in `clashes`.
    """
    slots: list[Slot] = []
    timed = [session for session in sessions if session.start]
    for session in sorted(timed, key=lambda one: (one.day, one.start, one.position, one.pk)):
        if slots and all(session.overlaps(other) for other in slots[-1].sessions):
            slots[-1].sessions.append(session)
        else:
            slots.append(Slot([session], session.day, session.start))
    untimed: dict[dt.date | None, Slot] = {}
    for session in sessions:
        if not session.start:
            slot = untimed.setdefault(session.day, Slot([], session.day, None))
            slot.sessions.append(session)
    for slot in slots:
        others = [one for other in slots if other is not slot for one in other.sessions]
        for session in slot.sessions:
            clashing = [one for one in others if session.overlaps(one)]
            if clashing:
                slot.clashes[session.pk] = clashing
    slots += untimed.values()
    last = (dt.date.max, dt.time.max)
    return sorted(slots, key=lambda slot: (slot.day or last[0], slot.start or last[1]))
