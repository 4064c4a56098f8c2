"""Every download of personal data leaves a row that nobody changes."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.translation import gettext as _

from events.tests.factories import EditionFactory
from raict.accounts.models import Export, User
from raict.jobs.models import Job
from raict.tests.samples import pdf
from registrations.models import Needs
from registrations.tests.factories import AccreditationFactory, RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def staff(client):
    user = User.objects.create_user("lea", first_name="Léa", last_name="Martin", is_staff=True)
    user.groups.add(Group.objects.get(name="inscriptions"))
    client.force_login(user)
    return client


def act(client, name: str, *rows, query: dict | None = None, **data):
    address = reverse("admin:registrations_registration_changelist", query=query)
    data = {"action": name, "_selected_action": [row.pk for row in rows], **data}
    return client.post(address, data)


def noted() -> list[tuple]:
    return list(Export.objects.values_list("who", "what", "rows", "kind", "with_needs"))


def test_the_table_of_registrations_is_noted_with_its_filters(staff):
    edition = EditionFactory(current=True)
    rows = [RegistrationFactory(edition=edition, last_name="Diop") for _number in range(2)]
    Needs.objects.create(registration=rows[0], diet="végétarien")
    query = {"state__exact": "confirmed", "q": "diop"}
    response = act(staff, "export", rows[0], query=query, select_across="1")
    assert response.status_code == 200
    ((who, what, count, kind, with_needs),) = noted()
    assert (who, count, kind, with_needs) == ("Léa Martin", 2, "XLSX", True)
    filtered = _("%(what)s: %(which)s") % {"what": "état", "which": "confirmée"}
    searched = _("search: “%(words)s”") % {"words": "diop"}
    assert what.split(" – ")[1:] == [filtered, searched]


def test_rows_that_were_ticked_are_noted_as_such_and_needs_only_where_they_are_in_it(staff):
    user = User.objects.get()
    user.groups.clear()
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["view_registration", "change_registration"])
    )
    act(staff, "export", RegistrationFactory())
    ((_who, _what, count, _kind, with_needs),) = noted()
    assert (count, with_needs) == (1, False)


def test_badges_are_noted(staff):
    act(staff, "badges", RegistrationFactory(), RegistrationFactory())
    ((who, _what, count, kind, with_needs),) = noted()
    assert (who, count, kind, with_needs) == ("Léa Martin", 2, "PDF", False)


def test_whoever_only_looks_takes_nothing_away(staff):
    user = User.objects.get()
    user.groups.set(Group.objects.filter(name="lecture seule"))
    act(staff, "export", RegistrationFactory())
    act(staff, "badges", RegistrationFactory())
    assert noted() == []


def test_a_letter_and_the_file_of_a_job_are_noted(admin_client):
    letter = ContentFile(pdf(), "lettre.pdf")
    accreditation = AccreditationFactory(first_name="Jane", last_name="Roe", letter=letter)
    job = Job.objects.create(
        work="x",
        title="Liste",
        total=12,
        arguments={"with_needs": True},
        file=ContentFile(b"a", "liste.csv"),
    )
    for name, row in [
        ("registrations_accreditation_letter", accreditation),
        ("jobs_job_file", job),
    ]:
        b"".join(admin_client.get(reverse(f"admin:{name}", args=[row.pk])))
    assert [row[2:] for row in noted()] == [(12, "CSV", True), (1, "PDF", False)]


def test_nothing_is_noted_where_nothing_leaves(staff):
    accreditation = AccreditationFactory()
    staff.get(reverse("admin:registrations_accreditation_letter", args=[accreditation.pk]))
    act(staff, "badges", RegistrationFactory(state="cancelled"))
    assert noted() == []


def test_the_row_stays_when_the_account_goes(staff):
    act(staff, "export", RegistrationFactory())
    User.objects.all().delete()
    assert Export.objects.get().who == "Léa Martin"


def test_a_superuser_reads_the_rows_and_changes_none(admin_client):
    row = Export.objects.create(who="x", what="x", rows=1, kind="XLSX")
    names = [reverse("admin:accounts_export_add")]
    names += [reverse(f"admin:accounts_export_{name}", args=[row.pk]) for name in ("delete",)]
    assert [admin_client.post(name, {"post": "yes"}).status_code for name in names] == [403, 403]
    page = reverse("admin:accounts_export_change", args=[row.pk])
    assert admin_client.post(page, {"who": "y"}).status_code == 403
