"""Who somebody is: corrected, passed on to a colleague, completed with later answers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from raict.countries import country_title
from raict.errors import DomainError
from raict.typography import folded
from registrations import emails, rules
from registrations.history import History
from registrations.models import Change, Consent, Needs, Organisation, Registration
from registrations.services.ending import end_accreditation
from registrations.services.organisations import find_organisation, write_organisation
from registrations.services.transaction import LinkReplaced

_BATCH = 500  # keys in one query: SQLite takes no more than some thousand
# What stands on the badge.
_ON_BADGE = {"title", "first_name", "last_name", "function", "organisation", "country", "category"}


def _unseen(_done: int) -> None:
    """Progress that nobody follows."""


class AddressTaken(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    """It does not say that somebody is registered under it."""

    def __init__(self) -> None:
        super().__init__(
            _("This address cannot be used here. Give another one, or write to the team."),
            field="email",
        )


def correct(
    registration: Registration, person: Mapping, *, by: str = Change.By.PERSON, user=None
) -> bool:
    """Write the columns of `person`; False when nothing differs. Raises AddressTaken.

    `organisation` is the name that was typed, or the row. Nobody leaves a member organisation by
    themselves while holding or awaiting what is reserved for members.

    What stands on the badge marks it as changed. A new address makes the link sent so far
    worthless: the new one goes there, and the old address is told.
    """
    with transaction.atomic():
        # Two corrections at once stand in line.
        _hold_organisation(registration, person)
        row = _lock(registration, by)
        if "organisation" in person:
            organisation = _organisation(row, person)
            if by == Change.By.PERSON:
                _refuse_leaving(row, organisation)
            person = {**person, "organisation": write_organisation(organisation)}
        history = History(by, user, whose=row)
        columns = _correct(row, person, history)
        if not columns:
            return False
        with _addresses_once():
            row.save(update_fields=columns)
        history.save()
        emails.tell(history)
    registration.refresh_from_db()
    return True


def correct_many(
    people: Mapping[int, Mapping], *, notify: bool, user, progress: Callable = _unseen
) -> dict[int, Registration]:
    """`correct` by the team, of many in one transaction: key → columns; the rows as they are then.

    `organisation` is the row, or None. Without `notify`, only who gets another address is told: the
    old link is void, the new one has to go somewhere. Raises AddressTaken, and nothing is written.
    """
    with transaction.atomic():
        history = History(Change.By.TEAM, user)
        # In one order, so that two who correct many wait for each other in no circle.
        held = Registration.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
        held = held.select_related("edition__venue", "organisation", "category")
        rows = {}
        for start in range(0, len(people), _BATCH):
            rows |= held.in_bulk(list(people)[start : start + _BATCH])
        written: set[str] = set()
        for number, (pk, person) in enumerate(people.items()):
            written.update(_correct(rows[pk], person, history))
            if not notify and "email" not in person:
                history.letters[pk] = None
            progress(number)
        if written:
            with _addresses_once():
                Registration.objects.bulk_update(rows.values(), written, batch_size=_BATCH)
        history.save()
        emails.tell(history)
    return rows


def _correct(row: Registration, person: Mapping, history: History) -> list[str]:
    """Set what differs, and note whom to tell of it; the columns to be written, none: nothing differs."""
    changed = [name for name, value in person.items() if getattr(row, name) != value]
    if not changed:
        return []
    before = row.email
    history.note(row, Change.Action.CORRECTED, detail=differences_of(row, person, changed))
    columns = _set(row, person, changed)
    history.letters[row.pk] = emails.corrected
    if "email" in changed:
        emails.moved(row, before)
        history.letters[row.pk] = partial(emails.corrected, is_new_address=True)
    return columns


def _lock(registration: Registration, by: str) -> Registration:
    """The row as it is now, ours until the transaction ends. Raises LinkReplaced."""
    row = Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)
    if by == Change.By.PERSON and row.key_version != registration.key_version:
        raise LinkReplaced
    return row


def _hold_organisation(registration: Registration, person: Mapping) -> None:
    """Before the registration: a merge of organisations takes them in that order too."""
    country = person.get("country", registration.country.code)
    known = find_organisation(person.get("organisation"), country)
    if known and known.pk:
        Organisation.objects.held(known.pk)


def _organisation(row: Registration, person: Mapping) -> Organisation | None:
    """The one that is named, by the rule of the registration form.

    A name that stands as it was keeps the row where the country is the same, or the team has
    checked it: only a row that somebody typed belongs to the country that they corrected.
    """
    name, country = person["organisation"], person.get("country", row.country.code)
    standing = row.organisation
    is_same = standing and isinstance(name, str) and folded(name) == standing.name_folded
    if is_same and (standing.country == country or standing.is_checked):
        return standing
    return find_organisation(name, country)


def _refuse_leaving(row: Registration, organisation: Organisation | None) -> None:
    edition = row.edition
    if rules.is_member(organisation, edition) or not rules.is_member(row.organisation, edition):
        return
    reserved = row.bookings.standing().filter(session__is_members_only=True)
    for booking in reserved.select_related("session"):
        message = _(
            "“%(session)s” is reserved for members of %(organiser)s: leave it first, then change"
            " the organisation."
        )
        names = {"session": booking.session.name, "organiser": edition.organiser}
        raise DomainError(message % names, field="organisation")


def pass_on(
    registration: Registration, person: Mapping, *, by: str = Change.By.PERSON, user=None
) -> None:
    """Give the place to a colleague: seats, lines and organisation stay, everything personal goes.

    The old link dies; the colleague receives theirs, the former holder a word. Needs and consents
    were the former's own and are deleted, their accreditation ends. Raises AddressTaken, also for
    the same address.
    """
    with transaction.atomic():
        row = _lock(registration, by)
        if not row.is_live:
            raise DomainError(_("This registration has ended."))
        if row.email.lower() == person["email"].lower():
            raise AddressTaken
        former = Registration.objects.get(pk=registration.pk)  # as the mail to them says it
        history = History(by, user, whose=row)
        names = f"{row.full_name} <{row.email}>"
        write_person(row, person, list(person))
        history.note(row, Change.Action.PASSED, detail=f"{names} → {row.full_name} <{row.email}>")
        Needs.objects.filter(registration=row).delete()
        Consent.objects.filter(registration=row).delete()
        end_accreditation(row, is_passed=True)
        emails.passed_on(former, row)
        history.letters[row.pk] = emails.received
        history.save()
        emails.tell(history)
    registration.refresh_from_db()


def answer(
    registration: Registration,
    *,
    needs: Mapping[str, str],
    consents: Mapping[str, str],
    among: Mapping[str, str],
) -> bool:
    """Diet, access, interpretation and consents, later or anew; False when nothing differs.

    `consents` maps a purpose to the words read; those of `among` that it leaves out are withdrawn.
    """
    if not registration.edition.takes_answers:
        raise DomainError(_("These questions are closed. Write to the team."))
    with transaction.atomic():
        row = _lock(registration, Change.By.PERSON)
        if not row.is_live:
            raise DomainError(_("This registration has ended."))
        changed = _answer_needs(row, needs) | _answer_consents(row, consents, among)
        if changed:
            history = History(Change.By.PERSON, whose=row)
            history.note(row, Change.Action.ANSWERED)  # what was answered is nobody's history
            history.letters[row.pk] = None  # the page says it; health goes into no mail
            history.save()
    return changed


def _answer_needs(row: Registration, needs: Mapping[str, str]) -> bool:
    standing = Needs.objects.filter(registration=row)
    before = standing.values(*needs).first() or dict.fromkeys(needs, "")
    if before == dict(needs):
        return False
    if any(needs.values()):
        Needs.objects.update_or_create(registration=row, defaults=needs)
    else:
        standing.delete()
    return True


def _answer_consents(
    row: Registration, consents: Mapping[str, str], among: Mapping[str, str]
) -> bool:
    given = set(row.consents.values_list("purpose", flat=True))
    withdrawn = (given & set(among)) - set(consents)
    row.consents.filter(purpose__in=withdrawn).delete()
    new = [purpose for purpose in consents if purpose not in given]
    Consent.objects.bulk_create(
        Consent(registration=row, purpose=purpose, wording=consents[purpose], language=row.language)
        for purpose in new
    )
    return bool(withdrawn or new)


def write_person(row: Registration, person: Mapping, changed: list[str]) -> None:
    """The columns; a new address has a new link. Raises AddressTaken."""
    columns = _set(row, person, changed)
    with _addresses_once():
        row.save(update_fields=columns)


def _set(row: Registration, person: Mapping, changed: list[str]) -> list[str]:
    """The values on the row, and what follows from them; the columns that are to be written."""
    for name in changed:
        setattr(row, name, person[name])
    columns = list(changed)
    if "email" in changed:
        row.key_version += 1
        columns.append("key_version")
    if row.badge_made_at and _ON_BADGE & set(changed):
        row.badge_changed_at = timezone.now()
        columns.append("badge_changed_at")
    searched = Registration._meta.get_field("searched")
    searched.pre_save(row, add=False)  # bulk_update leaves it to us
    return list(searched.with_folded(columns))


@contextmanager
def _addresses_once() -> Iterator[None]:
    """An address that somebody else has is a refusal; what was written before it stays possible."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise AddressTaken from None


def differences_of(row: Registration, person: Mapping, changed: list[str]) -> str:
    """« Prénom : Awa → Aïcha ; … », for the history."""
    parts = []
    for name in changed:
        field = Registration._meta.get_field(name)
        was, now = (_said(name, value) for value in (getattr(row, name), person[name]))
        parts.append(f"{field.verbose_name} : {was} → {now}")
    return " ; ".join(parts)


def _said(name: str, value) -> str:
    """« Sénégal » for SN, « Mme » for mme: what people read."""
    if name == "country":
        return country_title(str(value)) or "–"
    choices = dict(Registration._meta.get_field(name).choices or [])
    return str(choices.get(value) or value or "–")
