"""Who somebody is: corrected, passed on to a colleague, completed with later answers."""

from collections.abc import Mapping
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from raict.errors import DomainError
from raict.typography import folded
from registrations import emails, rules
from registrations.history import History
from registrations.models import Change, Consent, Needs, Organisation, Registration
from registrations.services.accrediting import end_accreditation
from registrations.services.organisations import find_organisation, write_organisation
from registrations.services.transaction import LinkReplaced

# What stands on the badge.
_ON_BADGE = {"title", "first_name", "last_name", "function", "organisation", "country", "category"}


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
        row = _lock(registration, by)
        if "organisation" in person:
            organisation = _organisation(row, person)
            if by == Change.By.PERSON:
                _refuse_leaving(row, organisation)
            person = {**person, "organisation": write_organisation(organisation)}
        changed = [name for name, value in person.items() if getattr(row, name) != value]
        if not changed:
            return False
        before = row.email
        history = History(by, user, whose=row)
        history.note(row, Change.Action.CORRECTED, detail=_differences(row, person, changed))
        _write(row, person, changed)
        history.letters[row.pk] = emails.corrected
        if "email" in changed:
            emails.moved(row, before)
            history.letters[row.pk] = partial(emails.corrected, is_new_address=True)
        history.save()
        emails.tell(history)
    registration.refresh_from_db()
    return True


def _lock(registration: Registration, by: str) -> Registration:
    """The row as it is now, ours until the transaction ends. Raises LinkReplaced."""
    row = Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)
    if by == Change.By.PERSON and row.key_version != registration.key_version:
        raise LinkReplaced
    return row


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
            raise DomainError(_("This registration is cancelled."))
        if row.email.lower() == person["email"].lower():
            raise AddressTaken
        former = Registration.objects.get(pk=registration.pk)  # as the mail to them says it
        history = History(by, user, whose=row)
        names = f"{row.full_name} <{row.email}>"
        _write(row, person, list(person))
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
            raise DomainError(_("This registration is cancelled."))
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


def _write(row: Registration, person: Mapping, changed: list[str]) -> None:
    for name in changed:
        setattr(row, name, person[name])
    columns = list(changed)
    if "email" in changed:
        row.key_version += 1
        columns.append("key_version")
    if row.badge_made_at and _ON_BADGE & set(changed):
        row.badge_changed_at = timezone.now()
        columns.append("badge_changed_at")
    try:
        with transaction.atomic():
            row.save(update_fields=columns)
    except IntegrityError:
        raise AddressTaken from None


def _differences(row: Registration, person: Mapping, changed: list[str]) -> str:
    """« Prénom : Awa → Aïcha ; … », for the history."""
    parts = []
    for name in changed:
        field = Registration._meta.get_field(name)
        parts.append(f"{field.verbose_name} : {getattr(row, name) or '–'} → {person[name] or '–'}")
    return " ; ".join(parts)
