"""Files as people send them, and what becomes of them, for tests."""

import io
from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from raict.tables import importing
from raict.tables.models import Import
from raict.tables.table import table_class


def xlsx(rows: Sequence[Sequence], name: str = "tableau.xlsx") -> SimpleUploadedFile:
    """The rows as they are, formulas among them, on one sheet."""
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return SimpleUploadedFile(name, file.getvalue())


def compared(subject: str, file: SimpleUploadedFile, edition=None, **values) -> Import:
    values = {"is_telling": False, "user": None, "scope": edition and edition.pk} | values
    imported = importing.begin(subject, file, **values)
    importing.compare(imported)
    return imported


def applied(subject: str, file: SimpleUploadedFile, edition=None, **values) -> Import:
    imported = compared(subject, file, edition, **values)
    importing.apply(imported, seen=imported.digest)
    return imported


def counts(imported: Import) -> tuple[int, int, int, int]:
    """New, changed, unchanged, refused."""
    return imported.added, imported.changed, imported.unchanged, imported.refused


def told(imported: Import) -> list[tuple[int, str, str]]:
    """Number, column and reason of each line that is refused."""
    return list(imported.lines.filter(outcome="refused").values_list("number", "column", "reason"))


def exported(subject: str) -> tuple[list[str], list[list]]:
    table = table_class(subject)
    return table().exported(table.model._default_manager.all())
