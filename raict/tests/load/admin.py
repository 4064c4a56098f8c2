"""The workplace with 50,000 registrations: what the home page and every list cost.

`tell` is the bench's; `python -m raict.tests.load.admin measure` measures whatever database the
environment names, once `fill` has written the people there (SQLite too).
"""

import datetime as dt
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

import django

from raict.tests.load import meter

PEOPLE = 50_000
BEFORE = 10_000  # of the previous edition
ORGANISATIONS = 5_000
MESSAGES_EACH = 2
SEATED, IN_LINE = 1_000, 250  # in each of the sessions
SLOTS = 4
LIMIT = 300  # ms: what the team waits for a list at most
TIMES = 5
_BATCH = 5_000
_ABROAD = (
    "SN BE MA TN CI CM BJ LB MG HT CA VN DE PL UA BR JP ML GN TG"  # two of five come from there
)
_KINDS = [
    *("commune", "commune", "commune", "epci", "departement", "region", "syndicat", "embassy"),
    *("foreign_authority", "foreign_state", "association", "association", "university", "company"),
    *("press", "network", ""),
]
_FIRST = "Awa Élodie Moussa Céline Jean-Marc Thị Łukasz Fatou Hélène Noël Ousmane Zoé"
_LAST = "Diop N’Diaye Lefèvre Benoît Traoré Nguyễn García Müller Kouassi Bâ Rakoto"
_STATES = ["confirmed"] * 90 + ["pending"] * 4 + ["waiting"] * 3 + ["cancelled"] * 3


def tell(environment: dict[str, str], say) -> None:
    """Say what each page costs. Speed is told, never judged: a star marks what is over the limit."""
    command = [sys.executable, "-m", "raict.tests.load.admin"]
    start = time.perf_counter()
    subprocess.run([*command, "fill"], check=True, env=environment, stdout=subprocess.DEVNULL)
    say(
        f"The team’s workplace with {PEOPLE} registrations of the edition and {BEFORE} of the one"
        f" before, {PEOPLE * MESSAGES_EACH} messages, {ORGANISATIONS} organisations"
        f" (written in {time.perf_counter() - start:.0f} s)"
    )
    output = subprocess.check_output([*command, "measure"], env=environment, text=True)
    for name, times, queries, size in json.loads(output.splitlines()[-1]):
        middle = statistics.median(times)
        say(
            f"{'*' if middle > LIMIT else ' '} {name:42} median {middle:5.0f} ms, slowest"
            f" {max(times):5.0f} ms, {queries:2} queries, {size:5.0f} KB"
        )
    say(f"  a fixed Python loop on this machine, now: {meter.python_loop():.2f} s")
    say(f"  {meter.machine()}, Django {django.__version__}")
    say(f"  How: in one process, without HTTP, {TIMES} times each; * is over {LIMIT} ms.\n")


# ------------------------------------------------------------------------------------ the people
def fill() -> None:
    """Two editions in bulk, counters included: what the services would have left, in seconds."""
    from django.db import connection, transaction

    from events.models import Edition
    from raict.tests.load.seed import _edition

    with transaction.atomic():
        Edition.objects.update(is_current=False)
        previous = _edition(97, days=-305)
        edition = _edition(98, days=60)
        organisations = _organisations()
        _write(previous, BEFORE, organisations)
        _write(edition, PEOPLE, organisations)
        _door(previous)
        _notices(edition)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _bulk(model, rows: Iterator) -> list:
    return model._default_manager.bulk_create(rows, batch_size=_BATCH)


def _country(chance: random.Random) -> str:
    return "FR" if chance.random() < 0.6 else chance.choice(_ABROAD.split())


def _organisations() -> list:
    from registrations.models import Organisation

    chance = random.Random("organisations")
    names = [f"Collectivité de Saint-Étienne d’Exemple {number}" for number in range(ORGANISATIONS)]
    return _bulk(
        Organisation,
        (
            Organisation(
                name=name,
                kind=chance.choice(_KINDS),
                country=_country(chance),
                is_checked=number % 2 == 0,
            )
            for number, name in enumerate(names)
        ),
    )


def _write(edition, count: int, organisations: list) -> None:
    from events.models import Edition
    from registrations.models import Registration

    people = _bulk(Registration, _people(edition, count, organisations))
    sessions = _programme(edition, count)
    _bookings(edition, people, sessions)
    if edition.is_current:
        _papers(edition, people)
    placed = Registration.objects.filter(edition=edition).placed().count()
    Edition.objects.filter(pk=edition.pk).update(places_taken=placed)


