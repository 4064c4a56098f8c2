"""Everything that is kept about one person, for that person (RGPD art. 15 and 20)."""

from raict.mail.models import Message
from registrations.models import Booking, Consent, Needs, Registration


def personal_data(registration: Registration) -> dict:
    """Plain values, ready for JSON; keys are those of the columns, in English."""
    organisation = registration.organisation
    needs = Needs.objects.filter(registration=registration).first()
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
        },
        "organisation": organisation
        and {
            "name": organisation.name,
            "kind": organisation.kind,
            "country": organisation.country.code,
            "siret": organisation.siret,
        },
        "bookings": [
            _booking(booking) for booking in registration.bookings.select_related("session")
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
            for message in Message.objects.filter(reference=registration.reference)
        ],
    }


def _booking(booking: Booking) -> dict:
    return {
        "session": booking.session.slug,
        "title": booking.session.name,
        "day": booking.session.day,
        "start": booking.session.start,
        "state": booking.state,
        "created_at": booking.created_at,
        "released_at": booking.released_at,
    }
