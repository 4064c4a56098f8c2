"""The Atom feed of the press room (RFC 4287): for newsrooms and monitoring services."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from events.press.reading import Published
from events.press.structured import summary
from raict.markup import with_full_addresses, without_controls

LENGTH = 20
# An Atom feed has a date even before there is anything in it; the same at each reading.
_BEFORE_ANYTHING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class ReleaseFeed(Atom1Feed):
    """Besides what Django writes: the summary as text, the whole content, each entry's language."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else _BEFORE_ANYTHING

    def item_attributes(self, item):
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("summary", item["summary"], {"type": "text"})
        handler.addQuickElement("content", item["content"], {"type": "html"})


def feed(releases: Iterable[Published]) -> str:
    """The releases in their order, in the active language, with absolute addresses.

    The identity of an entry is the address of the release in the language that it is written in.
    """
    made = ReleaseFeed(
        title=" – ".join(["RAICT", _("Press releases")]),
        link=settings.SITE_URL + reverse("events:press"),
        description=None,
        language=get_language(),
        feed_url=settings.SITE_URL + reverse("events:press_feed"),
    )
    for shown in releases:
        written = shown.written
        html = render_to_string("events/press/_entry.html", {"written": written})
        with override(written.language):
            identity = settings.SITE_URL + shown.release.get_absolute_url()
        made.add_item(
            title=without_controls(written.headline),
            link=settings.SITE_URL + shown.release.get_absolute_url(),
            description=None,
            author_name=without_controls(written.organiser),
            unique_id=identity,
            updateddate=shown.public_at,
            language=written.language,
            summary=without_controls(summary(written)),
            content=without_controls(with_full_addresses(html)),
        )
    return made.writeString("utf-8")
