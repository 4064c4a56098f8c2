import os
import pwd
import socket
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command


class Command(BaseCommand):
    help = "Prepare the data folder, then serve the site, a worker and beat in the foreground."
    requires_system_checks = []

    def handle(self, **options) -> None:
        refuse_taken_port()
        call_command("prepare", verbosity=options["verbosity"])
        self.stdout.write(notice())
        self.stdout.flush()
        become_supervisord()


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


def become_supervisord() -> None:
    """Replace this process, so that whoever stops it stops all. It also stops when its parent dies."""
    programs = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])
    os.environ["PYTHONUNBUFFERED"] = "1"
    os.execvp(  # noqa: S606 -- no shell, and that is the point
        "setpriv",  # noqa: S607 -- util-linux, on every Debian
        [
            "setpriv",
            "--pdeathsig=TERM",
            f"{programs}/supervisord",
            f"--configuration={settings.BASE_DIR / 'raict' / 'supervisord.conf'}",
            f"--pidfile={settings.VAR / 'supervisord.pid'}",
            f"--user={pwd.getpwuid(os.geteuid()).pw_name}",
        ],
    )
