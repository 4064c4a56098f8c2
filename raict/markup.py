"""Markdown of the team as clean HTML: nothing active, and no picture but our own."""

import re

import nh3
from django.conf import settings
from markdown import markdown

# What the team's texts may hold: no raw HTML beyond these, no attribute but addresses.
_TAGS = {
    *("p", "br", "strong", "em", "a", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "hr"),
    *("table", "thead", "tbody", "tr", "th", "td", "sup", "sub"),
}
# What no XML document may hold: a line break of Word pasted as a vertical tab, say.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# In a tag, whatever its other attributes hold: an address that starts at our root.
_OWN_ADDRESS = re.compile(r'(<(?:a|img)\b(?:[^<>"]|"[^"]*")*?\s(?:href|src)=")/(?!/)')
_EMPTY_PICTURE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
PICTURE = re.compile(r"!\[(?P<words>[^\]]*)\]\(\s*<?(?P<address>[^\s)>]+)")


def clean_html(text: str, *, pictures: str = "") -> str:
    """Lists, headings, links and tables of Markdown, sanitised.

    Pictures are left out, unless `pictures` names a folder of uploads: then those that lie there
    are kept, whatever the text says of others (another host, file:, data:, this very machine).
    """
    html = markdown(text or "", extensions=["sane_lists", "tables"], output_format="html")
    clean = nh3.clean(
        html,
        tags=_TAGS | ({"img"} if pictures else set()),
        attributes={"a": {"href"}} | ({"img": {"src", "alt"}} if pictures else {}),
        attribute_filter=lambda tag, name, value: (
            value if (tag, name) != ("img", "src") or is_own_picture(value, pictures) else None
        ),
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
    )
    return _EMPTY_PICTURE.sub("", clean)


def without_controls(text: str) -> str:
    """The text as XML can carry it: Word documents, feeds."""
    return _CONTROLS.sub(" ", text)


def with_full_addresses(html: str) -> str:
    """Our own addresses with the site's name before them: for what is read elsewhere."""
    return _OWN_ADDRESS.sub(rf"\g<1>{settings.SITE_URL}/", html)


def pictures_of(text: str) -> list[tuple[str, str]]:
    """(alternative text, address) of each picture of a Markdown text."""
    return [(match["words"], match["address"]) for match in PICTURE.finditer(text)]


def is_own_picture(address: str, folder: str) -> bool:
    """An upload of that folder, named by its path on this site: no host, no way out of the folder."""
    return (
        address.startswith(f"{settings.MEDIA_URL}{folder}")
        and ".." not in address
        and "%" not in address
        and "\\" not in address
    )
