"""Everything that is kept about one person, for that person (RGPD art. 15 and 20)."""

from django.db.models import QuerySet

from raict.mail.models import Message
from registrations.models import (
    Accreditation,
    Booking,
    Change,
    Consent,
    Needs,
    Note,
    Registration,
)
from registrations.overview import own_history


def personal_data(registration: Registration) -> dict:
    """Plain values, ready for JSON; keys are those of the columns, in English.

    What belongs to somebody who had the place before is not this person's to read.
    """
    organisation = registration.organisation
    needs = Needs.objects.filter(registration=registration).first()
    changes = own_history(registration)
    return {
        "edition": {
            "number": registration.edition.number,
            "name": registration.edition.name_fr,
            "starts_on": registration.edition.starts_on,
            "ends_on": registration.edition.ends_on,
            "organiser": registration.edition.organiser,
        },
        "registration": {
            "reference": registration.reference,
            "state": registration.state,
            "rank": registration.rank(),
            "civility": registration.civility,
            "title": registration.title,
            "first_name": registration.first_name,
            "last_name": registration.last_name,
            "email": registration.email,
            "function": registration.function,
            "country": registration.country.code,
            "category": registration.category.key,
            "language": registration.language,
            "created_at": registration.created_at,
            "cancelled_at": registration.cancelled_at,
            "badge_made_at": registration.badge_made_at,
            "badge_changed_at": registration.badge_changed_at,
        },
        "organisation": organisation
        and {
            "name": organisation.name,
            "kind": organisation.kind,
            "country": organisation.country.code,
            "siret": organisation.siret,
        },
        "bookings": [
            _booking(booking)
            for booking in registration.bookings.with_rank().select_related("session")
        ],
        "cafe_wishes": [
            {"rank": wish.rank, "session": wish.session.slug, "title": wish.session.name}
            for wish in registration.cafe_wishes()
        ],
        "needs": needs
        and {"diet": needs.diet, "access": needs.access, "interpretation": needs.interpretation},
        "consents": [
            {
                "purpose": consent.purpose,
                "wording": consent.wording,
                "language": consent.language,
                "given_at": consent.given_at,
            }
            for consent in Consent.objects.filter(registration=registration)
        ],
        "accreditations": [
            _accreditation(accreditation) for accreditation in registration.accreditations.all()
        ],
        "history": [
            {
                "at": change.at,
                "action": change.action,
                "session": change.session and change.session.slug,
                "by": change.by,
                "reason": change.reason,
            }
            for change in changes
        ],
        # What the team noted of the person, not who of the team did (RGPD art. 15.1 and 15.4).
        "notes": [{"at": note.at, "text": note.text} for note in _notes(registration, changes)],
        "check_ins": [
            {"session": check_in.session.slug, "at": check_in.at}
            for check_in in registration.check_ins.select_related("session")
        ],
        "messages": [
            {
                "subject": message.subject,
                "to": message.to,
                "language": message.language,
                "text": message.text,
                "attachments": message.attachments,
                "state": message.state,
                "created_at": message.created_at,
                "sent_at": message.sent_at,
            }
            for message in _messages(registration, changes)
        ],
        # Registrations of the same person that the team has merged into this one.
        "merged": [
            personal_data(other)
            for other in registration.merged.select_related("edition", "organisation", "category")
        ],
    }


def _booking(booking: Booking) -> dict:
    return {
        "session": booking.session.slug,
        "title": booking.session.name,
        "day": booking.session.day,
        "start": booking.session.start,
        "state": booking.state,
        "rank": booking.rank,
        "offered_until": booking.offered_until,
        "created_at": booking.created_at,
        "released_at": booking.released_at,
    }


def _accreditation(accreditation: Accreditation) -> dict:
    """Without the letter itself, of which it says whether there is one."""
    names = (
        *("civility", "first_name", "last_name", "email", "language", "medium", "kind"),
        *("card_number", "days", "interviews", "equipment"),
        *("state", "asked_at", "decided_at", "reason", "notes"),
    )
    return {
        **{name: getattr(accreditation, name) for name in names},
        "country": accreditation.country.code,
        "has_letter": bool(accreditation.letter),
    }


def _notes(registration: Registration, changes: list[Change]) -> QuerySet[Note]:
    """Those of this person: what was noted before the place was passed on is another's."""
    if changes and changes[-1].action == Change.Action.PASSED:
        return registration.notes.filter(at__gt=changes[-1].at)
    return registration.notes.all()


def _messages(registration: Registration, changes: list[Change]) -> QuerySet[Message]:
    """Those to this person: what was written before the place was passed on went to another."""
    asked = [accreditation.reference for accreditation in registration.accreditations.all()]
    messages = Message.objects.filter(reference__in=[registration.reference, *asked])
    if changes and changes[-1].action == Change.Action.PASSED:
        return messages.filter(created_at__gt=changes[-1].at)
    return messages
