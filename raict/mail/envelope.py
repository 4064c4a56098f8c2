"""From a row of the outbox to an RFC 5322 message."""

import ipaddress
from email import encoders
from email.mime.base import MIMEBase
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.module_loading import import_string

from raict.mail.models import Message


def envelope(message: Message) -> EmailMultiAlternatives:
    """The message as it leaves: text, HTML, attachments made now, in the recipient's language.

    The Message-ID comes from the row, so it is the same at every attempt.
    """
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={
            "Message-ID": message_id(message),
            "Content-Language": message.language,
            "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday answer, please
            "X-Auto-Response-Suppress": "OOF, AutoReply",  # the same, for Exchange
        },
    )
    if message.unsubscribe_url:
        # RFC 8058: the mail program's own button posts to this address, without asking again.
        mail.extra_headers |= {
            "List-Unsubscribe": f"<{message.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    with translation.override(message.language):
        for name in message.attachments:
            # None: what was to go along no longer exists (the badge of a cancelled registration).
            if made := import_string(settings.MAIL_ATTACHMENTS[name])(message):
                mail.attach(_part(*made))
    return mail


def message_id(message: Message) -> str:
    """`<uid@host>`: the site's host, or the sender's domain when the site has no name of its own."""
    return f"<{message.uid}@{_host()}>"


def _host() -> str:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return sender if host == "localhost" and sender else host
    return sender or "localhost"


def _part(filename: str, content: bytes, mimetype: str) -> MIMEBase:
    """An attachment, byte for byte (base64): a calendar's line ends and method must survive."""
    kind, *parameters = (piece.strip() for piece in mimetype.split(";"))
    part = MIMEBase(
        *kind.split("/", 1), **dict(parameter.split("=", 1) for parameter in parameters)
    )
    part.set_payload(content)
    encoders.encode_base64(part)
    ascii_only = filename.isascii()
    part.add_header(
        "Content-Disposition",
        "attachment",
        filename=filename if ascii_only else ("utf-8", "", filename),
    )
    return part
