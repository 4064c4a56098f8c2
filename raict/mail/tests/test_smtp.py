"""What a real server answers, and what becomes of the message."""

import email
import email.policy
import smtplib
import ssl
from datetime import timedelta

import pytest
import time_machine
from billiard.exceptions import SoftTimeLimitExceeded
from django.core.mail import BadHeaderError
from django.utils import timezone

from raict.errors import DomainError
from raict.mail import outbox
from raict.mail.models import Message
from raict.mail.verdicts import OURS, judge

pytestmark = pytest.mark.sqlite
MINUTE = timedelta(minutes=1)


def calendar(message):
    return "séances.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar; method=PUBLISH"


def gone(message):
    raise DomainError("This registration was cancelled.")


def attempt(message) -> Message:
    """One attempt now; the row afterwards."""
    Message.objects.filter(state="queued").update(not_before=timezone.now())
    assert outbox.deliver(message.pk)
    message.refresh_from_db()
    return message


@pytest.mark.django_db
def test_message_arrives_whole(smtp, letter, settings):
    settings.SITE_URL = "https://rencontres.example.org"
    settings.DEFAULT_FROM_EMAIL = "RAICT <inscriptions@example.net>"
    settings.MAIL_ATTACHMENTS = {"calendar": f"{__name__}.calendar"}
    message = letter(
        subject="L’inscription d’Élodie",
        body="À bientôt",
        reply_to="equipe@example.org",
        attachments=["calendar"],
    )

    assert attempt(message).state == "sent"
    [envelope] = smtp.letters
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        "inscriptions@example.net",
        ["awa@example.org"],
    )
    received = email.message_from_bytes(envelope.content, policy=email.policy.default)
    expected = {
        "Subject": "L’inscription d’Élodie",
        "From": "RAICT <inscriptions@example.net>",
        "To": "awa@example.org",
        "Reply-To": "equipe@example.org",
        "Message-ID": f"<{message.uid}@rencontres.example.org>",
        "Content-Language": "fr",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    assert {name: received[name] for name in expected} == expected
    assert abs(received["Date"].datetime - timezone.now()) < MINUTE
    assert received.get_body(["plain"]).get_content().strip() == "À bientôt"
    assert received.get_body(["html"]).get_content().strip() == "<p>À bientôt</p>"
    [part] = received.iter_attachments()
    assert (part.get_content_type(), part["Content-Type"].params["method"]) == (
        "text/calendar",
        "PUBLISH",
    )
    assert part.get_filename() == "séances.ics"
    assert part.get_payload(decode=True) == b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("site", "sender", "host"),
    [
        ("http://127.0.0.1:8000", "RAICT <a@example.net>", "example.net"),
        ("http://localhost:8000", "a@localhost", "localhost"),
        ("https://rencontres.example.org", "a@example.net", "rencontres.example.org"),
    ],
)
def test_message_id_names_a_host_that_means_something(smtp, letter, settings, site, sender, host):
    settings.SITE_URL, settings.DEFAULT_FROM_EMAIL = site, sender
    message = letter()

    attempt(message)
    assert f"\r\nMessage-ID: <{message.uid}@{host}>\r\n" in smtp.letters[0].content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["on_recipient", "on_data", "on_sender"])
@pytest.mark.parametrize("answer", ["450 4.2.1 Try later", "421 4.3.2 Closing"])
def test_temporary_refusal_is_tried_again_under_the_same_message_id(smtp, letter, step, answer):
    message = letter()
    setattr(smtp, step, answer)
    with time_machine.travel("2027-01-15T10:00:00Z", tick=False):
        attempt(message)
        assert (message.state, message.answer) == ("queued", f"2027-01-15 11:00:00 {answer}\n")
        assert message.not_before == timezone.now() + MINUTE
        setattr(smtp, step, "250 OK")
        attempt(message)

    assert (message.state, message.attempts) == ("sent", 2)
    assert f"<{message.uid}@" in smtp.letters[0].content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("on_recipient", "550 5.1.1 No such mailbox"),
        ("on_data", "554 5.7.1 Refused as spam"),
        ("on_sender", "552 5.3.4 Too large"),
    ],
)
def test_final_refusal_fails_with_the_servers_words(smtp, letter, step, answer):
    message = letter()
    setattr(smtp, step, answer)

    attempt(message)
    assert (message.state, message.attempts) == ("failed", 1)
    assert message.answer.partition(" ")[2].partition(" ")[2] == f"{answer}\n"


