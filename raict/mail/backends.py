"""Where mail goes when no server is set: a folder that any mail program can read."""

import re
import uuid
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class FolderBackend(BaseEmailBackend):
    """Writes each message as one .eml file into settings.EMAIL_FILE_PATH, made when missing.

    A file appears complete or not at all: it is written under a hidden name, then renamed.
    """

    def __init__(self, *args, file_path: str | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(file_path or settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            self._write(mail)
        return len(email_messages)

    def _write(self, mail) -> None:
        content = mail.message()
        name = self._name(mail.to, content["Message-ID"])
        hidden = self.folder / f".{name}.{uuid.uuid4().hex[:8]}"
        # No final line end is added: an .eml is the message's own bytes.
        hidden.write_bytes(content.as_bytes(linesep="\r\n"))
        hidden.replace(self.folder / name)

    @staticmethod
    def _name(recipients: list[str], message_id: str) -> str:
        """`20261123T081500Z-awa.traore-example.org-1f3a9c2e.eml`: in order of time when listed."""
        whom = re.sub(r"[^\w.+-]+", "-", recipients[0] if recipients else "")[:80].strip("-.")
        mark = re.sub(r"[^\w]", "", message_id.partition("@")[0])[:8]
        return f"{timezone.now():%Y%m%dT%H%M%SZ}-{whom}-{mark}.eml"
