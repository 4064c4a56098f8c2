"""What machines read of a release and of an edition: schema.org in JSON-LD, and Open Graph."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from events.models import Edition, Venue
from events.press.card import HEIGHT, WIDTH
from events.press.plain import blocks
from events.press.reading import Published
from events.press.writing import Written, typeset

_SCHEMA = "https://schema.org"
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
_HEADLINE = 110  # signs: what search engines ask of a NewsArticle
_DESCRIPTION = 300


def metadata(shown: Published) -> dict:
    """What the head of a release's page holds: `social` (Open Graph) and `structured` (JSON-LD)."""
    versions = list(shown.release.publications.values_list("language", "version", "published_at"))
    first_at = min(published_at for _language, _version, published_at in versions)
    languages = {
        language for language, version, _at in versions if version == shown.release.version
    }
    first_at = max(filter(None, (first_at, shown.release.embargo_until)))
    written = shown.written
    social = {
        "type": "article",
        "title": written.headline,
        "description": shortened(summary(written), _DESCRIPTION),
        "image": {
            "url": _card_url(shown),
            "width": WIDTH,
            "height": HEIGHT,
            "words": f"{written.labels['kind']} {written.headline}",
        },
        "locale": _LOCALES[written.language],
        "other_locales": [_LOCALES[one] for one in sorted(languages - {written.language})],
        "article": {"published_time": _moment(first_at), "modified_time": _moment(shown.public_at)},
    }
    return {"social": social, "structured": article(shown, first_at)}


def article(shown: Published, first_at: dt.datetime) -> dict | None:
    """The release as a NewsArticle; nothing of a demonstration, which is no news."""
    written, edition = shown.written, shown.release.edition
    if written.is_demonstration:
        return None
    organiser = _organisation(written.organiser, edition.organiser_website)
    address = settings.SITE_URL + shown.release.get_absolute_url()
    return {
        "@context": _SCHEMA,
        "@type": "NewsArticle",
        "headline": shortened(written.headline, _HEADLINE),
        "name": written.headline,
        "description": text_of(written.lead),
        "articleBody": "\n\n".join(map(text_of, (written.lead, *written.texts))),
        "inLanguage": written.language,
        "datePublished": _moment(first_at),
        "dateModified": _moment(shown.public_at),
        "url": address,
        "mainEntityOfPage": address,
        "image": [_card_url(shown)],
        "author": organiser,
        "publisher": organiser,
        "about": event(edition),
    }


def edition_data(edition: Edition) -> dict | None:
    """The edition as an Event of its own page; nothing of a demonstration, which never takes place."""
    return None if edition.is_demonstration else {"@context": _SCHEMA, **event(edition)}


def event(edition: Edition) -> dict:
    """The edition as an Event, in the active language. What is not known is left out."""
    status, first_day = _status(edition)
    found = {
        "@type": "Event",
        "name": f"{typeset(edition.name)} – {edition.title}",
        "alternateName": edition.short_name,
        "description": typeset(edition.theme),
        "url": settings.SITE_URL + edition.get_absolute_url(),
        "startDate": edition.starts_on and edition.starts_on.isoformat(),
        "endDate": edition.ends_on and edition.ends_on.isoformat(),
        "previousStartDate": first_day and first_day.isoformat(),
        "eventStatus": f"{_SCHEMA}/{status}",
        "eventAttendanceMode": f"{_SCHEMA}/OfflineEventAttendanceMode",
        "location": edition.venue and _place(edition.venue),
        "organizer": _organisation(edition.organiser, edition.organiser_website),
    }
    return _known(found)


def _status(edition: Edition) -> tuple[str, dt.date | None]:
    """(schema.org's word, the day that was announced first).

    Postponed is said while there is no new day; with one it is rescheduled.
    """
    first = edition.first_starts_on
    has_moved = bool(first and edition.starts_on and first != edition.starts_on)
    if edition.state == Edition.State.CANCELLED:
        return "EventCancelled", first if has_moved else None
    if edition.state == Edition.State.POSTPONED and not has_moved:
        return "EventPostponed", first or edition.starts_on
    return ("EventRescheduled", first) if has_moved else ("EventScheduled", None)


def _place(venue: Venue) -> dict:
    address = _known(
        {
            "streetAddress": venue.address,
            "postalCode": venue.postcode,
            "addressLocality": venue.city,
        }
    )
    found = {
        "@type": "Place",
        "name": typeset(venue.name),
        "url": venue.url,
        "address": address and {"@type": "PostalAddress", **address},
    }
    return _known(found)


def _organisation(name: str, address: str) -> dict:
    return _known({"@type": "Organization", "name": name, "url": address})


def _known(found: dict) -> dict:
    return {name: value for name, value in found.items() if value}


def _card_url(shown: Published) -> str:
    return settings.SITE_URL + reverse("events:release_card", args=[shown.release.slug])


def _moment(at: dt.datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")


# --------------------------------------------------------------------------------------- text
def text_of(html: str) -> str:
    """The words of clean HTML, a blank line between paragraphs."""
    return "\n\n".join(text for _tag, text in blocks(html))


def summary(written: Written) -> str:
    """The lead as text; of a demonstration, what it is comes first."""
    notice = written.labels["demonstration"] if written.is_demonstration else ""
    return "\n\n".join(filter(None, (notice, text_of(written.lead))))


def shortened(text: str, limit: int) -> str:
    """The text on one line, cut between two words if it is longer than so many signs."""
    line = text.replace("\n\n", " ").replace("\n", " ")
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    # At a plain space only: those that must not break hold a word and its sign together.
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:–-\u00a0\u202f") + "…"
