import os
import socket
import sys
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from raict import foreground
from raict.foreground import Program

WORKER = ["--concurrency", "2", "--hostname", "worker@localhost", "--loglevel", "INFO"]
WORKER += ["--without-gossip", "--without-mingle"]  # there is no other one to speak to


class Command(BaseCommand):
    help = "Prepare the data folder, then serve the site, a worker and beat in the foreground."
    requires_system_checks = []

    def handle(self, **options) -> None:
        foreground.stop_with_parent()  # as when the terminal or `make` goes away
        refuse_taken_port()
        call_command("prepare", verbosity=options["verbosity"])
        self.say(notice())
        connections.close_all()  # a connection belongs to one process
        # Pages go before mail: hence nice.
        foreground.keep(
            [
                Program("web", web),
                Program("worker", partial(celery, "worker", *WORKER), nice=5),
                Program(
                    "beat", partial(celery, "beat", "--pidfile=", "--loglevel", "INFO"), nice=5
                ),
            ],
            self.say,
        )

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def refuse_taken_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", settings.PORT))
        except OSError as error:
            raise CommandError(
                f"Port {settings.PORT} of 127.0.0.1 cannot be used ({error.strerror}). "
                f"Choose another one: PORT={settings.PORT + 1} make run"
            ) from None


def notice() -> str:
    """What a person needs to know before the first page is served."""
    if settings.EMAIL_FILE_PATH:
        mail = f"written into {settings.EMAIL_FILE_PATH}, sent to nobody (EMAIL_URL changes that)"
    else:
        mail = f"sent through {settings.EMAIL_HOST}"
    password = Path(settings.VAR / "staff-password.txt")
    login = f"equipe, password {password.read_text().strip()}" if password.exists() else "yours"
    return f"""
  Site    {settings.SITE_URL}/
  Staff   {settings.SITE_URL}/admin/  login {login}
  Mail    {mail}
  Data    {settings.VAR}
  Stop    Ctrl-C
"""


def web() -> None:
    """gunicorn, in this process, which has read the site already."""
    from gunicorn.app.wsgiapp import WSGIApplication  # noqa: PLC0415 -- read by this process alone

    sys.argv = ["gunicorn", "--config", "python:raict.serving", "raict.wsgi"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()


def celery(*arguments: str) -> None:
    """A program of its own, so that it is seen for what it is among the processes."""
    program = str(Path(sys.executable).parent / "celery")
    os.execv(program, [program, "--quiet", "--app", "raict", *arguments])  # noqa: S606 -- no shell
