"""Each letter as a real registration would get it: for the preview, the test and the placeholders.

Nothing is written. Where a letter needs what this person does not have – an offer, a rank – there is
an example, and the personal link is one that leads nowhere.
"""

import copy
import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from raict.errors import DomainError
from raict.mail.models import Message
from raict.mail.outbox import compose
from raict.mail.wording import Letter, Words
from registrations import emails, rules
from registrations.letters import CIRCULAR, TIMED
from registrations.links import personal_url
from registrations.models import Accreditation, Booking, Change, Registration
from registrations.overview import Offer, overview
from registrations.services.telling import Moved
from sessions.models import Session
from sessions.moves import place_of

_A, _S = Change.Action, Registration.State
_ACTIONS = {
    "seat_offered": _A.OFFERED,
    "seat_won": _A.WON,
    "seat_displaced": _A.DISPLACED,
    "seat_expired": _A.EXPIRED,
    "place_given": _A.PLACED,
    "seats_changed": _A.RELEASED,
}


def sample(
    letter: Letter,
    registration: Registration,
    *,
    language: str,
    words: Words | None = None,
    write: Callable = compose,
) -> Message:
    """The letter as this person would read it in that language, not written to the outbox.

    DomainError where the words are broken, or the edition has nothing that the letter tells of.
    """
    person = copy.copy(registration)
    person.language = language
    with override(language):
        message = _MAKERS[letter.name](person, write=write, words=words)
    if isinstance(message, Message):
        _without_link(message, personal_url(person))
        message.attachments = []
    return message


def facts(letter: Letter, registration: Registration, language: str) -> dict:
    """What the placeholders of this letter are read from."""
    return sample(
        letter,
        registration,
        language=language,
        words=letter.shipped(language),
        write=lambda **parts: parts,
    )["context"]


def _without_link(message: Message, address: str) -> None:
    """Whoever may read a letter need not be able to act in somebody's name."""
    example = f"{settings.SITE_URL}/…/"
    message.text = message.text.replace(address, example)
    message.html = message.html.replace(address, example)


def _in_state(state: str, make: Callable) -> Callable:
    def made(person: Registration, **known) -> Message:
        person.state = state
        if state == _S.WAITING:
            known["line_rank"] = person.rank() or 3
        return make(person, **known)

    return made


def _decided(state: str, make: Callable) -> Callable:
    made = _in_state(state, make)
    return lambda person, **known: made(person, reason=_your_word(), **known)


def _your_word() -> str:
    return _("(Here stands what you write when you decide.)")


def _seats(action: str) -> Callable:
    def made(person: Registration, **known) -> Message:
        session = None if action == _A.PLACED else _session(person)
        change = Change(registration=person, action=action, session=session)
        if action == _A.OFFERED:
            until = timezone.now() + dt.timedelta(days=3)
            change.booking = Booking(session=session, offered_until=until)
            known["overview"] = replace(
                overview(person), offers=[Offer(change.booking, gives_back=[], leaves=[])]
            )
        return emails.seats_changed(person, [change], **known)

    return made


def _session(person: Registration) -> Session:
    """One of the person's own, else any of the edition."""
    own = Session.objects.filter(bookings__registration=person)
    of_edition = Session.objects.filter(edition=person.edition)
    session = own.first() or of_edition.exclude(start=None).first() or of_edition.first()
    if session is None:
        raise DomainError(_("The edition has no session yet: this letter cannot be shown."))
    return session


def _moved(*, clashes: bool) -> Callable:
    def made(person: Registration, **known) -> Message:
        session = _session(person)
        now = place_of(session)
        later = now._replace(day=now.day and now.day + dt.timedelta(days=1))
        said = (
            [str(rules.SessionsOverlap(session, session, person.edition.walking))]
            if clashes
            else []
        )
        return emails.programme_changed(person, [Moved(session, now, later, "")], said, **known)

    return made


def _request(state: str, make: Callable) -> Callable:
    def made(person: Registration, **known) -> Message:
        asked = Accreditation(
            edition=person.edition,
            registration=person,
            state=state,
            reason=_your_word(),
            medium=str(person.organisation or ""),
            **{
                name: getattr(person, name)
                for name in ("civility", "first_name", "last_name", "email", "language")
            },
        )
        return make(asked, **known)

    return made


_T = Accreditation.State
_MAKERS: dict[str, Callable] = {
    "registration_confirmed": _in_state(_S.CONFIRMED, emails.registered),
    "registration_approved": _decided(_S.CONFIRMED, emails.approved),
    "registration_pending": _in_state(_S.PENDING, emails.registered),
    "registration_waiting": _in_state(_S.WAITING, emails.registered),
    "registration_deferred": _decided(_S.WAITING, emails.deferred),
    "registration_refused": _decided(_S.REFUSED, emails.refused),
    "registration_link": emails.link,
    "registration_corrected": lambda person, **known: emails.corrected(
        person, is_new_address=True, **known
    ),
    "registration_moved": lambda person, **known: emails.moved(person, person.email, **known),
    "registration_passed": lambda person, **known: emails.passed_on(person, person, **known),
    "registration_received": emails.received,
    "registration_merged": emails.merged,
    "registration_cancelled": _decided(_S.CANCELLED, emails.cancelled),
    **{name: _seats(action) for name, action in _ACTIONS.items()},
    "programme_changed": _moved(clashes=False),
    "programme_choose": _moved(clashes=True),
    "accreditation_received": _request(_T.ASKED, emails.accreditation_received),
    "accreditation_accepted": _request(_T.ACCEPTED, emails.accredited),
    "accreditation_refused": _request(_T.REFUSED, emails.accreditation_refused),
    "accreditation_withdrawn": _request(_T.WITHDRAWN, emails.accreditation_refused),
    CIRCULAR.name: lambda person, **known: emails.circular(person, CIRCULAR.name, **known),
    TIMED.name: lambda person, **known: emails.circular(person, TIMED.name, **known),
}
