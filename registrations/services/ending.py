"""A registration ends, and what it said of needs is forgotten."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import Edition
from registrations import emails
from registrations.models import Accreditation, Change, Needs, Registration
from registrations.services.transaction import changing_seats


def cancel(
    registration: Registration,
    *,
    reason: str = "",
    notify: bool = True,
    by: str = Change.By.PERSON,
    user=None,
) -> bool:
    """Cancel; seats and place go to the next in line in the same transaction. False: not live.

    `reason` is the team's word to the person. `notify` is about the person who leaves: whoever wins
    a seat is told in any case.
    """
    with changing_seats(registration.edition_id, by=by, user=user, whose=registration) as (
        seats,
        history,
    ):
        history.reasons[registration.pk] = reason
        letter = partial(emails.cancelled, reason=reason)
        history.letters[registration.pk] = letter if notify else None
        end_accreditation(registration)
        return seats.end(registration, Registration.State.CANCELLED, Change.Action.CANCELLED)


def end_accreditation(registration: Registration, *, is_passed: bool = False) -> None:
    """It is the person's own: it ends with their registration, and goes to no heir (`is_passed`)."""
    with override(settings.LANGUAGE_CODE):  # for the team
        reason = (
            _("The place was passed on to somebody else.")
            if is_passed
            else _("The registration was cancelled.")
        )
    registration.accreditations.accepted().update(
        state=Accreditation.State.WITHDRAWN,
        reason=reason,
        decided_at=timezone.now(),
        decided_by=None,
    )
    if is_passed:
        registration.accreditations.update(registration=None)


def may_change(registration: Registration) -> bool:
    """People change and cancel by themselves until the edition's last day; then the figures stand."""
    edition = registration.edition
    if not registration.is_live or edition.state in (Edition.State.OVER, Edition.State.CANCELLED):
        return False
    last_day = edition.ends_on or edition.starts_on
    return last_day is None or last_day >= timezone.localdate()


def forget_needs() -> int:
    """Delete the needs that have served; how many there were.

    They may tell of health or religion, and the form promises that they go after the event: they
    are kept for settings.NEEDS_KEPT_DAYS after the edition's last day, and not at all once a
    registration has ended or its edition is cancelled (RGPD art. 5.1.e, storage limitation).
    """
    last_day = timezone.localdate() - timedelta(days=settings.NEEDS_KEPT_DAYS)
    over = Q(registration__edition__ends_on__lt=last_day) | Q(
        registration__edition__ends_on=None, registration__edition__starts_on__lt=last_day
    )
    called_off = Q(registration__edition__state=Edition.State.CANCELLED) | Q(
        registration__state__in=Registration.ENDED
    )
    return Needs.objects.filter(over | called_off).delete()[0]
