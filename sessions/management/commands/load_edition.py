"""manage.py load_edition FILE: an edition, its programme and its press releases from one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sessions.edition_file import Change, EditionFileError, load
from sessions.edition_file.writing import CHANGED, CREATED, DELETED, GATHERED, KEPT


class Command(BaseCommand):
    help = "Load an edition from a TOML file. The format is described in docs/edition-file.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="for instance events/editions/15.toml")
        parser.add_argument(
            "--current", action="store_true", help="make it the edition of the home page"
        )
        parser.add_argument(
            "--check", action="store_true", help="say what would change, and change nothing"
        )
        parser.add_argument(
            "--language", choices=["fr", "en"], default="fr", help="of the messages"
        )

    def handle(self, *args, **options) -> None:
        with override(options["language"]):
            try:
                _number, changes = load(
                    options["file"], current=options["current"], dry_run=options["check"]
                )
            except EditionFileError as error:
                count = len(error.problems)
                raise CommandError(
                    f"{error}\n"
                    + ngettext(
                        "%(count)d error. Nothing was changed.",
                        "%(count)d errors. Nothing was changed.",
                        count,
                    )
                    % {"count": count}
                ) from None
            self._say(options["file"].name, changes, check=options["check"])

    def _say(self, file: str, changes: list[Change], *, check: bool) -> None:
        done = [change for change in changes if change.what != KEPT]
        if not done:
            self.stdout.write(_("%(file)s: no change.") % {"file": file})
        elif check:
            self.stdout.write(_("%(file)s is right. Loading it would do this:") % {"file": file})
        else:
            self.stdout.write(_("%(file)s is loaded.") % {"file": file})
        if created := _counts(changes):
            self.stdout.write(_("  created: %(rows)s") % {"rows": created})
        for change in changes:
            if change.what == CHANGED:
                row = f"{change.model._meta.verbose_name} {change.name} ({_columns(change)})"
                self.stdout.write(_("  changed: %(row)s") % {"row": row})
            elif change.what == GATHERED:
                row = f"{change.model._meta.verbose_name} {change.name} ({_columns(change)})"
                self.stdout.write(_("  to be published by the team: %(row)s") % {"row": row})
            elif change.what == DELETED:
                row = f"{change.model._meta.verbose_name} {change.name}"
                self.stdout.write(_("  deleted: %(row)s") % {"row": row})
            elif change.what == KEPT:
                row = f"{change.model._meta.verbose_name} {change.name}"
                self.stdout.write(_("  not in the file, left as it is: %(row)s") % {"row": row})
        if gathered := sum(change.what == GATHERED for change in changes):
            self.stdout.write(
                ngettext(
                    "To be published: %(count)d change of time or room. Nobody has been told yet.",
                    "To be published: %(count)d changes of time or room. Nobody has been told yet.",
                    gathered,
                )
                % {"count": gathered}
            )


def _counts(changes: list[Change]) -> str:
    """« 1 venue, 4 rooms, 28 sessions »."""
    counts: dict = {}
    for change in changes:
        if change.what == CREATED:
            counts[change.model] = counts.get(change.model, 0) + 1
    return ", ".join(
        f"{count} {model._meta.verbose_name if count == 1 else _plural(model)}"
        for model, count in counts.items()
    )


def _plural(model) -> str:
    # The admin calls the list of sessions « all sessions ».
    return _("sessions") if model._meta.model_name == "session" else model._meta.verbose_name_plural


def _columns(change: Change) -> str:
    names = []
    for column in change.columns:
        if column == "appearances":
            names.append(_("speakers"))
        else:
            names.append(str(change.model._meta.get_field(column).verbose_name))
    return ", ".join(names)
