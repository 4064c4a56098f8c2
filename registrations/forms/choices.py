"""What one wants to attend: seats, waiting lists, café wishes. For whoever registers, and afterwards."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django import forms
from django.db.models import Count
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from events.models import Edition
from raict.errors import DomainError
from raict.forms import CHOOSE_AGAIN
from registrations import rules
from registrations.models import Booking, CafePreference
from registrations.slots import Slot, arrange
from sessions.models import Session

_RANKS = [_("1st choice"), _("2nd choice"), _("3rd choice"), _("4th choice"), _("5th choice")]


@dataclass(frozen=True)
class Option:
    """A session as one of the choices of a slot."""

    session: Session
    clashes: Sequence[Session]
    html_id: str
    is_chosen: bool
    # No seat for this person: what is left is the waiting list.
    is_taken: bool
    has_list: bool
    is_waited_for: bool
    # Ticked by us: the seat was asked for, and is gone.
    is_suggested: bool
    waiting: int


class SessionChoices(forms.Form):
    """One seat a slot, any number of waiting lists, ranked cafés; never what has begun.

    `programme` are the public sessions of the edition. What stands already is shown as chosen:
    `held` are the keys of the sessions with a seat, `waiting` of those whose list was joined,
    `wishes` of the cafés in order; `offered` are keys too, and may be chosen although they are
    full. Seats are `chosen_sessions()`, lists `chosen_lists()`, cafés `chosen_cafes()`; `among` are
    the keys of the sessions that were shown.
    """

    def __init__(
        self,
        data=None,
        *,
        edition: Edition,
        programme: Sequence[Session] = (),
        held: Collection[int] = (),
        offered: Collection[int] = (),
        waiting: Collection[int] = (),
        wishes: Sequence[int] = (),
        **options,
    ) -> None:
        super().__init__(data, **options)
        self.edition = edition
        self.mine = {*held, *offered}
        self.waiting = set(waiting)
        programme = [one for one in programme if not one.has_begun]
        self.cafes = {str(one.pk): one for one in programme if one.booking == one.Booking.RANKED}
        self.slots = arrange([one for one in programme if one.booking == one.Booking.SEAT])
        self.free_sessions = [
            one
            for one in programme
            if one.booking == one.Booking.FREE and one.kind in (one.Kind.OPENING, one.Kind.PLENARY)
        ]
        self._full_now: set[int] = set()
        for slot in self.slots:
            self.fields[slot.name] = _slot_field(slot)
            seats = [str(one.pk) for one in slot.sessions if one.pk in held]
            self.initial[slot.name] = seats[0] if seats and slot.is_exclusive else seats
        if self.slots:
            self.fields["lists"] = forms.MultipleChoiceField(
                label=_("Waiting lists"),
                choices=[(str(pk), pk) for pk in self.among],
                required=False,
                error_messages={"invalid_choice": CHOOSE_AGAIN},
            )
            self.initial["lists"] = [str(pk) for pk in waiting]
        self._rank_cafes(wishes)

    def _rank_cafes(self, wishes: Sequence[int]) -> None:
        count = min(CafePreference.MAX_RANK, len(self.cafes))
        self.ranks = [f"cafe_{rank}" for rank in range(1, count + 1)]
        choices = [("", "—"), *((key, cafe.name) for key, cafe in self.cafes.items())]
        for name, label in zip(self.ranks, _RANKS, strict=False):
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=False,
                error_messages={"invalid_choice": CHOOSE_AGAIN},
            )
        self.initial |= {name: str(pk) for name, pk in zip(self.ranks, wishes, strict=False)}

    @property
    def among(self) -> set[int]:
        return {session.pk for slot in self.slots for session in slot.sessions}

    # ------------------------------------------------------------------------------ checking
    def clean(self) -> None:
        self._clean_wishes()
        self._clean_overlaps()
        self._clean_gone()
        self._clean_full()

    def _clean_gone(self) -> None:
        """A choice that the team has moved or taken away meanwhile must not vanish in silence."""
        sent = {
            key
            for key in self.data
            if key.startswith(("slot_", "lists", "cafe_")) and self.data[key]
        }
        if sent - set(self.fields):
            self.add_error(
                None, _("The programme has changed meanwhile. Please check your sessions below.")
            )

    def _clean_wishes(self) -> None:
        seen = set()
        for name in self.ranks:
            wish = self.cleaned_data.get(name)
            if wish and wish in seen:
                self.add_error(name, _("You have chosen this café already. Choose another one."))
            seen.add(wish)

    def _clean_overlaps(self) -> None:
        """Said together with what else is wrong, not after it."""
        try:
            rules.refuse_overlaps(self.chosen_sessions(), self.edition.walking)
        except DomainError as refusal:
            self.add_refusal(refusal)

    def _clean_full(self) -> None:
        """What has filled meanwhile, where something else is wrong too: the services say it else.

        Alone it must not be said here: the second half of a double click would meet its own seat.
        """
        if self.errors and self.edition.places_left != 0:
            for session in self.chosen_sessions():
                if self._is_taken(session):
                    self.add_refusal(rules.SessionFull(session))

    def chosen_sessions(self) -> list[Session]:
        data = self.cleaned_data
        chosen = {key for slot in self.slots for key in _as_list(data.get(slot.name))}
        return self._sessions(chosen)

    def chosen_lists(self) -> list[Session]:
        """A seat that is asked for stands before its waiting list."""
        seats = {str(session.pk) for session in self.chosen_sessions()}
        return self._sessions(set(self.cleaned_data.get("lists", ())) - seats)

    def chosen_cafes(self) -> list[Session]:
        """Ranks that were skipped close up."""
        data = self.cleaned_data
        return [self.cafes[data[name]] for name in self.ranks if data[name]]

    def _sessions(self, keys: Collection[str]) -> list[Session]:
        return [one for slot in self.slots for one in slot.sessions if str(one.pk) in keys]

    def _is_taken(self, session: Session) -> bool:
        """No seat is left that this person may ask for; the services know who has a kept one."""
        if session.pk in self.mine:
            return False
        return session.pk in self._full_now or (session.is_full and not session.seats_kept)

    def add_refusal(self, refusal: DomainError) -> None:
        """Put a refusal of the rules or the services beside the field that it is about."""
        field = refusal.field
        if isinstance(refusal, rules.SeatRefused):
            names = []
            for slot in self.slots:
                for session in slot.sessions:
                    if session in refusal.sessions:
                        session.refresh_from_db(fields=_COUNTERS)
                        names.append(slot.name)
            field = names[-1] if names else None
            if isinstance(refusal, rules.SessionFull):
                self._full_now |= {session.pk for session in refusal.sessions}
        elif field == "cafes" and self.ranks:
            field = self.ranks[0]
        self.add_error(field if field in self.fields else None, refusal.message)

    # --------------------------------------------------------------------------- for templates
    def slot_choices(self) -> list[dict]:
        """Each slot with its field and its sessions as options."""
        choices = []
        for slot in self.slots:
            options = self._options(slot)
            is_empty = not any(option.is_chosen for option in options)
            choices.append(
                {"slot": slot, "field": self[slot.name], "options": options, "is_empty": is_empty}
            )
        return choices

    def _options(self, slot: Slot) -> list[Option]:
        field = self[slot.name]
        return [
            self._option(slot, session, f"{field.auto_id}_{number}", _as_list(field.value()))
            for number, session in enumerate(slot.sessions, start=1)
        ]

    def _option(self, slot: Slot, session: Session, html_id: str, chosen: list[str]) -> Option:
        is_chosen, is_taken = str(session.pk) in chosen, self._is_taken(session)
        is_suggested = is_chosen and is_taken
        return Option(
            session=session,
            clashes=slot.clashes.get(session.pk, []),
            html_id=html_id,
            is_chosen=is_chosen and not is_taken,
            is_taken=is_taken,
            has_list=session.pk in self.waiting
            or (session.pk not in self.mine and (is_taken or session.is_full)),
            is_waited_for=is_suggested or str(session.pk) in self._ticked,
            is_suggested=is_suggested,
            waiting=self._waiting_counts.get(session.pk, 0),
        )

    @cached_property
    def _ticked(self) -> set[str]:
        return set(_as_list(self["lists"].value()))

    @cached_property
    def _waiting_counts(self) -> dict[int, int]:
        """Session → how many wait. One query for the page, none while nothing is full."""
        full = [
            session.pk
            for slot in self.slots
            for session in slot.sessions
            if session.is_full or session.pk in self.waiting
        ]
        if not full:
            return {}
        lines = Booking.objects.filter(session__in=full, state=Booking.State.WAITING)
        return dict(lines.order_by().values_list("session").annotate(Count("pk")))

    def has_lists(self) -> bool:
        """Some session is full, or waited for: the page says how its list works."""
        return any(
            session.is_full or session.pk in self.waiting
            for slot in self.slots
            for session in slot.sessions
        )

    def wishes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.ranks]

    def error_links(self) -> list[tuple[str, str, str]]:
        """(id of the control, label, sentence) for the summary on top; no id for the whole form.

        No label either where it is itself a long sentence (consents) or nobody sees it.
        """
        links = [("", "", sentence) for sentence in self.non_field_errors()]
        for name in self.fields:
            field = self[name]
            # A group of radios has no control of its own: its first one, or the slot as a whole.
            anchor = f"{field.auto_id}_0" if name == "category" else field.auto_id
            is_said = not (name.startswith("consent_") or field.is_hidden or name in _UNSEEN)
            label = field.label if is_said else ""
            links += [(anchor, label, sentence) for sentence in field.errors]
        return links


_COUNTERS = [*Session.COUNTERS, "capacity", "overbooking"]
_UNSEEN = ("leave_empty",)


def _slot_field(slot: Slot) -> forms.Field:
    keys = [(str(session.pk), session.pk) for session in slot.sessions]
    options = {
        "label": f"{slot.day_label}, {slot.time_label}",
        "required": False,
        "error_messages": {"invalid_choice": CHOOSE_AGAIN},
    }
    if slot.is_exclusive:
        return forms.ChoiceField(choices=[("", ""), *keys], **options)
    return forms.MultipleChoiceField(choices=keys, **options)


def _as_list(value) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []
