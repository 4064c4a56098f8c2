"""Accounts in the workplace: invited by mail, changed with a history that says what, helped to get in."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from raict.accounts import second_factor
from raict.accounts.models import User
from raict.mail.models import Message
from raict.tests.staff import change, errors

pytestmark = pytest.mark.django_db


def invite(client, **values) -> None:
    data = {"username": "lea", "first_name": "Léa", "last_name": "Martin"}
    data |= {"email": "lea@example.org", **values}
    return client.post(reverse("admin:accounts_user_add"), data)


def direction(client, name: str = "dora") -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name="direction"))
    client.force_login(user)
    return user


def last_entry() -> str:
    return LogEntry.objects.latest("pk").get_change_message()


def test_a_member_is_invited_by_mail_and_no_password_is_typed(admin_client):
    press = Group.objects.get(name="presse")
    response = invite(admin_client, groups=[press.pk])
    assert response.status_code == 302, errors(response)
    user = User.objects.get(username="lea")
    assert (user.is_staff, user.is_active, user.has_usable_password()) == (True, True, False)
    assert user.has_perm("events.change_pressrelease")
    letter = Message.objects.get()
    assert (letter.to, letter.template) == ("lea@example.org", "account_invited")
    assert len(re.findall(r"/admin/compte/mot-de-passe/\S+/", letter.text)) == 1


@pytest.mark.parametrize(
    ("field", "value"), [("email", ""), ("username", "ADMIN"), ("username", "deux mots")]
)
def test_an_invitation_that_is_not_complete_is_refused(admin_client, field, value):
    response = invite(admin_client, **{field: value})
    assert set(errors(response)) == {field}
    assert (User.objects.count(), Message.objects.count()) == (1, 0)


def test_a_right_is_given(admin_client):
    user = User.objects.create_user("lea", email="lea@example.org", is_staff=True)
    right = Permission.objects.get(codename="view_needs")
    assert change(admin_client, user, user_permissions=[right.pk]).status_code == 302
    assert User.objects.get(username="lea").has_perm("registrations.view_needs")


def test_the_history_says_which_groups_and_rights_came_and_went(admin_client):
    user = User.objects.create_user("lea", is_staff=True)
    user.groups.add(Group.objects.get(name="presse"))
    door = Group.objects.get(name="accueil")
    change(admin_client, user, groups=[door.pk], is_staff="")
    said = {"Statut équipe": _("no"), "Groupes": "+ accueil, − presse"}
    words = [_("%(what)s: %(which)s") % {"what": what, "which": said[what]} for what in said]
    assert last_entry() == " – ".join(words)
    right = Permission.objects.get(codename="view_venue")
    change(admin_client, door, permissions=[right.pk])
    assert last_entry().count("− ") == 2
    assert last_entry().count("+ ") == 1


def test_who_is_no_superuser_makes_none_and_touches_none(client, admin_user):
    direction(client)
    address = reverse("admin:accounts_user_change", args=[admin_user.pk])
    assert client.post(address, {"username": "volé"}).status_code == 403
    access = reverse("admin:accounts_user_access", args=[admin_user.pk])
    assert client.post(access, {"do": "link"}).status_code == 403
    lea = User.objects.create_user("lea", is_staff=True)
    assert change(client, lea, is_superuser="on").status_code == 302
    assert User.objects.get(username="lea").is_superuser is False


def test_nobody_but_a_superuser_reads_the_links_of_accounts(client, admin_client):
    invite(admin_client)
    letter = Message.objects.get()
    direction(client)
    pages = [
        reverse("admin:mail_message_change", args=[letter.pk]),
        reverse("admin:mail_message_preview", args=[letter.pk]),
    ]
    for page in pages:
        assert admin_client.get(page).status_code == 200
        assert client.get(page).status_code in {302, 404}
    listed = client.get(reverse("admin:mail_message_changelist")).context["cl"].result_count
    assert listed == 0


def test_the_page_where_a_password_would_be_typed_leads_to_the_link(admin_client):
    user = User.objects.create_user("lea", email="lea@example.org", is_staff=True)
    response = admin_client.get(reverse("admin:auth_user_password_change", args=[user.pk]))
    assert response.url == reverse("admin:accounts_user_access", args=[user.pk])
    admin_client.post(response.url, {"do": "link"})
    assert Message.objects.get().template == "account_invited"


def test_the_direction_resets_a_second_factor_which_is_noted_and_told(client):
    direction(client)
    user = User.objects.create_user("lea", email="lea@example.org", is_staff=True)
    TOTPDevice.objects.create(user=user, name="telephone", confirmed=True)
    second_factor.renew_spare_codes(user)
    address = reverse("admin:accounts_user_access", args=[user.pk])
    assert client.post(address, {"do": "reset"}).status_code == 302
    assert (second_factor.telephone(user), second_factor.spare_codes(user)) == (None, [])
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_id) == ("dora", str(user.pk))
    assert Message.objects.get().template == "account_second_factor"


def test_nobody_resets_their_own_second_factor(client):
    user = direction(client)
    TOTPDevice.objects.create(user=user, name="telephone", confirmed=True)
    address = reverse("admin:accounts_user_access", args=[user.pk])
    assert client.post(address, {"do": "reset"}).status_code == 403
    assert second_factor.telephone(user) is not None


def test_the_keys_have_no_page(admin_client):
    assert admin_client.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert admin_client.get("/admin/otp_static/staticdevice/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_for_one_row_and_three(
    admin_client, django_assert_num_queries, rows
):
    for number in range(rows):
        User.objects.create_user(f"membre{number}")
    with django_assert_num_queries(6):
        admin_client.get(reverse("admin:accounts_user_changelist"))
