"""What has been read from a file: rows of the tables, before the database."""

from dataclasses import dataclass, field

from django.db import models

from sessions.edition_file.problems import Path
from sessions.edition_file.tables import Table


@dataclass(eq=False)
class Row:
    """`values` holds only what the file says, by the model's attribute names.

    After the checks, a reference (room, venue, person, part_of) is the row it points at.
    """

    path: Path
    table: Table
    values: dict[str, object]
    parts: list["Row"] = field(default_factory=list)
    read: set[str] = field(default_factory=set)  # attributes that stand in the file, good or bad
    instance: models.Model | None = None  # once written

    def get(self, attribute: str, default=None):
        return self.values.get(attribute, default)

    def key_of(self, attribute: str) -> Path:
        """The path of the key that sets the attribute, as the file may write it."""
        for name, key in self.table.keys.items():
            if key.attribute == attribute:
                return (*self.path, name)
        return self.path


@dataclass
class Content:
    edition: Row
    venues: list[Row]
    people: list[Row]
    sessions: list[Row]
    partners: list[Row]
    figures: list[Row]
    press_releases: list[Row]
