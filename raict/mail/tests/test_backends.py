import email
import email.policy
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from raict.mail import outbox


@pytest.fixture(autouse=True)
def _folder(settings):
    settings.EMAIL_BACKEND = "raict.mail.backends.FolderBackend"


@pytest.mark.django_db
@pytest.mark.sqlite
def test_message_becomes_one_file_that_a_mail_program_opens(letter, tmp_path):
    message = letter(to="awa.traore+raict@example.org", body="À bientôt")
    with time_machine.travel("2027-01-15T10:00:00Z", tick=False):
        message.not_before = timezone.now() - timedelta(seconds=1)
        message.save()
        outbox.deliver(message.pk)

    [file] = (tmp_path / "mail").iterdir()
    assert file.name == (
        f"20270115T100000Z-awa.traore+raict-example.org-{str(message.uid)[:8]}.eml"
    )
    received = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert (received["To"], received.defects) == ("awa.traore+raict@example.org", [])
    assert received.get_body(["plain"]).get_content().strip() == "À bientôt"


def test_name_of_a_file_stays_inside_the_folder(tmp_path):
    mail = EmailMessage(to=["../../etc/passwd@example.org"], headers={"Message-ID": "<../x@y>"})

    get_connection().send_messages([mail])
    [file] = (tmp_path / "mail").iterdir()
    assert file.name.endswith("Z-etc-passwd-example.org-x.eml")


def test_file_is_never_seen_half_written(tmp_path, monkeypatch):
    """A disk that fills up leaves no .eml behind."""
    folder = tmp_path / "mail"
    folder.mkdir()
    mail = EmailMessage(to=["a@example.org"])
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28)))

    with pytest.raises(OSError, match="28"):
        get_connection().send_messages([mail])
    assert list(folder.glob("*.eml")) == []
