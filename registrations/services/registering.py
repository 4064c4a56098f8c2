"""A registration is made."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Edition
from raict.errors import DomainError
from raict.mail.models import Message
from raict.mail.outbox import compose, post
from registrations import emails, rules
from registrations.history import History
from registrations.models import (
    CafePreference,
    Change,
    Consent,
    Needs,
    Registration,
)
from registrations.overview import Overview
from registrations.seats import Seats
from registrations.services.links import send_link_to
from registrations.services.organisations import find_organisation, write_organisation
from registrations.services.sessions import write_wishes
from sessions.models import Session

_BATCH = 500


class RegistrationClosed(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    def __init__(self) -> None:
        super().__init__(_("Registration for this edition is not open."))


def register(  # noqa: PLR0913 -- keyword-only, one for each part of the form
    *,
    edition: Edition,
    person: Mapping,
    sessions: Iterable[Session] = (),
    lists: Iterable[Session] = (),
    cafes: Sequence[Session] = (),
    needs: Mapping[str, str] | None = None,
    consents: Mapping[str, str] | None = None,
    language: str = "fr",
    notify: bool = True,
    by_staff: bool = False,
    user=None,
) -> Registration:
    """Register a person: registration, organisation, seats, lines, wishes, needs, consents, mail.

    One transaction, all or nothing; a DomainError names the refusal. `person` holds the columns of
    the registration, with `organisation` as the name that was typed, or the row; `lists` are
    sessions whose waiting list is joined; `cafes` are in order of preference; `consents` maps a
    purpose to the words that were read. Beyond the edition's capacity the registration waits in
    line, with the sessions that it asks for.

    An e-mail that is registered already is refused for the same reasons as any other, so that the
    answer tells a stranger nothing. Where it would be accepted, nothing is changed, the person
    receives their link, and the registration that stands is returned.

    The team (`by_staff`, and `user` who it is) writes people in outside the window too, names a
    known organisation, and what it writes needs no approval.
    """
    if not (edition.takes_registrations or by_staff):
        raise RegistrationClosed
    # Each once, or the mail would name one twice.
    sessions, lists = list(dict.fromkeys(sessions)), list(dict.fromkeys(lists))
    cafes = list(cafes)
    organisation = find_organisation(person.get("organisation", ""), person["country"])
    rules.refuse_unbookable(edition, [*sessions, *lists], organisation)
    rules.refuse_wishes(edition, cafes)
    rules.refuse_overlaps(sessions, edition.walking)
    registration = Registration(
        **{**person, "organisation": organisation}, edition=edition, language=language
    )
    if edition.places_left != 0:
        rules.refuse_full(sessions, registration)
    standing = edition.registrations.standing().of_email(person["email"])
    if again := standing.first():
        if notify:
            send_link_to(again)
        return again
    if registration.category.needs_approval and not by_staff:
        registration.state = Registration.State.PENDING
    # The foreign keys were read a moment ago. The unique constraint has its own turn below, where it
    # means « twice at the same moment ».
    registration.full_clean(
        exclude=["organisation", "edition", "category"],
        validate_unique=False,
        validate_constraints=False,
    )
    history = History(Change.By.TEAM if by_staff else Change.By.PERSON, user, whose=registration)
    try:
        with transaction.atomic():
            wishes = _write(registration, cafes, needs or {}, consents or {})
            history.note(registration, Change.Action.REGISTERED)
            letter = _letter(registration, sessions, lists, wishes) if notify else None
            # Last, because it locks the edition until the end.
            held = Seats(edition.pk, history).admit(registration, sessions, lists)
            if letter and (not registration.is_placed or _versions(held) != _versions(sessions)):
                letter = emails.registered
            history.letters[registration.pk] = letter
            history.save()
            emails.tell(history)
    except IntegrityError:
        # The same form sent twice at once: one of the two is written, and its mail is on its way.
        if twin := standing.first():
            return twin
        raise
    return registration


def register_many(
    *, edition: Edition, people: Sequence[Registration], notify: bool, user=None
) -> list[Registration]:
    """`register` by the team, of many without sessions, in one transaction: all or nothing.

    `people` are registrations that nobody has written yet, checked (full_clean), each with its
    organisation and language; whose e-mail is registered already is the caller's to leave out. They
    get places in this order, and beyond the edition's capacity a turn each. What would be one query
    a person is one for all.
    """
    now = timezone.now()
    with transaction.atomic():
        history = History(Change.By.TEAM, user)
        for registration in people:
            registration.edition = edition
            registration.state = Registration.State.CONFIRMED
            registration.badge_made_at = now if notify else None  # it goes with the confirmation
            history.note(registration, Change.Action.REGISTERED)
        Seats(edition.pk, history).admit_all(people)
        Registration.objects.bulk_create(people, batch_size=_BATCH)
        for registration in people:
            history.letters[registration.pk] = emails.registered if notify else None
        history.save()
        emails.tell(history)
    return list(people)


def _write(
    registration: Registration,
    cafes: Sequence[Session],
    needs: Mapping[str, str],
    consents: Mapping[str, str],
) -> list[CafePreference]:
    """The rows; answers the wishes."""
    registration.organisation = write_organisation(registration.organisation)
    if registration.state == Registration.State.CONFIRMED:
        registration.badge_made_at = timezone.now()  # it goes with the confirmation
    registration.save(force_insert=True)
    wishes = write_wishes(registration, cafes)
    if any(needs.values()):
        Needs.objects.create(registration=registration, **needs)
    Consent.objects.bulk_create(
        Consent(
            registration=registration,
            purpose=purpose,
            wording=wording,
            language=registration.language,
        )
        for purpose, wording in consents.items()
    )
    return wishes


def _letter(
    registration: Registration,
    sessions: Sequence[Session],
    lists: Sequence[Session],
    wishes: list[CafePreference],
) -> Callable[[Registration], Message]:
    """What will be posted if all is given as asked: written before the lock, which it would prolong."""
    if lists or registration.edition.places_left == 0:
        return emails.registered
    last = (dt.date.max, dt.time.max)
    by_time = sorted(
        sessions, key=lambda one: (one.day or last[0], one.start or last[1], one.position)
    )
    message = emails.registered(
        registration, write=compose, wishes=wishes, overview=Overview(held=by_time)
    )
    return lambda _registration: post(message)


def _versions(sessions: Iterable[Session]) -> set[tuple[int, int]]:
    """Which sessions, and when and where they were when they were read."""
    return {(session.pk, session.revision) for session in sessions}
