"""The board's small forms: a place, the usual texts, several sessions at once, a speaker, a room.

Those of a session are its own form (`ModelAdmin.get_form`) with fewer fields, so that every rule of
the form holds here too.
"""

import datetime as dt

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from events.admin.places import RoomForm
from events.models import Edition, Room
from raict.typography import capitalised, date_range, folded
from sessions import addresses, moves
from sessions.admin.form import RoomField
from sessions.models import Appearance, Person, Session

PLACE = list(moves.COLUMNS)
TITLES = ["title_fr", "title_en", "short_name_fr", "short_name_en"]
TEXTS = [
    "kind",
    "language",
    *TITLES,
    "question_fr",
    "question_en",
    "booking",
    "capacity",
    "is_published",
]
# What a kind says besides.
SUBJECT = {
    Session.Kind.GEOGRAPHIC_MEETING: ["zone_fr", "zone_en"],
    Session.Kind.THEMATIC_WORKSHOP: ["topic_fr", "topic_en"],
}
NEW = [*PLACE, *(name for name in TEXTS if not name.startswith("question"))]
MOST_AT_ONCE = 30


def texts_of(kind: str) -> list[str]:
    """The usual texts and conditions of that kind, in the order of the form."""
    before = TEXTS.index("booking")
    return [*TEXTS[:before], *SUBJECT.get(kind, []), *TEXTS[before:]]


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def asked_day(request: HttpRequest) -> dt.date | None:
    try:
        return parse_date(request.GET.get("day", ""))
    except ValueError:
        return None


def rooms_of_board(edition: Edition) -> QuerySet[Room]:
    """The venue's, and those elsewhere in which the edition has or will have a session."""
    used = Q(sessions__edition=edition)
    moving = Q(pk__in=moves.in_preparation(edition).order_by().values("room"))
    return (
        Room.objects.filter(Q(venue=edition.venue_id) | used | moving)
        .select_related("venue")
        .distinct()
        .order_by("venue__name", "position", "name")
    )


def shape_place(form: forms.Form, edition: Edition) -> None:
    """Days and rooms of this edition to choose from, and a clock."""
    days = {*edition.days, *([day] if (day := form.initial.get("day")) else [])}
    labels = [(day, capitalised(date_range(day, weekdays=True))) for day in sorted(days)]
    form.fields["day"].widget = forms.Select(choices=[("", "–"), *labels])
    for name in ("start", "end"):
        form.fields[name].widget = ClockInput()
    form.fields["room"] = RoomField(
        rooms_of_board(edition), required=False, label=form.fields["room"].label
    )


class PersonForm(forms.ModelForm):
    """Somebody in a session: picked by name, written new, or a place to fill."""

    who = forms.CharField(
        label=_("Somebody who is known here"),
        required=False,
        widget=forms.TextInput(attrs={"list": "board-people", "autocomplete": "off"}),
        help_text=_("Type a few letters of the name and choose."),
    )
    title = forms.CharField(
        label=_("title"), required=False, max_length=40, help_text=_("S.E.M., Dr …")
    )
    first_name = forms.CharField(label=_("first name"), required=False, max_length=100)
    last_name = forms.CharField(label=_("last name"), required=False, max_length=100)

    field_order = ["who", "title", "first_name", "last_name", "role"]

    class Meta:
        model = Appearance
        fields = ["role", "function_fr", "function_en", "organisation", "is_pending"]

    def clean(self) -> dict:
        """One person at most; nobody only where an organisation or « to be confirmed » says so."""
        cleaned = super().clean()
        who, last_name = cleaned.get("who"), cleaned.get("last_name")
        if who and last_name:
            self.add_error("who", _("Choose somebody, or write a new person: not both."))
        elif who:
            self._find(who)
        elif cleaned.get("first_name") and not last_name:
            self.add_error("last_name", _("Write the last name too."))
        elif not last_name and not cleaned.get("organisation") and not cleaned.get("is_pending"):
            self.add_error("who", _("Choose or write somebody, or tick “to be confirmed”."))
        person = self.instance.person
        if person and cleaned.get("role") and self._appears_already(person, cleaned["role"]):
            self.add_error("who", _("This person has this role in the session already."))
        return cleaned

    def _find(self, who: str) -> None:
        """The person whose name is written; of two with one name, the choice shows the number."""
        wanted = folded(who)
        same = [one for one in Person.objects.all() if wanted in names_of(one)]
        if len(same) == 1:
            self.instance.person = same[0]
        elif same:
            listed = " ; ".join(f"{one.full_name} [{one.pk}]" for one in same)
            self.add_error(
                "who", _("Several have this name; write one of: %(names)s") % {"names": listed}
            )
        else:
            self.add_error("who", _("Nobody has this name yet. Write a new person below."))

    def _appears_already(self, person: Person, role: str) -> bool:
        return self.instance.session.appearances.filter(person=person, role=role).exists()

    def save(self, commit: bool = True) -> Appearance:  # noqa: FBT001, FBT002 -- Django's signature
        """With the new person, whose address is made of the name."""
        typed = self.cleaned_data
        if typed["last_name"]:
            names = {name: typed[name] for name in ("title", "first_name", "last_name")}
            wanted = slugify(f"{names['first_name']} {names['last_name']}") or "intervenant"
            slug = addresses.free_among(wanted, Person.objects)
            self.instance.person = Person.objects.create(slug=slug, **names)
        self.instance.position = 1 + max(
            self.instance.session.appearances.values_list("position", flat=True), default=0
        )
        return super().save(commit)


def names_of(person: Person) -> set[str]:
    """How the field of names may name the person."""
    plain = f"{person.first_name} {person.last_name}".strip()
    return {folded(name) for name in (plain, person.full_name, f"{person.full_name} [{person.pk}]")}


class BoardRoomForm(RoomForm):
    """A room of the edition's venue, which is no field: the constraint of names is checked here."""

    class Meta:
        model = Room
        fields = ["name", "capacity"]

    def clean(self) -> dict:
        cleaned = super().clean()
        room = self.instance
        same = Room.objects.filter(venue=room.venue, name=cleaned.get("name", "")).exclude(
            pk=room.pk
        )
        if same.exists():
            self.add_error("name", _("This venue already has a room of that name."))
        return cleaned
