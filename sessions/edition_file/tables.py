"""The tables of an edition file and their keys. The documentation is docs/edition-file.md."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from events.models import Edition, Figure, Partner, PressRelease, Room, Venue
from sessions.edition_file import values
from sessions.models import Appearance, Person, Session


@dataclass(frozen=True)
class Key:
    """`attribute` is the model's; `required` is the group of keys of which one must stand."""

    attribute: str
    read: Callable[[object], object]
    required: bool = False


@dataclass(frozen=True)
class Table:
    model: type[models.Model]
    keys: dict[str, Key]
    name: str  # the key that tells one row from another in a message
    parts: str = ""  # the key that holds a list of another table
    # A venue or a person serves several editions: what one file leaves out is left alone.
    is_shared: bool = False

    @property
    def attributes(self) -> list[str]:
        """Columns of the model that this table sets."""
        names = [field.name for field in self.model._meta.concrete_fields]
        return [key.attribute for key in self.keys.values() if key.attribute in names]


def _keys(model: type[models.Model], names: str, **other: Key) -> dict[str, Key]:
    """Keys from the model's fields. `name!` is compulsory; `file=model` gives two names.

    A bilingual field gives three keys: `title` and `title_fr` (both French), `title_en`.
    """
    keys: dict[str, Key] = {}
    for word in names.split():
        name, _equals, attribute = word.rstrip("!").partition("=")
        attribute, required = attribute or name, word.endswith("!")
        try:
            read = values.reader_for(model._meta.get_field(attribute))
            keys[name] = Key(attribute, read, required)
        except FieldDoesNotExist:
            read = values.reader_for(model._meta.get_field(f"{attribute}_fr"))
            keys[name] = keys[f"{name}_fr"] = Key(f"{attribute}_fr", read, required)
            keys[f"{name}_en"] = Key(f"{attribute}_en", read)
    return keys | other


def _reference(model: type[models.Model], name: str) -> Callable[[object], object]:
    """The name of another row of the file."""
    return values.reader_for(model._meta.get_field(name))


def _days(value: object) -> int:
    return values.whole_between(value, -3650, 3650)


EDITION = Table(
    Edition,
    _keys(
        Edition,
        "number! demonstration=is_demonstration name! short_name theme presentation audience"
        " practical starts_on ends_on duration state state_note first_starts_on first_ends_on"
        " registration_opens_on registration_closes_on capacity walking_minutes questions_close_on"
        " guest_country guest_note"
        " declared_countries hashtag handle website organiser organiser_short organiser_website"
        " organiser_founded contact_email press_contact_name press_contact_role"
        " press_contact_email next_number next_when internal_notes",
        venue=Key("venue", _reference(Venue, "name")),
        # Counted from the day of loading: for the demonstration only.
        starts_in_days=Key("starts_in_days", _days),
        lasts_days=Key("lasts_days", lambda value: values.whole_between(value, 1, 30)),
        registration_opens_in_days=Key("registration_opens_in_days", _days),
        registration_closes_in_days=Key("registration_closes_in_days", _days),
    ),
    name="number",
)
VENUE = Table(
    Venue,
    _keys(Venue, "name! address postcode city district access url"),
    name="name",
    parts="rooms",
    is_shared=True,
)
ROOM = Table(Room, _keys(Room, "name! capacity"), name="name", is_shared=True)
PERSON = Table(
    Person,
    _keys(Person, "slug title first_name last_name! biography photo_credit"),
    name="last_name",
    is_shared=True,
)
SESSION = Table(
    Session,
    _keys(
        Session,
        "kind! slug! short_name title question framing framing_preliminary=framing_is_preliminary"
        " context aims start end capacity overbooking booking offer_hours"
        " members_only=is_members_only language zone"
        " countries topic contacts report published=is_published position",
        day=Key("day", values.day),
        room=Key("room", _reference(Room, "name")),
        venue=Key("venue", _reference(Venue, "name")),
    ),
    name="slug",
    parts="appearances",
)
APPEARANCE = Table(
    Appearance,
    _keys(Appearance, "label role function organisation represents pending=is_pending position")
    | {"person": Key("person", _reference(Person, "last_name"))},
    name="person",
)
PARTNER = Table(
    Partner,
    _keys(Partner, "kind name! acronym motto description url stand position"),
    name="name",
)
FIGURE = Table(
    Figure,
    _keys(
        Figure,
        "key! label! qualifier value! percentage=is_percentage source! declared_on note position",
        part_of=Key("part_of", _reference(Figure, "key")),
    ),
    name="key",
)
PRESS_RELEASE = Table(
    PressRelease,
    _keys(
        PressRelease,
        "slug! kind language state headline! place issued_on lead! body! thanks next_edition about"
        " more",
        issued_in_days=Key("issued_in_days", _days),
    ),
    name="slug",
)

# Top-level lists of tables, in the order of the documentation.
LISTS = {
    "venues": VENUE,
    "people": PERSON,
    "sessions": SESSION,
    "partners": PARTNER,
    "figures": FIGURE,
    "press_releases": PRESS_RELEASE,
}
PARTS = {"rooms": ROOM, "appearances": APPEARANCE}
