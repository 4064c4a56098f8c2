"""What was published and is no longer so: publications held against the data as they are now."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.figures import tallies_of
from events.models import PressRelease, Publication
from events.press.checking import contradictions
from events.press.text import filled, is_true, placeholders_of, printed, quotes_of, values
from events.press.writing import banner_parts, joined_banner
from raict.errors import DomainError


@dataclass(frozen=True)
class Drift:
    """Something that a publication says and the data do not say any more."""

    language: str
    what: str
    published: str
    now: str


def drift(release: PressRelease, tallies: Mapping[str, int] | None = None) -> list[Drift]:
    """What the current publications say that the data do not say any more; [] when all still holds.

    `release.frozen`, where somebody has fetched them for many releases at once, spares a query.
    """
    found = []
    edition = release.edition
    tallies = tallies or tallies_of([edition])[edition.pk]
    for publication in getattr(release, "frozen", None) or release.publications.current():
        language = publication.language
        with override(language):
            known = values(edition, tallies) | quotes_of(release)
            said = _now_said(release, language, known)
            banner = joined_banner(banner_parts(edition, language))
            found += _typed(release, language, known)
        found += [
            Drift(language, raw, then, said.get(raw, ""))
            for raw, then in publication.values.items()
            if said.get(raw, "") != then
        ]
        then = joined_banner(publication.content["banner_parts"])
        if then != banner:
            found.append(Drift(language, _("banner"), then, banner))
    return found


def drifted() -> list[PressRelease]:
    """Published releases that the data contradict since: the same queries for one and for a hundred."""
    frozen = Publication.objects.current().defer("pdf", "figures")
    releases = list(
        PressRelease.objects.filter(state=PressRelease.State.PUBLISHED)
        .select_related("edition__venue")
        .prefetch_related("edition__figures", "quotes", Prefetch("publications", frozen, "frozen"))
    )
    tallies = tallies_of({one.edition for one in releases})
    return [one for one in releases if drift(one, tallies[one.edition_id])]


def _typed(release: PressRelease, language: str, known: Mapping[str, object]) -> list[Drift]:
    """Numbers that were typed by hand, and that a figure contradicts today."""
    return [
        Drift(language, one.excerpt, one.excerpt, filled(one.suggestion, known, markdown=False))
        for one in contradictions(release, language, known)
        if "{{" not in one.excerpt
    ]


def _now_said(release: PressRelease, language: str, known: Mapping[str, object]) -> dict[str, str]:
    """Placeholder → what it would print today; a claim that is not true any more says nothing."""
    said = {}
    for one in placeholders_of(release, language):
        try:
            said[one.raw] = printed(one, known) if is_true(one, known) else ""
        except DomainError:
            said[one.raw] = ""
    return said
