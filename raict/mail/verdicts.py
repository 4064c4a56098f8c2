"""What a failed attempt means: try again, or never.

- The server says « later » (4xx), hangs up, is away, is too slow: again, on the usual pauses.
- The server refuses this recipient or this content for good (5xx): final.
- The server refuses *us* (log-in, sender, greeting, no TLS): our configuration is wrong, and no
  message must pay for it. Again, with longer pauses, so that mail leaves once it is mended.
- The message cannot be written at all (a header that no e-mail may have): final. The author of an
  attachment may say the same by raising DomainError (there is no badge any more, say).
- Anything else, a fault of ours in making an attachment included: again, then failed with the
  reason once the attempts are used up.
"""

import smtplib
from dataclasses import dataclass
from datetime import timedelta

from billiard.exceptions import SoftTimeLimitExceeded
from django.core.mail import BadHeaderError
from django.utils.translation import gettext as _

from raict.errors import DomainError

OURS = timedelta(minutes=15)
_TOO_LARGE = 552  # MAIL FROM refused because of the size announced: about the message, not us


@dataclass(frozen=True)
class Verdict:
    """`pause` is the least time before the next attempt; `answer` is what the team reads."""

    answer: str
    is_final: bool = False
    pause: timedelta = timedelta(0)


def judge(error: Exception) -> Verdict:  # noqa: PLR0911 -- one return for each kind of answer
    """The verdict on one failed attempt."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            replies = list(error.recipients.values())
            final = all(code >= 500 for code, _text in replies)
            return Verdict("; ".join(_reply(*reply) for reply in replies), is_final=final)
        case smtplib.SMTPSenderRefused() if error.smtp_code == _TOO_LARGE:
            return Verdict(_reply(error.smtp_code, error.smtp_error), is_final=True)
        case smtplib.SMTPDataError():
            answer = _reply(error.smtp_code, error.smtp_error)
            return Verdict(answer, is_final=error.smtp_code >= 500)
        case smtplib.SMTPResponseException() if error.smtp_code >= 500:
            return Verdict(_reply(error.smtp_code, error.smtp_error), pause=OURS)
        case smtplib.SMTPResponseException():
            return Verdict(_reply(error.smtp_code, error.smtp_error))
        case smtplib.SMTPNotSupportedError():
            return Verdict(_named(error), pause=OURS)
        case BadHeaderError() | UnicodeError():
            return Verdict(_named(error), is_final=True)
        case DomainError():
            return Verdict(_clean(str(error.message)), is_final=True)
        case SoftTimeLimitExceeded():
            return Verdict(_("The attempt took too long."))
        case _:
            return Verdict(_named(error))


def _reply(code: int, text: bytes | str) -> str:
    """The server's own words, on one line: « 550 5.1.1 No such mailbox »."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return _clean(f"{code} {text}")


def _named(error: Exception) -> str:
    return _clean(f"{type(error).__name__}: {error}")


def _clean(text: str) -> str:
    """One line of bearable length, without the NUL that PostgreSQL refuses."""
    return " ".join(text.replace("\x00", "").split())[:500]
