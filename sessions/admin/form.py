"""The form of a session: where it goes, and the address that nobody typed."""

from django import forms
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.models import Room
from sessions import moves
from sessions.models import Move, Session


def free_slug(wanted: str, taken: models.QuerySet, length: int = 90) -> str:
    """`wanted`, or with a number behind it when an address of that name exists."""
    slug, number = wanted[:length], 2
    while taken.filter(slug=slug).exists():
        slug, number = f"{wanted[: length - 4]}-{number}", number + 1
    return slug


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
        if not self.instance.pk and not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = self._slug(cleaned)
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
        """As the addresses of the edition files: « 16-mediterranee », « 16-cafe-3 »."""
        words = cleaned.get("short_name_fr") or cleaned.get("title_fr")
        if not words:
            kind = cleaned.get("kind") or self._meta.model.KINDS[0]
            words = f"{kind} {cleaned.get('position') or ''}".replace("_", " ")
        edition = cleaned.get("edition")
        return free_slug(slugify(f"{edition.number if edition else ''} {words}"), Session.objects)
