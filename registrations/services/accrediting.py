"""The press asks to come; the team accepts, refuses or withdraws.

The only writer of an accreditation's state, but for its end with the registration (ending.py) and
a merge (merging.py). It opens releases under embargo to whoever holds the personal link of its
registration, so it is worth as much as that link: see `_registration_of`.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Edition
from raict.errors import DomainError
from raict.mail.models import Message
from registrations import emails
from registrations.models import Accreditation, Category, Registration
from registrations.services.deciding import approve
from registrations.services.links import LINK_PAUSE, send_link_to
from registrations.services.registering import register

# The category of the badge: registrations/migrations/0002_categories.py.
PRESS = "presse"
_S = Accreditation.State


class AccreditationClosed(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    def __init__(self) -> None:
        super().__init__(_("Accreditation for this edition is closed."))


# ---------------------------------------------------------------------------------- the person
def ask_accreditation(*, edition: Edition, person: Mapping, language: str) -> Accreditation:
    """Write the request, and say so by mail. `person` holds its columns, the letter among them.

    Where one stands already for that e-mail, nothing is changed, the person is told where it is, and
    that one is returned: the answer tells a stranger nothing.
    """
    if not edition.takes_accreditations:
        raise AccreditationClosed
    standing = edition.accreditations.standing().of_email(person["email"])
    if again := standing.select_related("registration__edition").first():
        _remind(again)
        return again
    accreditation = Accreditation(edition=edition, language=language, **person)
    accreditation.full_clean(exclude=["edition"], validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            accreditation.save(force_insert=True)
            emails.accreditation_received(accreditation)
    except Exception as error:
        accreditation.letter.delete(save=False)  # without a row, nobody would ever delete it
        # The same form sent twice at once: one of the two is written, and its mail is on its way.
        if isinstance(error, IntegrityError) and (twin := standing.first()):
            return twin
        raise
    return accreditation


def _remind(accreditation: Accreditation) -> None:
    """At most one mail for an address in ten minutes, whoever asks."""
    if accreditation.registration:
        send_link_to(accreditation.registration)
        return
    with transaction.atomic():
        # The lock makes two requests at once stand in line (SQLite: BEGIN IMMEDIATE does).
        Accreditation.objects.select_for_update(no_key=True).get(pk=accreditation.pk)
        recent = Message.objects.filter(
            reference=accreditation.reference, created_at__gt=timezone.now() - LINK_PAUSE
        )
        if not recent.exists():
            emails.accreditation_received(accreditation, is_again=True)


# ------------------------------------------------------------------------------------ the team
def accredit(
    accreditation: Accreditation, *, message: str = "", seen: str = _S.ASKED, user=None
) -> bool:
    """Accept: a press registration with its badge, one mail with the personal link. False: decided.

    `seen` is the state that the team had before its eyes: a decision taken meanwhile stands. Whoever
    is registered already keeps registration and category, and is accredited with it.
    """
    with transaction.atomic():
        row = _locked(accreditation)
        if row.state != seen or row.state == _S.ACCEPTED:
            return False
        if row.edition.state == Edition.State.CANCELLED:
            raise DomainError(_("This edition is cancelled: nobody can be accredited."))
        row.registration = _registration_of(row, user)
        _refuse_second(row)
        _decide(row, _S.ACCEPTED, message, user)
        emails.accredited(row)
    accreditation.refresh_from_db()
    return True


def refuse_accreditation(
    accreditation: Accreditation, *, reason: str, seen: str = _S.ASKED, user=None
) -> bool:
    """Refuse, or withdraw what was accepted (`seen`), and say why by mail. False: decided already.

    Access to releases under embargo ends at once; the registration and its badge stand.
    """
    if not reason.strip():
        raise DomainError(_("Say why: the person reads it."), field="reason")
    with transaction.atomic():
        row = _locked(accreditation)
        if row.state != seen or row.state not in Accreditation.STANDING:
            return False
        ended = _S.WITHDRAWN if row.state == _S.ACCEPTED else _S.REFUSED
        _decide(row, ended, reason, user)
        emails.accreditation_refused(row)
    accreditation.refresh_from_db()
    return True


def _locked(accreditation: Accreditation) -> Accreditation:
    rows = Accreditation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("edition__venue").get(pk=accreditation.pk)


def _decide(row: Accreditation, state: str, reason: str, user) -> None:
    row.state, row.reason = state, reason.strip()
    row.decided_at, row.decided_by = timezone.now(), user
    row.save(update_fields=["state", "reason", "decided_at", "decided_by", "registration"])


def _registration_of(row: Accreditation, user) -> Registration:
    """The live registration of that address, or a new one; links to it that were sent so far die.

    Whoever holds an older link need not read that mailbox: an address can be corrected to somebody
    else's. The link that opens releases under embargo leaves with the mail of the acceptance.
    """
    live = (
        row.edition.registrations.live().of_email(row.email).select_related("edition", "category")
    )
    registration = live.first() or register(
        edition=row.edition,
        person=_person(row),
        language=row.language,
        notify=False,
        by_staff=True,
        user=user,
    )
    if registration.state == Registration.State.REFUSED:
        raise DomainError(_("The registration of this person was refused: confirm that one first."))
    # Before the row is held: whoever changes seats takes the edition first.
    if registration.category.key == PRESS and registration.state == Registration.State.PENDING:
        approve(registration, user=user, notify=False)
    # It may be cancelled, or become somebody else's, at this very moment.
    if not live.filter(pk=registration.pk).update(key_version=F("key_version") + 1):
        raise DomainError(_("The registration of this person has just changed. Please try again."))
    return Registration.objects.select_related("edition__venue", "category").get(pk=registration.pk)


def _person(row: Accreditation) -> dict:
    category = Category.objects.filter(key=PRESS).first()
    if category is None:
        raise DomainError(_("No category has the key “%(key)s”: add it.") % {"key": PRESS})
    names = ("civility", "first_name", "last_name", "email")
    return {
        **{name: getattr(row, name) for name in names},
        "country": row.country.code,
        "organisation": row.medium,
        "category": category,
    }


def _refuse_second(row: Accreditation) -> None:
    """Somebody who was refused may have asked anew, or been accredited under another address."""
    standing = row.edition.accreditations.standing().exclude(pk=row.pk)
    same = standing.of_email(row.email).values("pk")
    if standing.filter(Q(pk__in=same) | Q(registration=row.registration)).exists():
        raise DomainError(_("Another accreditation of this person stands: look at that one."))


# ------------------------------------------------------------------------------------- the end
def forget_papers() -> int:
    """Delete letters and press card numbers that have served; of how many accreditations.

    They are kept for settings.PRESS_PAPERS_KEPT_DAYS after the edition's last day, and not at all
    once the edition is cancelled (RGPD art. 5.1.e, storage limitation). The file goes before its
    name does, so that nothing is left behind if the work stops between the two.
    """
    last_day = timezone.localdate() - timedelta(days=settings.PRESS_PAPERS_KEPT_DAYS)
    over = Q(edition__ends_on__lt=last_day) | Q(
        edition__ends_on=None, edition__starts_on__lt=last_day
    )
    called_off = Q(edition__state=Edition.State.CANCELLED)
    with_papers = Accreditation.objects.exclude(letter="", card_number="")
    forgotten = 0
    for accreditation in with_papers.filter(over | called_off):
        accreditation.letter.delete(save=False)
        accreditation.card_number = ""
        accreditation.save(update_fields=["letter", "card_number"])
        forgotten += 1
    return forgotten
