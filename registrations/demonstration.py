"""Sample participants for the demonstration edition: invented people from 23 countries.

Everybody has a number, and everything about them follows from it: whoever runs this twice gets the
same people, and nobody is added a second time.
"""

import functools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import override
from faker import Faker

from events.models import Edition
from raict.countries import country_name
from registrations.models import Category, Membership, Organisation, Registration
from registrations.services import register
from sessions.models import Session

# Country → where its names come from: a locale of Faker, or a list of our own.
COUNTRIES = {
    "FR": "fr_FR",
    "SN": "West Africa",
    "CM": "Central Africa",
    "BJ": "West Africa",
    "CI": "West Africa",
    "MA": "Arab countries",
    "TN": "Arab countries",
    "LB": "Arab countries",
    "MG": "Madagascar",
    "HT": "Haiti",
    "VN": "Viet Nam",
    "CN": "zh_CN",
    "JP": "ja_JP",
    "UA": "uk_UA",
    "RO": "ro_RO",
    "PL": "pl_PL",
    "DE": "de_DE",
    "IT": "it_IT",
    "ES": "es_ES",
    "BR": "pt_BR",
    "CO": "es_CO",
    "CA": "fr_CA",
    "BE": "fr_BE",
}
# Given names and family names, separated by spaces, or by bars where names have spaces.
_OWN_NAMES = {
    "West Africa": (
        "Aminata Fatou Awa Mariama Khady Adjoua Abla Ibrahima Mamadou Ousmane Kouamé Koffi",
        "Diallo Ndiaye Sarr Fall Diouf Traoré Kouassi Koné Hounsou Adjovi Dossou Yao",
    ),
    "Central Africa": (
        "Solange Clarisse Brigitte Aïcha Joseph Emmanuel Blaise Achille Hervé Nadège",
        "Mbarga Tchoumi Fotso Kamga Atangana Njoya Essomba Talla Ewané Ngono",
    ),
    "Arab countries": (
        "Amal Salma Khadija Rania Leïla Youssef Karim Mehdi Anis Tarek Georges Nadia",
        "Benali Trabelsi Khoury Haddad Alaoui Mansouri Gharbi Chehab Bennani Jaziri",
    ),
    "Viet Nam": (
        "Minh Anh|Thu Hà|Quang Huy|Thị Lan|Đức Thắng|Bảo Ngọc|Văn Hùng|Phương Linh",
        "Nguyễn|Trần|Lê|Phạm|Hoàng|Vũ|Đặng|Bùi",
    ),
    "Madagascar": (
        "Voahangy Lalao Haingo Mialy Hery Rado Tiana Faly Njaka Solofo",
        "Rakotomalala Andrianarisoa Razafindrakoto Ramanantsoa Rasoanaivo Randriamihaja",
    ),
    "Haiti": (
        "Guerline Rose-Marie Nadine Mirlande Jean-Robert Wilner Frantz Ricardo",
        "Pierre-Louis Désir Jean-Baptiste Estimé Toussaint Célestin Dorvil",
    ),
}
# Names that a badge must not cut: they follow the first participant of each country.
_DIFFICULT_NAMES = [
    ("FR", "Marie-Antoinette Bénédicte", "de La Rochefoucauld-Montbel d’Estissac"),
    ("FR", "Anne-Sophie Clémentine", "Vandenbroucke-Lamoureux de Saint-Exemple"),
    ("VN", "Thị Phương Thảo", "Nguyễn"),
    ("VN", "Đặng Ngọc Quỳnh Như", "Trương"),
    ("LB", "عبد الرحمن", "الخوري"),
    ("MA", "فاطمة الزهراء", "بنعبد الله"),
    ("CN", "晓明", "欧阳"),
    ("CN", "梓涵", "王"),
    ("MG", "Voahangy Nirina", "Andriamanantenasoarivo"),
    ("BR", "Maria Aparecida da Conceição", "Albuquerque de Vasconcelos e Silva"),
    ("UA", "Олександра", "Переяславська"),
    ("JP", "さくら", "小野寺"),
    ("BE", "Øyvind-Łukasz", "Šimůnek-Vandecasteele"),
]
_TOWNS = ["Valmont", "Clairac", "Montferrand", "Roquebelle", "Saint-Exemple", "Beauval"]
_RIVERS = ["", "-sur-Orbe", "-les-Bains", "-la-Forêt"]
_CATEGORIES = {"elu": 34, "technicien": 34, "association": 18, "participant": 14}
_FUNCTIONS = {
    "elu": (
        ["Adjoint·e au maire", "Vice-président·e", "Conseiller·ère municipal·e", "Maire"],
        ["Deputy mayor", "Vice-president", "Councillor", "Mayor"],
    ),
    "technicien": (
        [
            "Chargé·e de coopération",
            "Directeur·rice des relations internationales",
            "Chef·fe de projet",
        ],
        ["Cooperation officer", "Head of international relations", "Project manager"],
    ),
    "association": (
        ["Président·e", "Chargé·e de mission", "Coordinateur·rice"],
        ["President", "Officer", "Coordinator"],
    ),
    "participant": (["Consultant·e", "Doctorant·e", ""], ["Consultant", "Doctoral student", ""]),
}
_FRENCH_SPEAKING = {"FR", "SN", "CM", "BJ", "CI", "MA", "TN", "LB", "MG", "HT", "CA", "BE"}
_BATCH = 32  # registrations in one transaction: quick, and no long lock on SQLite


