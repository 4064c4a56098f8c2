"""Every mail that a registration causes. Each is a row written in the caller's transaction.

All of them carry the personal link, but for those to an address that has lost it, and go out in the
person's language. One transaction sends each person one of them: `tell` chooses.
"""

from collections.abc import Sequence

from raict.mail.models import Message
from raict.mail.outbox import queue
from registrations.history import History
from registrations.links import personal_url, register_url
from registrations.models import Change, Registration

LINK = "registration_link"
_A = Change.Action
# What the subject says when several things happened at once: the first of these.
_WEIGHT = (
    *(_A.PLACED, _A.OFFERED, _A.INVITED, _A.WON, _A.DISPLACED, _A.EXPIRED),
    *(_A.BOOKED, _A.RELEASED, _A.JOINED, _A.LEFT, _A.DECLINED, _A.WITHDRAWN, _A.ASKED, _A.WISHED),
)


def tell(history: History) -> None:
    """One mail for each person concerned: the letter chosen by the service, else what changed."""
    for registration, changes in history.by_person().items():
        if registration.pk not in history.letters:
            seats_changed(registration, changes)
        elif letter := history.letters[registration.pk]:
            letter(registration)


def registered(registration: Registration) -> Message:
    """The registration is written: confirmed, to be approved, or waiting for a place."""
    if registration.state == Registration.State.PENDING:
        return _queue(registration, "registration_pending")
    if registration.state == Registration.State.WAITING:
        return _queue(registration, "registration_waiting")
    return _queue(registration, "registration_confirmed", attachments=("badge", "calendar"))


def approved(registration: Registration) -> Message:
    """The team has approved: badge and calendar."""
    return _queue(registration, "registration_approved", attachments=("badge", "calendar"))


def link(registration: Registration) -> Message:
    """The personal link again, for somebody who has lost it or registers twice."""
    return _queue(registration, LINK)


def cancelled(registration: Registration) -> Message:
    """The registration is cancelled and its seats are free."""
    return _queue(registration, "registration_cancelled")


def corrected(registration: Registration) -> Message:
    """Who the person is was corrected; the badge as it is now."""
    attachments = ("badge",) if registration.state == Registration.State.CONFIRMED else ()
    return _queue(registration, "registration_corrected", attachments=attachments)


def moved(registration: Registration, before: str) -> Message:
    """To the address that the registration had until now: it has another one. No link."""
    return _queue(registration, "registration_moved", to=before)


def passed_on(former: Registration, registration: Registration) -> Message:
    """To the former holder: a colleague has the place now. No link."""
    return _queue(former, "registration_passed", heir=registration)


def received(registration: Registration) -> Message:
    """To the colleague who has received a place, with badge and calendar."""
    is_confirmed = registration.state == Registration.State.CONFIRMED
    attachments = ("badge", "calendar") if is_confirmed else ()
    return _queue(registration, "registration_received", attachments=attachments)


def seats_changed(registration: Registration, changes: Sequence[Change]) -> Message:
    """What changed in the person's sessions, in one mail; the calendar as it is now."""
    ordered = sorted(changes, key=lambda change: _WEIGHT.index(change.action))
    attachments = ("calendar",) if registration.is_placed else ()
    if ordered[0].action == _A.PLACED and registration.state == Registration.State.CONFIRMED:
        attachments = ("badge", "calendar")
    return _queue(
        registration,
        "seats_changed",
        attachments=attachments,
        changes=changes,
        foremost=ordered[0],
    )


def programme_changed(
    registration: Registration, moved: Sequence, clashes: Sequence[str]
) -> Message:
    """Sessions of this person that moved, from where to where; the seats that overlap since."""
    attachments = ("calendar",) if registration.is_placed else ()
    return _queue(
        registration, "programme_changed", attachments=attachments, moved=moved, clashes=clashes
    )


def _queue(
    registration: Registration,
    template: str,
    *,
    attachments: tuple[str, ...] = (),
    to: str = "",
    **context,
) -> Message:
    return queue(
        to=to or registration.email,
        template=template,
        language=registration.language,
        context={
            "registration": registration,
            "edition": registration.edition,
            "sessions": registration.booked_sessions(),
            "lines": registration.bookings_in_line(),
            "wishes": registration.cafe_wishes(),
            "personal_url": personal_url(registration),
            "register_url": register_url(registration.language),
            **context,
        },
        reference=registration.reference,
        reply_to=registration.edition.contact_email,
        attachments=attachments,
    )