@pytest.mark.django_db
def test_refusal_of_our_sender_is_ours_to_mend_and_loses_nothing(smtp, letter):
    message = letter()
    smtp.on_sender = "553 5.7.1 Not your address"
    with time_machine.travel("2027-01-15T10:00:00Z", tick=False):
        attempt(message)

        assert (message.state, message.not_before) == ("queued", timezone.now() + OURS)


@pytest.mark.django_db
def test_server_that_hangs_up_is_tried_again_under_the_same_message_id(smtp, letter):
    message = letter()
    smtp.hang_up = True
    attempt(message)
    assert (message.state, message.answer.split()[2]) == ("queued", "SMTPServerDisconnected:")

    smtp.hang_up = False
    attempt(message)
    assert (message.state, len(smtp.letters)) == ("sent", 1)


@pytest.mark.django_db
def test_server_that_is_away_is_tried_again(letter, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = letter()

    attempt(message)
    assert (message.state, message.answer.split()[2]) == ("queued", "ConnectionRefusedError:")


@pytest.mark.django_db
def test_attachment_that_may_never_be_made_again_is_final(smtp, letter, settings):
    settings.MAIL_ATTACHMENTS = {"badge": f"{__name__}.gone"}
    message = letter(attachments=["badge"])

    attempt(message)
    assert (message.state, smtp.letters) == ("failed", [])
    assert message.answer.endswith(" This registration was cancelled.\n")


@pytest.mark.parametrize(
    ("error", "is_final", "pause"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.c": (450, b"later")}), False, timedelta(0)),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"no")}), True, timedelta(0)),
        (
            smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"no"), "d@b.c": (450, b"later")}),
            False,
            timedelta(0),
        ),
        (smtplib.SMTPDataError(452, b"full"), False, timedelta(0)),
        (smtplib.SMTPDataError(552, b"too large"), True, timedelta(0)),
        (smtplib.SMTPSenderRefused(451, b"later", "a@b.c"), False, timedelta(0)),
        (smtplib.SMTPSenderRefused(550, b"no", "a@b.c"), False, OURS),
        (smtplib.SMTPSenderRefused(552, b"too large", "a@b.c"), True, timedelta(0)),
        (smtplib.SMTPAuthenticationError(535, b"bad password"), False, OURS),
        (smtplib.SMTPAuthenticationError(454, b"later"), False, timedelta(0)),
        (smtplib.SMTPConnectError(554, b"go away"), False, OURS),
        (smtplib.SMTPConnectError(421, b"busy"), False, timedelta(0)),
        (smtplib.SMTPHeloError(504, b"who?"), False, OURS),
        (smtplib.SMTPNotSupportedError("no STARTTLS"), False, OURS),
        (smtplib.SMTPServerDisconnected("gone"), False, timedelta(0)),
        (TimeoutError("timed out"), False, timedelta(0)),
        (ssl.SSLError("bad record"), False, timedelta(0)),
        (OSError(28, "No space left on device"), False, timedelta(0)),
        (BadHeaderError("newline"), True, timedelta(0)),
        (SoftTimeLimitExceeded(), False, timedelta(0)),
        (ZeroDivisionError("ours"), False, timedelta(0)),
    ],
)
def test_verdict_tells_later_never_and_ours_apart(error, is_final, pause):
    verdict = judge(error)

    assert (verdict.is_final, verdict.pause) == (is_final, pause)
    assert verdict.answer.strip() == verdict.answer != ""


def test_verdict_is_one_line_that_every_database_can_store():
    answer = judge(smtplib.SMTPDataError(550, b"5.1.1 no\r\n5.1.1 \x00 such \xff" + b"x" * 900))

    assert answer.answer.startswith("550 5.1.1 no 5.1.1 such \ufffdxxx")
    assert len(answer.answer) == 500
