"""Groups follow the table until the team changes them, and a change by hand is never undone."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from raict.accounts import roles
from raict.accounts.models import ShippedRole, User

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def held(name: str) -> set[str]:
    rows = Group.objects.get(name=name).permissions.values_list(
        "content_type__app_label", "codename"
    )
    return {f"{app}.{codename}" for app, codename in rows}


def test_the_migration_ships_each_role_with_its_permissions():
    assert {name: held(name) for name in roles.ROLES} == {
        name: roles.permissions(name) for name in roles.ROLES
    }


def test_the_door_may_check_in_and_nothing_else():
    assert roles.permissions("accueil") == {
        "registrations.view_checkin",
        "registrations.add_checkin",
    }


def test_who_reads_only_changes_nothing_and_sees_no_needs():
    found = roles.permissions("lecture seule")
    assert {name.split(".")[1].split("_")[0] for name in found} == {"view"}
    assert found & {"registrations.view_needs", "mail.view_message", "accounts.view_user"} == set()


def test_a_second_time_changes_nothing():
    before = list(Permission.objects.values_list("pk", flat=True))
    assert roles.bring_up_to_date() == []
    assert list(Permission.objects.values_list("pk", flat=True)) == before
    assert Group.objects.count() == ShippedRole.objects.count() == len(roles.ROLES)


def test_a_group_that_was_not_touched_follows_the_table(monkeypatch):
    monkeypatch.setattr(roles, "TABLE", roles.TABLE + "events.signoff v v . . v .\n")
    assert roles.bring_up_to_date() == []
    assert held("accueil") == roles.permissions("accueil")
    assert "events.view_signoff" in held("accueil")


def test_a_group_that_was_changed_by_hand_is_left_alone_and_named(monkeypatch):
    group = Group.objects.get(name="accueil")
    group.permissions.remove(Permission.objects.get(codename="add_checkin"))
    monkeypatch.setattr(roles, "TABLE", roles.TABLE + "events.signoff v v . . v .\n")
    assert roles.bring_up_to_date() == ["accueil"]
    assert held("accueil") == {"registrations.view_checkin"}
    assert "events.view_signoff" in held("direction")


def test_a_group_that_was_renamed_is_known_and_one_that_was_deleted_stays_away(monkeypatch):
    Group.objects.filter(name="presse").update(name="presse et réseaux")
    Group.objects.get(name="accueil").delete()
    monkeypatch.setattr(roles, "TABLE", roles.TABLE + "events.signoff . . . v v .\n")
    assert roles.bring_up_to_date() == []
    names = set(Group.objects.values_list("name", flat=True))
    assert names == {*roles.ROLES, "presse et réseaux"} - {"presse", "accueil"}
    assert "events.view_signoff" in held("presse et réseaux")


def test_a_group_of_the_team_s_own_under_a_shipped_name_stays_theirs():
    Group.objects.all().delete()
    ShippedRole.objects.all().delete()
    Group.objects.create(name="presse")
    assert roles.bring_up_to_date() == ["presse"]
    assert held("presse") == set()
    assert held("accueil") == roles.permissions("accueil")


def test_emptied_tables_are_filled_again_without_django_s_help():
    Group.objects.all().delete()
    ShippedRole.objects.all().delete()
    Permission.objects.all().delete()
    assert roles.bring_up_to_date() == []
    assert held("direction") == roles.permissions("direction")
    name = "Can view registration"
    assert Permission.objects.get(codename="view_registration").name == name
    call_command("migrate", "registrations", verbosity=0)  # Django finds them, and adds the rest
    assert Permission.objects.filter(codename="view_registration").count() == 1


def test_a_line_without_a_model_stops_the_start(monkeypatch):
    monkeypatch.setattr(roles, "TABLE", roles.TABLE + "events.nothing v v . . v .\n")
    with pytest.raises(LookupError, match=r"events\.view_nothing"):
        roles.bring_up_to_date()


def test_two_groups_add_up():
    """Publishing changes of the programme moves people: programme and registrations together."""
    user = User.objects.create_user("lea", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=["programme", "inscriptions"]))
    assert user.has_perms(["programme.change_session", "registrations.change_registration"])
