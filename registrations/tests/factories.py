import factory
from factory.django import DjangoModelFactory

from events.models import MediumKind
from events.tests.factories import EditionFactory
from registrations.models import Accreditation, Category, Organisation, Registration


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    key = factory.Sequence(lambda n: f"categorie-{n}")
    name_fr = "Technicien·ne"
    name_en = "Officer"


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Ville n° {n}")
    country = "FR"
    kind = Organisation.Kind.COMMUNE


class RegistrationFactory(DjangoModelFactory):
    """A confirmed registration, written as a row: it takes no place (registrations/seats/ does)."""

    class Meta:
        model = Registration

    edition = factory.SubFactory(EditionFactory)
    first_name = factory.Faker("first_name", locale="fr_FR")
    last_name = factory.Faker("last_name", locale="fr_FR")
    email = factory.Sequence(lambda n: f"personne{n}@example.org")
    function = "Chargée de mission"
    organisation = factory.SubFactory(OrganisationFactory)
    country = "FR"
    category = factory.SubFactory(CategoryFactory)


class AccreditationFactory(DjangoModelFactory):
    """A request that waits for the team; the services accept it."""

    class Meta:
        model = Accreditation

    edition = factory.SubFactory(EditionFactory)
    first_name = factory.Faker("first_name", locale="fr_FR")
    last_name = factory.Faker("last_name", locale="fr_FR")
    email = factory.Sequence(lambda n: f"journaliste{n}@example.org")
    country = "FR"
    medium = "Le Courrier du développement"
    kind = MediumKind.SPECIALISED
    card_number = "98765"
