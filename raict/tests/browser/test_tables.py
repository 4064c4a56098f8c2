"""A spreadsheet by keyboard: sent, looked at, imported; and what axe says of its pages."""

import pytest
from django.urls import reverse

from events.models import Edition, Partner
from raict.tables.tests.files import xlsx

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_file_is_sent_looked_at_and_imported_by_keyboard(team_page, site, faults, tmp_path):
    path = tmp_path / "partenaires.xlsx"
    rows = [["Nom", "Stand", "Ordre"], ["Partenaire d’essai", "A1", "1"], ["Autre", "B2", "deux"]]
    path.write_bytes(xlsx(rows).read())
    team_page.goto(f"{site}{reverse('admin:events_partner_changelist')}")
    team_page.locator(".object-tools a[href*='/send/']").press("Enter")
    team_page.wait_for_url("**/send/partners/")
    assert faults(team_page) == []
    team_page.locator("input[type=file]").set_input_files(path)
    team_page.keyboard.press("Tab")
    team_page.locator("input[type=submit].default").press("Enter")
    team_page.wait_for_url("**/preview/")
    assert faults(team_page) == []
    assert team_page.locator(".import-lines tbody tr").count() == 2
    team_page.locator(".import-filter a[href*=refused]").press("Enter")
    team_page.wait_for_url("**outcome=refused")
    assert team_page.locator(".import-lines tbody tr").count() == 1
    team_page.locator(".import-apply button").press("Enter")
    team_page.wait_for_url("**/preview/")
    assert team_page.locator(".import-apply").count() == 0
    assert faults(team_page) == []
    partner = Partner.objects.get(name_fr="Partenaire d’essai")
    assert (partner.edition, partner.stand) == (Edition.objects.current(), "A1")


def test_a_refusal_stands_beside_the_file(team_page, site, faults, tmp_path):
    path = tmp_path / "vieux.xls"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)
    team_page.goto(f"{site}{reverse('admin:tables_import_send', args=['partners'])}")
    team_page.locator("input[type=file]").set_input_files(path)
    team_page.locator("input[type=submit].default").press("Enter")
    team_page.wait_for_selector(".form-row.errors .errorlist")
    assert ".xlsx" in team_page.locator(".errorlist").inner_text()
    assert faults(team_page) == []
