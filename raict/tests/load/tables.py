"""A spreadsheet of 5,000 participants, compared and applied: seconds, processor and peak memory.

`python -m raict.tests.load.tables` measures on a PostgreSQL of its own, with `sqlite` behind it on
SQLite. Each step runs in a process of its own, as the worker would: 5,000 new people, the same file
again, and each of them changed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

PEOPLE = 5_000
STEPS = ("new", "again", "changed")


def measured(environment: dict[str, str], step: str) -> dict:
    command = [sys.executable, "-m", "raict.tests.load.tables", "inside", step]
    output = subprocess.check_output(command, env=environment, text=True)
    return json.loads(output.splitlines()[-1])


def tell(environment: dict[str, str], say) -> list[str]:
    """Say the figures; what is not as it must be, a sentence each."""
    say(f"A spreadsheet of {PEOPLE} participants:")
    wrong = []
    for step in STEPS:
        found = measured(environment, step)
        parts = ", ".join(
            f"{name} {seconds:.1f} s (processor {processor:.1f} s)"
            for name, (seconds, processor) in found["spent"].items()
        )
        say(f"  {step:8} {parts}; peak memory {found['memory']} MB")
        if found["counts"] != found["wanted"]:
            wrong.append(f"{step}: {found['counts']} instead of {found['wanted']}.")
    return wrong


# ------------------------------------------------------------------------- in the measured process
def inside(step: str) -> dict:
    import django

    django.setup()
    from django.core.files.uploadedfile import SimpleUploadedFile

    from raict.tables import importing

    edition = _edition()
    file = SimpleUploadedFile("mesure.xlsx", _file(edition, step))
    before = getrusage(RUSAGE_SELF).ru_maxrss // 1024
    imported = importing.begin("participants", file, scope=edition.pk, is_telling=False, user=None)
    spent = {"compare": _timed(lambda: importing.compare(imported))}
    counts = [imported.added, imported.changed, imported.unchanged, imported.refused]
    if imported.writes:
        spent["apply"] = _timed(lambda: importing.apply(imported, seen=imported.digest))
        counts.append(imported.state)
    some = {"new": [PEOPLE, 0, 0, 0, "done"], "again": [0, 0, PEOPLE, 0]}
    return {
        "spent": spent,
        "memory": getrusage(RUSAGE_SELF).ru_maxrss // 1024,
        "before": before,
        "counts": counts,
        "wanted": some.get(step, [0, PEOPLE, 0, 0, "done"]),
    }


def _timed(work) -> tuple[float, float]:
    start = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start[0], time.process_time() - start[1]


def _edition():
    from events.models import Edition

    return Edition.objects.get_or_create(number=97, defaults={"state": "open"})[0]


def _file(edition, step: str) -> bytes:
    from raict.spreadsheets import workbook
    from raict.tables.table import table_class
    from registrations.models import Category, Registration

    category = Category.objects.first().name_fr
    if step == "new":
        headers = ["Civilité", "Prénom", "Nom de famille", "Courriel", "Fonction", "Structure"]
        rows = (
            ["Mme", "Awa", f"DIOP-{n}", f"p{n}@example.org", "Maire", f"Ville {n % 1200}"]
            for n in range(PEOPLE)
        )
        return workbook(
            [*headers, "Pays", "Catégorie"], [[*row, "Sénégal", category] for row in rows]
        )
    headers, rows = table_class("participants")().exported(
        Registration.objects.filter(edition=edition)
    )
    for row in rows if step != "again" else ():
        row[6], row[7] = f"Adjointe ({step})", f"{row[7]} {step}"
    return workbook(headers, rows)


def main() -> int:
    from raict.tests import run

    os.chdir(run.TOP)
    with tempfile.TemporaryDirectory(prefix="raict-tables-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        environment = {
            **run.bare_environment(folder),
            "DJANGO_SETTINGS_MODULE": "raict.settings",
        }
        if "sqlite" in sys.argv:
            return _migrated(environment)
        with run.postgresql(folder, durable=True) as database:
            return _migrated(environment | {"DATABASE_URL": database})


def _migrated(environment: dict[str, str]) -> int:
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.check_call(command, env=environment)
    wrong = tell(environment, print)
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    if "inside" in sys.argv:
        print(json.dumps(inside(sys.argv[-1])))
    else:
        sys.exit(main())
