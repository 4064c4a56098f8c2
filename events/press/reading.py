"""Releases as their readers get them: what was published, in the reader's language if it is there."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import get_language

from events.models import PressRelease, Publication
from events.press.writing import Written, from_json

# What a page needs of a publication to serve its files.
_HEAD = (
    *("language", "version", "published_at", "pdf_key"),
    *("release__slug", "release__embargo_until"),
)


@dataclass(frozen=True)
class Published:
    release: PressRelease
    publication: Publication  # without its PDF
    written: Written

    @property
    def public_at(self) -> dt.datetime:
        """Since when everybody may read these texts: published, and no embargo on them."""
        return max(filter(None, (self.publication.published_at, self.release.embargo_until)))


def readable(releases: QuerySet) -> list[Published]:
    """Each release of the queryset in one language, the latest first. One query."""
    rows = (
        Publication.objects.current()
        .filter(release__in=releases)
        .select_related("release__edition__venue")
        .defer("pdf", "values", "figures")
        .order_by("-release__issued_on", "-release_id")
    )
    chosen = _in_one_language(rows)
    return [Published(one.release, one, from_json(one.content)) for one in chosen]


def one_readable(releases: QuerySet, slug: str) -> Published:
    """The release of that address; Http404 when it is not among them."""
    for found in readable(releases.filter(slug=slug)):
        return found
    raise Http404


def head_of(releases: QuerySet, slug: str) -> Publication:
    """What serves its files, without its texts; Http404 when it is not among them. One query."""
    rows = Publication.objects.current().filter(
        release__slug=slug, release__in=releases.filter(slug=slug)
    )
    for found in _in_one_language(rows.select_related("release").only(*_HEAD)):
        return found
    raise Http404


def _in_one_language(rows: QuerySet) -> list[Publication]:
    """The active language where it is published in it, else French, else whatever there is."""
    wanted = [get_language(), "fr", "en"]
    found: dict[int, Publication] = {}
    for row in rows:
        known = found.get(row.release_id)
        if known is None or wanted.index(row.language) < wanted.index(known.language):
            found[row.release_id] = row
    return list(found.values())
