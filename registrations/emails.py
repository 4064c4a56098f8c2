"""Every mail that a registration causes. Each is a row written in the caller's transaction.

All of them carry the personal link, but for those to somebody who has none, or lost it, and go out
in the person's language, in the team's words or the shipped ones (letters.py). One transaction sends
each person one of them: `tell` chooses.

Whatever else is named (`known`) goes along: `reason`, the team's word to the person; the overview and
the wishes, where whoever has just written them need not read them; `write`: `compose`, for a letter that is posted later or only
looked at; `words`, which need not be saved yet.
"""

import logging
from collections.abc import Callable, Sequence

from django.utils.translation import override

from raict.countries import country_title
from raict.mail import wording
from raict.mail.models import Message
from raict.mail.outbox import queue
from registrations.history import History
from registrations.letters import LETTERS
from registrations.links import personal_url, press_url, register_url
from registrations.models import Accreditation, Change, Registration, Wording
from registrations.overview import overview

logger = logging.getLogger(__name__)
LINK = "registration_link"
_A = Change.Action
# What the subject says when several things happened at once: the first of these.
_WEIGHT = (
    *(_A.PLACED, _A.OFFERED, _A.INVITED, _A.WON, _A.DISPLACED, _A.EXPIRED),
    *(_A.BOOKED, _A.RELEASED, _A.JOINED, _A.LEFT, _A.DECLINED, _A.WITHDRAWN, _A.ASKED, _A.WISHED),
)
# What the mail is, by the first of these; else `seats_changed`.
_LETTER_OF = {
    _A.PLACED: "place_given",
    _A.OFFERED: "seat_offered",
    _A.INVITED: "seat_offered",
    _A.WON: "seat_won",
    _A.DISPLACED: "seat_displaced",
    _A.EXPIRED: "seat_expired",
}
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
    """The registration is written: confirmed, to be approved, or waiting for a place."""
    if registration.state == Registration.State.PENDING:
        return _queue(registration, "registration_pending", **known)
    if registration.state == Registration.State.WAITING:
        # The rank is said in the text, not once more among what the person has.
        rank = known.pop("line_rank", None) or registration.rank()
        return _queue(registration, "registration_waiting", rank=None, line_rank=rank, **known)
    attachments = ("badge", "calendar")
    return _queue(registration, "registration_confirmed", attachments=attachments, **known)


def approved(registration: Registration, **known) -> Message:
    """The team has confirmed, perhaps what had ended: badge and calendar."""
    attachments = ("badge", "calendar")
    return _queue(registration, "registration_approved", attachments=attachments, **known)


def deferred(registration: Registration, **known) -> Message:
    """The team has put the registration on the waiting list: the rank, and what was given back."""
    rank = known.pop("line_rank", None) or registration.rank()
    return _queue(registration, "registration_deferred", rank=None, line_rank=rank, **known)


def refused(registration: Registration, **known) -> Message:
    """The team has refused: no link, and nothing to be done on the site."""
    return _write(registration, "registration_refused", **known)


def link(registration: Registration, **known) -> Message:
    """The personal link again, for somebody who has lost it or registers twice."""
    return _write(registration, LINK, personal_url=personal_url(registration), **known)


def cancelled(registration: Registration, **known) -> Message:
    """The registration is cancelled and its seats are free."""
    register = register_url(registration.language)
    return _write(registration, "registration_cancelled", register_url=register, **known)


def merged(registration: Registration, **known) -> Message:
    """To the address that is kept: one registration instead of two, and the link that counts."""
    is_confirmed = registration.state == Registration.State.CONFIRMED
    attachments = ("badge", "calendar") if is_confirmed else ()
    return _queue(registration, "registration_merged", attachments=attachments, **known)


def corrected(registration: Registration, *, is_new_address: bool = False, **known) -> Message:
    """Who the person is was corrected, their address perhaps; the badge as it is now."""
    is_confirmed = registration.state == Registration.State.CONFIRMED
    return _queue(
        registration,
        "registration_corrected",
        attachments=("badge",) if is_confirmed else (),
        badge=_on_badge(registration),
        is_new_address=is_new_address,
        **known,
    )


def moved(registration: Registration, before: str, **known) -> Message:
    """To the address that the registration had until now: it has another one. No link."""
    return _write(registration, "registration_moved", to=before, **known)


def passed_on(former: Registration, registration: Registration, **known) -> Message:
    """To the former holder: somebody else has the place now. No link."""
    return _write(former, "registration_passed", heir=registration, **known)


def received(registration: Registration, **known) -> Message:
    """To the one who has received a place: badge, calendar, and the questions to answer."""
    is_confirmed = registration.state == Registration.State.CONFIRMED
    attachments = ("badge", "calendar") if is_confirmed else ()
    return _queue(registration, "registration_received", attachments=attachments, **known)