@dataclass(frozen=True)
class Sample:
    """One invented participant."""

    number: int
    country: str
    first_name: str
    last_name: str
    category: str
    function: str
    organisation: str
    language: str

    @property
    def email(self) -> str:
        return f"participant-{self.number:04}@example.org"


@functools.cache
def _faker(locale: str) -> Faker:
    return Faker(locale)


def sample(number: int) -> Sample:
    """The participant of that number, from 1: always the same."""
    chance = random.Random(f"demonstration {number}")  # noqa: S311 -- sample data
    countries = list(COUNTRIES)
    name = None
    if number <= len(countries):
        country = countries[number - 1]
    elif number <= len(countries) + len(_DIFFICULT_NAMES):
        country, *name = _DIFFICULT_NAMES[number - len(countries) - 1]
    else:
        country = "FR" if chance.random() < 0.55 else chance.choice(countries[1:])
    language = "fr" if country in _FRENCH_SPEAKING else "en"
    first_name, last_name = name or _name(country, chance)
    category = chance.choices(list(_CATEGORIES), list(_CATEGORIES.values()))[0]
    return Sample(
        number=number,
        country=country,
        first_name=first_name,
        last_name=last_name,
        category=category,
        function=chance.choice(_FUNCTIONS[category][language == "en"]),
        organisation=_organisation(country, category, language, chance),
        language=language,
    )


def _name(country: str, chance: random.Random) -> tuple[str, str]:
    source = COUNTRIES[country]
    if source in _OWN_NAMES:
        given, family = _OWN_NAMES[source]
        mark = "|" if "|" in given else None
        return chance.choice(given.split(mark)), chance.choice(family.split(mark))
    fake = _faker(source)
    fake.seed_instance(chance.getrandbits(32))
    return fake.first_name(), fake.last_name()


def _organisation(country: str, category: str, language: str, chance: random.Random) -> str:
    """One of a few invented bodies of the country, so that people share them; "" for some."""
    if category == "participant":
        return ""
    if country == "FR":
        town = chance.choice(_TOWNS) + chance.choice(_RIVERS)
        if category == "association":
            return f"Association {town} sans frontières (exemple)"
        return f"{chance.choice(['Ville', 'Métropole', 'Pays'])} de {town} (exemple)"
    number = chance.randint(1, 3)
    with override(language):
        name = country_name(country)
    if category == "association":
        words = ("Association d’exemple n° %d (%s)", "Sample association no. %d (%s)")
    else:
        words = ("Ville d’exemple n° %d (%s)", "Sample city no. %d (%s)")
    return words[language == "en"] % (number, name)


def add_participants(edition: Edition, count: int) -> Iterator[int]:
    """Register the first `count` participants who are not there yet; yields how many so far.

    Through the same door as everybody (registrations/services.py), so that seats and counters are
    right, but without mails. Each batch is one transaction.
    """
    known = set(Registration.objects.filter(edition=edition).values_list("email", flat=True))
    categories = {category.key: category for category in Category.objects.all()}
    sessions = list(edition.sessions.filter(is_published=True, day__isnull=False))
    added = 0
    numbers = range(1, count + 1)
    for start in range(0, count, _BATCH):
        before = added
        with transaction.atomic():
            for number in numbers[start : start + _BATCH]:
                person = sample(number)
                if person.email not in known:
                    _register(edition, person, categories, sessions)
                    added += 1
        if added > before:
            yield added


def _register(
    edition: Edition, person: Sample, categories: dict[str, Category], sessions: list[Session]
) -> None:
    chance = random.Random(f"seats {person.number}")  # noqa: S311 -- sample data
    organisation = _known_organisation(edition, person)
    chosen = _seats(sessions, chance, is_member=bool(organisation and _is_member(person)))
    cafes = [one for one in sessions if one.booking == Session.Booking.RANKED]
    register(
        edition=edition,
        person={
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": person.email,
            "function": person.function,
            "organisation": organisation,
            "country": person.country,
            "category": categories[person.category],
        },
        sessions=chosen,
        cafes=chance.sample(cafes, min(len(cafes), chance.randrange(4))),
        language=person.language,
        notify=False,
        by_staff=True,
    )
    for session in chosen:
        session.seats_taken += 1  # our copy: `register` has written the row


def _known_organisation(edition: Edition, person: Sample) -> Organisation | None:
    if not person.organisation:
        return None
    organisation = Organisation.objects.filter(
        name=person.organisation, country=person.country
    ).first() or Organisation.objects.create(
        name=person.organisation, country=person.country, is_checked=True
    )
    if _is_member(person) and edition.year:
        Membership.objects.get_or_create(organisation=organisation, year=edition.year)
    return organisation


def _is_member(person: Sample) -> bool:
    """A third of the French authorities, by the length of their name: any rule would do."""
    return person.country == "FR" and len(person.organisation) % 3 == 0


def _seats(sessions: list[Session], chance: random.Random, *, is_member: bool) -> list[Session]:
    """A few sessions that do not overlap. A tenth of every large one is left for the newcomer."""
    chosen: list[Session] = []
    for session in chance.sample(sessions, len(sessions)):
        kept = (session.capacity or 0) // 10
        if (
            session.booking == Session.Booking.SEAT
            and (session.capacity is None or session.seats_left > kept * (session.capacity > 12))
            and (is_member or not session.is_members_only)
            and not any(session.overlaps(other) for other in chosen)
            and chance.random() < 0.8
        ):
            chosen.append(session)
    return chosen
