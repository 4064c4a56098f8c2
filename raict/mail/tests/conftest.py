"""A mail server that answers as it is told, and templates of the tests' own."""

import copy

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction

from raict.mail.outbox import queue


class Server:
    """What a real SMTP server received, and the answers that it shall give."""

    def __init__(self) -> None:
        self.letters = []
        self.on_sender = self.on_recipient = self.on_data = "250 OK"
        self.hang_up = False

    async def handle_MAIL(self, server, session, envelope, address, mail_options):  # noqa: N802 -- aiosmtpd names it
        if self.on_sender.startswith("250"):
            envelope.mail_from = address
        return self.on_sender

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802 -- aiosmtpd names it
        if self.on_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.on_recipient

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- aiosmtpd names it
        if self.hang_up:
            server.transport.close()
        elif self.on_data.startswith("250"):
            self.letters.append(envelope)
        return self.on_data


class FreePort(Controller):
    """Takes any free port: the system's choice is known once the server listens."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def smtp(settings):
    """Mail goes to a server of our own, on a free port."""
    server = Server()
    controller = FreePort(server, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.EMAIL_TIMEOUT = 15
    yield server
    controller.stop()


@pytest.fixture
def letter(settings, tmp_path):
    """Queues a message rendered from {{ subject }}, {{ body }} in its own transaction."""
    folder = tmp_path / "templates" / "emails"
    folder.mkdir(parents=True)
    (folder / "letter.subject.txt").write_text("{{ subject }}\n")
    (folder / "letter.txt").write_text("{{ body }}\n")
    (folder / "letter.html").write_text("<p>{{ body }}</p>")
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(tmp_path / "templates")
    settings.TEMPLATES = templates

    def write(*, subject="Bonjour", body="À bientôt", to="awa@example.org", **options):
        with transaction.atomic():
            return queue(
                to=to,
                template="letter",
                language=options.pop("language", "fr"),
                context={"subject": subject, "body": body},
                **options,
            )

    return write