def _people(edition, count: int, organisations: list) -> Iterator:
    """More and more of them a day, as it comes to the event; the team's list is by surname."""
    from django.utils import timezone

    from registrations.models import Category, Registration

    chance = random.Random(edition.number)
    categories = list(Category.objects.all())
    last = min(timezone.now(), timezone.now().replace(year=edition.starts_on.year))
    last -= dt.timedelta(days=max(0, (last.date() - edition.starts_on).days))
    created = Registration._meta.get_field("created_at")
    created.auto_now_add = False  # in this process alone: they came day by day
    turn = 0
    for number in range(count):
        state = chance.choice(_STATES)
        turn += state == "waiting"
        at = last - dt.timedelta(days=120 * (chance.random() ** 2), seconds=number % 60)
        first, name = chance.choice(_FIRST.split()), "-".join(chance.choices(_LAST.split(), k=2))
        yield Registration(
            edition=edition,
            state=state,
            turn=turn if state == "waiting" else None,
            cancelled_at=last if state == "cancelled" else None,
            first_name=first,
            last_name=name,
            email=f"personne-{edition.number}-{number}@example.org",
            function=chance.choice(["Maire", "Chargée de coopération", "Élu·e", ""]),
            organisation=chance.choice(organisations) if chance.random() < 0.9 else None,
            country=_country(chance),
            category=chance.choice(categories),
            created_at=at,
            badge_made_at=at,
            badge_changed_at=last if chance.random() < 0.02 else None,
        )


