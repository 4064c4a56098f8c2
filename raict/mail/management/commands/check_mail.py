"""For operators: will this site's mail be believed where it arrives?"""

from email.utils import parseaddr

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from raict.mail.domain import Finding, Names, Unreachable, check

WRONG, NOT_REACHED = 1, 2
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_NOWHERE = ("localhost", "localdomain", "example.org", "example.com", "example.net")


class Command(BaseCommand):
    help = (
        "Looks at EMAIL_URL, and at MX, SPF, DKIM and DMARC of the sender's domain (RFC 7208, 6376,"
        " 7489). Exit status: 0 all is well, 1 something is wrong, 2 no name server answered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--domain", help="another one than that of DEFAULT_FROM_EMAIL")
        parser.add_argument("--selector", help="of the DKIM key; default: DKIM_SELECTOR")
        parser.add_argument(
            "--nameserver", default="", metavar="HOST:PORT", help="default: the machine's own"
        )

    def handle(self, *, domain, selector, nameserver: str, **options) -> None:
        domain = domain or parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
        self.stdout.write(_("Mail leaves as %(sender)s.") % {"sender": settings.DEFAULT_FROM_EMAIL})
        is_wrong = self._say(_server())
        if not domain or domain.lower() in _NOWHERE:
            sentence = _("%(domain)s is nobody’s: set DEFAULT_FROM_EMAIL to an address of yours.")
            finding = Finding(_("Sender"), sentence % {"domain": domain or "–"}, is_wrong=True)
            self._say(finding)
            raise SystemExit(WRONG)
        try:
            for finding in check(Names(nameserver), domain, selector or settings.DKIM_SELECTOR):
                is_wrong |= self._say(finding)
        except Unreachable as error:
            self.stderr.write(
                _(
                    "No name server answers (%(error)s): whether the mail of %(domain)s is believed"
                    " could not be looked at. Try again from a machine that reaches the DNS."
                )
                % {"error": error, "domain": domain}
            )
            raise SystemExit(WRONG if is_wrong else NOT_REACHED) from None
        if is_wrong:
            raise SystemExit(WRONG)

    def _say(self, finding: Finding) -> bool:
        mark = self.style.ERROR("✗") if finding.is_wrong else self.style.SUCCESS("·")
        self.stdout.write(f"{mark} {finding.what}: {finding.sentence}")
        return finding.is_wrong


def _server() -> Finding:
    """Whether EMAIL_URL names a server; whether it answers is what send_test_mail tells."""
    if settings.EMAIL_BACKEND != _SMTP:
        sentence = _("No mail server is set: mail goes to files. Set EMAIL_URL.")
        return Finding("EMAIL_URL", sentence, is_wrong=True)
    server = {"host": settings.EMAIL_HOST, "port": settings.EMAIL_PORT}
    if not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        sentence = _("%(host)s:%(port)s, unencrypted: use smtp+tls:// unless it is this machine.")
        return Finding("EMAIL_URL", sentence % server)
    return Finding("EMAIL_URL", _("%(host)s:%(port)s, encrypted.") % server)
