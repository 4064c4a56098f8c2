"""Placeholders that cannot be filled or claim what is not so; pictures that are not ours."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from events.figures import FigureValue
from events.models import PressRelease
from events.press.checking.finding import Finding
from events.press.text import Placeholder, is_true, placeholder_problems, placeholders, printed
from events.press.writing import PICTURES
from raict.markup import is_own_picture, pictures_of


def findings(
    release: PressRelease, language: str, known: Mapping[str, object]
) -> Iterator[Finding]:
    for name in PressRelease.TEXTS:
        text = getattr(release, f"{name}_{language}")
        place = {"language": language, "field": name}
        for sentence in placeholder_problems(text, known):
            yield Finding(sentence, is_blocking=True, **place)
        for one in placeholders(text):
            yield from _claim(one, known, place)
        for words, address in pictures_of(text):
            if sentence := _picture(words, address):
                yield Finding(sentence, is_blocking=True, excerpt=address, **place)


def _claim(one: Placeholder, known: Mapping[str, object], place: dict) -> Iterator[Finding]:
    figure = known.get(one.name)
    if one.literal:
        sentence = _("« %(number)s » is said to be none of the figures.")
        yield Finding(sentence % {"number": one.literal}, excerpt=one.raw, **place)
    elif isinstance(figure, FigureValue) and not figure.is_known:
        sentence = _("« %(figure)s » counts nothing yet: the text would say %(value)s.")
        values = {"figure": figure.label, "value": figure.phrase}
        yield Finding(sentence % values, excerpt=one.raw, **place)
    elif not is_true(one, known):
        sentence = _("« %(claim)s » is not true of « %(label)s »: %(value)s.")
        values = {"claim": printed(one, known), "label": figure.label, "value": figure.phrase}
        yield Finding(sentence % values, is_blocking=True, excerpt=one.raw, **place)


def _picture(words: str, address: str) -> str:
    """Why a picture cannot stand in a release; empty when it can."""
    if not is_own_picture(address, PICTURES):
        return _(
            "The picture « %(address)s » is not one of this site: nothing is fetched from elsewhere."
            " Upload it among the pictures for the press."
        ) % {"address": address}
    if not (Path(settings.MEDIA_ROOT) / address.removeprefix(settings.MEDIA_URL)).is_file():
        return _("There is no picture « %(address)s ».") % {"address": address}
    if not words.strip():
        return _("The picture « %(address)s » has no alternative text.") % {"address": address}
    return ""
