"""Every mail that a registration causes. Each is a row written in the caller's transaction.

All of them carry the personal link, but for those to somebody who has none, or lost it, and go out
in the person's language. One transaction sends each person one of them: `tell` chooses.
"""

from collections.abc import Callable, Sequence

from django.utils.translation import override

from raict.countries import country_name
from raict.mail.models import Message
from raict.mail.outbox import queue
from raict.typography import capitalised
from registrations.history import History
from registrations.links import personal_url, press_url, register_url
from registrations.models import Accreditation, Change, Registration
from registrations.overview import overview

LINK = "registration_link"
_A = Change.Action
# What the subject says when several things happened at once: the first of these.
_WEIGHT = (
    *(_A.PLACED, _A.OFFERED, _A.INVITED, _A.WON, _A.DISPLACED, _A.EXPIRED),
    *(_A.BOOKED, _A.RELEASED, _A.JOINED, _A.LEFT, _A.DECLINED, _A.WITHDRAWN, _A.ASKED, _A.WISHED),
)
# After which the calendar that somebody has is no longer right.
_SEATS = {_A.PLACED, _A.BOOKED, _A.WON, _A.RELEASED, _A.DISPLACED}


def tell(history: History) -> None:
    """One mail for each person concerned: the letter chosen by the service, else what changed."""
    for registration, changes in history.by_person().items():
        if registration.pk not in history.letters:
            seats_changed(registration, changes)
        elif letter := history.letters[registration.pk]:
            letter(registration)


def registered(registration: Registration, **known) -> Message:
    """The registration is written: confirmed, to be approved, or waiting for a place.

    `known`: the overview and the wishes, where whoever has just written them need not read them;
    `write`: `compose`, for a letter that is posted later.
    """
    if registration.state == Registration.State.PENDING:
        return _queue(registration, "registration_pending", **known)
    if registration.state == Registration.State.WAITING:
        return _queue(registration, "registration_waiting", **known)
    attachments = ("badge", "calendar")
    return _queue(registration, "registration_confirmed", attachments=attachments, **known)


def approved(registration: Registration) -> Message:
    """The team has approved: badge and calendar."""
    return _queue(registration, "registration_approved", attachments=("badge", "calendar"))


def link(registration: Registration) -> Message:
    """The personal link again, for somebody who has lost it or registers twice."""
    return _write(registration, LINK, personal_url=personal_url(registration))


def cancelled(registration: Registration) -> Message:
    """The registration is cancelled and its seats are free."""
    register = register_url(registration.language)
    return _write(registration, "registration_cancelled", register_url=register)


def corrected(registration: Registration, *, is_new_address: bool = False) -> Message:
    """Who the person is was corrected, their address perhaps; the badge as it is now."""
    is_confirmed = registration.state == Registration.State.CONFIRMED
    return _queue(
        registration,
        "registration_corrected",
        attachments=("badge",) if is_confirmed else (),
        badge=_on_badge(registration),
        is_new_address=is_new_address,
    )


def moved(registration: Registration, before: str) -> Message:
    """To the address that the registration had until now: it has another one. No link."""
    return _write(registration, "registration_moved", to=before)


def passed_on(former: Registration, registration: Registration) -> Message:
    """To the former holder: somebody else has the place now. No link."""
    return _write(former, "registration_passed", heir=registration)


def received(registration: Registration) -> Message:
    """To the one who has received a place: badge, calendar, and the questions to answer."""
    is_confirmed = registration.state == Registration.State.CONFIRMED
    attachments = ("badge", "calendar") if is_confirmed else ()
    return _queue(registration, "registration_received", attachments=attachments)


def seats_changed(registration: Registration, changes: Sequence[Change]) -> Message:
    """What changed in the person's sessions, in one mail; the calendar where it changed as well."""
    foremost = min(changes, key=lambda change: _WEIGHT.index(change.action))
    attachments = ()
    if registration.is_placed and _SEATS & {change.action for change in changes}:
        attachments = ("calendar",)
    if foremost.action == _A.PLACED and registration.state == Registration.State.CONFIRMED:
        attachments = ("badge", "calendar")
    return _queue(
        registration,
        "seats_changed",
        attachments=attachments,
        changes=changes,
        foremost=foremost,
    )


def programme_changed(
    registration: Registration, moved: Sequence, clashes: Sequence[str]
) -> Message:
    """Sessions of this person that moved, from where to where; the seats that overlap since."""
    attachments = ("calendar",) if registration.is_placed else ()
    return _queue(
        registration, "programme_changed", attachments=attachments, moved=moved, clashes=clashes
    )


# --------------------------------------------------------------------------------- for the press
def accreditation_received(accreditation: Accreditation, *, is_again: bool = False) -> Message:
    """The request is with the team; `is_again`: it was so before this form was sent."""
    return _to_press(accreditation, "accreditation_received", is_again=is_again)


def accreditation_refused(accreditation: Accreditation) -> Message:
    """Refused, or withdrawn after it was accepted, and why."""
    return _to_press(
        accreditation, "accreditation_refused", press_url=press_url(accreditation.language)
    )


def accredited(accreditation: Accreditation) -> Message:
    """Accepted: the personal link, the badge unless there is no place yet, the team's message."""
    registration = accreditation.registration
    is_confirmed = registration.state == Registration.State.CONFIRMED
    return _queue(
        registration,
        "accreditation_accepted",
        attachments=("badge",) if is_confirmed else (),
        accreditation=accreditation,
        reply_to=accreditation.contact_email,
    )


def _to_press(accreditation: Accreditation, template: str, **context) -> Message:
    """To somebody who has no registration, or none that this is about."""
    return queue(
        to=accreditation.email,
        template=template,
        language=accreditation.language,
        context={"accreditation": accreditation, "edition": accreditation.edition, **context},
        reference=accreditation.reference,
        reply_to=accreditation.contact_email,
    )


def _on_badge(registration: Registration) -> list[str]:
    """What the badge says, line by line, in the person's language."""
    category = registration.category
    with override(registration.language):
        word = category.name
        if registration.language == "fr" and registration.civility == Registration.Civility.MADAM:
            word = category.name_feminine_fr or word
        lines = [
            registration.title,
            registration.full_name,
            registration.function,
            str(registration.organisation or ""),
            capitalised(country_name(registration.country.code)),
            word,
        ]
    return [line for line in lines if line]


def _queue(
    registration: Registration, template: str, *, attachments: tuple[str, ...] = (), **context
) -> Message:
    """With everything that the person has, and the link to it."""
    is_waiting = registration.state == Registration.State.WAITING
    if "overview" not in context:
        context["overview"] = overview(registration)
    if "wishes" not in context:
        context["wishes"] = registration.cafe_wishes()
    return _write(
        registration,
        template,
        attachments=attachments,
        rank=registration.rank() if is_waiting else None,
        personal_url=personal_url(registration),
        **context,
    )


def _write(
    registration: Registration,
    template: str,
    *,
    to: str = "",
    reply_to: str = "",
    attachments: tuple[str, ...] = (),
    write: Callable[..., Message] = queue,
    **context,
) -> Message:
    return write(
        to=to or registration.email,
        template=template,
        language=registration.language,
        context={
            "registration": registration,
            "edition": registration.edition,
            "attachments": attachments,
            "personal_url": "",
            **context,
        },
        reference=registration.reference,
        reply_to=reply_to or registration.edition.contact_email,
        attachments=attachments,
    )
