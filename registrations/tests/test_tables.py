"""Participants, organisations and the programme's seats, from a spreadsheet through the services."""

import pytest

from events.models import Edition
from raict.mail.models import Message
from raict.tables import importing
from raict.tables.tests.files import applied, compared, counts, told, xlsx
from registrations import services
from registrations.models import Change, Consent, Membership, Organisation, Registration
from registrations.tests.factories import OrganisationFactory, RegistrationFactory
from sessions.models import Session

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

HEADERS = ["Civilité", "Prénom", "Nom de famille", "Courriel", "Structure", "Pays", "Catégorie"]


def people(*rows):
    return xlsx([HEADERS, *rows])


def line(email: str, **values) -> list:
    row = {
        "civility": "Mme",
        "first": "Awa",
        "last": "DIOP",
        "email": email,
        "structure": "Ville de Thiès",
        "country": "SENEGAL",
        "category": "Élue",
    } | values
    return list(row.values())


@pytest.fixture(autouse=True)
def _kept(category):
    """Every line names a category."""


def test_new_people_are_registered_as_the_team_registers_them(edition, admin_user):
    file = people(line("awa@example.org "), line("eva@example.org", civility="M.", last="Roy"))
    imported = applied("participants", file, edition, user=admin_user)
    assert (imported.state, counts(imported)) == ("done", (2, 0, 0, 0))
    awa = Registration.objects.get(email="awa@example.org")
    assert (awa.civility, awa.last_name, awa.country.code, awa.state, awa.badge_made_at) == (
        "mme",
        "Diop",
        "SN",
        "confirmed",
        None,
    )
    eva = Registration.objects.get(email="eva@example.org")
    assert (eva.civility, eva.organisation) == ("m", awa.organisation)
    assert Edition.objects.get().places_taken == 2
    assert (
        list(Change.objects.values_list("action", "by", "user"))
        == [("registered", "team", admin_user.pk)] * 2
    )
    assert (Message.objects.count(), Consent.objects.count()) == (0, 0)


def test_people_are_told_when_the_team_says_so(edition):
    applied("participants", people(line("awa@example.org")), edition, is_telling=True)
    message = Message.objects.get()
    assert (message.to, message.template) == ("awa@example.org", "registration_confirmed")
    assert Registration.objects.get().badge_made_at is not None


def test_beyond_the_capacity_they_wait_in_the_order_of_the_file(edition):
    Edition.objects.update(capacity=2)
    rows = [line(f"p{number}@example.org") for number in range(4)]
    applied("participants", people(*rows), edition)
    found = Registration.objects.order_by("email").values_list("state", "turn")
    assert list(found) == [("confirmed", None)] * 2 + [("waiting", 1), ("waiting", 2)]
    assert Edition.objects.get().places_taken == 2
    assert Change.objects.filter(action="queued").count() == 2


def test_a_correction_is_the_service_s_and_keeps_seats_and_consents(edition, awa, ten):
    key = awa.key_version
    file = xlsx(
        [["Identifiant", "Fonction", "Structure"], [awa.reference, "Maire", "Ville de Podor"]]
    )
    imported = applied("participants", file, edition)
    awa.refresh_from_db()
    assert (counts(imported), awa.function, awa.organisation.name) == (
        (0, 1, 0, 0),
        "Maire",
        "Ville de Podor",
    )
    change = awa.changes.get(action="corrected")
    assert (change.by, "Maire" in change.detail) == ("team", True)
    assert (awa.booked_sessions(), awa.consents.count(), awa.key_version) == ([ten], 1, key)
    assert Message.objects.filter(template="registration_corrected").count() == 0


def test_whoever_gets_another_address_is_told_in_any_case(edition, awa):
    file = xlsx([["Identifiant", "Courriel"], [awa.reference, "a.diop@example.org"]])
    key = awa.key_version
    applied("participants", file, edition)
    awa.refresh_from_db()
    sent = Message.objects.order_by("pk").values_list("to", "template")
    assert list(sent) == [
        ("awa@example.org", "registration_moved"),
        ("a.diop@example.org", "registration_corrected"),
    ]
    assert awa.key_version == key + 1


def test_an_email_finds_the_person_and_two_lines_of_one_are_refused(edition, awa):
    rows = [
        line("AWA@example.org", last="Diop-N'Diaye"),
        line("awa@example.org"),
        line("x@example.org"),
    ]
    other = [line("X@EXAMPLE.ORG", first="Eva"), line("")]
    imported = compared("participants", people(*rows, *other), edition)
    assert [number for number, _column, _reason in told(imported)] == [3, 5, 6]
    assert (imported.added, imported.changed) == (1, 1)


