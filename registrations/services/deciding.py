"""The team decides: confirmed, refused, put on the waiting list, cancelled. One by one, or many."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import IntegrityError
from django.utils.translation import gettext as _

from raict.errors import DomainError
from raict.jobs.running import Run
from registrations import emails
from registrations.models import Change, Registration
from registrations.rules import AddressRegistered
from registrations.services.ending import cancel, end_accreditation
from registrations.services.links import send_link_to
from registrations.services.transaction import changing_seats


def approve(
    registration: Registration, *, reason: str = "", notify: bool = True, user=None
) -> bool:
    """Confirm whoever awaits approval, waits for a place, was refused or has cancelled.

    The person receives badge and calendar, and the team's `reason`. False: confirmed already.
    Raises NoPlaceLeft, and AddressRegistered.
    """
    try:
        with _deciding(registration, user) as (seats, history):
            _say(history, registration, emails.approved if notify else None, reason)
            return seats.confirm(registration)
    except IntegrityError:  # somebody registers with the same address at this moment
        raise AddressRegistered from None


def refuse(registration: Registration, *, reason: str = "", notify: bool = True, user=None) -> bool:
    """Refuse; seats and place go to the next in line. False: it had ended already.

    The address stays taken: who registers again with it receives the link to their page, which says
    how it is. Only the team opens the registration again.
    """
    with _deciding(registration, user) as (seats, history):
        _say(history, registration, emails.refused if notify else None, reason)
        end_accreditation(registration)
        return seats.end(registration, Registration.State.REFUSED, Change.Action.REFUSED)


def defer(
    registration: Registration,
    *,
    reason: str = "",
    notify: bool = True,
    among: Collection[int] = (),
    user=None,
) -> bool:
    """To the end of the edition's waiting list; seats go to the next in line. False: has no place.

    Raises NobodyWaits where the place would only come back to this person, or go to `among`: the
    keys of those who are put on the list together.
    """
    with _deciding(registration, user) as (seats, history):
        _say(history, registration, emails.deferred if notify else None, reason)
        return seats.defer(registration, among)


def _deciding(registration: Registration, user):
    return changing_seats(registration.edition_id, by=Change.By.TEAM, user=user, whose=registration)


def _say(history, registration: Registration, letter: Callable | None, reason: str) -> None:
    """In the letter, and in the history."""
    history.reasons[registration.pk] = reason
    history.letters[registration.pk] = letter and partial(letter, reason=reason)


# ------------------------------------------------------------------------------------------- many
# The decisions by name: of the list, the buttons and the jobs.
DECISIONS: dict[str, Callable[..., bool]] = {
    "approve": approve,
    "refuse": refuse,
    "defer": defer,
    "cancel": partial(cancel, by=Change.By.TEAM),
    "send_link": lambda registration, **_more: registration.is_live and send_link_to(registration),
}


@dataclass(frozen=True)
class Outcome:
    """What came of one: changed, left as it was, or refused with a sentence."""

    registration: Registration
    is_changed: bool
    refusal: str = ""


def decide_each(
    decision: str, keys: Sequence[int], *, reasons: Mapping[str, str], user=None
) -> Iterator[Outcome]:
    """One transaction each, in the order of the keys; one that is refused does not stop the others.

    `reasons`: language → what somebody who reads that language is told. Safe to repeat: what is
    decided already stays as it is, and nobody is told twice.
    """
    act = DECISIONS[decision]
    if decision == "defer":
        act = partial(act, among=frozenset(keys))
    for registration in _rows(keys):
        reason = reasons.get(registration.language, "")
        try:
            yield Outcome(registration, act(registration, reason=reason, user=user))
        except DomainError as refusal:
            yield Outcome(registration, is_changed=False, refusal=refusal.message)


def _rows(keys: Sequence[int], size: int = 200) -> Iterator[Registration]:
    """Each read shortly before its turn."""
    rows = Registration.objects.select_related("edition__venue", "organisation", "category")
    for start in range(0, len(keys), size):
        batch = rows.in_bulk(keys[start : start + size])
        yield from (batch[key] for key in keys[start : start + size] if key in batch)


def tally(outcomes: Iterable[Outcome], count: Callable, say: Callable) -> None:
    """Count what came of each and name those who were refused, for a job or for a page."""
    for outcome in outcomes:
        if outcome.refusal:
            count(_("Not possible"))
            words = {"name": outcome.registration, "why": outcome.refusal}
            say(_("%(name)s: %(why)s") % words)
        else:
            count(_("Changed") if outcome.is_changed else _("Left as they were"))


def decide_many(run: Run) -> None:
    """The job: `arguments` are those of `decide_each`."""
    keys = run.arguments["keys"]
    outcomes = decide_each(
        run.arguments["decision"], keys, reasons=run.arguments["reasons"], user=run.user
    )

    def watched() -> Iterator[Outcome]:
        for number, outcome in enumerate(outcomes):
            run.progress(number, len(keys))
            yield outcome
        run.progress(len(keys), len(keys))

    tally(watched(), run.count, run.say)