def _programme(edition, count: int) -> list[list]:
    """So many sessions beside each other that each has SEATED people, and IN_LINE who wait."""
    from sessions.models import Session

    beside = max(1, count // (SEATED + IN_LINE))
    rows = _bulk(
        Session,
        (
            Session(
                edition=edition,
                kind="geographic_meeting" if slot < 2 else "thematic_workshop",
                slug=f"accueil-{edition.number}-{slot}-{number}",
                position=number + 1,
                title_fr=f"L’eau et les territoires : rencontre n° {slot * beside + number + 1}",
                title_en="Water" if number % 3 else "",
                framing_fr="Une note de cadrage, telle que l’équipe en écrit. " * 25,
                day=edition.starts_on + dt.timedelta(days=slot // 2),
                start=dt.time(9 + 2 * (slot % 2)),
                end=dt.time(10 + 2 * (slot % 2)),
                room=edition.venue.rooms.first(),
                capacity=SEATED,
                booking="seat",
            )
            for slot in range(SLOTS)
            for number in range(beside)
        ),
    )
    return [rows[slot * beside : (slot + 1) * beside] for slot in range(SLOTS)]


def _bookings(edition, people: list, sessions: list[list]) -> None:
    from registrations.models import Booking, Change
    from sessions.models import Session

    seated: dict[int, int] = {}
    in_line: dict[int, int] = {}

    def rows() -> Iterator:
        for number, person in enumerate(people):
            for slot in sessions:
                session = slot[number % len(slot)]
                state, turn = {"cancelled": "released", "waiting": "asked"}.get(person.state), None
                if state is None and seated.setdefault(session.pk, 0) < SEATED:
                    state = "confirmed"
                    seated[session.pk] += 1
                elif state is None:
                    state = "waiting"
                    turn = in_line[session.pk] = in_line.get(session.pk, 0) + 1
                yield Booking(
                    registration=person,
                    session=session,
                    state=state,
                    turn=turn,
                    released_at=person.cancelled_at,
                )

    _bulk(Booking, rows())
    _bulk(
        Change,
        (
            Change(registration=person, action=action, session=slot and slot[number % len(slot)])
            for number, person in enumerate(people)
            for action, slot in [("registered", None), *(("booked", slot) for slot in sessions)]
        ),
    )
    for session, count in seated.items():
        Session.objects.filter(pk=session).update(seats_taken=count)


def _papers(edition, people: list) -> None:
    """Mails and consents."""
    from django.utils import timezone

    from raict.mail.models import Message
    from registrations.models import Consent

    now = timezone.now()
    chance = random.Random("mails")
    _bulk(
        Consent,
        (
            Consent(registration=one, purpose="photos", wording="J’accepte.", language="fr")
            for one in people
        ),
    )
    _bulk(
        Message,
        (
            Message(
                template=template,
                to=person.email,
                language="fr",
                subject="Votre inscription est confirmée",
                text="Votre inscription est confirmée.\n" * 40,
                html="<p>Votre inscription est confirmée.</p>\n" * 60,
                reference=person.reference,
                state="failed" if (is_failed := chance.random() < 0.002) else "sent",
                sent_at=None if is_failed else now,
            )
            for person in people
            for template in ("registration_confirmed", "seats_changed")[:MESSAGES_EACH]
        ),
    )


def _door(edition) -> None:
    from registrations.models import Booking, CheckIn

    came = Booking.objects.filter(session__edition=edition, state="confirmed")
    _bulk(
        CheckIn,
        (
            CheckIn(registration_id=one, session_id=other)
            for one, other in came.values_list("registration", "session")
        ),
    )


def _notices(edition) -> None:
    from registrations.models import Notice, Registration
    from sessions.models import Announcement

    made = Announcement.objects.create(edition=edition)
    keys = Registration.objects.filter(edition=edition).values_list("pk", flat=True)
    _bulk(Notice, (Notice(announcement=made, registration_id=pk) for pk in keys))


# ------------------------------------------------------------------------------------ the pages
def pages() -> Iterator[tuple[str, str]]:
    """Name and address of everything that is measured."""
    from django.contrib import admin
    from django.db.models import Min
    from django.urls import reverse

    from events.models import Edition
    from registrations.models import CheckIn, Registration
    from sessions.models import Session

    edition = Edition.objects.get(number=98)
    yield "home", reverse("admin:index")
    for model in admin.site._registry:
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield f"list of {model._meta.model_name}", reverse(f"{names}_changelist")
    people = reverse("admin:registrations_registration_changelist")
    asked = {
        **{f"sorted by column {n}": f"o={n}" for n in range(1, 9)},
        "last page": f"p={(PEOPLE + BEFORE) // 50}",
        "one edition": f"edition__id__exact={edition.pk}",
        "state": "state__exact=confirmed",
        "waiting": "state__exact=waiting",
        "badge": "badge=changed",
        "category": f"category__id__exact={Registration.objects.first().category_id}",
        "language": "language__exact=fr",
        "country": "country=SN",
        "kind of organisation": "kind=embassy",
        "no organisation": "kind=none",
        "members": "member=yes",
        "no seat at all": "seat=none",
        "a seat in a session": f"session={Session.objects.filter(edition=edition).first().pk}",
        "followed up": "followed=notes",
        "needs": "needs=any",
        "year": f"created_at__year={edition.starts_on.year}",
        "search, one word": "q=traore",
        "search, two words": "q=elodie+lefevre",
        "search, organisation": "q=etienne+123",
        "search, reference": f"q={Registration.objects.last().reference}",
        "search, nothing": "q=introuvable",
    }
    for name, query in asked.items():
        yield f"registrations: {name}", f"{people}?{query}"
    mails, came = (
        reverse("admin:mail_message_changelist"),
        reverse("admin:registrations_checkin_changelist"),
    )
    bodies = reverse("admin:registrations_organisation_changelist")
    programme = reverse("admin:programme_session_changelist")
    for name, address in {
        "messages: last page": f"{mails}?p={PEOPLE * MESSAGES_EACH // 50}",
        "messages: failed": f"{mails}?state__exact=failed",
        "messages: sorted by recipient": f"{mails}?o=1",
        "messages: search": f"{mails}?q=personne-98-4242",
        "check-ins: search": f"{came}?q=traore",
        "check-ins: sorted by name": f"{came}?o=1",
        "check-ins: last page": f"{came}?p={CheckIn.objects.count() // 50}",
        "organisations: search": f"{bodies}?q=etienne+4",
        "organisations: sorted by registrations": f"{bodies}?o=6",
        "organisations: a country": f"{bodies}?country=SN",
        "sessions: one edition": f"{programme}?edition__id__exact={edition.pk}",
        "sessions: search": f"{programme}?q=rencontre+12",
        "notices: search": reverse("admin:registrations_notice_changelist") + "?q=traore",
    }.items():
        yield name, address
    session = Session.objects.filter(edition=edition).aggregate(pk=Min("pk"))["pk"]
    person = Registration.objects.filter(edition=edition).first().pk
    yield "a session", reverse("admin:programme_session_change", args=[session])
    yield "a session’s seats", reverse("admin:programme_session_seats", args=[session])
    yield "a registration", reverse("admin:registrations_registration_change", args=[person])
    yield "an edition", reverse("admin:events_edition_change", args=[edition.pk])
    yield "texts to translate", reverse("admin:events_edition_translations", args=[edition.pk])
    yield "people twice", reverse("admin:registrations_registration_duplicates")
    yield "organisations twice", reverse("admin:registrations_organisation_duplicates")
    yield "an edition’s figures", reverse("admin:events_edition_figures", args=[edition.pk])


def measure() -> list[tuple]:
    """(name, milliseconds of each time, queries, kilobytes) of each page, in this process."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = ["testserver"]
    user, _new = get_user_model().objects.get_or_create(
        username="mesure", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client()
    client.force_login(user)
    found = []
    for name, address in pages():
        if len(sys.argv) > 2 and sys.argv[2] not in name:
            continue
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        if response.status_code != 200:
            sys.exit(f"{address} answers {response.status_code}.")
        count, times = len(queries), []  # now: the next request empties the log
        for _n in range(TIMES):
            start = time.perf_counter()
            client.get(address)
            times.append((time.perf_counter() - start) * 1000)
        found.append((name, times, count, len(response.content) / 1000))
    return found


if __name__ == "__main__":
    django.setup()
    found = {"fill": fill, "measure": measure}[sys.argv[1]]()
    print(json.dumps(found))
