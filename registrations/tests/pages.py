"""Pages behind a personal link, as tests ask for them and read them."""

import re
from html import unescape

from django.urls import reverse
from django.utils.translation import override

from registrations.links import personal_key


def page_of(registration, name="personal", *places) -> str:
    """The path of a page of the person's own, in their language."""
    with override(registration.language):
        return reverse(f"registrations:{name}", args=[personal_key(registration), *places])


def slot(session) -> str:
    """The name of the field in which one of the sessions of that time is chosen."""
    return f"slot_{session.day:%Y%m%d}_{session.start:%H%M}"


def text_of(response) -> str:
    """What the page says, without tags, single-spaced."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL).group()
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", main)))
    return re.sub(r" ([,.”])", r"\1", re.sub(r"“ ", "“", text))


def said(response) -> list[str]:
    """What the page says of the last change, once."""
    page = " ".join(response.content.decode().split())
    return [unescape(one) for one in re.findall(r'<p class="notice said[^>]*>(.*?)</p>', page)]


def sentences(response) -> list[str]:
    """What is wrong with the form."""
    return [sentence for _anchor, _label, sentence in response.context["form"].error_links()]
