"""What one transaction does to people: kept as rows, and told to each of them once."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from raict.templatetags.raict import typo
from raict.typography import moment
from registrations.models import Booking, Change, Registration
from sessions.models import Session

_A = Change.Action
# What leaves the person's seats and lines as they were.
_NO_SEATS = {
    *(
        _A.REGISTERED,
        _A.QUEUED,
        _A.APPROVED,
        _A.CORRECTED,
        _A.PASSED,
        _A.ANSWERED,
        _A.WISHED,
    ),
    *(_A.MOVED, _A.CAME, _A.UNDONE),
}
# What follows from what somebody else did.
_BY_SITE = {_A.PLACED, _A.WON, _A.OFFERED, _A.EXPIRED, _A.WITHDRAWN}


class History:
    """Collects what happens, in order; `save()` writes it before the transaction ends.

    Who did it stands for all of it: the person, the team (with the member), or the site.
    """

    def __init__(
        self, by: str = Change.By.SITE, user=None, *, whose: Registration | None = None
    ) -> None:
        """`whose`: the one who acts, where `by` is the person."""
        self.by = by
        self.user = user
        self.whose = whose
        self.changes: list[Change] = []
        # Those whom the site has given a place: what they asked for then follows by itself.
        self._placed: set[int] = set()
        # Registration pk → how to tell that person instead of with the general mail; None: not.
        self.letters = {}
        # Registration pk → what the team tells that person of the first thing that happens to them.
        self.reasons: dict[int, str] = {}

    def note(
        self,
        registration: Registration,
        action: str,
        session: Session | None = None,
        *,
        detail: str = "",
        booking: Booking | None = None,
    ) -> None:
        """One thing that happened. What it brings about for others is the site's doing."""
        if action == _A.PLACED:
            self._placed.add(registration.pk)
        is_others = self.whose is not None and registration != self.whose
        is_site = is_others or action in _BY_SITE or registration.pk in self._placed
        by = Change.By.SITE if is_site else self.by
        change = Change(
            registration=registration,
            action=action,
            session=session,
            detail=detail[:500],
            reason=self.reasons.pop(registration.pk, ""),
            by=by,
            user=self.user if by == Change.By.TEAM else None,
        )
        change.booking = booking
        self.changes.append(change)

    def by_person(self) -> dict[Registration, list[Change]]:
        """What happened to each, in order."""
        found: dict[Registration, list[Change]] = {}
        for change in self.changes:
            found.setdefault(change.registration, []).append(change)
        return found

    def save(self) -> None:
        """The rows; and a new revision of each registration whose seats or lines changed.

        One that has just been made begins with its first.
        """
        if not self.changes:
            return
        Change.objects.bulk_create(self.changes)
        moved = {
            change.registration_id for change in self.changes if change.action not in _NO_SEATS
        } - {change.registration_id for change in self.changes if change.action == _A.REGISTERED}
        if moved:
            Registration.objects.filter(pk__in=moved).update(revision=F("revision") + 1)
            for registration in self.by_person():
                registration.revision += registration.pk in moved


# Whoever did it: the person, the team or the site.
_SENTENCES = {
    _A.REGISTERED: _("The registration was made."),
    _A.QUEUED: _("All places were taken: the registration joined the waiting list."),
    _A.PLACED: _("A place became free: it is yours."),
    _A.APPROVED: _("The team confirmed the registration."),
    _A.DEFERRED: _("The registration was put on the waiting list."),
    _A.REFUSED: _("The registration was not accepted."),
    _A.CANCELLED: _("The registration was cancelled."),
    _A.REOPENED: _("The registration was opened again."),
    _A.MERGED: _("Two registrations of the same person became one."),
    _A.CORRECTED: _("Your details were corrected."),
    _A.PASSED: _("The place was passed on."),
    _A.ANSWERED: _("Your answers to the questions were kept."),
    _A.BOOKED: _("You have a seat in “%(session)s”."),
    _A.ASKED: _("You ask for a seat in “%(session)s”."),
    _A.WISHED: _("Your café wishes have changed."),
    _A.JOINED: _("You are on the waiting list of “%(session)s”."),
    _A.WON: _("A seat became free in “%(session)s”: it is yours."),
    _A.OFFERED: _("A seat became free in “%(session)s”: it was offered to you."),
    _A.INVITED: _("The team offered you a seat in “%(session)s”."),
    _A.EXPIRED: _(
        "The time to accept the seat in “%(session)s” is over: it is no longer kept for you."
    ),
    _A.DECLINED: _("The seat offered in “%(session)s” was declined."),
    _A.LEFT: _("You are no longer waiting for a seat in “%(session)s”."),
    _A.WITHDRAWN: _(
        "You are no longer on the waiting list of “%(session)s”, which takes place at the same"
        " time."
    ),
    _A.RELEASED: _("Your seat in “%(session)s” was given back."),
    _A.DISPLACED: _("Your seat in “%(session)s” could not be kept."),
    _A.MOVED: _("You were told of a change of the programme."),
    _A.CAME: _("Your arrival at “%(session)s” was noted."),
    _A.UNDONE: _("Your arrival at “%(session)s” was noted by mistake."),
}
# What the person did.
_BY_PERSON = {
    _A.BOOKED: _("You took a seat in “%(session)s”."),
    _A.ASKED: _("You asked for a seat in “%(session)s”."),
    _A.WISHED: _("You changed your café wishes."),
    _A.JOINED: _("You joined the waiting list of “%(session)s”."),
    _A.DECLINED: _("You declined the seat offered in “%(session)s”."),
    _A.LEFT: _("You stopped waiting for a seat in “%(session)s”."),
    _A.RELEASED: _("You gave back your seat in “%(session)s”."),
}
# While the offer stands.
_UNTIL = {
    _A.OFFERED: _("A seat became free in “%(session)s”: it is offered to you until %(until)s."),
    _A.INVITED: _("The team offers you a seat in “%(session)s” until %(until)s."),
}


def sentence(change: Change) -> str:
    """The change in a sentence for the person, in the active language.

    It says « you did » of the person's own doing only, and until when an offer holds only in the
    transaction that makes it.
    """
    names = {"session": typo(change.session.name) if change.session else ""}
    sentences = _SENTENCES
    if change.booking and change.booking.offered_until:
        names["until"] = moment(change.booking.offered_until)
        sentences = _SENTENCES | _UNTIL
    elif change.by == Change.By.PERSON:
        sentences = _SENTENCES | _BY_PERSON
    return str(sentences[change.action]) % names
