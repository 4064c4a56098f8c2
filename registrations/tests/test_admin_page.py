"""What stands around a registration for the team: notes, history, the page as the person sees it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from registrations import services
from registrations.chronology import chronology
from registrations.links import personal_key
from registrations.models import Change, Note, Registration
from registrations.portability import personal_data
from registrations.tests.factories import OrganisationFactory, RegistrationFactory
from registrations.tests.pages import page_of, text_of
from registrations.tests.seating import seated
from registrations.tests.team import CHANGELIST

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def address(registration, page="change"):
    return reverse(f"admin:registrations_registration_{page}", args=[registration.pk])


@pytest.fixture
def member(client, django_user_model):
    """Of the team, who may look."""
    user = django_user_model.objects.create_user("lecture", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_registration"))
    client.force_login(user)
    return user


# ----------------------------------------------------------------------------------------- notes
def test_a_note_is_dated_and_signed_and_not_on_the_page_of_the_person(admin_client, client, awa):
    admin_client.post(address(awa, "note"), {"text": " À rappeler jeudi. "})
    admin_client.post(address(awa, "note"), {"text": "  "})
    note = Note.objects.get()
    assert (note.text, note.user.username) == ("À rappeler jeudi.", "admin")
    assert "À rappeler jeudi." in admin_client.get(address(awa)).content.decode()
    assert "À rappeler jeudi." not in client.get(page_of(awa)).content.decode()


def test_notes_are_among_the_data_of_the_person_without_their_writer(awa, admin_user):
    services.add_note(awa, "Du premier.", user=admin_user)
    services.pass_on(awa, {"first_name": "Eva", "last_name": "Roy", "email": "eva@example.org"})
    note = services.add_note(awa, "De la seconde.", user=admin_user)
    assert personal_data(awa)["notes"] == [{"at": note.at, "text": "De la seconde."}]


def test_follow_up_can_be_filtered(admin_client, awa):
    RegistrationFactory(edition=awa.edition)
    for word, expected in (("yes", [awa]), ("no", [])):
        admin_client.post(address(awa, "follow"), {"follow": word})
        rows = admin_client.get(CHANGELIST, {"followed": "yes"}).context["cl"].queryset
        assert list(rows) == expected


@pytest.mark.parametrize("page", ["note", "follow"])
def test_who_may_only_look_notes_nothing(client, member, awa, page):
    assert client.post(address(awa, page), {"text": "x", "follow": "yes"}).status_code == 403
    assert (Note.objects.count(), Registration.objects.get().is_followed) == (0, False)


# --------------------------------------------------------------------------------------- history
def test_changes_notes_and_mails_are_one_list(awa, admin_user):
    services.add_note(awa, "Appelée.", user=admin_user)
    services.cancel(awa, reason="À sa demande.", by=Change.By.TEAM, user=admin_user)
    entries = chronology(awa)
    assert [entry.kind for entry in entries] == ["message", "change", "note", "change", "change"]
    assert [(entry.who, entry.reason) for entry in entries[1:3]] == [
        ("admin", "À sa demande."),
        ("admin", ""),
    ]
    assert entries[0].detail == awa.email


def test_what_happened_to_a_merged_one_is_shown_too(awa, edition, eleven):
    double = seated(edition, eleven)
    services.add_note(double, "Une autre adresse ?")
    seen = services.plan(awa, double).digest
    services.merge(awa, double, theirs=(), seen=seen)
    details = [entry.detail for entry in chronology(awa)]
    assert "Une autre adresse ?" in details
    assert [one["registration"]["reference"] for one in personal_data(awa)["merged"]] == [
        double.reference
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_for_one_note_and_three(awa, count, django_assert_num_queries):
    for _note in range(count):
        services.add_note(awa, "Note.")
    with django_assert_num_queries(3):
        chronology(awa)


# ---------------------------------------------------------------------------- as the person sees it
def test_the_team_sees_the_page_without_its_link(client, member, awa):
    page = client.get(address(awa, "seen"))
    html = page.content.decode()
    assert (page.status_code, "no-store" in page["Cache-Control"]) == (200, True)
    assert awa.full_name in text_of(page)
    assert "Eau et assainissement" in text_of(page)
    for word in (personal_key(awa), "mon-inscription", "<form", "<button", "végétarien"):
        assert word not in html
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (member, str(awa.pk))


def test_needs_are_seen_by_those_who_may(client, member, awa):
    member.user_permissions.add(Permission.objects.get(codename="view_needs"))
    assert "végétarien" in text_of(client.get(address(awa, "seen")))


def test_nothing_can_be_sent_to_the_page_of_the_team(admin_client, awa):
    assert admin_client.post(address(awa, "seen")).status_code == 405


def test_the_page_is_in_the_language_of_the_person(admin_client, edition, ten):
    english = seated(edition, ten, language="en")
    assert "My sessions" in text_of(admin_client.get(address(english, "seen")))


# --------------------------------------------------------------------------------------- filters
@pytest.fixture
def people(edition, ten, awa):
    """Awa has a seat and a need; one waits for that seat, one has no organisation."""
    type(ten).objects.filter(pk=ten.pk).update(capacity=1)
    member = OrganisationFactory(kind="region")
    member.memberships.create(year=edition.year)
    waits = seated(edition, lists=[ten], organisation=member)
    alone = seated(edition, organisation=None)
    return {"awa": awa, "waits": waits, "alone": alone}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "none"}, ["alone"]),
        ({"kind": "region"}, ["waits"]),
        ({"kind": "unknown"}, ["awa"]),
        ({"member": "yes"}, ["waits"]),
        ({"member": "no"}, ["alone", "awa"]),
        ({"session": "ten"}, ["awa", "waits"]),
        ({"session": "ten", "seat": "confirmed"}, ["awa"]),
        ({"session": "ten", "seat": "waiting"}, ["waits"]),
        ({"seat": "waiting"}, ["waits"]),
        ({"seat": "none"}, ["alone", "waits"]),
        ({"needs": "diet"}, ["awa"]),
        ({"needs": "access"}, []),
        ({"followed": "notes"}, []),
        ({"state__exact": "confirmed", "kind": "none"}, ["alone"]),
    ],
)
def test_filters(admin_client, people, ten, query, expected):
    query = {name: str(ten.pk) if value == "ten" else value for name, value in query.items()}
    rows = {row.pk for row in admin_client.get(CHANGELIST, query).context["cl"].queryset}
    assert sorted(name for name, one in people.items() if one.pk in rows) == expected


def test_needs_are_no_filter_for_those_who_may_not_see_them(client, member, people):
    titles = [str(spec.title) for spec in client.get(CHANGELIST).context["cl"].filter_specs]
    assert "besoins" not in titles
    # Typed by hand, it finds nothing out.
    assert client.get(CHANGELIST, {"needs": "diet"}).status_code == 302
