"""The programme with its seats: a capacity is changed by `services.resize`, so that the line moves."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from raict.errors import DomainError
from raict.tables.table import Entry
from registrations import services
from registrations.locked import lock
from sessions.models import Session, with_margin
from sessions.tables import ProgrammeTable


class Programme(ProgrammeTable):
    def load(self) -> None:
        """Under the edition's lock when it is written, first of all, as for every change of seats."""
        if self.is_writing:
            lock(self.scope)
        super().load()

    def checked(self, row: Session | None, values: dict) -> Session:
        candidate = super().checked(row, values)
        offered = with_margin(candidate.capacity, candidate.overbooking)
        if "capacity" in values and row and offered is not None and offered < row.seats_taken:
            sentence = _("%(taken)d seats are taken already.") % {"taken": row.seats_taken}
            raise DomainError(sentence, field="capacity")
        return candidate

    def write(self, entries: list[Entry], *, is_telling: bool, user, progress: Callable) -> list:
        resized = [
            (entry.candidate, entry.candidate.capacity)
            for entry in entries
            if entry.row and "capacity" in entry.values
        ]
        for session, _capacity in resized:
            session.capacity = Session.objects.values_list("capacity", flat=True).get(pk=session.pk)
        written = super().write(entries, is_telling=is_telling, user=user, progress=progress)
        for session, capacity in resized:
            services.resize(session, capacity=capacity, user=user)
        return written
