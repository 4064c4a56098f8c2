"""Mail that leaves by itself at a set moment: a group mail that begins when its hour has come.

It begins on its day or not at all: when no worker ran, it leaves later that day, never days after.
Who comes to be meant later – a registration of the last week – still gets it, until the event
begins.
"""

import logging
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import Edition
from registrations.letters import TIMED
from registrations.models import Circular, TimedLetter
from registrations.services import circulars

logger = logging.getLogger(__name__)
_A = TimedLetter.Anchor


def run_timed() -> int:
    """Begin what is due and add those who are meant since; how many people were written down."""
    active = TimedLetter.objects.filter(is_active=True).exclude(edition__state__in=circulars.SILENT)
    found = 0
    for timed in active.select_related("edition", "circular"):
        try:
            found += _run(timed)
        except Exception:  # one that fails keeps the others from nothing
            logger.exception("Timed mail %s could not begin; the next run will try.", timed.pk)
    return found


def is_due(timed: TimedLetter) -> bool:
    """Its hour has come, and it is still its day; or it has begun, and the event has not."""
    now, moment = timezone.now(), timed.moment
    if moment is None or moment > now:
        return False
    today = timezone.localdate(now)
    if Circular.objects.filter(timed=timed).exists():
        return today < timed.edition.starts_on
    return timezone.localdate(moment) == today


def is_missed(timed: TimedLetter) -> bool:
    """Its day is over, and it never began."""
    moment = timed.moment
    if moment is None or Circular.objects.filter(timed=timed).exists():
        return False
    return timezone.localdate(moment) < timezone.localdate()


@transaction.atomic
def _run(timed: TimedLetter) -> int:
    if not is_due(timed):
        return 0
    circular, _is_new = Circular.objects.get_or_create(
        timed=timed,
        defaults={
            "edition": timed.edition,
            "state": Circular.State.SENDING,
            "begun_at": timezone.now(),
            **{
                name: getattr(timed, name)
                for name in ("subject_fr", "text_fr", "subject_en", "text_en")
            },
        },
    )
    row = Circular.objects.select_for_update(no_key=True).get(pk=circular.pk)
    if row.state != Circular.State.SENDING:
        return 0
    return circulars.freeze(row, timed.recipients())


# ------------------------------------------------------------------------------------- examples
class _Example(NamedTuple):
    days: int
    anchor: str
    audience: str

    def name(self) -> str:
        return _("Reminder a week before") if self.days < 0 else _("Thanks the day after")

    def subject(self) -> str:
        if self.days < 0:
            return _("See you soon at the %(edition)s") % {"edition": "{{ edition }}"}
        return _("Thank you for coming – %(edition)s") % {"edition": "{{ edition }}"}

    def text(self) -> str:
        greeting = _("Dear %(name)s,") % {"name": "{{ nom_complet }}"}
        if self.days < 0:
            return "\n\n".join(
                [
                    greeting,
                    _("We look forward to welcoming you:"),
                    "{{ dates }}\n{{ lieu }}",
                    _(
                        "If you cannot come, please cancel: somebody else will be glad of the place."
                    ),
                    *("{{ inscription }}", "{{ lien_personnel }}"),
                ]
            )
        return "\n\n".join(
            [greeting, _("Thank you for having been with us."), "{{ organisateur }}"]
        )


_EXAMPLES = (
    _Example(-7, _A.FIRST, TimedLetter.Audience.CONFIRMED),
    _Example(1, _A.LAST, TimedLetter.Audience.PRESENT),
)


def add_examples(edition: Edition) -> int:
    """Two timed mails to start from, inactive; none where the edition has some of that day."""
    added = 0
    for example in _EXAMPLES:
        words = {}
        for language in ("fr", "en"):
            with override(language):
                words[f"subject_{language}"] = TIMED.named(example.subject(), language)
                words[f"text_{language}"] = TIMED.named(example.text(), language)
        _row, is_new = TimedLetter.objects.get_or_create(
            edition=edition,
            days=example.days,
            anchor=example.anchor,
            defaults={"name": example.name(), "audience": example.audience, **words},
        )
        added += is_new
    return added
