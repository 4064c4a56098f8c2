"""Finding rows by words, in any order, without accents and capitals, on both databases alike.

Neither database folds accents in the same way, or at all, so a row keeps what it is searched by,
folded, in a column of its own. A part of a word is enough, so no index helps: both databases read
50,000 short texts in some hundredths of a second.
"""

from django.db import models
from django.db.models import Q

from raict.typography import folded


class FoldedField(models.CharField):
    """The row's `sources`, folded, one after the other. Written whenever the row is, also in bulk.

    `save(update_fields=…)` writes it only where it is named, like every column: `with_folded`.
    """

    def __init__(self, *args, sources: tuple[str, ...] = (), **kwargs) -> None:
        self.sources = tuple(sources)
        super().__init__(*args, **{"default": "", "editable": False, **kwargs})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "sources": self.sources}

    def pre_save(self, model_instance, add: bool) -> str:  # noqa: FBT001 -- Django's signature
        text = folded(" ".join(str(getattr(model_instance, name)) for name in self.sources))
        setattr(model_instance, self.attname, text[: self.max_length])
        return getattr(model_instance, self.attname)

    def with_folded(self, update_fields) -> set[str] | None:
        """The columns to write, with this one where a source of it is among them."""
        if update_fields is None:
            return None
        return {*update_fields, *([self.name] if set(self.sources) & set(update_fields) else [])}


def fold_all(model: type[models.Model], name: str = "searched") -> None:
    """For a migration: the rows that were there before their folded column."""
    sources = model._meta.get_field(name).sources
    for row in model._base_manager.only("pk", *sources).iterator():
        row.save(update_fields=[name])


def words_of(text: str) -> list[str]:
    return folded(text).split()


def containing(word: str, *columns: str) -> Q:
    """One of these folded columns contains the word, or a part of it."""
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__contains": word})
    return found
