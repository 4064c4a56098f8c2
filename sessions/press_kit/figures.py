"""chiffres-cles: every known figure of the edition with its definition and its source."""

import datetime as dt
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from events.figures import figures, tallies_of
from events.models import Edition, Figure
from events.press.writing import typeset
from raict.spreadsheets import csv_table, workbook
from sessions.press_kit.archive import Entry, made
from sessions.press_kit.words import in_both

_NAMES = {field.name: field.verbose_name for field in Figure._meta.fields}
_PHRASE, _DEFINITION = _("as a text may say it"), _("definition")
_HEADERS = (
    _NAMES["key"],
    _NAMES["label_fr"],
    _NAMES["label_en"],
    _NAMES["value"],
    format_lazy("{} ({})", _PHRASE, _("French")),
    format_lazy("{} ({})", _PHRASE, _("English")),
    format_lazy("{} ({})", _DEFINITION, _("French")),
    format_lazy("{} ({})", _DEFINITION, _("English")),
    _NAMES["source"],
    _NAMES["declared_on"],
)


def key_figures(edition: Edition, day: dt.date) -> Iterator[Entry]:
    """As .csv and .xlsx, made that day; nothing while nothing is known."""
    rows = list(_rows(edition))
    if rows:
        headers = in_both(_HEADERS)
        yield made("chiffres-cles.csv", csv_table(headers, rows))
        book = workbook(headers, rows, title=", ".join(in_both([_("Key figures")])), dated=day)
        yield made("chiffres-cles.xlsx", book)


def _rows(edition: Edition) -> Iterator[list]:
    tallies = tallies_of([edition])[edition.pk]
    declared = dict(edition.figures.values_list("key", "declared_on"))
    said = {}
    for language in ("fr", "en"):
        with override(language):
            said[language] = {
                key: (figure, figure.label, figure.phrase, typeset(figure.definition))
                for key, figure in figures(edition, tallies).items()
                if figure.is_known
            }
    for key, (figure, *french) in said["fr"].items():
        _figure, *english = said["en"][key]
        (label, phrase, definition), (label_en, phrase_en, definition_en) = french, english
        yield [
            *(key, label, label_en, figure.value, phrase, phrase_en),
            *(definition, definition_en, figure.source, declared.get(key)),
        ]
