import datetime as dt

import factory
from factory.django import DjangoModelFactory

from events.tests.factories import EditionFactory
from sessions.models import Appearance, Person, Session


class SessionFactory(DjangoModelFactory):
    """A thematic workshop with seats, on the edition's first day from 10:00 to 11:00."""

    class Meta:
        model = Session

    class Params:
        cafe = factory.Trait(
            kind=Session.Kind.CAFE,
            booking=Session.Booking.RANKED,
            start=dt.time(14),
            end=dt.time(15),
        )

    edition = factory.SubFactory(EditionFactory)
    kind = Session.Kind.THEMATIC_WORKSHOP
    slug = factory.Sequence(lambda n: f"seance-{n}")
    title_fr = factory.Sequence(lambda n: f"Atelier {n}")
    title_en = factory.Sequence(lambda n: f"Workshop {n}")
    day = factory.LazyAttribute(lambda session: session.edition.starts_on)
    start = dt.time(10)
    end = dt.time(11)
    booking = Session.Booking.SEAT
    capacity = 20


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    slug = factory.Sequence(lambda n: f"personne-{n}")
    first_name = factory.Faker("first_name", locale="fr_FR")
    last_name = factory.Faker("last_name", locale="fr_FR")


class AppearanceFactory(DjangoModelFactory):
    class Meta:
        model = Appearance

    session = factory.SubFactory(SessionFactory)
    person = factory.SubFactory(PersonFactory)
    function_fr = "Maire"
    organisation = "Ville de Dijon"
