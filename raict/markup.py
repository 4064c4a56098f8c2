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


# Of each tag in a mail: Outlook knows few styles, and many programs drop style sheets.
_IN_MAIL = {
    "p": "margin:0 0 16px",
    "h2": "margin:28px 0 8px;font-family:Georgia,serif;font-size:21px;line-height:1.25",
    "h3": "margin:24px 0 8px;font-family:Georgia,serif;font-size:19px;line-height:1.25",
    "h4": "margin:20px 0 8px;font-size:17px",
    "ul": "margin:0 0 16px;padding-left:24px",
    "ol": "margin:0 0 16px;padding-left:24px",
    "li": "margin:0 0 6px",
    "a": "color:#2b3f92",
    "figure": "margin:0 0 16px",
    "blockquote": "margin:0;padding:0 0 0 16px;border-left:4px solid #f2b33d",
    "figcaption": "padding:0 0 0 20px;font-size:15px;color:#4a5266",
    "hr": "margin:24px 0;border:0;border-top:1px solid #dcd8cc",
    "table": "margin:0 0 16px;border-collapse:collapse",
    "th": "padding:6px 12px 6px 0;border-bottom:2px solid #dcd8cc;text-align:left",
    "td": "padding:6px 12px 6px 0;border-bottom:1px solid #dcd8cc;text-align:left",
    # Never wider than its column; Outlook heeds the attribute alone.
    "img": "width:auto;max-width:100%;height:auto",
}


def mail_html(html: str) -> str:
    """Our own clean HTML for a mail: styles on the elements, whole addresses."""
    values = {tag: {"style": style} for tag, style in _IN_MAIL.items()}
    values["img"]["width"] = "552"
    return nh3.clean(
        html,
        tags=_TAGS | {"img", "figure", "figcaption"},
        attributes={"a": {"href"}, "img": {"src", "alt"}},
        attribute_filter=_whole_address,
        set_tag_attribute_values=values,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


def _whole_address(_tag: str, name: str, value: str) -> str:
    return settings.SITE_URL + value if name != "alt" and value.startswith("/") else value