def test_refusals_name_the_column(edition, awa):
    eva = RegistrationFactory(edition=edition)
    gone = RegistrationFactory(edition=edition, state="cancelled")
    elsewhere = RegistrationFactory()
    rows = [
        ["Identifiant", "Prénom", "Courriel", "Pays", "Catégorie"],
        [eva.reference, None, "awa@example.org", None, None],
        [gone.reference, "Autre", None, None, None],
        [elsewhere.reference, "Autre", None, None, None],
        ["ZZZ", "Autre", None, None, None],
        [awa.reference, "–", None, "Atlantide", None],
        [awa.reference, "–", None, None, None],
        [None, "Zoé", "zoe", None, None],
    ]
    imported = compared("participants", xlsx(rows), edition)
    columns = [(number, bool(column)) for number, column, _reason in told(imported)]
    assert columns == [(2, True), (3, False), (4, True), (5, True), (6, True), (7, True), (8, True)]
    assert counts(imported) == (0, 0, 0, 7)


def test_names_in_capitals_say_nothing_against_how_they_are_written(edition):
    RegistrationFactory(edition=edition, last_name="McDonald", email="x@example.org")
    imported = compared(
        "participants", xlsx([["Courriel", "Nom"], ["x@example.org", "MCDONALD"]]), edition
    )
    assert imported.state == "refused"  # without identifiers, new lines would lack columns
    row = Registration.objects.get()
    imported = compared(
        "participants", xlsx([["Identifiant", "Nom"], [row.reference, "MCDONALD"]]), edition
    )
    assert counts(imported) == (0, 0, 1, 0)


def test_after_an_edition_is_over_nobody_is_registered_any_more(edition):
    Edition.objects.update(state="over")
    imported = compared("participants", people(line("awa@example.org")), edition)
    assert counts(imported) == (0, 0, 0, 1)


def test_somebody_who_registers_meanwhile_stops_the_import(edition, person):
    imported = compared("participants", people(line("awa@example.org")), edition)
    services.register(edition=edition, person=person, notify=False)
    assert importing.apply(imported, seen=imported.digest) is False
    assert (counts(imported), Registration.objects.count()) == ((0, 1, 0, 0), 1)


def test_many_cost_no_more_queries_than_one(edition, django_assert_num_queries):
    OrganisationFactory(name="Ville de Thiès", country="SN")

    def write(count: int) -> None:
        rows = [line(f"q{count}-{number}@example.org") for number in range(count)]
        imported = compared("participants", people(*rows), edition)
        with django_assert_num_queries(20):
            importing.apply(imported, seen=imported.digest)

    write(1)
    write(3)


# ------------------------------------------------------------------------------- organisations
def test_memberships_are_columns_of_years(edition):
    dijon = OrganisationFactory(name="Ville de Dijon")
    Membership.objects.create(organisation=dijon, year=2024)
    rows = [
        ["Nom", "Pays", "Type", "Adhérente 2024", "Adhérente 2026"],
        ["VILLE DE DIJON", "France", None, "non", "x"],
        ["Ville de Thiès", "Sénégal", "commune", None, "oui"],
    ]
    imported = applied("organisations", xlsx(rows))
    assert (imported.state, counts(imported)) == ("done", (1, 1, 0, 0))
    found = Membership.objects.order_by("organisation__name_folded")
    assert list(found.values_list("organisation__name_folded", "year")) == [
        ("ville de dijon", 2026),
        ("ville de thies", 2026),
    ]


def test_an_organisation_is_found_by_its_siret_and_never_twice_of_one_name():
    one = OrganisationFactory(name="Ville de Dijon", siret="21210231500017")
    two = OrganisationFactory(name="Ville de Beaune")
    rows = [
        ["Identifiant", "Nom", "Pays", "SIRET"],
        [None, "Commune de Dijon", "FR", "212 102 315 00017"],
        [two.pk, "commune de dijon", None, None],
        [None, "Ville de Nuits", "FR", "12"],
    ]
    imported = applied("organisations", xlsx(rows))
    one.refresh_from_db()
    assert (one.name, counts(imported)) == ("Commune de Dijon", (0, 1, 0, 2))
    assert Organisation.objects.count() == 2


# ------------------------------------------------------------------------------- the programme
def test_a_larger_capacity_moves_the_line_and_a_smaller_one_is_refused(edition, person, ten):
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    ten.refresh_from_db()
    services.register(edition=edition, person=person, sessions=[ten], notify=False)
    person = {**person, "email": "eva@example.org"}
    services.register(edition=edition, person=person, lists=[ten], notify=False)
    imported = applied("programme", xlsx([["Identifiant", "Jauge"], [ten.slug, 2]]), edition)
    ten.refresh_from_db()
    assert (imported.state, ten.capacity, ten.seats_taken) == ("done", 2, 2)
    imported = compared("programme", xlsx([["Identifiant", "Jauge"], [ten.slug, 1]]), edition)
    assert counts(imported) == (0, 0, 0, 1)


def test_time_and_room_wait_for_their_publication(edition, awa, ten):
    file = xlsx([["Identifiant", "Début", "Fin"], [ten.slug, "15 h", "16h30"]])
    imported = applied("programme", file, edition)
    ten.refresh_from_db()
    move = ten.moves.get()
    assert (imported.state, ten.start.hour, move.start.hour, move.end.minute) == (
        "done",
        10,
        15,
        30,
    )
