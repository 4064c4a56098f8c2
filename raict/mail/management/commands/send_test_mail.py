"""For operators: does mail leave this site?"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from raict.mail.outbox import queue


class Command(BaseCommand):
    help = "Queues one test message; the worker sends it like any other."

    def add_arguments(self, parser) -> None:
        parser.add_argument("address", help="who receives it")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
        )

    def handle(self, *, address: str, language: str, **options) -> None:
        try:
            with transaction.atomic():
                message = queue(to=address, template="test", language=language, context={})
        except ValidationError as error:
            raise CommandError(f"{address}: {' '.join(error.messages)}") from error
        self.stdout.write(
            f"Queued as {message.uid}. Its row in the outbox tells what became of it."
        )
