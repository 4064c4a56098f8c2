"""Telling people of published changes: one mail for each person and announcement."""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from registrations import emails, rules
from registrations.history import History
from registrations.models import Booking, CafePreference, Change, Notice, Registration
from registrations.services.announcing import TOLD_APART, is_for_all
from sessions import moves
from sessions.models import Move, Session

logger = logging.getLogger(__name__)
_BATCH = 100
# How the person is concerned, where it is not by a seat.
_AS = {
    Booking.State.OFFERED: _("a seat is offered to you"),
    Booking.State.WAITING: _("you are on its waiting list"),
    Booking.State.ASKED: _("you ask for a seat"),
    Booking.State.CONFIRMED: "",
}


@dataclass(frozen=True)
class Moved:
    """One session of one person: from where to where."""

    session: Session
    before: moves.Place
    after: moves.Place
    note: str


def tell_open() -> int:
    """Tell everybody who is still to be told, each in a transaction of their own; how many were.

    It may run twice at once, and may be killed: the rows say who is left.
    """
    told, last = 0, 0
    while batch := list(
        Notice.objects.filter(told_at=None, pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:_BATCH]
    ):
        for last in batch:
            try:
                told += tell(last)
            except Exception:  # one person's mail that cannot be written keeps nobody waiting
                logger.exception("Notice %s could not be told; the next run will try.", last)
    return told


def tell(notice_id: int) -> bool:
    """The mail, the history and `told_at`, in one transaction. False: told already, or not needed.

    Who has cancelled since, or has none of the sessions any more, needs no word.
    """
    with transaction.atomic():
        if not _claim(notice_id):
            return False
        notice = Notice.objects.select_related(
            "announcement", "registration__edition__venue", "registration__category"
        ).get(pk=notice_id)
        registration = notice.registration
        with override(registration.language):
            moved = _moved(notice) if registration.is_live else []
            clashes = _clashes(registration) if moved else []
        if not moved:
            notice.delete()
            return False
        history = History()
        history.note(registration, Change.Action.MOVED, detail=_detail(moved))
        history.save()
        emails.programme_changed(registration, moved, clashes)
    return True


def _claim(notice_id: int) -> bool:
    """Whoever writes `told_at` first tells; the other one waits for that transaction, and finds it."""
    open_now = Notice.objects.filter(pk=notice_id, told_at=None)
    return open_now.update(told_at=timezone.now()) == 1


def _moved(notice: Notice) -> list[Moved]:
    """The person's own sessions among those that moved, as things stand now.

    Not those that are withdrawn from the site; a seat that was lost or won since was told by its
    own mail.
    """
    registration = notice.registration
    states = dict(registration.bookings.standing().values_list("session_id", "state"))
    wished = set(
        CafePreference.objects.filter(registration=registration).values_list(
            "session_id", flat=True
        )
    )
    told_apart = set(
        registration.changes.filter(
            action__in=TOLD_APART, at__gte=notice.announcement.made_at
        ).values_list("session_id", flat=True)
    )
    found = []
    for move in _moves_of(notice):
        session = move.session
        if session.pk in told_apart or not session.is_published:
            continue
        if session.pk in states:
            note = str(_AS[states[session.pk]])
        elif session.pk in wished:
            note = str(_("one of your café wishes"))
        elif registration.is_placed and is_for_all(session):
            note = ""
        else:
            continue
        found.append(Moved(session, moves.before(move), moves.after(move), note))
    return found


def _moves_of(notice: Notice) -> list[Move]:
    """By the time at which the sessions are now."""
    return list(
        notice.announcement.moves.select_related(
            "session__edition__venue", "room__venue", "was_room__venue"
        ).order_by("day", "start", "session__position", "pk")
    )


def _clashes(registration: Registration) -> list[str]:
    """A sentence for each pair of the person's seats that overlap."""
    walking = registration.edition.walking
    return [
        str(rules.SessionsOverlap(first, second, walking))
        for first, second in rules.clashes(registration)
    ]


def _detail(moved: list[Moved]) -> str:
    return " ; ".join(
        f"{one.session.name} : {one.before.said() or '–'} → {one.after.said() or '–'}"
        for one in moved
    )
