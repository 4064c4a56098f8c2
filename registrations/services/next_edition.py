"""« Prepare the next edition »: a draft with what stays from year to year, in one transaction.

Whatever hangs on an edition is a `Part` of its app, or is left on purpose: the test names each model
with its reason. Nothing of the participants is copied. A new kind of row that the
team sets up for each edition is copied by adding its Part to PARTS.
"""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import next_edition as of_events
from events.models import Edition
from events.next_edition import Copying, Part, Plan, new_edition
from raict.errors import DomainError
from registrations.models import Quota, TimedLetter, Wording
from registrations.services.lines import settle
from sessions import next_edition as of_sessions


def _quotas(edition: Edition):
    return Quota.objects.filter(session__edition=edition)


def _copy_quotas(copying: Copying) -> None:
    """The seats that they keep are counted anew, as after any other change of quotas."""
    quotas = [
        Quota(
            session=copying.copies[quota.session],
            category_id=quota.category_id,
            is_for_abroad=quota.is_for_abroad,
            seats=quota.seats,
            until=copying.plan.moved(quota.until),
        )
        for quota in _quotas(copying.plan.source).select_related("session")
    ]
    Quota.objects.bulk_create(quotas)
    for session in {quota.session for quota in quotas}:
        settle(session)


def _copy_rows(copying: Copying, rows: QuerySet, **changed) -> None:
    copies = list(rows)
    for row in copies:
        row.pk, row.edition = None, copying.target
        for name, value in changed.items():
            setattr(row, name, value)
    rows.model.objects.bulk_create(copies)


def _copy_wordings(copying: Copying) -> None:
    _copy_rows(copying, copying.plan.source.wordings.all())


def _copy_timed_letters(copying: Copying) -> None:
    """Nothing leaves by itself before somebody has read it again."""
    _copy_rows(copying, copying.plan.source.timed_letters.all(), is_active=False)


PARTS = (
    *of_events.PARTS,
    *of_sessions.PARTS,
    Part(
        "quotas",
        gettext_lazy("quotas of the sessions"),
        Quota,
        lambda edition: _quotas(edition).count(),
        _copy_quotas,
        help=gettext_lazy("Their last day moves with the first day of the edition."),
        after="sessions",
    ),
    Part(
        "wordings",
        gettext_lazy("mails of the site in the team’s own words"),
        Wording,
        lambda edition: edition.wordings.count(),
        _copy_wordings,
        help=gettext_lazy("To be read again: what names that year stays as it is."),
    ),
    Part(
        "timed_letters",
        gettext_lazy("timed mails"),
        TimedLetter,
        lambda edition: edition.timed_letters.count(),
        _copy_timed_letters,
        help=gettext_lazy("Inactive: read them again, then make them active."),
    ),
)


def prepare(plan: Plan) -> Copying:
    """The next edition, a draft, with the parts that were chosen; DomainError when it exists.

    The number is unique in the database: of two at once, one comes too late and is told.
    """
    try:
        with transaction.atomic():
            copying = Copying(plan, new_edition(plan))
            copying.target.save(force_insert=True)
            for part in PARTS:
                if part.key in plan.parts:
                    part.copy(copying)
    except IntegrityError:
        if Edition.objects.filter(number=plan.number).exists():
            raise DomainError(_("This edition exists already."), field="number") from None
        raise
    return copying
