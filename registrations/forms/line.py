"""The forms on the team's page of a session's seats. They check shape; services decide."""

import datetime as dt

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raict.search import words_of
from registrations.models import Registration
from registrations.rules import last_to_come
from sessions.models import Session, with_margin

# More names than these are no choice any more: a word is missing.
CHOICES = 20


class BookingsField(forms.ModelMultipleChoiceField):
    """Who leaves; the page shows them in a table of its own."""

    default_error_messages = {
        "invalid_choice": _("The seats have changed meanwhile. Choose again."),
        "invalid_pk_value": _("The seats have changed meanwhile. Choose again."),
    }


class CapacityForm(forms.Form):
    """How many seats there are. Below what is taken, exactly so many as are too many must leave.

    Checked and used under the edition's lock, so that what it finds stays so.
    """

    capacity = forms.IntegerField(
        label=_("Capacity"),
        required=False,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text=_("Empty: the room’s."),
    )
    overbooking = forms.IntegerField(
        label=_("No-show margin (%)"),
        validators=[MinValueValidator(0), MaxValueValidator(50)],
    )
    # What the page showed: somebody else of the team may have changed it since.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    leaving = BookingsField(None, required=False)
    to_line = forms.BooleanField(
        label=_("Put them at the end of the waiting list"), required=False, initial=True
    )

    def __init__(self, data=None, *, session: Session) -> None:
        self.session = session
        self.excess = 0
        values = {"capacity": session.capacity, "overbooking": session.overbooking}
        super().__init__(data, initial={**values, "seen": _seen(session), "to_line": True})
        self.fields["leaving"].queryset = session.bookings.held()

    def clean(self) -> dict:
        cleaned = super().clean()
        session, room = self.session, self.session.room
        if cleaned.get("seen") != _seen(session):
            raise forms.ValidationError(
                _("Somebody has changed the capacity meanwhile. Look at it, and set yours again.")
            )
        if {"capacity", "overbooking"} & set(self.errors):
            return cleaned
        if cleaned.get("capacity") is None:
            cleaned["capacity"] = room and room.capacity
        if room and room.capacity and cleaned["capacity"] > room.capacity:
            sentence = _("The room %(room)s has %(seats)d seats only.")
            self.add_error("capacity", sentence % {"room": room, "seats": room.capacity})
            return cleaned
        self._clean_leaving(cleaned)
        return cleaned

    def _clean_leaving(self, cleaned: dict) -> None:
        if cleaned["capacity"] is not None:
            offered = with_margin(cleaned["capacity"], cleaned["overbooking"])
            self.excess = max(0, self.session.seats_taken - offered)
        if "leaving" not in self.errors and len(cleaned["leaving"]) != self.excess:
            self.add_error(
                "leaving",
                ngettext(
                    "One person must leave: choose who.",
                    "%(count)d people must leave: choose who.",
                    self.excess,
                )
                % {"count": self.excess}
                if self.excess
                else _("Nobody has to leave any more. Send again."),
            )

    @property
    def asks_who(self) -> bool:
        """The capacity is fine in itself, and lower than what is taken."""
        return self.is_bound and self.excess > 0

    @property
    def proposes_line(self) -> bool:
        """Ticked until the team has said otherwise."""
        return "leaving" not in self.data or "to_line" in self.data

    def ticked(self) -> set[int]:
        """Who is proposed to leave: those chosen so far, else the last who came."""
        chosen = {int(key) for key in self.data.getlist("leaving") if key.isdecimal()}
        return chosen or {booking.pk for booking in last_to_come(self.session, self.excess)}


def _seen(session: Session) -> str:
    return f"{session.capacity}/{session.overbooking}"


class PersonForm(forms.Form):
    """Somebody of the edition, by name, e-mail or reference; among several, one is chosen."""

    who = forms.CharField(
        label=_("Who"), max_length=200, help_text=_("Name, e-mail or reference."), strip=True
    )
    registration = forms.ModelChoiceField(
        None, required=False, widget=forms.RadioSelect, label=_("Choose")
    )

    def __init__(self, data=None, *, session: Session, prefix: str) -> None:
        super().__init__(data, prefix=prefix)
        self.session = session
        self.found: list[Registration] = []
        self.fields["registration"].queryset = Registration.objects.live().filter(
            edition=session.edition_id
        )

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.errors or cleaned.get("registration"):
            return cleaned
        found = self._search(cleaned["who"])
        if len(found) > CHOICES:
            self.add_error("who", _("Too many people are called so: add a word."))
            return cleaned
        self.found = found
        if not self.found:
            self.add_error("who", _("Nobody of this edition is called so."))
        elif len(self.found) > 1:
            self.add_error("who", _("Several people are called so: choose one of them."))
        else:
            cleaned["registration"] = self.found[0]
        return cleaned

    def _search(self, who: str) -> list[Registration]:
        """As the list searches; one more than there may be to choose from, when there are more."""
        if not words_of(who):
            return []
        rows = self.fields["registration"].queryset.search(who)
        return list(rows.select_related("organisation").order_by("last_name", "pk")[: CHOICES + 1])


class InviteForm(PersonForm):
    until = forms.DateTimeField(
        label=_("Answer by"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, data=None, *, session: Session, prefix: str) -> None:
        super().__init__(data, session=session, prefix=prefix)
        self.fields["until"].initial = self._usual_end

    def _usual_end(self) -> dt.datetime:
        """In two days; the session's start if that comes before."""
        end = timezone.localtime() + dt.timedelta(days=2)
        return min(end, self.session.starts_at or end).replace(second=0, microsecond=0)

    def clean_until(self) -> dt.datetime:
        until = self.cleaned_data["until"]
        if until <= timezone.now():
            raise forms.ValidationError(_("This moment is past."))
        if self.session.has_begun:
            raise forms.ValidationError(_("The session has begun."))
        return until
