"""A little name server of our own answers on loopback, over UDP."""

import base64
import io
import socketserver
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from django.core.management import call_command
from django.utils import translation

from raict.mail.domain import Names, Unreachable, check

KEY = base64.b64encode(bytes(294)).decode()
GOOD = {
    ("ville.test", "MX"): ["10 mx.ville.test."],
    ("ville.test", "TXT"): ['"v=spf1 include:_spf.hote.test -all"', '"autre=chose"'],
    ("_spf.hote.test", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 a mx ~all"'],
    ("raict._domainkey.ville.test", "TXT"): [f'"v=DKIM1; k=rsa; p=" "{KEY[:200]}" "{KEY[200:]}"'],
    ("_dmarc.ville.test", "TXT"): ['"v=DMARC1; p=quarantine; rua=mailto:dmarc@ville.test"'],
}


class Zone(socketserver.BaseRequestHandler):
    """Answers what the server's `records` hold, and NXDOMAIN for any other name."""

    def handle(self):
        data, socket = self.request
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        question = query.question[0]
        name = str(question.name).rstrip(".")
        kind = dns.rdatatype.to_text(question.rdtype)
        rows = self.server.records.get((name, kind), [])
        if rows:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *rows))
        elif not any(known == name for known, _kind in self.server.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


@pytest.fixture
def zone():
    """Records, and the server's address."""
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Zone) as server:
        server.records = dict(GOOD)
        server.where = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def found(zone, selector="raict", domain="ville.test"):
    return [(one.what, one.is_wrong) for one in check(Names(zone.where), domain, selector)]


def test_a_domain_that_is_well(zone):
    assert found(zone) == [
        *[("MX", False), ("SPF", False), ("SPF", False), ("DKIM", False), ("DMARC", False)]
    ]
    with translation.override("en"):
        said = [one.sentence for one in check(Names(zone.where), "ville.test")]
    assert said[1] == "One SPF record, with 3 look-ups of 10."


def spf(zone, *records):
    zone.records["ville.test", "TXT"] = [f'"{record}"' for record in records]
    return [one for one in check(Names(zone.where), "ville.test") if one.what == "SPF"]


@pytest.mark.parametrize(
    ("records", "wrong"),
    [
        ([], [True]),
        (["v=spf10 -all"], [True]),
        (["v=spf1 -all", "v=spf1 ~all"], [True]),
        (["v=spf1 +all"], [False, True]),
        (["v=spf1 all"], [False, True]),
        (["v=spf1 ip4:192.0.2.1"], [False, False]),
        (["v=spf1 redirect=_spf.hote.test"], [False, False]),
        (["v=spf1 " + "a:x.test " * 10 + "-all"], [False, False]),
        (["v=spf1 " + "a:x.test " * 11 + "-all"], [True, False]),
        # eight of its own and the include, with two more inside
        (["v=spf1 " + "mx " * 8 + "include:_spf.hote.test ~all"], [True, False]),
        # it includes itself
        (["v=spf1 include:ville.test -all"], [True, False]),
    ],
)
def test_spf(zone, records, wrong):
    assert [one.is_wrong for one in spf(zone, *records)] == wrong


@pytest.mark.parametrize(
    ("record", "wrong"),
    [
        (None, True),
        ("v=DKIM1; p=", True),
        ("v=DKIM1; p=%%%", True),
        (f"v=DKIM1; p={base64.b64encode(bytes(94)).decode()}", True),
        (f"v=DKIM1; p={base64.b64encode(bytes(162)).decode()}", False),
        (f"v=DKIM1; k=ed25519; p={base64.b64encode(bytes(32)).decode()}", False),
    ],
)
def test_dkim(zone, record, wrong):
    name = ("raict._domainkey.ville.test", "TXT")
    zone.records[name] = [f'"{record}"'] if record else []
    assert ("DKIM", wrong) in found(zone)


def test_dkim_needs_its_selector(zone):
    assert found(zone, selector="")[3] == ("DKIM", False)


@pytest.mark.parametrize(
    ("records", "wrong"),
    [
        ([], True),
        (["v=DMARC1; p=none"], False),
        (["v=DMARC1; p=reject"], False),
        (["v=DMARC1"], True),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], True),
    ],
)
def test_dmarc(zone, records, wrong):
    zone.records["_dmarc.ville.test", "TXT"] = [f'"{record}"' for record in records]
    assert found(zone)[-1] == ("DMARC", wrong)


def test_dmarc_of_the_domain_above(zone):
    """« inscriptions.ville.test » is covered by what stands at « ville.test »."""
    assert found(zone, domain="inscriptions.ville.test")[-1] == ("DMARC", False)


@pytest.mark.parametrize(
    ("records", "wrong"),
    [
        ({("ville.test", "MX"): ["0 ."]}, True),
        ({("ville.test", "MX"): [], ("ville.test", "A"): ["192.0.2.1"]}, False),
        ({("ville.test", "MX"): []}, True),
    ],
)
def test_mx(zone, records, wrong):
    zone.records |= records
    assert found(zone)[0] == ("MX", wrong)


# --------------------------------------------------------------------------------- the command
def run(settings, where, **options):
    """(exit status, lines said, lines of failure)."""
    settings.DEFAULT_FROM_EMAIL = options.pop("sender", "RAICT <inscriptions@ville.test>")
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_mail", nameserver=where, stdout=out, stderr=err, **options)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def encrypted(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp.ville.test", 587
    settings.EMAIL_USE_TLS = True
    settings.DKIM_SELECTOR = "raict"
    return settings


def test_all_is_well(encrypted, zone):
    status, said, failure = run(encrypted, zone.where)
    assert (status, failure) == (0, "")
    assert [line[0] for line in said.splitlines()[1:]] == ["·"] * 6


def test_something_is_wrong(encrypted, zone):
    del zone.records["_dmarc.ville.test", "TXT"]
    status, said, _failure = run(encrypted, zone.where)
    assert status == 1
    assert [line.split(":")[0] for line in said.splitlines() if line[0] == "✗"] == ["✗ DMARC"]


def test_mail_into_files_is_wrong(encrypted, zone):
    encrypted.EMAIL_BACKEND = "raict.mail.backends.FolderBackend"
    status, said, _failure = run(encrypted, zone.where)
    assert status == 1
    assert "✗ EMAIL_URL" in said


def test_sender_of_nobody_is_wrong(encrypted, zone):
    status, said, _failure = run(encrypted, zone.where, sender="RAICT <inscriptions@localhost>")
    assert status == 1
    assert "DEFAULT_FROM_EMAIL" in said


def test_no_name_server_is_said_plainly(encrypted, zone):
    where = zone.where
    zone.shutdown()
    zone.socket.close()
    status, _said, failure = run(encrypted, where)
    assert status == 2
    assert "ville.test" in failure
    with pytest.raises(Unreachable):
        list(check(Names(where), "ville.test"))
