"""What a registration gives on paper and in a calendar."""

from collections.abc import Sequence

from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.utils.translation import override

from raict import fonts
from raict.linkmap import link_map
from raict.mail.models import Message
from raict.pdf import data_url, render_pdf
from registrations.badge import HEAD, WIDTH, badge, head
from registrations.models import Registration
from sessions.calendar import calendar


def badge_pdf(registrations: Sequence[Registration]) -> bytes:
    """One tagged A6 page for each registration, in the order given.

    The same number of queries for one badge and for a thousand.
    """
    registrations = list(registrations)
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


def _emblem(edition) -> str:
    scale = 96 / 25.4
    return data_url(
        link_map(
            edition.countries(),
            edition.guest_country.code,
            width=round(WIDTH * scale),
            height=round(HEAD * scale),
            variant="badge",
        )
    )


def badge_attachment(message: Message) -> tuple[str, bytes, str] | None:
    """The badge as a message carries it; None when it is not the recipient's any more."""
    registration = _recipient(message)
    if registration is None or registration.state != Registration.State.CONFIRMED:
        return None
    return "badge.pdf", badge_pdf([registration]), "application/pdf"


def calendar_file(registration: Registration) -> bytes:
    """The sessions that the person has booked, in their language; cancelled, those given back."""
    with override(registration.language):
        return calendar(
            registration.booked_sessions(),
            edition=registration.edition,
            revision=registration.revision,
            left=registration.left_sessions(),
        )


def calendar_attachment(message: Message) -> tuple[str, bytes, str] | None:
    """The calendar as a message carries it; None when it is not the recipient's any more."""
    registration = _recipient(message)
    if registration is None:
        return None
    return "agenda.ics", calendar_file(registration), "text/calendar; charset=utf-8"


def _recipient(message: Message) -> Registration | None:
    """The registration that the message is about, if it still belongs to whom it is sent to."""
    return (
        Registration.objects.select_related("edition__venue", "category", "organisation")
        .filter(reference=message.reference, email=message.to)
        .first()
    )
