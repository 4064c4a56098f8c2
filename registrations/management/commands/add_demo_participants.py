"""manage.py add_demo_participants: invented people register for the demonstration edition."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from events.models import Edition
from raict.errors import DomainError
from registrations.demonstration import add_participants


class Command(BaseCommand):
    help = "Register sample participants for the demonstration edition. No mail is sent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", type=int, default=512, help="how many there shall be")

    def handle(self, *args, count: int, **options) -> None:
        edition = Edition.objects.filter(is_demonstration=True).first()
        if edition is None:
            raise CommandError(
                _(
                    "There is no demonstration edition. Load it first:"
                    " manage.py load_edition events/editions/demonstration.toml"
                )
            )
        if not 0 <= count <= (edition.capacity or count):
            raise CommandError(
                _("--count %(count)d: the demonstration has %(places)d places.")
                % {"count": count, "places": edition.capacity or 0}
            )
        added = 0
        try:
            for added in add_participants(edition, count):
                if self.stdout.isatty():
                    self.stdout.write(
                        _("%(added)d participants added …") % {"added": added}, ending="\r"
                    )
                    self.stdout.flush()
        except DomainError as refusal:
            raise CommandError(str(refusal.message)) from None
        self.stdout.write(
            _("%(added)d sample participants added: the demonstration now has %(total)d.")
            % {"added": added, "total": edition.registrations.live().count()}
        )
