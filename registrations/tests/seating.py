"""People with seats, by the one writer of seats, without a form and without mail."""

from django.db import transaction

from events.models import Edition
from raict.mail.models import Message
from registrations.history import History
from registrations.models import Change, Registration
from registrations.seats import Seats
from registrations.tests.factories import RegistrationFactory
from sessions.models import Session


def admit(registration: Registration, *sessions: Session, lists=()) -> Registration:
    with transaction.atomic():
        history = History(Change.By.PERSON, whose=registration)
        history.note(registration, Change.Action.REGISTERED)
        Seats(registration.edition_id, history).admit(registration, sessions, lists)
        history.save()
    return registration


def seated(edition: Edition, *sessions: Session, lists=(), **columns) -> Registration:
    """Somebody new, with seats in `sessions` and at the end of `lists`."""
    with transaction.atomic():
        return admit(RegistrationFactory(edition=edition, **columns), *sessions, lists=lists)


def counters(edition: Edition, *sessions: Session) -> list[int]:
    """Places taken, then the seats taken of each session."""
    edition.refresh_from_db()
    for session in sessions:
        session.refresh_from_db()
    return [edition.places_taken, *(session.seats_taken for session in sessions)]


def line(session: Session) -> list[int]:
    """Who waits, the first in line first."""
    return list(session.bookings.in_line().values_list("registration_id", flat=True))


def states(registration: Registration) -> dict[str, str]:
    """Short name or title of the session → state, released ones left out."""
    bookings = registration.bookings.exclude(state="released").select_related("session")
    return {one.session.title_fr: one.state for one in bookings}


def happened(registration: Registration) -> list[str]:
    """The actions of the history, in order."""
    return list(registration.changes.order_by("pk").values_list("action", flat=True))


def booking_of(registration: Registration, session: Session):
    return registration.bookings.exclude(state="released").get(session=session)


def full(edition: Edition, session: Session, seats: int = 1) -> list[Registration]:
    """So many people, who have all the seats of the session."""
    Session.objects.filter(pk=session.pk).update(capacity=seats)
    return [seated(edition, session) for _number in range(seats)]


def mails() -> list[tuple[str, str]]:
    """To whom which letter went, in order."""
    return list(Message.objects.order_by("pk").values_list("to", "template"))


def kept(session: Session) -> int:
    """Seats of the session that wait for their groups."""
    session.refresh_from_db()
    return session.seats_kept
