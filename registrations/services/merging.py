"""Two registrations of one person become one; several spellings of an organisation become one."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from raict.errors import DomainError
from registrations import emails, rules
from registrations.history import History
from registrations.models import (
    Accreditation,
    Booking,
    CafePreference,
    Change,
    CheckIn,
    Consent,
    Needs,
    Notice,
    Organisation,
    Registration,
)
from registrations.services.person import differences_of, write_person
from registrations.services.sessions import write_wishes
from registrations.services.transaction import changing_seats
from sessions.models import Session

# What may differ, and is chosen value by value.
FIELDS = (
    *("civility", "title", "first_name", "last_name", "email", "function"),
    *("organisation", "country", "category", "language"),
)
_NEEDS = ("diet", "access", "interpretation")


class ChangedSince(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    def __init__(self) -> None:
        super().__init__(
            _("These registrations have changed since this page was opened. Look at them again.")
        )


@dataclass(frozen=True)
class Plan:
    """What a merge will do, in sentences; nothing else moves, nothing else ends."""

    moves: list[str]
    ends: list[str]
    digest: str


def plan(survivor: Registration, other: Registration) -> Plan:
    """Reads only. Raises where the two cannot be merged."""
    rules.refuse_merging(survivor, other)
    mine, theirs = _bookings(survivor), _bookings(other)
    both = rules.united(mine, theirs, survivor.edition.walking)
    moves = [_said(booking) for booking in both.moved]
    ends = [_said(booking) for booking in both.ended]
    for moved, ended in (
        _wishes(survivor, other),
        _check_ins(survivor, other),
        _consents(survivor, other),
        _needs(survivor, other),
        _accreditations(survivor, other),
    ):
        moves += moved
        ends += ended
    rows = [str(getattr(one, name)) for one in (survivor, other) for name in (*FIELDS, "state")]
    text = "\n".join([str(survivor.pk), str(other.pk), *rows, *moves, "", *ends])
    return Plan(moves, ends, hashlib.sha256(text.encode()).hexdigest())


def merge(
    survivor: Registration,
    other: Registration,
    *,
    theirs: Collection[str],
    seen: str,
    user=None,
) -> bool:
    """`survivor` goes on with everything that both have; `other` ends in it. False: merged already.

    `theirs` are the columns whose value comes from `other`. `seen` is the digest of the plan that
    the team read: where the rows have changed since, ChangedSince, and nothing is done. The
    surviving address receives one mail with its link; the other's link leads to a page where it can
    be asked for.
    """
    with transaction.atomic():
        if "organisation" in theirs and other.organisation_id:
            Organisation.objects.held(other.organisation_id)  # before the edition: as who registers
        with changing_seats(survivor.edition_id, by=Change.By.TEAM, user=user) as (seats, history):
            for one in sorted((survivor, other), key=lambda row: row.pk):
                seats.renew(one)
            if other.merged_into_id == survivor.pk:
                return False
            if plan(survivor, other).digest != seen:
                raise ChangedSince
            history.letters = {survivor.pk: emails.merged, other.pk: None}
            _note(history, survivor, other, theirs)
            chosen = {name: getattr(other, name) for name in theirs if name in FIELDS}
            seats.absorb(survivor, other)
            _write(survivor, other, chosen)
            _move(survivor, other)
    return True


def _note(
    history: History, survivor: Registration, other: Registration, theirs: Collection[str]
) -> None:
    chosen = {name: getattr(other, name) for name in theirs}
    changed = [
        name for name in FIELDS if name in chosen and chosen[name] != getattr(survivor, name)
    ]
    differences = [differences_of(survivor, chosen, changed)] if changed else []
    into = _("merged with %(name)s, %(email)s")
    for one, from_ in ((survivor, other), (other, survivor)):
        said = into % {"name": from_, "email": from_.email}
        detail = " ; ".join([said, *(differences if one == survivor else [])])
        history.note(one, Change.Action.MERGED, detail=detail)


def _write(survivor: Registration, other: Registration, chosen: Mapping) -> None:
    changed = [name for name, value in chosen.items() if getattr(survivor, name) != value]
    if changed:
        write_person(survivor, chosen, changed)
    # Whoever holds an older link need not be the one who was accredited: see accrediting.py.
    if "email" not in changed and other.accreditations.accepted().exists():
        survivor.key_version += 1
    survivor.is_followed = survivor.is_followed or other.is_followed
    survivor.save(update_fields=["key_version", "is_followed"])


def _move(survivor: Registration, other: Registration) -> None:
    other.merged.update(merged_into=survivor)
    _move_wishes(survivor, other)
    _move_check_ins(survivor, other)
    given = survivor.consents.values("purpose")
    Consent.objects.filter(registration=other).exclude(purpose__in=given).update(
        registration=survivor
    )
    if needs := _united_needs(survivor, other):
        Needs.objects.update_or_create(registration=survivor, defaults=needs)
        Needs.objects.filter(registration=other).delete()
    told = survivor.notices.values("announcement")
    Notice.objects.filter(registration=other, told_at=None).exclude(announcement__in=told).update(
        registration=survivor
    )
    if survivor.accreditations.accepted().exists():
        other.accreditations.accepted().update(
            state=Accreditation.State.WITHDRAWN,
            reason=_("The registration was merged with another one that is accredited."),
            decided_at=timezone.now(),
            decided_by=None,
        )
    other.accreditations.update(registration=survivor)


# ------------------------------------------------------------------------------------ its parts
def _bookings(registration: Registration) -> list[Booking]:
    return list(registration.bookings.standing().select_related("session__edition").order_by("pk"))


def _said(booking: Booking) -> str:
    words = {"session": booking.session.name, "state": booking.get_state_display()}
    return _("“%(session)s”: %(state)s") % words


def _united_wishes(survivor: Registration, other: Registration) -> list[Session]:
    """Mine first, then theirs."""
    wishes = [*survivor.cafe_wishes(), *other.cafe_wishes()]
    return list(dict.fromkeys(wish.session for wish in wishes))


def _wishes(survivor: Registration, other: Registration) -> tuple[list[str], list[str]]:
    cafes = _united_wishes(survivor, other)
    mine = len(survivor.cafe_wishes())
    said = [_("café wish “%(session)s”") % {"session": cafe.name} for cafe in cafes]
    return said[mine : CafePreference.MAX_RANK], said[CafePreference.MAX_RANK :]


def _move_wishes(survivor: Registration, other: Registration) -> None:
    cafes = _united_wishes(survivor, other)[: CafePreference.MAX_RANK]
    CafePreference.objects.filter(registration__in=[survivor, other]).delete()
    write_wishes(survivor, cafes)


def _twice_there(survivor: Registration, other: Registration) -> dict[int, CheckIn]:
    """My check-ins in sessions where the other has one too."""
    theirs = other.check_ins.values("session")
    return {one.session_id: one for one in survivor.check_ins.filter(session__in=theirs)}


def _check_ins(survivor: Registration, other: Registration) -> tuple[list[str], list[str]]:
    twice = _twice_there(survivor, other)
    moves, ends = [], []
    for one in other.check_ins.select_related("session").order_by("pk"):
        at = date_format(timezone.localtime(one.at), "SHORT_DATETIME_FORMAT")
        said = _("arrival at “%(session)s”, %(at)s") % {"session": one.session.name, "at": at}
        if one.session_id in twice:
            ends.append(_("%(arrival)s: noted twice, the earlier one stays") % {"arrival": said})
        else:
            moves.append(said)
    return moves, ends


def _move_check_ins(survivor: Registration, other: Registration) -> None:
    for session_id, mine in _twice_there(survivor, other).items():
        theirs = other.check_ins.get(session=session_id)
        CheckIn.objects.filter(pk=mine.pk).update(at=min(mine.at, theirs.at))
        theirs.delete()
    other.check_ins.update(registration=survivor)


def _consents(survivor: Registration, other: Registration) -> tuple[list[str], list[str]]:
    """Given to either is given, in the words that were read; what both gave is kept where it is."""
    given = set(survivor.consents.values_list("purpose", flat=True))
    moved = [one for one in other.consents.all() if one.purpose not in given]
    consent = _("agreement: %(purpose)s")
    return [consent % {"purpose": one.get_purpose_display()} for one in moved], []


def _united_needs(survivor: Registration, other: Registration) -> dict[str, str]:
    """Both, where they differ, as far as there is room; empty where the other has none."""
    rows = {
        one.registration_id: one for one in Needs.objects.filter(registration__in=[survivor, other])
    }
    if other.pk not in rows:
        return {}
    found = {}
    for name in _NEEDS:
        texts = [getattr(rows[pk], name) for pk in (survivor.pk, other.pk) if pk in rows]
        both = " ; ".join(dict.fromkeys(text for text in texts if text))
        fits = len(both) <= Needs._meta.get_field(name).max_length
        found[name] = both if fits else texts[0]
    return found


def _needs(survivor: Registration, other: Registration) -> tuple[list[str], list[str]]:
    """Only what has no room: whether there are needs is not for everybody who merges."""
    united = _united_needs(survivor, other)
    theirs = Needs.objects.filter(registration=other).values(*_NEEDS).first() or {}
    said = _("needs (%(what)s)")
    return [], [
        said % {"what": Needs._meta.get_field(name).verbose_name}
        for name, text in theirs.items()
        if text not in united[name]
    ]


def _accreditations(survivor: Registration, other: Registration) -> tuple[list[str], list[str]]:
    has_one = survivor.accreditations.accepted().exists()
    moves, ends = [], []
    for one in other.accreditations.order_by("pk"):
        words = {"medium": one.medium, "state": one.get_state_display()}
        said = _("accreditation for %(medium)s: %(state)s") % words
        is_second = has_one and one.state == Accreditation.State.ACCEPTED
        (ends if is_second else moves).append(said)
    return moves, ends


def merge_organisations(
    survivor: Organisation, others: Sequence[Organisation], *, values: Mapping, user=None
) -> int:
    """`others` go on in `survivor`, which is written with `values`; how many were merged.

    Registrations, memberships and other names move; each spelling finds the survivor from now on,
    and each registration has a line in its history. Safe to repeat: rows that are gone are no more.
    """
    with transaction.atomic():
        keys = [survivor.pk, *(one.pk for one in others)]
        # FOR UPDATE waits for whoever is registering for one of them (OrganisationQuerySet.held).
        rows = Organisation.objects.select_for_update().filter(pk__in=keys).order_by("pk")
        found = {row.pk: row for row in rows}
        if survivor.pk not in found:
            raise DomainError(_("This organisation is no more: it was merged meanwhile."))
        kept = found.pop(survivor.pk)
        spelled = [(row.name, row.name_folded, row.country.code) for row in (kept, *found.values())]
        for row in found.values():
            _move_organisation(row, kept, values.get("name", kept.name), user)
        Organisation.objects.filter(pk__in=list(found)).delete()
        for name, value in values.items():
            setattr(kept, name, value)
        kept.save()
        _remember(kept, spelled)
    return len(found)


def _move_organisation(row: Organisation, kept: Organisation, name: str, user) -> None:
    label = Registration._meta.get_field("organisation").verbose_name
    moved = list(row.registrations.order_by("pk"))
    Change.objects.bulk_create(
        Change(
            registration=one,
            action=Change.Action.CORRECTED,
            detail=f"{label} : {row.name} → {name}"[:500],
            by=Change.By.TEAM,
            user=user,
        )
        for one in moved
    )
    if row.name != name:
        printed = row.registrations.live().filter(badge_made_at__isnull=False)
        printed.update(badge_changed_at=timezone.now())
    row.registrations.update(organisation=kept)
    years = kept.memberships.values("year")
    row.memberships.exclude(year__in=list(years.values_list("year", flat=True))).update(
        organisation=kept
    )
    row.other_names.update(organisation=kept)


def _remember(kept: Organisation, spelled: Sequence[tuple[str, str, str]]) -> None:
    """Each spelling but the one that the row itself has."""
    for name, folded_name, country in spelled:
        if (folded_name, country) != (kept.name_folded, kept.country.code):
            kept.other_names.update_or_create(
                name_folded=folded_name, country=country, defaults={"name": name}
            )
    kept.other_names.filter(name_folded=kept.name_folded, country=kept.country.code).delete()
