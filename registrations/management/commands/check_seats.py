"""Hold every counter of seats and places against the rows."""

from django.core.management.base import BaseCommand, CommandError

from registrations import reckoning


class Command(BaseCommand):
    help = "Compares every counter of seats and places with the rows; exit status 1 if one differs."

    def handle(self, *args, **options) -> None:
        wrong = reckoning.differences()
        for thing, counter, rows in wrong:
            kind = thing._meta.verbose_name
            self.stderr.write(
                f"{kind} {thing.pk} ({thing}): the counter says {counter}, {rows} rows."
            )
        if wrong:
            raise CommandError(f"{len(wrong)} counter(s) differ from the rows.")
        self.stdout.write("Every counter agrees with the rows.")
