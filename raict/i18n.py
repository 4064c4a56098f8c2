"""Content in two languages: explicit `_fr` and `_en` columns, French as the fallback."""

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField


def _with_french_fallback(name, field):
    def read(instance) -> str:
        language = get_language() or "fr"
        return (language == "en" and getattr(instance, f"{name}_en")) or getattr(
            instance, f"{name}_fr"
        )

    return read


def bilingual(field: models.Field) -> TranslatedField:
    """Columns `name_fr` and `name_en`; `instance.name` reads the active language, else French.

    English is always optional: staff translate when they can.
    """
    name = field.verbose_name
    return TranslatedField(
        field,
        {
            "fr": {"verbose_name": format_lazy("{} ({})", name, _("French"))},
            "en": {"verbose_name": format_lazy("{} ({})", name, _("English")), "blank": True},
        },
        attrgetter=_with_french_fallback,
    )


def language_of(instance, name: str) -> str:
    """The language that `instance.name` is really in: "fr" when the translation is missing."""
    language = get_language() or "fr"
    return "en" if language == "en" and getattr(instance, f"{name}_en") else "fr"
