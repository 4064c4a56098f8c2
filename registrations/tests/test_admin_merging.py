"""The pages on which the team finds and merges what is there twice."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from registrations import services
from registrations.models import Organisation, Registration
from registrations.tests.factories import OrganisationFactory, RegistrationFactory
from registrations.tests.seating import mails, seated
from registrations.tests.team import act, sentences

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PEOPLE = reverse("admin:registrations_registration_duplicates")
ORGANISATIONS = reverse("admin:registrations_organisation_duplicates")


@pytest.fixture
def pair(edition, ten, eleven):
    organisation = OrganisationFactory()
    names = {"first_name": "Awa", "last_name": "Diop", "organisation": organisation}
    return [seated(edition, session, **names) for session in (ten, eleven)]


@pytest.fixture
def lyon(db):
    names = ("Ville de Lyon", "Mairie de Lyon", "LYON (ville)")
    return [OrganisationFactory(name=name) for name in names]


def merge_address(first, second):
    return reverse("admin:registrations_registration_merge", args=[first.pk, second.pk])


def test_two_are_found_compared_and_merged(admin_client, pair):
    first, second = pair
    assert admin_client.get(PEOPLE).context["groups"] == [pair]
    page = admin_client.get(merge_address(first, second))
    assert [field.name for field in page.context["form"].choices()] == ["email"]
    data = {"seen": page.context["plan"].digest, "email": "1"}
    answer = admin_client.post(merge_address(first, second), data)
    assert answer.url == reverse("admin:registrations_registration_change", args=[first.pk])
    assert Registration.objects.live().get().email == second.email
    assert mails() == [(second.email, "registration_merged")]
    assert admin_client.get(PEOPLE).context["groups"] == []
    # Back, and once more.
    again = admin_client.post(merge_address(first, second), data)
    assert (again.status_code, len(mails())) == (302, 1)


def test_a_plan_that_is_no_longer_true_is_shown_anew(admin_client, pair, ten):
    first, second = pair
    seen = admin_client.get(merge_address(first, second)).context["plan"].digest
    services.give_back(second.bookings.get())
    answer = admin_client.post(merge_address(first, second), {"seen": seen, "email": "0"})
    assert (answer.url, len(sentences(answer))) == (merge_address(first, second), 1)
    assert Registration.objects.live().count() == 2


def test_those_told_apart_are_not_shown_again(admin_client, pair):
    admin_client.post(PEOPLE, {"keys": [one.pk for one in pair]})
    assert admin_client.get(PEOPLE).context["groups"] == []
    assert set(pair[1].others.all()) == {pair[0]}


def test_two_can_be_chosen_in_the_list(admin_client, pair):
    assert act(admin_client, "merge", *pair).url == merge_address(*pair)
    assert act(admin_client, "merge", pair[0]).status_code == 302


def test_organisations_are_merged_but_for_those_left_out(admin_client, lyon):
    RegistrationFactory(organisation=lyon[1])
    assert admin_client.get(ORGANISATIONS).context["groups"] == [lyon]
    keys = ",".join(str(one.pk) for one in lyon)
    address = f"{reverse('admin:registrations_organisation_merge')}?keys={keys}"
    page = admin_client.get(address)
    # The one with a registration comes first.
    assert [row.pk for row in page.context["rows"]] == [lyon[1].pk, lyon[0].pk, lyon[2].pk]
    refused = admin_client.post(address, {"merged": [lyon[1].pk], "name": "0"})
    assert (refused.status_code, Organisation.objects.count()) == (200, 3)
    merged = {"merged": [lyon[1].pk, lyon[0].pk], "name": "1"}
    assert admin_client.post(address, merged).url == ORGANISATIONS
    assert set(Organisation.objects.values_list("pk", "name")) == {
        (lyon[1].pk, "Ville de Lyon"),
        (lyon[2].pk, "LYON (ville)"),
    }


@pytest.mark.parametrize("codename", ["change_registration", "change_organisation"])
def test_changing_is_not_merging(client, django_user_model, pair, codename):
    user = django_user_model.objects.create_user("saisie", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    for address in (PEOPLE, ORGANISATIONS, merge_address(*pair)):
        assert client.get(address).status_code == 403
    assert client.post(merge_address(*pair), {}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_groups_ask_the_same_for_one_and_for_three(
    admin_client, django_assert_num_queries, edition, count
):
    for number in range(count):
        OrganisationFactory(name=f"Ville de Dijon{number}xx")
        OrganisationFactory(name=f"Mairie de Dijon{number}xx")
        for _twice in range(2):
            RegistrationFactory(
                edition=edition, first_name="Awa", last_name=f"Diop{number}", organisation=None
            )
    with django_assert_num_queries(7):
        assert len(admin_client.get(PEOPLE).context["groups"]) == count
    with django_assert_num_queries(6):
        assert admin_client.get(ORGANISATIONS).context["count"] == count
