"""The form of a session: where it goes, and the address that nobody typed."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.models import Room
from sessions import addresses, moves
from sessions.models import Move, Session


class RoomField(forms.ModelChoiceField):
    """Rooms of one name exist in several places."""

    def label_from_instance(self, room: Room) -> str:
        if room.capacity is None:
            return f"{room.venue} – {room}"
        seats = ngettext("%d seat", "%d seats", room.capacity) % room.capacity
        return f"{room.venue} – {room} ({seats})"


class SessionForm(forms.ModelForm):
    class Meta:
        field_classes = {"room": RoomField}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = bool(self.instance.pk)
            if not self.instance.pk:
                self.fields["slug"].help_text = _(
                    "Left empty: made from the edition’s number and the short name or title."
                )
        # Where the session goes when its published place stays for now; None: as the form says.
        self.place: moves.Place | None = None
        if self.instance.pk and (move := moves.prepared(self.instance)):
            self.initial |= {**moves.after(move)._asdict(), "room": move.room_id}

    def clean(self) -> dict:
        """The place that waits for its publication, and the address that nobody typed."""
        cleaned = self._set_place_apart(super().clean())
        if "room" in cleaned and "capacity" not in self.fields and self.place is None:
            self.instance.capacity = moves.capacity_after(self.instance, cleaned["room"])
        if not self.instance.pk and not cleaned.get("slug") and "slug" not in self.errors:
            self.instance.slug = cleaned["slug"] = self._slug(cleaned)
        return cleaned

    def _set_place_apart(self, cleaned: dict) -> dict:
        """A change that is gathered is checked here; the row keeps what is published."""
        gone = self.errors.keys() | (set(moves.COLUMNS) - cleaned.keys())
        if not self.instance.pk or gone & set(moves.COLUMNS) or not moves.gathers(self.instance):
            return cleaned
        self.place = moves.Place(*(cleaned[name] for name in moves.COLUMNS))
        future = moves.to_be(self.instance, self.place)
        future.capacity = None  # settled when the change is published
        try:
            future.clean()
            Move(session=self.instance, **self.place._asdict()).validate_constraints({"session"})
        except forms.ValidationError as refusal:
            self.add_error(None, refusal)
        return cleaned | moves.place_of(self.instance)._asdict()

    def _slug(self, cleaned: dict) -> str:
        words = cleaned.get("short_name_fr") or cleaned.get("title_fr")
        kind = cleaned.get("kind") or getattr(self._meta.model, "KINDS", [""])[0]
        edition = cleaned.get("edition") or (self.instance.edition_id and self.instance.edition)
        number = edition.number if edition else ""
        wanted = addresses.proposed(number, words, kind, cleaned.get("position"))
        return addresses.free_among(wanted, Session.objects)
