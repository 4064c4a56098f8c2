"""What an edition hands on to the next one, and how days move along.

Each app says what it copies as `Part`s; registrations/services/next_edition.py puts them together
and does it. What people did at an edition, and what was said of it, stays with it. The edition file
(sessions/edition_file) is no vehicle for this: it knows neither logos nor quotas, and it makes an
edition say all that a file says, deletions included.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models import Edition, Partner, Venue

# Every column of an edition stands in one of these five (a test holds them to the model).
ASKED = [
    *("number", "starts_on", "ends_on", "venue"),
    *("registration_opens_on", "registration_closes_on"),
]
COPIED = [
    *("name_fr", "name_en", "short_name", "handle", "website"),
    *("organiser", "organiser_short", "organiser_website", "organiser_founded", "contact_email"),
    *("press_contact_name", "press_contact_email"),
    *("press_contact_role_fr", "press_contact_role_en"),
]
# Of the place: copied when the place stays.
OF_VENUE = ["capacity", "walking_minutes"]
TEXTS = [
    f"{name}_{language}"
    for name in ("presentation", "audience", "practical")
    for language in ("fr", "en")
]
# As many days before the first day as they were.
MOVED = ["questions_close_on"]


@dataclass(frozen=True)
class Plan:
    """What the team wants the next edition to be. `parts` are keys of what is copied."""

    source: Edition
    number: int
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    venue: Venue | None = None
    registration_opens_on: dt.date | None = None
    registration_closes_on: dt.date | None = None
    parts: frozenset[str] = frozenset()

    @property
    def keeps_venue(self) -> bool:
        return self.venue == self.source.venue

    def moved(self, day: dt.date | None) -> dt.date | None:
        """As far from the first day as it was; None unless both first days are known."""
        if not (day and self.source.starts_on and self.starts_on):
            return None
        return self.starts_on + (day - self.source.starts_on)

    def day(self, day: dt.date | None) -> dt.date | None:
        """The day of the next edition that has the same place in it; None when it has no such day."""
        moved = self.moved(day)
        last = self.ends_on or self.starts_on
        return moved if moved and self.starts_on <= moved <= last else None


@dataclass
class Copying:
    """A copy under way: its plan, the edition that it makes, and what there is to say of it."""

    plan: Plan
    target: Edition
    copies: dict[models.Model, models.Model] = field(default_factory=dict)  # row → its copy
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """Something that is copied if the team wishes it. Whoever copies it may add rows of `model`."""

    key: str
    label: str
    model: type[models.Model]
    count: Callable[[Edition], int]
    copy: Callable[[Copying], None]
    help: str = ""
    after: str = ""  # the key of the part whose copies it hangs on
    is_usual: bool = True  # ticked unless somebody decides otherwise


def new_edition(plan: Plan) -> Edition:
    """The next edition with its settings, not saved: a draft that is not the current one."""
    names = COPIED + (OF_VENUE if plan.keeps_venue else [])
    values = {name: getattr(plan.source, name) for name in names}
    values |= {name: getattr(plan, name) for name in ASKED}
    values |= {name: plan.moved(getattr(plan.source, name)) for name in MOVED}
    return Edition(**values)


def _filled_texts(edition: Edition) -> int:
    return sum(bool(getattr(edition, name)) for name in TEXTS)


def _copy_texts(copying: Copying) -> None:
    for name in TEXTS:
        setattr(copying.target, name, getattr(copying.plan.source, name))
    copying.target.save(update_fields=TEXTS)


def _copy_partners(copying: Copying) -> None:
    """A logo is one file for both editions: no file of a partner is ever deleted."""
    for partner in copying.plan.source.partners.all():
        partner.pk, partner.edition, partner._state.adding = None, copying.target, True
        partner.save(force_insert=True)


PARTS = (
    Part(
        "texts",
        _("public texts of the edition"),
        Edition,
        _filled_texts,
        _copy_texts,
        help=_("Presentation, audience, practical information: to be read again."),
    ),
    Part(
        "partners",
        _("partners and exhibitors, with their logos"),
        Partner,
        lambda edition: edition.partners.count(),
        _copy_partners,
    ),
)
