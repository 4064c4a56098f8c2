"""An edition open for registration, with a seat at ten, another at eleven, and cafés."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter

from events.models import Edition
from events.tests.factories import EditionFactory, RoomFactory
from registrations import services
from registrations.models import Category, Consent
from registrations.tests.factories import CategoryFactory
from sessions.models import Session
from sessions.tests.factories import SessionFactory


@pytest.fixture
def edition():
    return EditionFactory(open=True, current=True, capacity=100)


@pytest.fixture
def category():
    return CategoryFactory(name_fr="Élu·e", name_en="Elected representative")


@pytest.fixture
def elected():
    return CategoryFactory(name_fr="Élu·e de quota")


@pytest.fixture
def ten(edition):
    """From ten to eleven, twenty seats."""
    return SessionFactory(
        edition=edition,
        title_fr="Eau et assainissement",
        title_en="Water and sanitation",
        room=RoomFactory(venue=edition.venue, name="Étoile 1"),
    )


@pytest.fixture
def also_ten(edition):
    """At the same time as `ten`."""
    return SessionFactory(edition=edition, title_fr="Diasporas", start=dt.time(10), end=dt.time(11))


@pytest.fixture
def eleven(edition):
    """From eleven to twelve: back to back with the other."""
    return SessionFactory(
        edition=edition,
        title_fr="Culture",
        title_en="",
        start=dt.time(11),
        end=dt.time(12),
    )


@pytest.fixture
def cafes(edition):
    return [
        SessionFactory(
            edition=edition, cafe=True, title_fr=f"Café {n}", title_en=f"Table {n}", position=n
        )
        for n in (1, 2, 3)
    ]


@pytest.fixture
def person(category):
    """What services.register() takes about a person."""
    return {
        "civility": "mme",
        "title": "",
        "first_name": "Awa",
        "last_name": "Diop-N’Diaye",
        "email": "awa@example.org",
        "function": "Adjointe au maire",
        "organisation": "Ville de Saint-Louis",
        "country": "SN",
        "category": category,
    }


@pytest.fixture
def awa(edition, ten, cafes, person):
    """Confirmed, with a seat, two wishes and a need."""
    return services.register(
        edition=edition,
        person=person,
        sessions=[ten],
        cafes=cafes[:2],
        needs={"diet": "végétarien"},
        consents={Consent.Purpose.PHOTOS: "J’accepte d’être photographiée."},
        notify=False,
    )


@pytest.fixture
def dated(edition, ten, eleven):
    """Fixed days, so that the mails can be read as they are."""
    Edition.objects.update(
        number=16, starts_on=dt.date(2999, 6, 5), ends_on=dt.date(2999, 6, 6), short_name="RAICT"
    )
    Session.objects.update(day=dt.date(2999, 6, 5))
    edition.venue.name = "Pavillon d’Armenonville"
    edition.venue.save()
    for row in (edition, ten, eleven):
        row.refresh_from_db()
    return edition


@pytest.fixture
def press(db):
    """The category of journalists, which the site ships with."""
    category, _written = Category.objects.get_or_create(
        key="presse", defaults={"name_fr": "Presse", "name_en": "Press", "needs_approval": True}
    )
    return category


@pytest.fixture
def journalist():
    """What services.ask_accreditation() takes about a person."""
    return {
        "civility": "mme",
        "first_name": "Léa",
        "last_name": "Martin",
        "email": "lea@example.org",
        "country": "FR",
        "medium": "Le Courrier du développement",
        "kind": "specialised",
        "card_number": "98765",
    }


@pytest.fixture
def accredited(edition, press, journalist):
    """The registration of somebody whom the team has accredited, in English."""
    lea = services.ask_accreditation(edition=edition, person=journalist, language="en")
    services.accredit(lea)
    return lea.registration


@pytest.fixture
def letter():
    """A PDF that opens, as somebody sends it."""
    pages, file = PdfWriter(), io.BytesIO()
    pages.add_blank_page(width=595, height=842)
    pages.write(file)
    return SimpleUploadedFile("lettre de mission.pdf", file.getvalue(), "application/pdf")
