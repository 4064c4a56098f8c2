import io

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from openpyxl import load_workbook

from events.tests.factories import EditionFactory
from raict.mail.models import Message
from raict.tests.staff import change, errors
from registrations import services
from registrations.admin import registration as registration_admin
from registrations.links import personal_key
from registrations.models import Consent, Needs, Organisation, Registration
from registrations.reckoning import differences
from registrations.tests.factories import (
    CategoryFactory,
    OrganisationFactory,
    RegistrationFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
CHANGELIST = reverse("admin:registrations_registration_changelist")
ADD = reverse("admin:registrations_registration_add")


@pytest.fixture
def awa(edition, ten, cafes, person) -> Registration:
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


def act(client, action: str, *rows, **more):
    data = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(CHANGELIST, data)


def sentences(response) -> list[str]:
    return [str(sentence) for sentence in response.wsgi_request._messages]


def table(response) -> list[dict]:
    sheet = load_workbook(io.BytesIO(response.content)).active
    header, *rows = sheet.values
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"), [("registration", 11), ("organisation", 7), ("category", 6)]
)
def test_lists_ask_the_same_for_one_row_and_three(
    admin_client, django_assert_num_queries, edition, person, ten, model, queries, rows
):
    for number in range(rows):
        services.register(
            edition=edition,
            person={**person, "email": f"p{number}@example.org", "organisation": f"Ville {number}"},
            sessions=[ten],
            notify=False,
        )
    with django_assert_num_queries(queries):
        admin_client.get(reverse(f"admin:registrations_{model}_changelist"))


@pytest.mark.parametrize(
    "words", ["diop", "DIOP awa", "saint louis", "awa@example.org", "n’diaye", "adjointe"]
)
def test_search_finds_by_name_address_and_organisation(admin_client, awa, words):
    RegistrationFactory(edition=awa.edition, first_name="Marc", last_name="Dupont")
    rows = admin_client.get(CHANGELIST, {"q": words}).context["cl"].queryset
    assert list(rows) == [awa]


def test_search_by_reference(admin_client, awa):
    RegistrationFactory(edition=awa.edition)
    rows = admin_client.get(CHANGELIST, {"q": awa.reference.lower()}).context["cl"].queryset
    assert list(rows) == [awa]


def test_countries_that_occur_can_be_chosen(admin_client, awa):
    RegistrationFactory(country="JP")
    rows = admin_client.get(CHANGELIST, {"country": "SN"}).context["cl"]
    assert list(rows.queryset) == [awa]
    assert [str(name) for _code, name in rows.filter_specs[-1].lookup_choices] == [
        "Japon",
        "Sénégal",
    ]


# ------------------------------------------------------------------------------ one registration
def test_identity_can_be_mended(admin_client, awa):
    response = change(admin_client, awa, first_name="Aïssatou", country="CI")
    assert response.status_code == 302, errors(response)
    awa.refresh_from_db()
    assert (awa.first_name, awa.country.code, awa.state) == ("Aïssatou", "CI", "confirmed")
    assert Message.objects.count() == 0


def test_state_and_edition_are_not_written_by_the_form(admin_client, awa):
    other = EditionFactory()
    change(admin_client, awa, state="cancelled", edition=other.pk, reference="AUTRE")
    again = Registration.objects.get(pk=awa.pk)
    assert (again.state, again.edition_id, again.reference) == (
        "confirmed",
        awa.edition_id,
        awa.reference,
    )


def test_a_new_address_makes_the_old_link_void_and_sends_the_new_one(admin_client, awa):
    change(admin_client, awa, email="awa.diop@example.org")
    awa.refresh_from_db()
    message = Message.objects.get()
    assert (awa.key_version, message.to, message.template) == (
        2,
        "awa.diop@example.org",
        "registration_link",
    )


def test_the_address_of_somebody_else_is_refused(admin_client, awa):
    other = RegistrationFactory(edition=awa.edition, email="Moussa@example.org")
    response = change(admin_client, awa, email="moussa@EXAMPLE.org")
    assert list(errors(response)) == ["email"]
    other.state = Registration.State.CANCELLED
    other.save()
    assert change(admin_client, awa, email="moussa@EXAMPLE.org").status_code == 302


