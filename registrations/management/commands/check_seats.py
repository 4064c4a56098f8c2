"""Hold every counter, turn and seat against the rows."""

from django.core.management.base import BaseCommand, CommandError

from registrations import reckoning


class Command(BaseCommand):
    help = (
        "Holds every counter, line and seat against the rows; exit status 1 if something differs."
    )

    def handle(self, *args, **options) -> None:
        for sentence in reckoning.asked_to_choose():
            self.stdout.write(sentence)
        wrong = reckoning.differences()
        for sentence in wrong:
            self.stderr.write(sentence)
        if wrong:
            raise CommandError(f"{len(wrong)} difference(s).")
        self.stdout.write("Every counter, line and seat agrees with the rows.")
