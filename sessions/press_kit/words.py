"""Words of the kit's files: they are for readers of both languages."""

import textwrap
from collections.abc import Iterable

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import override


def in_both(words: Iterable) -> list[str]:
    """Headers: « clé / key », and « source » where both languages say the same."""
    found = []
    for one in words:
        said = []
        for language, _name in settings.LANGUAGES:
            with override(language):
                said.append(str(one))
        found.append(" / ".join(dict.fromkeys(said)))
    return found


def file_name(number: int, words: str, former: str) -> str:
    """« 003-ouverture-officielle.jpg »: plain ASCII, in order, with the ending that the file has."""
    plain = slugify(words.replace("’", " ").replace("'", " "))
    stem = textwrap.shorten(plain.replace("-", " "), 60, placeholder="").replace(" ", "-")
    ending = former.rpartition(".")[2].lower()
    return f"{number:03d}-{stem}.{ending}" if stem else f"{number:03d}.{ending}"
