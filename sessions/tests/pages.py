"""Pages of the programme, as tests read them."""

import re
from html import unescape


def words(response, tag="main"):
    """What a person reads inside a tag, spaces brought together."""
    body = re.search(rf"<{tag}\b.*?</{tag}>", response.content.decode(), re.DOTALL)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def names(response):
    """Titles of the sessions that the page lists, in order."""
    found = re.findall(r"<h4[^>]*>(.*?)</h4>", response.content.decode(), re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", each)).split()) for each in found]
