"""A file is compared, applied as it was shown or not at all, once, and forgotten."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from events.models import Partner
from events.tests.factories import EditionFactory, PartnerFactory
from raict.errors import DomainError
from raict.jobs import running
from raict.jobs.models import Job
from raict.tables import importing
from raict.tables.models import Import
from raict.tables.tests.files import applied, compared, counts, told, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def edition():
    return EditionFactory()


def names() -> list[str]:
    return list(Partner.objects.order_by("name_fr").values_list("name_fr", "stand"))


def test_each_difference_is_shown_before_anything_is_written(edition):
    first = PartnerFactory(edition=edition, name_fr="AFD", stand="A1")
    PartnerFactory(edition=edition, name_fr="CNFPT", stand="B2")
    rows = [
        ["NOM ", "stand", "Remarque"],
        ["afd", "A7", "?"],
        ["CNFPT", "B2", ""],
        ["UNICEF", 4, ""],
    ]
    imported = compared("partners", xlsx(rows), edition)
    assert counts(imported) == (1, 1, 1, 0)
    assert [(line.number, line.outcome, line.name) for line in imported.lines.all()] == [
        (2, "changed", "AFD"),
        (4, "new", "UNICEF"),
    ]
    before_after = [change[1:] for change in imported.lines.first().changes]
    assert before_after == [["AFD", "afd"], ["A1", "A7"]]
    assert any("Remarque" in note for note in imported.notes)
    assert names() == [("AFD", "A1"), ("CNFPT", "B2")]
    importing.apply(imported, seen=imported.digest)
    assert names() == [("CNFPT", "B2"), ("UNICEF", "4"), ("afd", "A7")]
    first.refresh_from_db()
    assert first.stand == "A7"


def test_an_empty_cell_leaves_the_value_and_a_dash_empties_it(edition):
    PartnerFactory(edition=edition, name_fr="AFD", stand="A1", motto="Agir")
    imported = applied("partners", xlsx([["Nom", "Stand", "Devise"], ["AFD", "–", None]]), edition)
    partner = Partner.objects.get()
    assert (counts(imported), partner.stand, partner.motto) == ((0, 1, 0, 0), "", "Agir")


def test_what_the_file_leaves_out_stays(edition):
    PartnerFactory(edition=edition, name_fr="AFD")
    applied("partners", xlsx([["Nom"], ["CNFPT"]]), edition)
    assert [name for name, _stand in names()] == ["AFD", "CNFPT"]


def test_refused_lines_have_column_and_reason_and_the_others_are_written(edition):
    rows = [["Nom", "Ordre"], ["AFD", "1"], ["CNFPT", "deux"], ["afd", 3], [None, 5]]
    imported = applied("partners", xlsx(rows), edition)
    assert [(number, bool(column)) for number, column, _reason in told(imported)] == [
        (3, True),
        (4, False),
        (5, True),
    ]
    assert (imported.state, names()) == ("done", [("AFD", "")])


def test_what_somebody_edits_meanwhile_stops_the_import_and_is_shown(edition):
    partner = PartnerFactory(edition=edition, name_fr="AFD", stand="A1")
    imported = compared("partners", xlsx([["Nom", "Stand"], ["AFD", "A7"]]), edition)
    seen = imported.digest
    Partner.objects.filter(pk=partner.pk).update(stand="C3")
    assert importing.apply(imported, seen=seen) is False
    partner.refresh_from_db()
    (line,) = imported.lines.all()
    assert (partner.stand, imported.state, line.changes[0][1:]) == ("C3", "shown", ["C3", "A7"])
    # The page that was open still knows the first preview only.
    assert importing.apply(imported, seen=seen) is False
    assert importing.apply(imported, seen=imported.digest) is True
    partner.refresh_from_db()
    assert partner.stand == "A7"


def test_a_row_that_somebody_adds_meanwhile_is_not_added_twice(edition):
    imported = compared("partners", xlsx([["Nom"], ["AFD"]]), edition)
    PartnerFactory(edition=edition, name_fr="AFD")
    assert importing.apply(imported, seen=imported.digest) is False
    assert (counts(imported), Partner.objects.count()) == ((0, 0, 1, 0), 1)


def test_applying_twice_writes_once(edition, admin_user):
    imported = compared("partners", xlsx([["Nom"], ["AFD"]]), edition, user=admin_user)
    again = Import.objects.get(pk=imported.pk)
    assert importing.apply(imported, seen=imported.digest) is True
    Partner.objects.all().delete()
    assert importing.apply(again, seen=again.digest) is True
    assert Partner.objects.count() == 0
    assert LogEntry.objects.filter(user=admin_user).count() == 1


def test_a_failure_in_the_middle_writes_nothing(edition):
    imported = compared("partners", xlsx([["Nom"], ["AFD"], ["CNFPT"]]), edition)

    def stop(done, total):
        if done >= 3:
            raise running.Stopped

    with pytest.raises(running.Stopped):
        importing.apply(imported, seen=imported.digest, progress=stop)
    imported.refresh_from_db()
    assert (imported.state, Partner.objects.count()) == ("shown", 0)


def test_the_worker_compares_and_applies(edition, admin_user):
    file = xlsx([["Nom"], ["AFD"]])
    imported = importing.begin(
        "partners", file, scope=edition.pk, is_telling=False, user=admin_user
    )
    running.begin("tables.compare", "x", arguments={"import": imported.pk})
    running.run_waiting()
    imported.refresh_from_db()
    assert (imported.state, counts(imported)) == ("shown", (1, 0, 0, 0))
    for _click in range(2):
        running.begin(
            "tables.apply", "x", arguments={"import": imported.pk, "seen": imported.digest}
        )
    running.run_waiting()
    imported.refresh_from_db()
    assert (imported.state, Partner.objects.count()) == ("done", 1)
    assert list(Job.objects.values_list("state", flat=True)) == ["done"] * 3


def test_a_long_file_that_is_refused_ends_its_job_with_the_sentence(edition):
    imported = importing.begin(
        "partners", xlsx([["a"], ["b"]]), scope=edition.pk, is_telling=False, user=None
    )
    job = running.begin("tables.compare", "x", arguments={"import": imported.pk})
    running.run_waiting()
    job.refresh_from_db()
    imported.refresh_from_db()
    assert (job.state, job.report, imported.state) == ("failed", imported.notes, "refused")


def test_a_file_goes_when_it_has_served(edition, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        applied("partners", xlsx([["Nom"], ["AFD"]]), edition)
    old = compared("partners", xlsx([["Nom"], ["CNFPT"]]), edition)
    recent = compared("partners", xlsx([["Nom"], ["CNFPT"]]), edition)
    days = settings.IMPORTS_KEPT_DAYS
    Import.objects.filter(pk=old.pk).update(
        created_at=timezone.now() - dt.timedelta(days=days, minutes=1)
    )
    assert importing.forget() == 1
    found = Import.objects.order_by("pk").values_list("state", "file")
    assert [(state, bool(file)) for state, file in found] == [
        ("done", False),
        ("forgotten", False),
        ("shown", True),
    ]
    assert (old.lines.count(), recent.lines.count()) == (0, 1)
    assert len(list((settings.PRIVATE_ROOT / "imports").iterdir())) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [["Nom", "Stand", "Nom de la chose"]],
        [["Une", "autre", "chose"], [1, 2, 3]],
        [["Stand"], ["A1"]],
        [["Nom", "Partenaire"], ["AFD", "AFD"]],
        [],
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_a_sentence_and_deleted(
    edition, rows, settings
):
    imported = compared("partners", xlsx(rows), edition)
    assert (imported.state, len(imported.notes), bool(imported.file)) == ("refused", 1, False)
    assert list((settings.PRIVATE_ROOT / "imports").iterdir()) == []


def test_what_is_no_table_is_not_even_kept(edition, settings):
    file = SimpleUploadedFile("tableau.xlsx", b"%PDF-1.7 and so on")
    with pytest.raises(DomainError):
        compared("partners", file, edition)
    assert not (settings.PRIVATE_ROOT / "imports").exists()


def test_more_mails_than_one_transaction_bears_are_refused(edition, monkeypatch):
    monkeypatch.setattr("raict.tables.comparing.TOLD_AT_ONCE", 1)
    imported = compared("partners", xlsx([["Nom"], ["AFD"], ["CNFPT"]]), edition, is_telling=True)
    assert imported.state == "refused"
