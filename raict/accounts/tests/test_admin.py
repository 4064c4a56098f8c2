import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from raict.accounts.models import User

pytestmark = pytest.mark.django_db


def test_an_account_is_made_and_given_a_right(admin_client):
    admin_client.post(
        reverse("admin:accounts_user_add"),
        {
            "username": "lea",
            "usable_password": "true",
            "password1": "un-mot-de-passe-long",
            "password2": "un-mot-de-passe-long",
        },
    )
    user = User.objects.get(username="lea")
    right = Permission.objects.get(codename="view_needs")
    response = admin_client.post(
        reverse("admin:accounts_user_change", args=[user.pk]),
        {"username": "lea", "is_active": "on", "is_staff": "on", "user_permissions": [right.pk]},
    )
    assert response.status_code == 302
    user = User.objects.get(username="lea")
    assert (user.is_staff, user.has_perm("registrations.view_needs")) == (True, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_for_one_row_and_three(
    admin_client, django_assert_num_queries, rows
):
    for number in range(rows):
        User.objects.create_user(f"membre{number}")
    with django_assert_num_queries(7):
        admin_client.get(reverse("admin:accounts_user_changelist"))