def seats_changed(registration: Registration, changes: Sequence[Change], **known) -> Message:
    """What changed in the person's sessions, in one mail; the calendar where it changed as well."""
    foremost = min(changes, key=lambda change: _WEIGHT.index(change.action))
    attachments = ()
    if registration.is_placed and _SEATS & {change.action for change in changes}:
        attachments = ("calendar",)
    if foremost.action == _A.PLACED and registration.state == Registration.State.CONFIRMED:
        attachments = ("badge", "calendar")
    return _queue(
        registration,
        _LETTER_OF.get(foremost.action, "seats_changed"),
        attachments=attachments,
        changes=changes,
        foremost=foremost,
        **known,
    )


def programme_changed(
    registration: Registration, moved: Sequence, clashes: Sequence[str], **known
) -> Message:
    """Sessions of this person that moved, from where to where; the seats that overlap since."""
    return _queue(
        registration,
        "programme_choose" if clashes else "programme_changed",
        attachments=("calendar",) if registration.is_placed else (),
        moved=moved,
        clashes=clashes,
        **known,
    )


def circular(registration: Registration, letter: str, **known) -> Message:
    """What the team writes to a selection, or has sent at a set moment, in the words given."""
    return _queue(registration, letter, **known)


# --------------------------------------------------------------------------------- for the press
def accreditation_received(
    accreditation: Accreditation, *, is_again: bool = False, **known
) -> Message:
    """The request is with the team; `is_again`: it was so before this form was sent."""
    return _to_press(accreditation, "accreditation_received", is_again=is_again, **known)


def accreditation_refused(accreditation: Accreditation, **known) -> Message:
    """Refused, or withdrawn after it was accepted, and why."""
    is_withdrawn = accreditation.state == Accreditation.State.WITHDRAWN
    return _to_press(
        accreditation,
        "accreditation_withdrawn" if is_withdrawn else "accreditation_refused",
        press_url=press_url(accreditation.language),
        **known,
    )


def accredited(accreditation: Accreditation, **known) -> Message:
    """Accepted: the personal link, the badge unless there is no place yet, the team's message."""
    registration = accreditation.registration
    is_confirmed = registration.state == Registration.State.CONFIRMED
    return _queue(
        registration,
        "accreditation_accepted",
        attachments=("badge",) if is_confirmed else (),
        accreditation=accreditation,
        reply_to=accreditation.contact_email,
        **known,
    )


def _to_press(accreditation: Accreditation, letter: str, **context) -> Message:
    """To somebody who has no registration, or none that this is about."""
    return _worded(
        letter,
        to=accreditation.email,
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
            country_title(registration.country.code),
            word,
        ]
    return [line for line in lines if line]


def _queue(registration: Registration, letter: str, **parts) -> Message:
    """With everything that the person has, and the link to it."""
    if "overview" not in parts:
        parts["overview"] = overview(registration)
    if "wishes" not in parts:
        parts["wishes"] = registration.cafe_wishes()
    if "rank" not in parts:
        is_waiting = registration.state == Registration.State.WAITING
        parts["rank"] = registration.rank() if is_waiting else None
    return _write(registration, letter, personal_url=personal_url(registration), **parts)


def _write(
    registration: Registration,
    letter: str,
    *,
    to: str = "",
    reply_to: str = "",
    attachments: tuple[str, ...] = (),
    **context,
) -> Message:
    return _worded(
        letter,
        to=to or registration.email,
        language=registration.language,
        context={
            "registration": registration,
            "edition": registration.edition,
            "attachments": attachments,
            "personal_url": "",
            "reason": "",
            **context,
        },
        reference=registration.reference,
        reply_to=reply_to or registration.edition.contact_email,
        attachments=attachments,
    )


def _worded(letter: str, *, language: str, context: dict, **parts) -> Message:
    """In the team's words for this edition, else in the shipped ones."""
    chosen = LETTERS[letter]
    write: Callable[..., Message] = context.pop("write", queue)
    words = context.pop("words", None)
    if words is None:
        words = Wording.objects.words(context["edition"], chosen, language)
        if not wording.is_sound(chosen, words, language):  # written for an earlier version
            logger.error("The words of %s (%s) are broken: the shipped ones go out.", letter, words)
            words = chosen.shipped(language)
    with override(language):
        said = wording.filled(chosen, words, context)
    if context.get("personal_url", "") not in said["body_text"]:
        context["personal_url"] = ""  # the foot speaks of « the page above »
    return write(
        template=chosen.message_name, language=language, context={**context, **said}, **parts
    )
