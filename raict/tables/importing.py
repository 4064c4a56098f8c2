"""A spreadsheet is taken, compared with the rows, applied as it was shown, and forgotten."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from raict.errors import DomainError
from raict.jobs.running import Run
from raict.spreadsheets import reading
from raict.tables import comparing
from raict.tables.models import Import, Line
from raict.tables.table import Entry, Table, table_class

_BATCH = 500
_S = Import.State


def begin(subject: str, upload, *, scope: int | None, is_telling: bool, user) -> Import:
    """Keep the file. DomainError for one that is no table; what is in it, `compare` says."""
    reading.refuse_kind(upload, upload.name)
    upload.seek(0)
    imported = Import(
        subject=subject, scope=scope, is_telling=is_telling, user=user, file_name=upload.name[-200:]
    )
    imported.file.save(f"{subject}.dat", upload, save=False)
    imported.save(force_insert=True)
    return imported


def table_of(imported: Import, *, is_writing: bool = False) -> Table:
    return table_class(imported.subject)(imported.scope, is_writing=is_writing)


def compare(imported: Import, progress: Callable[[int, int], None] = lambda *_of: None) -> None:
    """Write every difference as a line. A file that cannot be read is refused, and deleted."""
    if imported.state not in (_S.WAITING, _S.SHOWN):
        return
    try:
        plan = _plan(imported, table_of(imported), progress)
    except DomainError as refusal:
        Import.objects.filter(pk=imported.pk).update(
            state=_S.REFUSED, notes=[str(refusal.message)], file=""
        )
        imported.file.delete(save=False)
        imported.refresh_from_db()
        return
    with transaction.atomic():
        _show(imported, plan)


def apply(
    imported: Import,
    *,
    seen: str,
    progress: Callable[[int, int], None] = lambda *_of: None,
    settle: Callable[[], None] = lambda: None,
) -> bool:
    """Write exactly what was shown, all or nothing; False when it is something else by now.

    `seen` is the digest of the preview. The rows are held and compared anew; another result is a new
    preview, and nothing is written. Once it is done, doing it again changes nothing. `settle` ends
    the job in the same transaction.
    """
    try:
        with transaction.atomic():
            row = Import.objects.select_for_update(no_key=True).get(pk=imported.pk)
            done = row.state == _S.DONE or (row.is_shown and _apply(row, seen, progress))
            settle()
    except (IntegrityError, DomainError) as refusal:
        # Somebody has written, in this very moment, what this would have written; or a writer
        # refuses what only it knows.
        compare(imported)
        _warn(imported, getattr(refusal, "message", ""))
        settle()
        done = False
    imported.refresh_from_db()
    return done


def _apply(imported: Import, seen: str, progress: Callable[[int, int], None]) -> bool:
    table = table_of(imported, is_writing=True)
    plan = _plan(imported, table, progress)
    if not seen == imported.digest == plan.digest:
        _show(imported, plan)
        _warn(imported)
        return False
    total = sum(plan.counts.values())
    written = table.write(
        plan.entries,
        is_telling=imported.is_telling,
        user=imported.user,
        progress=lambda done: progress(total + done, total + max(total, len(plan.entries))),
    )
    _log(imported, plan.entries, written)
    imported.state, imported.applied_at = _S.DONE, timezone.now()
    imported.save(update_fields=["state", "applied_at"])
    transaction.on_commit(partial(_drop_file, imported.pk), robust=True)
    return True


def _drop_file(pk: int) -> None:
    imported = Import.objects.get(pk=pk)
    imported.file.delete(save=False)
    Import.objects.filter(pk=pk).update(file="")


def _plan(imported: Import, table: Table, progress: Callable[[int, int], None]) -> comparing.Plan:
    with imported.file.open("rb") as file:
        plan = comparing.compare(table, file, imported.file_name, progress)
    if imported.is_telling:
        comparing.refuse_telling_many(plan)
    return plan


def _show(imported: Import, plan: comparing.Plan) -> None:
    imported.lines.all().delete()
    for line in plan.lines:
        line.imported = imported
    Line.objects.bulk_create(plan.lines, batch_size=_BATCH)
    imported.state, imported.notes, imported.digest = _S.SHOWN, plan.notes, plan.digest
    outcomes = Line.Outcome
    imported.added, imported.changed = plan.counts[outcomes.NEW], plan.counts[outcomes.CHANGED]
    imported.unchanged = plan.counts[outcomes.UNCHANGED]
    imported.refused = plan.counts[outcomes.REFUSED]
    imported.save()


def _warn(imported: Import, why: str = "") -> None:
    imported.refresh_from_db()
    sentence = _(
        "Nothing was imported: the data have changed since this page was shown. Here are the"
        " differences as they are now; look at them, and apply again."
    )
    if why:
        sentence = _("Nothing was imported: %(why)s") % {"why": why}
    imported.notes = [sentence, *(note for note in imported.notes if note != sentence)]
    imported.save(update_fields=["notes"])


def _log(imported: Import, entries: list[Entry], written: list) -> None:
    """In the history of each row, as if it had been changed in its form."""
    if imported.user is None:
        return
    note = _("Imported from “%(file)s”, line %(line)d.")
    kinds = ContentType.objects.get_for_models(*{type(row) for row in written})
    LogEntry.objects.bulk_create(
        (
            LogEntry(
                user=imported.user,
                content_type=kinds[type(row)],
                object_id=row.pk,
                object_repr=str(row)[:200],
                action_flag=CHANGE if entry.row else ADDITION,
                change_message=note % {"file": imported.file_name, "line": entry.number},
            )
            for entry, row in zip(entries, written, strict=True)
        ),
        batch_size=_BATCH,
    )


def forget() -> int:
    """Delete files and lines after settings.IMPORTS_KEPT_DAYS, the file of what is done at once."""
    last_day = timezone.now() - dt.timedelta(days=settings.IMPORTS_KEPT_DAYS)
    old = Import.objects.filter(created_at__lt=last_day)
    Line.objects.filter(imported__in=old.values("pk")).delete()
    count = 0
    served = Import.objects.exclude(file="")
    for imported in served.filter(Q(state=_S.DONE) | Q(created_at__lt=last_day)):
        imported.file.delete(save=False)
        state = _S.DONE if imported.is_done else _S.FORGOTTEN
        Import.objects.filter(pk=imported.pk).update(file="", state=state)
        count += 1
    return count


# ------------------------------------------------------------------------------------- long ones
def compare_job(run: Run) -> None:
    imported = Import.objects.filter(pk=run.arguments["import"]).first()
    if imported:
        compare(imported, run.progress)
        if imported.state == _S.REFUSED:
            raise DomainError(imported.notes[0])
        _report(run, imported)
    run.settle()


def apply_job(run: Run) -> None:
    imported = Import.objects.filter(pk=run.arguments["import"]).first()
    if imported is None:
        run.settle()
        return

    def settle() -> None:
        row = Import.objects.get(pk=imported.pk)
        if row.is_done:
            _report(run, row)
        else:
            run.say(row.notes[0])
        run.settle()

    apply(imported, seen=run.arguments["seen"], progress=run.progress, settle=settle)


def _report(run: Run, imported: Import) -> None:
    run.count(_("New"), imported.added)
    run.count(_("Changed"), imported.changed)
    run.count(_("Unchanged"), imported.unchanged)
    run.count(_("Refused"), imported.refused)
    for note in imported.notes:
        run.say(note)
