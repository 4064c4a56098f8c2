import fcntl
import hashlib
import os
import secrets
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from events.models import Edition
from events.press.publishing import freeze_missing
from raict.accounts import roles

EDITIONS = settings.BASE_DIR / "events" / "editions"
STAFF_LOGIN = "equipe"
# Any number, the same everywhere: PostgreSQL's lock that lets one machine prepare at a time.
PREPARING = 20_230_629


class Command(BaseCommand):
    help = (
        "Bring the data folder and the database to what this code expects: secret key, tables, the "
        "roles of the team, the 15th and the demonstration edition, a staff account, static files. "
        "What is there is kept."
    )

    def handle(self, **options) -> None:
        with one_at_a_time():
            settings.SECRET_KEY = write_once("secret.key", secrets.token_urlsafe(50))
            self.migrate()
            self.bring_roles_up_to_date()
            self.load_editions()
            freeze_missing()
            self.make_staff_account()
            self.collect_static_files()

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("Preparing the database …")
            call_command("migrate", verbosity=0, interactive=False)

    def bring_roles_up_to_date(self) -> None:
        for name in roles.bring_up_to_date():
            self.say(f"The group « {name} » was changed by the team: its permissions stay.")

    def load_editions(self) -> None:
        """Load the editions that are not there: what staff changed since is never overwritten.

        The first one on an empty site becomes the current one.
        """
        for name in [*(["demonstration.toml"] if settings.DEMONSTRATION else []), "15.toml"]:
            path = EDITIONS / name
            number = tomllib.loads(path.read_text(encoding="utf-8"))["edition"]["number"]
            if not Edition.objects.filter(number=number).exists():
                self.say(f"Loading {name} …")
                is_first = not Edition.objects.exists()
                call_command("load_edition", path, current=is_first, stdout=StringIO())

    def make_staff_account(self) -> None:
        """A first account, with a password of its own, as long as nobody can administer the site."""
        users = get_user_model().objects
        if users.filter(is_superuser=True, is_active=True).exists():
            return
        password = write_once("staff-password.txt", secrets.token_urlsafe(12))
        users.create_superuser(STAFF_LOGIN, password=password)

    def collect_static_files(self) -> None:
        stamp = Path(settings.STATIC_ROOT) / "sources.sha256"
        wanted = state_of_static_files()
        if not stamp.exists() or stamp.read_text() != wanted:
            self.say("Collecting the static files …")
            call_command("collectstatic", verbosity=0, interactive=False)
            stamp.write_text(wanted)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two starts at once wait for each other: on this machine by a file, elsewhere by the database."""
    with Path(settings.VAR / "prepare.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")  # tables take time
            cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARING])
                cursor.execute("RESET lock_timeout; RESET statement_timeout")


def write_once(name: str, value: str) -> str:
    """Keep the value in a file that its owner alone reads, unless there is one; answer what it holds.

    The file appears whole or not at all, and the first of several writers wins.
    """
    path = settings.VAR / name
    if not path.exists():
        draft = path.with_name(f".{name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{value}\n")
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


def state_of_static_files() -> str:
    """Changes when a static file appears, goes or is written to."""
    state = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            state.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return state.hexdigest()
