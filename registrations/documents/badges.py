"""Badges: one tagged A6 page each, some at once or by the thousand."""

import datetime as dt
import functools
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import Edition
from raict import fonts
from raict.binding import bind
from raict.errors import DomainError
from raict.jobs.running import Run
from raict.linkmap import link_map
from raict.mail.models import Message
from raict.pdf import data_url, picture_url, render_pdf, render_png
from registrations.badge import HEAD, WIDTH, badge, head
from registrations.documents.recipient import recipient_of
from registrations.models import Registration

# Badges printed in one piece. Memory grows with it, and from some hundred on the engine's time a page.
PART = 100


def badge_pdf(registrations: Sequence[Registration]) -> bytes:
    """One tagged A6 page for each registration, in the order given.

    The same number of queries for one badge and for `PART`.
    """
    return bind(badge_parts(registrations))


def badge_parts(registrations: Sequence[Registration]) -> Iterator[bytes]:
    """The same document, to be bound: `PART` badges at a time."""
    for start in range(0, len(registrations), PART):
        yield _printed(registrations[start : start + PART])


def print_badges(run: Run) -> None:
    """The job: badges of `registrations` (keys, in the order of printing), and each marked as made.

    What has changed on a badge since it was read stays marked as changed.
    """
    keys = run.arguments["registrations"]
    now = timezone.now()
    found = Registration.objects.confirmed().in_bulk(keys)
    confirmed = [found[key] for key in keys if key in found]

    def parts() -> Iterator[bytes]:
        for number, part in enumerate(badge_parts(confirmed)):
            run.progress(number * PART, len(confirmed))
            yield part

    if not confirmed:
        raise DomainError(_("None of these is confirmed: no badge to print."))
    run.attach(f"badges-{timezone.localdate():%Y-%m-%d}.pdf", bind(parts()))
    run.progress(len(confirmed), len(confirmed))
    run.count(_("Badges"), len(confirmed))
    with transaction.atomic():
        badges_made(keys, now)
        run.settle()


def badges_made(keys: Sequence[int], moment: dt.datetime) -> None:
    """Badges have left as they were at that moment."""
    is_as_read = Q(badge_changed_at=None) | Q(badge_changed_at__lte=moment)
    printed = Registration.objects.confirmed().filter(is_as_read, pk__in=keys)
    printed.update(badge_made_at=moment, badge_changed_at=None)


def _printed(registrations: Sequence[Registration]) -> bytes:
    prefetch_related_objects(registrations, "edition__venue", "category", "organisation")
    editions = {registration.edition_id: registration.edition for registration in registrations}
    badges = [badge(registration) for registration in registrations]
    heads = {pk: head(edition) for pk, edition in editions.items()}
    faces = {face for one in badges for setting in one.settings() for face in setting.faces}
    only = registrations[0] if len(registrations) == 1 else None
    with override(only.language if only else "fr"):
        html = render_to_string(
            "pdf/badges.html",
            {
                "badges": [(one, heads[one.registration.edition_id]) for one in badges],
                "emblems": {pk: _emblem(edition) for pk, edition in editions.items()},
                "edition": registrations[0].edition,
                "only": only,
            },
        )
    return render_pdf(
        html, stylesheets=["pdf-badge.css"], faces=(*fonts.SERIF[:2], *fonts.SANS, *faces)
    )


def _emblem(edition: Edition) -> str:
    scale = 96 / 25.4
    return _painted(
        link_map(
            edition.countries(),
            edition.guest_country.code,
            width=round(WIDTH * scale),
            height=round(HEAD * scale),
            variant="badge",
        )
    )


@functools.lru_cache(maxsize=8)
def _painted(emblem: str) -> str:
    """At 300 dots an inch: lines would be drawn anew on each page, a picture is kept once."""
    html = render_to_string(
        "pdf/emblem.html",
        {"emblem": data_url(emblem), "size": f"{WIDTH}mm {HEAD}mm", "ground": "#16244f"},
    )
    return picture_url(render_png(html, stylesheets=[], width=round(WIDTH / 25.4 * 300), faces=()))


def badge_attachment(message: Message) -> tuple[str, bytes, str] | None:
    """The badge as a message carries it; None when it is not the recipient's any more."""
    registration = recipient_of(message)
    if registration is None or registration.state != Registration.State.CONFIRMED:
        return None
    return "badge.pdf", badge_pdf([registration]), "application/pdf"
