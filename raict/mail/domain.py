"""Whether a domain's DNS lets other servers believe its mail: MX, SPF, DKIM and DMARC.

Each finding is a sentence with what to do. Sources: RFC 5321 (5.1, MX) and RFC 7505 (null MX),
RFC 7208 (SPF), RFC 6376 and RFC 8301 (DKIM and the length of its keys), RFC 7489 (DMARC).
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

import dns.exception
import dns.resolver
from django.utils.translation import gettext as _

# RFC 7208, 4.6.4: what a receiver looks up for one SPF record, includes of includes counted.
SPF_LOOKUPS = 10
_LOOKS_UP = re.compile(
    r"[+~?-]?(include:|redirect=|exists:|a(?=[:/\s]|$)|mx(?=[:/\s]|$)|ptr(?=[:\s]|$))"
)
_RSA_1024_BYTES = 170  # of the public key in DER: 1,024 bits take 162, 2,048 take 294


class Unreachable(Exception):  # noqa: N818 -- the network's failure, not the domain's
    """No name server answered."""


@dataclass(frozen=True)
class Finding:
    """`is_wrong`: mail is refused or thrown away because of it, or will be."""

    what: str
    sentence: str
    is_wrong: bool = False


class Names:
    """A resolver that gives up soon: somebody waits for the answer at a terminal."""

    def __init__(self, nameserver: str = "", *, patience: float = 3.0) -> None:
        """`nameserver` is host:port; empty: the machine's own."""
        try:
            self._resolver = dns.resolver.Resolver(configure=not nameserver)
        except dns.resolver.NoResolverConfiguration as error:
            raise Unreachable(str(error)) from error
        self._resolver.timeout, self._resolver.lifetime = patience / 2, patience
        if nameserver:
            host, _colon, port = nameserver.rpartition(":")
            self._resolver.nameservers, self._resolver.port = [host], int(port)

    def find(self, name: str, kind: str) -> list:
        """The records; empty when there are none. Unreachable when nobody answers."""
        try:
            return list(self._resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise Unreachable(str(error)) from error

    def texts(self, name: str) -> list[str]:
        """TXT records, their pieces joined without a space (RFC 7208, 3.3; RFC 6376, 3.6.2.2)."""
        return [b"".join(row.strings).decode("utf-8", "replace") for row in self.find(name, "TXT")]


def check(names: Names, domain: str, selector: str = "") -> Iterator[Finding]:
    """Everything that the DNS says of this domain's mail. Unreachable when it does not answer."""
    yield from _mx(names, domain)
    yield from _spf(names, domain)
    yield from _dkim(names, domain, selector)
    yield from _dmarc(names, domain)


def _mx(names: Names, domain: str) -> Iterator[Finding]:
    hosts = [str(row.exchange) for row in names.find(domain, "MX")]
    if hosts == ["."]:
        yield Finding(
            "MX",
            _(
                "%(domain)s says that it takes no mail (RFC 7505): answers of participants and mail"
                " that comes back are lost. Publish an MX record, or use another sender."
            )
            % {"domain": domain},
            is_wrong=True,
        )
    elif hosts:
        said = ", ".join(host.rstrip(".") for host in hosts)
        yield Finding("MX", _("Answers go to %(hosts)s.") % {"hosts": said})
    elif names.find(domain, "A") or names.find(domain, "AAAA"):
        yield Finding(
            "MX",
            _(
                "No MX record: servers try the address of %(domain)s itself (RFC 5321, 5.1). Publish"
                " one that names the server that takes its mail."
            )
            % {"domain": domain},
        )
    else:
        yield Finding(
            "MX",
            _(
                "%(domain)s takes no mail: neither MX nor address. Many servers refuse such a sender."
                " Publish an MX record, or use another sender (DEFAULT_FROM_EMAIL)."
            )
            % {"domain": domain},
            is_wrong=True,
        )


# ------------------------------------------------------------------------------------------ SPF
def _spf(names: Names, domain: str) -> Iterator[Finding]:
    records = _spf_records(names, domain)
    if not records:
        yield Finding(
            "SPF",
            _(
                "No SPF record: nobody knows which servers may send for %(domain)s. Publish a TXT"
                " record such as “v=spf1 include:… -all” that your mail provider gives you"
                " (RFC 7208)."
            )
            % {"domain": domain},
            is_wrong=True,
        )
        return
    if len(records) > 1:
        yield Finding(
            "SPF",
            _(
                "%(count)d SPF records: with more than one, none counts (RFC 7208, 4.5). Make one of"
                " them."
            )
            % {"count": len(records)},
            is_wrong=True,
        )
        return
    yield from _spf_lookups(names, domain)
    yield _spf_end(records[0])


def _spf_records(names: Names, domain: str) -> list[str]:
    return [text for text in names.texts(domain) if re.match(r"v=spf1(\s|$)", text, re.IGNORECASE)]


def _spf_lookups(names: Names, domain: str) -> Iterator[Finding]:
    count = _count_lookups(names, domain, set())
    if count > SPF_LOOKUPS:
        yield Finding(
            "SPF",
            _(
                "The SPF record asks for %(count)d look-ups and %(limit)d are allowed: it counts as"
                " broken (RFC 7208, 4.6.4). Take out what you do not send with."
            )
            % {"count": count, "limit": SPF_LOOKUPS},
            is_wrong=True,
        )
    else:
        yield Finding("SPF", _("One SPF record, with %(count)d look-ups of 10.") % {"count": count})


def _count_lookups(names: Names, domain: str, seen: set[str]) -> int:
    """Terms that make a receiver ask, in the record and in those that it includes."""
    if domain in seen or len(seen) > 3 * SPF_LOOKUPS:  # a circle: the receiver gives up as well
        return SPF_LOOKUPS + 1
    count = 0
    for record in _spf_records(names, domain)[:1]:
        for term in record.split()[1:]:
            if match := _LOOKS_UP.match(term.lower()):
                count += 1
                if match[1] in ("include:", "redirect=") and "%" not in term:
                    inner = term[match.end() :].rstrip(".")
                    count += _count_lookups(names, inner, seen | {domain})
    return count


def _spf_end(record: str) -> Finding:
    terms = record.lower().split()
    if "+all" in terms or "all" in terms:
        sentence = _("The SPF record ends in “+all”: anybody may send. Make it “-all” or “~all”.")
        return Finding("SPF", sentence, is_wrong=True)
    if "-all" in terms or "~all" in terms:
        return Finding("SPF", _("Other servers than those named are refused or suspected."))
    if any(term.startswith("redirect=") for term in terms):
        return Finding(
            "SPF", _("What is said of other servers stands in the record redirected to.")
        )
    return Finding(
        "SPF",
        _("The SPF record says nothing of other servers: end it in “~all” or “-all”."),
    )


# ----------------------------------------------------------------------------------------- DKIM
def _dkim(names: Names, domain: str, selector: str) -> Iterator[Finding]:
    if not selector:
        yield Finding(
            "DKIM",
            _(
                "Not looked at: the DNS does not tell under which selector the key stands. Your mail"
                " provider does; say it with --selector or DKIM_SELECTOR (RFC 6376)."
            ),
        )
        return
    name = f"{selector}._domainkey.{domain}"
    records = [text for text in names.texts(name) if "p=" in text]
    if not records:
        yield Finding(
            "DKIM",
            _(
                "No key at %(name)s: what your server signs is not believed. Publish the TXT record"
                " that your mail provider gives you (RFC 6376)."
            )
            % {"name": name},
            is_wrong=True,
        )
        return
    yield _dkim_key(name, _tags(records[0]))


def _dkim_key(name: str, tags: dict[str, str]) -> Finding:
    key = "".join(tags.get("p", "").split())
    if not key:
        sentence = _("The key at %(name)s is revoked (empty p=). Use the selector of the new one.")
        return Finding("DKIM", sentence % {"name": name}, is_wrong=True)
    try:
        length = len(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError):
        sentence = _("The key at %(name)s is damaged: publish it again, in one piece.")
        return Finding("DKIM", sentence % {"name": name}, is_wrong=True)
    if tags.get("k", "rsa") == "rsa" and length < _RSA_1024_BYTES - 10:
        sentence = _("The key at %(name)s is shorter than 1,024 bits: it is refused (RFC 8301).")
        return Finding("DKIM", sentence % {"name": name}, is_wrong=True)
    if tags.get("k", "rsa") == "rsa" and length < _RSA_1024_BYTES + 50:
        sentence = _("The key at %(name)s is short: RFC 8301 advises 2,048 bits.")
        return Finding("DKIM", sentence % {"name": name})
    return Finding("DKIM", _("A key stands at %(name)s.") % {"name": name})


# ---------------------------------------------------------------------------------------- DMARC
def _dmarc(names: Names, domain: str) -> Iterator[Finding]:
    """At the domain, else at the one above (RFC 7489, 6.6.3; no list of public suffixes is read)."""
    found: list[str] = []
    for name in _and_above(domain):
        found = [text for text in names.texts(f"_dmarc.{name}") if text.startswith("v=DMARC1")]
        if found:
            break
    if not found:
        yield Finding(
            "DMARC",
            _(
                "No DMARC record: large mail providers distrust mail in numbers without one. Publish"
                " at _dmarc.%(domain)s: %(record)s (RFC 7489)."
            )
            % {"domain": domain, "record": "v=DMARC1; p=none; rua=mailto:…"},
            is_wrong=True,
        )
    elif len(found) > 1:
        sentence = _("Two DMARC records: none counts (RFC 7489, 6.6.3). Keep one.")
        yield Finding("DMARC", sentence, is_wrong=True)
    else:
        yield _dmarc_policy(_tags(found[0]))


def _dmarc_policy(tags: dict[str, str]) -> Finding:
    policy = tags.get("p", "").lower()
    if policy not in ("none", "quarantine", "reject"):
        sentence = _("The DMARC record has no valid p=: write none, quarantine or reject.")
        return Finding("DMARC", sentence, is_wrong=True)
    if policy == "none":
        sentence = _("DMARC only watches (p=none). Once the reports are clean, make it quarantine.")
        return Finding("DMARC", sentence)
    return Finding("DMARC", _("DMARC asks for %(policy)s.") % {"policy": policy})


def _and_above(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    for first in range(max(1, len(labels) - 1)):
        yield ".".join(labels[first:])


def _tags(record: str) -> dict[str, str]:
    """« v=DMARC1; p=none » as pairs (RFC 6376, 3.2)."""
    pairs = (piece.partition("=") for piece in record.split(";") if "=" in piece)
    return {name.strip().lower(): value.strip() for name, _equals, value in pairs}