def test_nothing_is_deleted(admin_client, awa):
    address = reverse("admin:registrations_registration_delete", args=[awa.pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 403
    act(admin_client, "delete_selected", awa, post="yes")
    assert Registration.objects.get() == awa


def test_needs_are_for_those_who_may_see_them(client, django_user_model, awa):
    paul = django_user_model.objects.create_user("paul", is_staff=True)
    allowed = Permission.objects.filter(codename__in=["view_registration", "change_registration"])
    paul.user_permissions.set(allowed)
    client.force_login(paul)
    address = reverse("admin:registrations_registration_change", args=[awa.pk])
    page = client.get(address).content.decode()
    assert ("végétarien" in page, "Eau et assainissement" in page) == (False, True)
    assert {"Régime alimentaire", "Diet"} & set(table(act(client, "export", awa))[0]) == set()
    paul.user_permissions.add(Permission.objects.get(codename="view_needs"))
    assert "végétarien" in client.get(address).content.decode()
    assert "végétarien" in table(act(client, "export", awa))[0].values()


def test_the_personal_link_is_for_those_who_may_change(client, django_user_model, awa):
    paul = django_user_model.objects.create_user("paul", is_staff=True)
    paul.user_permissions.set(Permission.objects.filter(codename="view_registration"))
    client.force_login(paul)
    address = reverse("admin:registrations_registration_change", args=[awa.pk])
    assert personal_key(awa) not in client.get(address).content.decode()
    act(client, "cancel", awa, confirmed="yes")
    assert Registration.objects.live().count() == 1
    paul.user_permissions.add(Permission.objects.get(codename="change_registration"))
    assert personal_key(awa) in client.get(address).content.decode()


def test_needs_can_be_written_by_those_who_may(admin_client, awa):
    response = change(admin_client, awa, **{"needs-0-access": "Fauteuil roulant"})
    assert response.status_code == 302, errors(response)
    assert Needs.objects.get().access == "Fauteuil roulant"


# ------------------------------------------------------------------------------------- by the team
def written_in(edition, category, **values) -> dict:
    person = {
        "edition": edition.pk,
        "first_name": "Moussa",
        "last_name": "Traoré",
        "email": "moussa@example.org",
        "language": "fr",
        "country": "ML",
        "category": category.pk,
        "notify": "on",
    }
    return {**person, **values}


def test_the_team_writes_somebody_in_after_the_closing(admin_client, edition, category, ten, cafes):
    edition.state = edition.State.CLOSED
    edition.save()
    organisation = OrganisationFactory(country="FR")
    response = admin_client.post(
        ADD,
        written_in(
            edition,
            category,
            sessions=[ten.pk],
            cafe_1=cafes[1].pk,
            cafe_2=cafes[0].pk,
            organisation=organisation.pk,
        ),
    )
    assert response.status_code == 302, errors(response)
    moussa = Registration.objects.get()
    assert moussa.organisation == organisation
    assert [wish.session for wish in moussa.cafe_wishes()] == [cafes[1], cafes[0]]
    assert (moussa.booked_sessions(), moussa.state) == ([ten], "confirmed")
    assert differences() == []
    assert Message.objects.get().template == "registration_confirmed"
    assert Organisation.objects.count() == 1


def test_the_team_may_write_somebody_in_without_a_mail(admin_client, edition, category):
    data = written_in(edition, category)
    del data["notify"]
    assert admin_client.post(ADD, data).status_code == 302
    edition.refresh_from_db()
    assert (edition.places_taken, Message.objects.count()) == (1, 0)


def test_what_the_seats_refuse_is_said_beside_the_field(
    admin_client, edition, category, ten, eleven, cafes, awa
):
    full = eleven
    full.capacity = full.seats_taken = 1
    full.save()
    cases = [
        ({"email": "AWA@example.org"}, "email"),
        ({"sessions": [full.pk]}, "sessions"),
        ({"cafe_1": cafes[0].pk, "cafe_2": cafes[0].pk}, "cafe_1"),
    ]
    for values, field in cases:
        response = admin_client.post(ADD, written_in(edition, category, **values))
        assert list(errors(response)) == [field]
    edition.capacity = edition.places_taken = 1
    edition.save()
    response = admin_client.post(ADD, written_in(edition, category))
    assert list(errors(response)) == ["edition"]
    assert Registration.objects.count() == 1


# --------------------------------------------------------------------------------------- actions
def test_confirm_once_and_say_how_many(admin_client, edition, person):
    category = CategoryFactory(needs_approval=True)
    waiting = services.register(
        edition=edition, person={**person, "category": category}, notify=False
    )
    other = RegistrationFactory(edition=edition)
    first = act(admin_client, "approve", waiting, other)
    assert Registration.objects.get(pk=waiting.pk).state == "confirmed"
    second = act(admin_client, "approve", waiting, other)
    counts = [
        [int(word) for word in sentence.replace(".", " ").split() if word.isdigit()]
        for sentence in sentences(second)
    ]
    assert counts == [[1, 1], [0, 2]]
    assert first.status_code == 302
    assert list(Message.objects.values_list("template", flat=True)) == ["registration_approved"]


def test_cancel_asks_first_and_gives_the_seats_back(admin_client, awa, ten):
    page = act(admin_client, "cancel", awa)
    assert (page.status_code, Registration.objects.live().count()) == (200, 1)
    assert awa.full_name in page.content.decode()
    for _again in range(2):
        act(admin_client, "cancel", awa, confirmed="yes")
        ten.refresh_from_db()
        assert (Registration.objects.get().state, ten.seats_taken) == ("cancelled", 0)
    assert Message.objects.count() == 1
    assert differences() == []


def test_badges_are_those_of_the_confirmed(admin_client, awa):
    pending = RegistrationFactory(edition=awa.edition, state=Registration.State.PENDING)
    response = act(admin_client, "badges", awa, pending)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    refused = act(admin_client, "badges", pending)
    assert (refused.status_code, len(sentences(refused))) == (302, 1)


def test_the_link_is_sent_again_once_in_ten_minutes(admin_client, awa):
    cancelled = RegistrationFactory(edition=awa.edition, state=Registration.State.CANCELLED)
    for _again in range(2):
        act(admin_client, "send_link", awa, cancelled)
        assert list(Message.objects.values_list("to", "template")) == [
            (awa.email, "registration_link")
        ]


def test_too_many_at_once_is_a_sentence(admin_client, awa, monkeypatch):
    monkeypatch.setattr(registration_admin, "BULK_LIMIT", 1)
    other = RegistrationFactory(edition=awa.edition)
    for action in ("approve", "cancel", "badges", "send_link"):
        response = act(admin_client, action, awa, other, confirmed="yes")
        assert response.status_code == 302
    assert len(sentences(response)) == 4
    assert (Registration.objects.live().count(), Message.objects.count()) == (2, 0)


def test_export_holds_each_session_and_wish_in_its_column(admin_client, awa, cafes):
    RegistrationFactory(edition=awa.edition, first_name="=1+1", last_name="+Zoé", organisation=None)
    response = act(admin_client, "export", *Registration.objects.all())
    number = awa.edition.number
    assert f"-{number}-" in response.headers["Content-Disposition"]
    zoe, row = table(response)
    assert [zoe[name] for name in ("Prénom", "Nom")] == ["=1+1", "+Zoé"]
    expected = {
        "Référence": awa.reference,
        "Nom": "Diop-N’Diaye",
        "Structure": "Ville de Saint-Louis",
        "Pays": "Sénégal",
        "Régime alimentaire": "végétarien",
    }
    assert {name: row[name] for name in expected} == expected
    marks = {header: value for header, value in row.items() if " – " in header}
    assert [str(value) for value in marks.values()] == ["oui", "1", "2"]
    assert [header.rpartition(" – ")[2] for header in marks] == [
        "Eau et assainissement",
        "Café 1",
        "Café 2",
    ]


def test_export_asks_the_same_for_one_row_and_three(
    admin_client, django_assert_num_queries, edition, person, ten, cafes
):
    from registrations.exports import registrations_table

    for rows in (1, 2, 3):
        services.register(
            edition=edition,
            person={**person, "email": f"p{rows}@example.org"},
            sessions=[ten],
            cafes=cafes,
            notify=False,
        )
        with django_assert_num_queries(5):
            registrations_table(Registration.objects.all(), with_needs=True)


# -------------------------------------------------------------------------- organisations
def test_an_organisation_twice_in_a_country_is_refused(admin_client):
    OrganisationFactory(name="Ville de Nîmes")
    none = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    response = admin_client.post(
        reverse("admin:registrations_organisation_add"),
        {**none, "name": "VILLE DE NIMES", "country": "FR"},
    )
    assert list(errors(response)) == ["name"]
    assert Organisation.objects.count() == 1


def test_organisations_are_marked_as_checked(admin_client):
    organisation = OrganisationFactory()
    address = reverse("admin:registrations_organisation_changelist")
    admin_client.post(address, {"action": "mark_checked", "_selected_action": [organisation.pk]})
    assert Organisation.objects.get().is_checked is True


def test_bulk_actions_are_in_the_history(admin_client, awa):
    act(admin_client, "approve", awa)  # changes nothing: she is confirmed
    act(admin_client, "send_link", awa)
    act(admin_client, "cancel", awa, confirmed="yes")
    page = admin_client.get(reverse("admin:registrations_registration_history", args=[awa.pk]))
    assert [entry.get_change_message() for entry in page.context["action_list"]] == [
        "Lien personnel renvoyé.",
        "Inscription annulée.",
    ]


def test_a_category_in_use_cannot_be_deleted_and_its_people_are_counted_not_named(
    admin_client, awa
):
    page = admin_client.get(reverse("admin:registrations_category_delete", args=[awa.category_id]))
    assert page.context["protected"] == ["Inscription\u00a0: 1"]
    assert page.context["perms_lacking"] == set()
    assert awa.last_name not in page.content.decode()


def test_a_session_with_bookings_cannot_be_deleted(admin_client, awa, ten):
    address = reverse("admin:programme_session_delete", args=[ten.pk])
    assert admin_client.get(address).context["protected"] == ["Place réservée\u00a0: 1"]
    admin_client.post(address, {"post": "yes"})
    assert type(ten).objects.filter(pk=ten.pk).count() == 1
