"""Who may export and import, and what the pages say."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from events.models import Partner
from events.tables import Partners
from events.tests.factories import EditionFactory, PartnerFactory
from raict.accounts.models import Export, User
from raict.jobs.models import Job
from raict.tables.models import Import
from raict.tables.tests.files import compared, xlsx
from registrations.models import Registration
from registrations.tests.factories import RegistrationFactory

pytestmark = pytest.mark.django_db

SEND = ["admin:tables_import_send", "partners"]


@pytest.fixture
def edition():
    return EditionFactory(current=True, open=True)


def member(client, *codenames: str) -> User:
    """A member of the team with these permissions, signed in."""
    user = User.objects.create_user("sylvie", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return user


def page(name: str, *args) -> str:
    return reverse(name, args=args)


def send(client, file, **data):
    return client.post(page(*SEND), {"file": file, **data})


def cells(response) -> list[tuple]:
    return list(load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))


# ------------------------------------------------------------------------------------- going out
def test_an_export_has_what_the_list_shows(admin_client, edition):
    for name in ("AFD", "CNFPT", "Cités"):
        PartnerFactory(edition=edition, name_fr=name)
    PartnerFactory(name_fr="AFD")
    address = page("admin:events_partner_table", "xlsx")
    response = admin_client.get(address, {"edition__id__exact": edition.pk, "q": "cites"})
    header, row = cells(response)
    assert (header[2], row[2]) == (str(Partners.columns[2].header), "Cités")
    assert response.headers["Cache-Control"].startswith("private, no-store")
    response = admin_client.get(page("admin:events_partner_table", "csv"))
    assert len(list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))) == 5


def test_chosen_rows_are_exported(admin_client, edition):
    chosen = PartnerFactory(edition=edition, name_fr="AFD")
    PartnerFactory(edition=edition)
    data = {"action": "table_xlsx", "_selected_action": [chosen.pk]}
    response = admin_client.post(page("admin:events_partner_changelist"), data)
    assert [row[2] for row in cells(response)[1:]] == ["AFD"]


@pytest.mark.parametrize(
    "name",
    [
        *("registrations_registration", "registrations_organisation", "programme_session"),
        *("programme_cafe", "programme_person", "programme_appearance", "events_partner"),
    ],
)
def test_every_list_has_its_buttons(admin_client, name):
    admin_client.get(page(f"admin:{name}_changelist"))
    body = admin_client.get(page(f"admin:{name}_changelist")).content.decode()
    assert page(f"admin:{name}_table", "xlsx") in body
    assert "/admin/tables/import/send/" in body
    assert admin_client.get(page(f"admin:{name}_table", "xlsx")).status_code == 200


def test_an_unknown_kind_is_not_found(admin_client):
    assert admin_client.get(page("admin:events_partner_table", "pdf")).status_code == 404


# ------------------------------------------------------------------------------------ permissions
@pytest.mark.parametrize(
    ("codenames", "exported", "offered", "sent"),
    [
        ([], 403, None, 403),
        (["view_partner"], 200, False, 403),
        (["view_partner", "change_partner"], 200, False, 403),
        (["view_partner", "add_partner", "change_partner"], 200, True, 200),
    ],
)
def test_importing_takes_the_permissions_to_add_and_to_change(
    client, edition, codenames, exported, offered, sent
):
    member(client, *codenames)
    assert client.get(page("admin:events_partner_table", "xlsx")).status_code == exported
    if offered is not None:
        body = client.get(page("admin:events_partner_changelist")).content.decode()
        assert (page(*SEND) in body) == offered
    assert client.get(page(*SEND)).status_code == sent
    imported = compared("partners", xlsx([["Nom"], ["AFD"]]), edition)
    found = [
        client.get(page("admin:tables_import_preview", imported.pk)),
        client.get(page("admin:tables_import_differences", imported.pk, "csv")),
        client.get(page("admin:tables_import_model", "partners", "xlsx")),
    ]
    assert {response.status_code for response in found} == {sent}
    data = {"seen": imported.digest}
    response = client.post(page("admin:tables_import_apply", imported.pk), data)
    assert (response.status_code, Partner.objects.count()) == (
        (302, 1) if sent == 200 else (403, 0)
    )


def test_imports_of_another_table_stay_closed(client, edition):
    member(client, "view_partner", "add_partner", "change_partner")
    assert client.get(page("admin:tables_import_send", "participants")).status_code == 403
    assert client.get(page("admin:tables_import_send", "rien")).status_code == 404


# ----------------------------------------------------------------------------------------- pages
def test_a_file_is_compared_and_applied(admin_client, edition):
    response = send(admin_client, xlsx([["Nom"], ["AFD"]]), scope=edition.pk)
    imported = Import.objects.get()
    assert response.url == imported.get_absolute_url()
    response = admin_client.get(response.url)
    assert [line.name for line in response.context["lines"]] == ["AFD"]
    admin_client.post(page("admin:tables_import_apply", imported.pk), {"seen": imported.digest})
    imported.refresh_from_db()
    assert (imported.state, Partner.objects.get().name_fr) == ("done", "AFD")


def test_a_refusal_stands_beside_the_file(admin_client, edition):
    file = SimpleUploadedFile("x.ods", b"something")
    response = send(admin_client, file, scope=edition.pk)
    assert list(response.context["form"].errors) == ["file"]
    assert Import.objects.count() == 0
    response = send(admin_client, xlsx([["a"], ["b"]]), scope=edition.pk)
    assert list(response.context["form"].errors) == ["file"]


def test_a_long_file_and_many_lines_are_the_worker_s(admin_client, edition, monkeypatch):
    monkeypatch.setattr("raict.tables.admin._QUICK_BYTES", 10)
    monkeypatch.setattr("raict.tables.admin._QUICK_LINES", 0)
    response = send(admin_client, xlsx([["Nom"], ["AFD"]]), scope=edition.pk)
    job = Job.objects.get(work="tables.compare")
    assert response.url == job.get_absolute_url()
    assert Import.objects.get().state == "waiting"
    imported = compared("partners", xlsx([["Nom"], ["AFD"]]), edition)
    address = page("admin:tables_import_apply", imported.pk)
    clicks = [admin_client.post(address, {"seen": imported.digest}).url for _click in range(2)]
    assert clicks == [Job.objects.get(work="tables.apply").get_absolute_url()] * 2
    assert admin_client.get(imported.get_absolute_url()).context["job"].work == "tables.apply"


def test_lines_are_filtered_and_paged(admin_client, edition):
    rows = [["Nom", "Ordre"], *[[f"P{number:03}", 1] for number in range(60)], ["x", "y"]]
    imported = compared("partners", xlsx(rows), edition)
    address = imported.get_absolute_url()
    first, second = (admin_client.get(address, {"p": number}).context["lines"] for number in (1, 2))
    assert (len(first), len(second)) == (50, 11)
    refused = admin_client.get(address, {"outcome": "refused"}).context["lines"]
    assert [line.number for line in refused] == [62]


def test_differences_are_downloaded(admin_client, edition):
    PartnerFactory(edition=edition, name_fr="AFD", stand="A1")
    rows = [["Nom", "Stand", "Ordre"], ["AFD", "A7", None], ["x", None, "y"]]
    imported = compared("partners", xlsx(rows), edition)
    response = admin_client.get(page("admin:tables_import_differences", imported.pk, "xlsx"))
    changed, refused = cells(response)[1:]
    assert (changed[0], changed[4:]) == (2, ("A1", "A7", None))
    assert (refused[0], bool(refused[6])) == (3, True)
    assert (
        Export.objects.get().what == f"Partenaires et exposants, différences – {imported.file_name}"
    )


def test_an_empty_file_has_the_columns(admin_client):
    response = admin_client.get(page("admin:tables_import_model", "organisations", "xlsx"))
    (header,) = cells(response)
    assert len(header) == len(set(header)) > 5


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_many_lines_costs_no_query_each(
    admin_client, edition, django_assert_num_queries, count
):
    rows = [["Nom"], *[[f"P{number}"] for number in range(count)]]
    imported = compared("partners", xlsx(rows), edition)
    with django_assert_num_queries(8):
        admin_client.get(imported.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_participants_is_exported_in_few_queries(
    admin_client, edition, django_assert_num_queries, count
):
    RegistrationFactory.create_batch(count, edition=edition)
    with django_assert_num_queries(10):
        response = admin_client.get(page("admin:registrations_registration_table", "xlsx"))
    references = set(Registration.objects.values_list("reference", flat=True))
    assert {row[0] for row in cells(response)[1:]} == references
