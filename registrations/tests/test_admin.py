"""The list of registrations, one registration, organisations and categories."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from events.tests.factories import EditionFactory
from raict.mail.models import Message
from raict.tests.staff import change, errors
from registrations import services
from registrations.links import personal_key
from registrations.models import Change, Needs, Organisation, Registration
from registrations.tests.factories import OrganisationFactory, RegistrationFactory
from registrations.tests.seating import seated
from registrations.tests.team import CHANGELIST, act, table
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"), [("registration", 11), ("organisation", 6), ("category", 5)]
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
    response = change(admin_client, awa, first_name="Aïssatou", country="CI", civility="m")
    assert response.status_code == 302, errors(response)
    awa.refresh_from_db()
    assert (awa.first_name, awa.country.code, awa.state) == ("Aïssatou", "CI", "confirmed")
    assert (awa.badge_changed_at is None, awa.key_version) == (False, 1)
    assert Message.objects.get().template == "registration_corrected"
    corrected = Change.objects.get(action=Change.Action.CORRECTED)
    assert (corrected.by, corrected.user.username) == ("team", "admin")
    page = admin_client.get(reverse("admin:registrations_registration_change", args=[awa.pk]))
    assert corrected.detail in page.content.decode()
    said = dict(part.split(" : ") for part in corrected.detail.split(" ; "))
    assert said == {
        "civilité": "Mme → M.",
        "prénom": "Awa → Aïssatou",
        "pays": "Sénégal → Côte d’Ivoire",
    }


def test_a_form_sent_as_it_was_changes_and_says_nothing(admin_client, awa):
    assert change(admin_client, awa).status_code == 302
    assert (Message.objects.count(), Change.objects.filter(action="corrected").count()) == (0, 0)


def test_a_registration_that_has_ended_stays_as_it_was(admin_client, awa):
    services.cancel(awa, notify=False)
    change(admin_client, awa, first_name="Autre")
    awa.refresh_from_db()
    assert (awa.first_name, Message.objects.count()) == ("Awa", 0)


def test_whose_badge_changed_can_be_listed(admin_client, awa):
    RegistrationFactory(edition=awa.edition)
    change(admin_client, awa, last_name="Diop")
    rows = admin_client.get(CHANGELIST, {"badge": "changed"})
    assert list(rows.context["cl"].queryset) == [awa]
    assert "badge modifié" in rows.content.decode()
    assert admin_client.get(CHANGELIST, {"badge": "none"}).context["cl"].result_count == 1


def test_who_waits_is_shown_with_the_rank(admin_client, edition, ten):
    edition.capacity = 1
    edition.save()
    seated(edition)
    first, second = seated(edition, ten), seated(edition, ten)
    page = admin_client.get(CHANGELIST, {"state__exact": "waiting", "o": "1"})
    ranks = {one.pk: one.line_rank for one in page.context["cl"].result_list}
    assert ranks == {first.pk: 1, second.pk: 2}
    assert "sur liste d’attente, rang 2" in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_registration_asks_the_same_with_one_seat_and_with_three(
    admin_client, django_assert_num_queries, edition, ten, rows
):
    others = [SessionFactory(edition=edition, start=None, end=None) for _one in range(rows - 1)]
    awa = seated(edition, ten, *others)
    address = reverse("admin:registrations_registration_change", args=[awa.pk])
    with django_assert_num_queries(15):
        admin_client.get(address)


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
    assert awa.key_version == 2
    assert set(Message.objects.values_list("to", "template")) == {
        ("awa.diop@example.org", "registration_corrected"),
        ("awa@example.org", "registration_moved"),
    }


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


def test_the_personal_link_is_the_person_s_alone(admin_client, awa):
    address = reverse("admin:registrations_registration_change", args=[awa.pk])
    assert personal_key(awa) not in admin_client.get(address).content.decode()


def test_needs_can_be_written_by_those_who_may(admin_client, awa):
    response = change(admin_client, awa, **{"needs-0-access": "Fauteuil roulant"})
    assert response.status_code == 302, errors(response)
    assert Needs.objects.get().access == "Fauteuil roulant"
    assert LogEntry.objects.get().change_message == "[]"  # the history is read by others as well


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
