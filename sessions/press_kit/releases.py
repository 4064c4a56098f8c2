"""communiques/: the public releases, as they were published."""

from collections.abc import Iterator
from functools import partial

from events.models import Edition, PressRelease, Publication
from events.press.documents import pdf_file, text_file, word_file
from sessions.press_kit.archive import Entry

# What a release is given out as: the ending, and what lays the file into the cache.
FORMATS = {"pdf": pdf_file, "txt": text_file, "docx": word_file}
_HEAD = (
    *("language", "version", "pdf_key"),
    *("release__slug", "release__issued_on", "release__embargo_until"),
)


def releases(edition: Edition) -> Iterator[Entry]:
    """Each release in each language and format; what was withdrawn, or waits, is none of them.

    The name of a file in the cache holds the hash of all that it is made of.
    """
    public = PressRelease.objects.public().filter(edition=edition)
    rows = Publication.objects.current().filter(release__in=public)
    for publication in rows.select_related("release").only(*_HEAD):
        release = publication.release
        stem = f"{release.issued_on}-{release.slug}-{publication.language}"
        for ending, file_of in FORMATS.items():
            path = file_of(publication)
            yield Entry(f"communiques/{stem}.{ending}", path.name, partial(path.open, "rb"))
