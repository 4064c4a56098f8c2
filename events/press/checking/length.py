"""How long a release is: one to two pages, as the trade has it.

1,500 to 3,000 characters on one or two pages is the usual advice to authorities; releases of these
meetings run to some 3,600, on two pages.
"""

from collections.abc import Iterator

from django.utils.translation import ngettext

from events.models import PressRelease
from events.press.checking.finding import Finding
from events.press.documents import release_pdf
from events.press.plain import blocks
from events.press.writing import Written
from raict.pdf import page_count

MOST_PAGES = 2
LEAST_CHARACTERS, MOST_CHARACTERS = 1500, 3000
# A notice is as short as it can be.
_SHORT_KINDS = (PressRelease.Kind.CANCELLATION, PressRelease.Kind.CORRECTION)


def findings(written: Written) -> Iterator[Finding]:
    """ValueError when the document cannot be made."""
    pages = page_count(release_pdf(written))
    if pages > MOST_PAGES:
        text = ngettext(
            "The PDF has %(pages)d page; one or two are usual.",
            "The PDF has %(pages)d pages; one or two are usual.",
            pages,
        )
        yield Finding(text % {"pages": pages}, language=written.language)
    count = characters(written)
    if count < LEAST_CHARACTERS and written.kind not in _SHORT_KINDS:
        text = ngettext(
            "The text has %(count)d character; %(least)d to 3,000 are usual.",
            "The text has %(count)d characters; %(least)d to 3,000 are usual.",
            count,
        )
        yield Finding(text % {"count": count, "least": LEAST_CHARACTERS}, language=written.language)


def characters(written: Written) -> int:
    """Of the running text, spaces included, from the lead to the next edition."""
    html = written.lead + "".join(written.texts)
    return sum(len(text) for _tag, text in blocks(html))
