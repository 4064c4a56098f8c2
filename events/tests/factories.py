import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from events.models import (
    Edition,
    Partner,
    PressContact,
    PressPicture,
    PressRelease,
    Quote,
    Room,
    Venue,
)
from events.press import publishing


class VenueFactory(DjangoModelFactory):
    class Meta:
        model = Venue

    name = factory.Sequence(lambda n: f"Pavillon {n}")
    city = "Paris"


class RoomFactory(DjangoModelFactory):
    class Meta:
        model = Room

    venue = factory.SubFactory(VenueFactory)
    name = factory.Sequence(lambda n: f"Salle {n}")
    capacity = 40


class EditionFactory(DjangoModelFactory):
    """A published edition two months ahead; `open=True` takes registrations, `current=True` is current."""

    class Meta:
        model = Edition

    class Params:
        open = factory.Trait(state=Edition.State.OPEN)
        current = factory.Trait(is_current=True)

    number = factory.Sequence(lambda n: n + 100)
    name_fr = "Rencontres de l’action internationale des collectivités territoriales"
    name_en = "Meetings on international action by local authorities"
    theme_fr = "La Diplomatie des territoires"
    state = Edition.State.PUBLISHED
    starts_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=60))
    ends_on = factory.LazyAttribute(lambda edition: edition.starts_on + dt.timedelta(days=1))
    venue = factory.SubFactory(VenueFactory)
    capacity = 500
    contact_email = "contact@example.org"


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = Partner

    edition = factory.SubFactory(EditionFactory)
    name_fr = factory.Sequence(lambda n: f"Partenaire {n}")


class PressPictureFactory(DjangoModelFactory):
    """A published photograph of 120 × 80 pixels."""

    class Meta:
        model = PressPicture

    edition = factory.SubFactory(EditionFactory)
    title_fr = factory.Sequence(lambda n: f"Photo {n}")
    credit = "A. Roy"
    rights_fr = "Libre de droits"
    file = factory.django.ImageField(width=120, height=80)


class PressReleaseFactory(DjangoModelFactory):
    """A published release in French; `draft=True` is still to be published."""

    class Meta:
        model = PressRelease
        skip_postgeneration_save = True

    edition = factory.SubFactory(EditionFactory)
    language = PressRelease.Language.FRENCH
    slug = factory.Sequence(lambda n: f"communique-{n}")
    headline_fr = "Un titre"
    issued_on = dt.date(2024, 11, 6)
    lead_fr = "Un chapeau."
    body_fr = "Un paragraphe."

    @factory.post_generation
    def quotes(self, create, extracted, **kwargs):
        """`quotes=[{…}, …]`: rows of the release."""
        for position, parts in enumerate(extracted or (), start=1):
            Quote.objects.create(release=self, position=position, **parts)

    @factory.post_generation
    def draft(self, create, extracted, **kwargs):
        if create and not extracted:
            publishing.freeze(self)


class PressContactFactory(DjangoModelFactory):
    """Somebody who can be reached, and reads French."""

    class Meta:
        model = PressContact

    name = factory.Sequence(lambda n: f"Journaliste {n}")
    medium = "Le Quotidien"
    email = factory.Sequence(lambda n: f"journaliste{n}@example.org")
    consent = "Carte laissée à l’accueil"
    consented_on = dt.date(2026, 1, 15)
