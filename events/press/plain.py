"""A release as plain text: for an editor's copy and paste, and for a mail."""

import textwrap
from html.parser import HTMLParser

from events.press.writing import Contact, Written

WIDTH = 78  # RFC 5322 (2.1.1): what a line of a mail should not exceed
_STEP = "  "  # of a list, and of each list within it
_BLOCKS = {"p", "h2", "h3", "h4", "li", "tr", "blockquote", "figcaption", "hr"}


class _Blocks(HTMLParser):
    """Paragraphs, headings, items and rows of our own clean HTML, each as one line of text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str]] = []
        self._tag, self._text, self._address = "p", "", ""
        self._items: list[int] = []

    def handle_starttag(self, tag, attrs):
        if tag in _BLOCKS:
            self._close()
            self._tag = tag
        if tag in {"ol", "ul"}:
            self._close()
            self._items.append(0 if tag == "ol" else -1)
        elif tag == "li" and self._items and self._items[-1] >= 0:
            self._items[-1] += 1
        elif tag == "br":
            self._text += "\n"
        elif tag in {"td", "th"} and self._text.strip():
            self._text = f"{self._text.rstrip()} | "
        elif tag == "a":
            self._address, self._from = dict(attrs).get("href") or "", len(self._text)

    def handle_endtag(self, tag):
        if tag == "a":
            address, said = self._address.removeprefix("mailto:"), self._text[self._from :]
            if address and said not in address:
                self._text += f" ({address})"
        elif tag in {"ol", "ul"}:
            self._close()
            self._items.pop()
        elif tag in _BLOCKS:
            self._close()
            self._tag = "p"

    def handle_data(self, data):
        said = data.replace("\n", " ")  # a line's end in the source is a space
        is_inside = self._text.strip() and not self._text.endswith("\n")
        self._text += said if is_inside else said.lstrip(" ")

    def _close(self) -> None:
        if self._text.strip():
            number = self._items[-1] if self._items else -1
            mark = "" if self._tag != "li" else f"{number}. " if number > 0 else "- "
            mark = _STEP * (len(self._items) - 1) + mark  # lists in lists
            self.blocks.append((self._tag, mark + self._text.strip()))
        self._text = ""


def blocks(html: str) -> list[tuple[str, str]]:
    """(tag, text) of every block, in order."""
    parser = _Blocks()
    parser.feed(html)
    parser.close()
    parser._close()
    return parser.blocks


def _wrapped(text: str, width: int | None, indent: str = "") -> str:
    if width is None:
        return text
    return "\n".join(
        textwrap.fill(
            line,
            width,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    )


def _section(html: str, width: int | None) -> str:
    parts: list[str] = []
    before = ""
    for tag, text in blocks(html):
        if tag.startswith("h"):
            line = "-" * min(len(text), WIDTH)
            parts += ["\n\n\n" if parts else "", _wrapped(text, width), "\n", line]
        else:
            glue = (
                "\n"
                if (tag in {"li", "tr"} and before == tag) or before.startswith("h")
                else "\n\n"
            )
            depth = len(text) - len(text.lstrip(" "))
            indent = " " * depth + _STEP if tag == "li" else ""
            parts += [glue if parts else "", _wrapped(text, width, indent)]
        before = tag
    return "".join(parts)


def plain_text(release: Written, width: int | None = None) -> str:
    """The whole release, in the order of the PDF.

    A paragraph is one line, so that it is pasted as one; `width` breaks lines at so many signs.
    """
    said = release.labels
    support = ["\n".join(filter(None, [one.name, one.motto])) for one in release.support]
    headline = _wrapped(release.headline, width)
    line = "=" * min(max(map(len, headline.split("\n"))), WIDTH)
    parts = [
        release.embargo,
        said["demonstration"] if release.is_demonstration else "",
        _wrapped(release.banner, width),
        "\n".join([said["support"], *support]) if support else "",
        said["kind"],
        f"{headline}\n{line}",
        _wrapped(release.corrects, width),
        release.dateline,
        _section(release.lead, width),
        *(_section(text, width) for text in release.texts),
        f"{said['about']}\n{_section(release.about, width)}" if release.about else "",
        _section(release.more, width),
        *(_contact(release, contact, width) for contact in release.contacts),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _contact(release: Written, contact: Contact, width: int | None) -> str:
    said = release.labels
    reached = [
        f"{said['email']} {contact.email}" if contact.email else "",
        f"{said['telephone']} {contact.telephone}" if contact.telephone else "",
    ]
    who = _wrapped(f"{said['contact']} {contact.line}.", width) if contact.line else said["contact"]
    return "\n\n".join(filter(None, [who, *reached]))
