"""Work for the tests, named in settings.JOBS by them."""

import time

from django.db import transaction

from raict.errors import DomainError
from raict.jobs.running import Run
from raict.mail.models import Message

TOTAL = 40


def message(number: int) -> Message:
    return Message(
        template="test", to=f"p{number}@example.org", language="fr", subject=str(number), text="…"
    )


def one_by_one(run: Run) -> None:
    """A row a step, each its own commit; what is there already is left alone."""
    for number in range(TOTAL):
        run.progress(number, TOTAL)
        if Message.objects.filter(subject=str(number)).exists():
            run.count("Déjà là")
            continue
        message(number).save()
        run.count("Écrits")
        time.sleep(run.arguments.get("pause", 0))
    run.progress(TOTAL, TOTAL)
    run.attach("résultat.txt", b"fini")


@transaction.atomic
def all_or_nothing(run: Run) -> None:
    for number in range(TOTAL):
        run.progress(number, TOTAL)
        message(number).save()
        time.sleep(run.arguments.get("pause", 0))
    run.progress(TOTAL, TOTAL)
    run.settle()


def refused(run: Run) -> None:
    raise DomainError("La salle est trop petite.")


def broken(run: Run) -> None:
    raise RuntimeError("a fault of ours")
