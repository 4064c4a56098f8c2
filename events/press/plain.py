"""A release as plain text: for an editor's copy and paste, and for a mail."""

import textwrap
from html.parser import HTMLParser

from events.press.writing import Contact, Written

WIDTH = 78
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
        self._text += data if self._text.strip() else data.lstrip("\n ")

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


def _wrapped(text: str, indent: str = "") -> str:
    return "\n".join(
        textwrap.fill(
            " ".join(line.split(" ")),
            WIDTH,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    )


def _section(html: str) -> str:
    parts: list[str] = []
    before = ""
    for tag, text in blocks(html):
        if tag.startswith("h"):
            parts += ["\n\n\n" if parts else "", _wrapped(text), "\n", "-" * min(len(text), WIDTH)]
        else:
            glue = (
                "\n"
                if (tag in {"li", "tr"} and before == tag) or before.startswith("h")
                else "\n\n"
            )
            depth = len(text) - len(text.lstrip(" "))
            indent = " " * depth + _STEP if tag == "li" else ""
            parts += [glue if parts else "", _wrapped(text, indent)]
        before = tag
    return "".join(parts)


def plain_text(release: Written) -> str:
    """The whole release, wrapped at 78 signs, in the order of the PDF."""
    said = release.labels
    support = ["\n".join(filter(None, [one.name, one.motto])) for one in release.support]
    headline = _wrapped(release.headline)
    parts = [
        said["demonstration"] if release.is_demonstration else "",
        _wrapped(release.banner),
        "\n".join([said["support"], *support]) if support else "",
        said["kind"],
        headline + "\n" + "=" * max(map(len, headline.split("\n"))),
        _wrapped(release.corrects),
        release.dateline,
        _section(release.lead),
        *(_section(text) for text in release.texts),
        f"{said['about']}\n{_section(release.about)}" if release.about else "",
        _section(release.more),
        *(_contact(release, contact) for contact in release.contacts),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _contact(release: Written, contact: Contact) -> str:
    said = release.labels
    reached = [
        f"{said['email']} {contact.email}" if contact.email else "",
        f"{said['telephone']} {contact.telephone}" if contact.telephone else "",
    ]
    who = _wrapped(f"{said['contact']} {contact.line}.") if contact.line else said["contact"]
    return "\n\n".join(filter(None, [who, *reached]))
