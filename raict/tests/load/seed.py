"""What the bench needs of the site, in a process that knows Django: `fill`, `rush`, `verdict`.

Each answers one line of JSON.
"""

import datetime as dt
import json
import sys

import django

PEOPLE = 5_000
ORGANISATIONS = 400  # half of them checked, so that the form suggests them
SEATS_OF_THE_RUSH = 20


def fill() -> dict:
    """An edition with a programme like the 15th's, and `PEOPLE` registered with four sessions each.

    Written in bulk, counters included: what `services.register` would have left, in seconds.
    """
    from django.db import connection, transaction

    from events.models import Edition

    with transaction.atomic():
        Edition.objects.update(is_current=False)
        edition = _edition(99, days=60)
        slots = _programme(edition)
        _people(edition, slots)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {"edition": edition.pk}


def rush(edition: str, number: str) -> dict:
    """One more café, with few seats; and what those are told who find it full."""
    from events.models import Edition
    from raict.typography import french
    from registrations.rules import SessionFull

    position = 12 + int(number)
    session = _session(
        Edition.objects.get(pk=edition), "cafe", position, 2, 15, seats=SEATS_OF_THE_RUSH
    )
    sentence = french(str(SessionFull(session)))
    return {"session": session.pk, "full": f"refused: {' '.join(sentence.split())}"}


def _edition(number: int, *, days: int):
    """Open for registration, and in so many days; the current one if it is to come."""
    from django.utils import timezone

    from events.models import Edition, Room, Venue

    venue, _new = Venue.objects.get_or_create(name="Palais de la mesure", city="Paris")
    Room.objects.get_or_create(venue=venue, name="Grande salle", capacity=50_000)
    first = timezone.localdate() + dt.timedelta(days=days)
    return Edition.objects.create(
        number=number,
        name_fr="Rencontres de la mesure",
        theme_fr="La Diplomatie des territoires : combien par seconde ?",
        state="open" if days > 0 else "over",
        is_current=days > 0,
        starts_on=first,
        ends_on=first + dt.timedelta(days=1),
        venue=venue,
        contact_email="contact@example.org",
    )


def _session(edition, kind: str, position: int, day: int, hour: int, *, seats: int | None):
    """With a seat to book where `seats` says how many, else with free entry."""
    from sessions.models import Session

    booking = "seat" if seats else "ranked" if kind == "cafe" else "free"
    return Session.objects.create(
        edition=edition,
        kind=kind,
        slug=f"mesure-{kind.replace('_', '-')}-{position}",
        position=position,
        title_fr=f"L’eau, l’assainissement et les territoires : rencontre n° {position}",
        framing_fr="Une note de cadrage, telle que l’équipe en écrit pour chaque session. " * 25,
        day=edition.starts_on + dt.timedelta(days=day - 1),
        start=dt.time(hour),
        end=dt.time(hour, 55),
        room=edition.venue.rooms.first(),
        capacity=seats or 50_000,
        booking=booking,
    )


def _programme(edition) -> list[list]:
    """28 sessions: opening, two plenaries, a meal, twelve cafés, and four times three to book."""
    _session(edition, "opening", 1, 1, 9, seats=None)
    _session(edition, "plenary", 1, 1, 10, seats=None)
    _session(edition, "meal", 1, 1, 12, seats=None)
    _session(edition, "plenary", 2, 2, 11, seats=None)
    for number in range(1, 13):
        _session(edition, "cafe", number, 2, 12, seats=None)
    times = [("geographic_meeting", 1, 14), ("geographic_meeting", 1, 16)]
    times += [("thematic_workshop", 2, 9), ("thematic_workshop", 2, 10)]
    return [
        [
            _session(edition, kind, number * 3 + beside, day, hour, seats=50_000)
            for beside in range(3)
        ]
        for number, (kind, day, hour) in enumerate(times)
    ]


def _people(edition, slots: list[list]) -> None:
    from django.db.models import Count
    from django.utils import timezone

    from events.models import Edition
    from raict.mail.models import Message
    from registrations.models import (
        Booking,
        Category,
        Change,
        Consent,
        Organisation,
        Registration,
    )
    from sessions.models import Session

    now = timezone.now()
    names = [f"Ville de Saint-Exemple {number}" for number in range(ORGANISATIONS)]
    organisations = Organisation.objects.bulk_create(
        Organisation(name=name, country="SN", is_checked=number % 2 == 0)
        for number, name in enumerate(names)
    )
    category = Category.objects.filter(is_offered=True, needs_approval=False).first()
    people = Registration.objects.bulk_create(
        Registration(
            edition=edition,
            first_name="Awa",
            last_name=f"Diop-{number}",
            email=f"personne-{number}@example.org",
            function="Adjointe au maire",
            organisation=organisations[number % ORGANISATIONS],
            country="SN",
            category=category,
            badge_made_at=now,
        )
        for number in range(PEOPLE)
    )
    Booking.objects.bulk_create(
        Booking(registration=person, session=slot[number % len(slot)])
        for number, person in enumerate(people)
        for slot in slots
    )
    Consent.objects.bulk_create(
        Consent(registration=person, purpose="photos", wording="J’accepte.", language="fr")
        for person in people
    )
    Change.objects.bulk_create(
        Change(registration=person, action=Change.Action.REGISTERED, by=Change.By.PERSON)
        for person in people
    )
    Message.objects.bulk_create(
        Message(
            template="registration_confirmed",
            to=person.email,
            language="fr",
            subject="Votre inscription est confirmée",
            text="Votre inscription est confirmée.\n" * 60,
            reference=person.reference,
            state=Message.State.SENT,
            sent_at=now,
        )
        for person in people
    )
    counted = Session.objects.filter(edition=edition).annotate(rows=Count("bookings"))
    for session in counted:
        Session.objects.filter(pk=session.pk).update(seats_taken=session.rows)
    Edition.objects.filter(pk=edition.pk).update(places_taken=PEOPLE)


def verdict(edition: str, *sessions: str) -> dict:
    """What the rows say: how many registered, how many mails, who sits and who waits in `sessions`."""
    from raict.mail.models import Message
    from registrations.models import Booking, Registration

    return {
        "registered": Registration.objects.filter(edition=edition).live().count(),
        "queued": Message.objects.filter(state=Message.State.QUEUED).count(),
        "seated": {pk: Booking.objects.filter(session=pk).held().count() for pk in sessions},
        "ranks": {
            pk: list(
                Booking.objects.filter(session=pk)
                .in_line()
                .with_rank()
                .values_list("rank", flat=True)
            )
            for pk in sessions
        },
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps({"fill": fill, "rush": rush, "verdict": verdict}[sys.argv[1]](*sys.argv[2:])))
