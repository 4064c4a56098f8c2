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
        _A.LINKED,
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


_SENTENCES = {
    _A.REGISTERED: _("You are registered."),
    _A.QUEUED: _("You are on the waiting list of the edition."),
    _A.PLACED: _("A place has become free: you are registered."),
    _A.APPROVED: _("The team has approved your registration."),
    _A.CANCELLED: _("The registration was cancelled."),
    _A.CORRECTED: _("Your details were corrected."),
    _A.PASSED: _("The place was passed on."),
    _A.ANSWERED: _("Your answers to the questions were kept."),
    _A.LINKED: _("The personal link was sent."),
    _A.BOOKED: _("You have a seat in “%(session)s”."),
    _A.ASKED: _("You ask for a seat in “%(session)s”."),
    _A.WISHED: _("Your café wishes have changed."),
    _A.JOINED: _("You are on the waiting list of “%(session)s”."),
    _A.WON: _("A seat became free in “%(session)s”: it is yours."),
    _A.OFFERED: _("A seat became free in “%(session)s”: accept it by %(until)s."),
    _A.INVITED: _("You are invited to “%(session)s”: answer by %(until)s."),
    _A.EXPIRED: _("The seat offered in “%(session)s” went to the next in line."),
    _A.DECLINED: _("You declined the seat in “%(session)s”."),
    _A.LEFT: _("You left the waiting list of “%(session)s”."),
    _A.WITHDRAWN: _(
        "You left the waiting list of “%(session)s”, which takes place at the same time."
    ),
    _A.RELEASED: _("You gave back your seat in “%(session)s”."),
    _A.DISPLACED: _("Your seat in “%(session)s” could not be kept."),
    _A.MOVED: _("You were told of a change of the programme."),
    _A.CAME: _("You came to “%(session)s”."),
    _A.UNDONE: _("You were noted in “%(session)s” by mistake."),
}


# Of an offer that is history, the end is no longer said.
_PAST = {
    _A.OFFERED: _("A seat became free in “%(session)s” and was offered to you."),
    _A.INVITED: _("You were invited to “%(session)s”."),
}


def sentence(change: Change) -> str:
    """The change in a sentence for the person, in the active language."""
    names = {"session": typo(change.session.name) if change.session else ""}
    if change.booking and change.booking.offered_until:
        names["until"] = moment(change.booking.offered_until)
        return str(_SENTENCES[change.action]) % names
    return str(_PAST.get(change.action) or _SENTENCES[change.action]) % names
