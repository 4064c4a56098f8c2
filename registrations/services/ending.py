"""A registration ends, and what it said of needs is forgotten."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from events.models import Edition
from registrations import emails
from registrations.models import Change, Needs, Registration
from registrations.services.accrediting import end_accreditation
from registrations.services.transaction import changing_seats


def cancel(
    registration: Registration, *, notify: bool = True, by: str = Change.By.PERSON, user=None
) -> bool:
    """Cancel; seats and place go to the next in line in the same transaction. False: not live.

    `notify` is about the person who leaves: whoever wins a seat is told in any case.
    """
    with changing_seats(registration.edition_id, by=by, user=user, whose=registration) as (
        seats,
        history,
    ):
        history.letters[registration.pk] = emails.cancelled if notify else None
        end_accreditation(registration)
        return seats.cancel(registration)


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
    registration or its edition is cancelled (RGPD art. 5.1.e, storage limitation).
    """
    last_day = timezone.localdate() - timedelta(days=settings.NEEDS_KEPT_DAYS)
    over = Q(registration__edition__ends_on__lt=last_day) | Q(
        registration__edition__ends_on=None, registration__edition__starts_on__lt=last_day
    )
    called_off = Q(registration__edition__state=Edition.State.CANCELLED) | Q(
        registration__state=Registration.State.CANCELLED
    )
    return Needs.objects.filter(over | called_off).delete()[0]
