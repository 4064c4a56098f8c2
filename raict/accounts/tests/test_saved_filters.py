"""Filters that somebody keeps, as the list of registrations shows them."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from raict.accounts.models import SavedFilter, User

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LIST = reverse("admin:registrations_registration_changelist")
SAVE = reverse("admin:registrations_registration_save_filter")


@pytest.fixture
def colleague(client):
    user = User.objects.create_user("collegue", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_registration"))
    client.force_login(user)
    return user


def shown(client, query=None):
    return [saved.name for saved in client.get(LIST, query).context["saved_filters"]]


def test_what_the_list_knows_is_saved_and_nothing_else(admin_client, admin_user):
    query = "state__exact=pending&country=SN&evil=1&_popup=1&p=3&created_at__year=2026&q=awa"
    page = admin_client.get(f"{LIST}?state__exact=pending&country=SN")
    assert page.context["filter_form"].initial["query"] == "state__exact=pending&country=SN"
    answer = admin_client.post(SAVE, {"name": "À valider", "query": query})
    kept = "state__exact=pending&country=SN&created_at__year=2026&q=awa"
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query, saved.user, saved.is_shared, saved.listing) == (
        *("À valider", kept, admin_user, False),
        "registrations.registration",
    )
    assert answer.url == f"{LIST}?{kept}"
    assert f'href="?{kept.replace("&", "&amp;")}"' in admin_client.get(LIST).content.decode()


@pytest.mark.parametrize(
    "data", [{"name": "", "query": "country=SN"}, {"name": "Tout", "query": "evil=1"}]
)
def test_without_a_name_or_a_choice_nothing_is_saved(admin_client, data):
    assert admin_client.post(SAVE, data).status_code == 302
    assert SavedFilter.objects.count() == 0


def test_the_same_name_replaces_one_s_own(admin_client):
    for country in ("SN", "FR"):
        admin_client.post(SAVE, {"name": "Pays", "query": f"country={country}"})
    assert SavedFilter.objects.get().query == "country=FR"


def test_shared_ones_are_everybody_s_and_deleted_by_their_owner(
    admin_client, client, colleague, django_user_model
):
    owner = django_user_model.objects.create_user("autre", password="x", is_staff=True)
    for name, is_shared in (("Le mien", False), ("Le nôtre", True)):
        SavedFilter.objects.create(
            user=owner,
            listing="registrations.registration",
            name=name,
            query="country=SN",
            is_shared=is_shared,
        )
    client.force_login(colleague)
    assert shown(client) == ["Le nôtre"]
    (pk,) = SavedFilter.objects.filter(is_shared=True).values_list("pk", flat=True)
    address = reverse("admin:registrations_registration_delete_filter", args=[pk])
    assert client.post(address).status_code == 404
    client.force_login(owner)
    assert client.post(address).url == LIST
    assert list(SavedFilter.objects.values_list("name", flat=True)) == ["Le mien"]
