"""A release as it is read: placeholders filled, Markdown set, typography applied, in one language.

`write` makes it from the data as they are now; what was published is the same thing, kept as JSON
(`to_json`, `from_json`), so pages and documents are made from either.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from events.models import Edition, Partner, PressRelease
from events.press.text import Quoted, filled, quotes_of, values
from raict.markup import clean_html
from raict.typography import NARROW_NBSP, NBSP, capitalised, date_range, french

# Where the pictures of a release may lie: what the team uploaded for the press.
PICTURES = "press/"
_QUOTE_ALONE = re.compile("<p>\ue000(\\d+)\ue001</p>")
_QUOTE = re.compile("\ue000(\\d+)\ue001")
_MARKS = re.compile("[\ue000\ue001]")
# Parts that are clean HTML.
_HTML = ("lead", "body", "thanks", "next_edition", "about", "more")


@dataclass(frozen=True)
class Contact:
    name: str
    role: str = ""
    email: str = ""
    telephone: str = ""

    @property
    def line(self) -> str:
        """« Katarina Fotic, Responsable Communication »."""
        return ", ".join(filter(None, (self.name, self.role)))


@dataclass(frozen=True)
class Supporter:
    """« Avec le concours de »: a name and a motto, and the logo of whoever gave one."""

    name: str
    motto: str = ""
    logo: str = ""  # its path under MEDIA_URL
    is_support: bool = True


@dataclass(frozen=True)
class Written:
    """The parts of a release in the order of the page, the PDF and the plain text."""

    language: str
    kind: str
    kind_label: str
    issued_on: str  # 2024-11-06
    headline: str
    dateline: str
    banner_parts: tuple[str, ...]
    lead: SafeString
    body: SafeString
    thanks: SafeString
    next_edition: SafeString
    about: SafeString
    more: SafeString
    contacts: tuple[Contact, ...]
    supporters: tuple[Supporter, ...]
    # The fixed words of a release, in its language and with its spaces.
    labels: Mapping[str, str]
    # « Rectificatif au communiqué du … » with the address of that one; else empty.
    corrects: str
    corrects_slug: str
    edition_title: str
    short_name: str
    organiser: str
    is_demonstration: bool
    # Of the emblem: ISO codes.
    countries: tuple[str, ...]
    guest_country: str
    # « Sous embargo jusqu’au … » for those who read it before; what is frozen never holds it.
    embargo: str = ""

    @property
    def banner(self) -> str:
        """« Mercredi 23 et jeudi 24 octobre 2024 – Pavillon d’Armenonville – Paris »."""
        return joined_banner(self.banner_parts)

    @property
    def support(self) -> list[Supporter]:
        return [one for one in self.supporters if one.is_support]

    @property
    def partners(self) -> list[Supporter]:
        """Those that are shown by their logo."""
        return [one for one in self.supporters if not one.is_support]

    @property
    def texts(self) -> tuple[SafeString, ...]:
        """The running text: what stands between the lead and the foot."""
        return tuple(part for part in (self.body, self.thanks, self.next_edition) if part)

    def to_json(self) -> dict:
        return asdict(self)


def from_json(content: Mapping) -> Written:
    """What `to_json` made."""
    known = {field.name for field in fields(Written)}
    parts = {name: value for name, value in content.items() if name in known}
    lists = {
        "contacts": tuple(Contact(**one) for one in parts["contacts"]),
        "supporters": tuple(Supporter(**one) for one in parts["supporters"]),
        "banner_parts": tuple(parts["banner_parts"]),
        "countries": tuple(parts["countries"]),
    }
    return Written(**parts | lists | {name: mark_safe(parts[name]) for name in _HTML})


def write(
    release: PressRelease, language: str, tallies: Mapping[str, int] | None = None
) -> Written:
    """The release in that language from the data as they are. DomainError for an unknown placeholder."""
    with override(language):
        known = values(release.edition, tallies) | quotes_of(release)
        return _written(release, language, known)


def languages_of(release: PressRelease) -> tuple[str, ...]:
    """The languages in which the release is wholly written, of those it is to be published in."""
    return tuple(one for one in release.languages if release.is_written_in(one))


def _written(release: PressRelease, language: str, known: Mapping[str, object]) -> Written:
    edition = release.edition

    def text(name: str) -> str:
        return getattr(release, f"{name}_{language}")

    def html(name: str, words: str = "") -> SafeString:
        filled_in = filled(_MARKS.sub("", words or text(name)), known)
        clean = typeset(clean_html(filled_in, pictures=PICTURES), language)
        return mark_safe(_with_quotes(clean, known, language))

    return Written(
        language=language,
        kind=release.kind,
        kind_label=str(release.get_kind_display()),
        issued_on=release.issued_on.isoformat(),
        headline=typeset(filled(text("headline").strip(), known, markdown=False), language),
        dateline=_("%(place)s, %(date)s")
        % {"place": text("place") or release.place_fr, "date": date_range(release.issued_on)},
        banner_parts=banner_parts(edition, language),
        lead=html("lead"),
        body=html("body", text("body") + _unplaced(release, language, known)),
        thanks=html("thanks"),
        next_edition=html("next_edition"),
        about=html("about"),
        more=html("more"),
        contacts=tuple(_contacts(release, language)),
        supporters=tuple(_supporters(edition.partners.all(), language)),
        labels=_labels(edition, language),
        corrects=_corrects(release, language),
        corrects_slug=release.corrects.slug if release.corrects else "",
        edition_title=typeset(capitalised(edition.title), language),
        short_name=edition.short_name,
        organiser=edition.organiser,
        is_demonstration=edition.is_demonstration,
        countries=tuple(edition.countries()),
        guest_country=edition.guest_country.code or "",
    )


def typeset(text: str, language: str | None = None) -> str:
    """With the spaces of its language (the active one when none is given)."""
    return french(text) if (language or get_language()) == "fr" else text


def banner_parts(edition: Edition, language: str) -> tuple[str, ...]:
    """Dates, place, town, in the language that is active."""
    venue = edition.venue
    parts = [capitalised(edition.dates_with_weekdays)]
    parts += [venue.name, venue.city] if venue else []
    return tuple(typeset(part, language) for part in parts if part)


def joined_banner(parts: Iterable[str]) -> str:
    return f"{NBSP}– ".join(parts)


def _contacts(release: PressRelease, language: str) -> Iterable[Contact]:
    """The release's own, else the edition's press contact, if there is one."""
    edition = release.edition
    own = [
        Contact(one.name, typeset(one.role, language), one.email, one.telephone)
        for one in (release.contacts.all() if release.pk else ())
    ]
    role = typeset(edition.press_contact_role, language)
    of_edition = Contact(edition.press_contact_name, role, edition.press_contact_email)
    return own or ([of_edition] if of_edition.name or of_edition.email else [])


def _supporters(partners: Iterable[Partner], language: str) -> Iterable[Supporter]:
    """Whoever supports the edition, and every partner with a logo, in the agreed order."""
    for partner in partners:
        is_support = partner.kind == Partner.Kind.SUPPORT
        has_logo = bool(partner.logo) and partner.logo.storage.exists(partner.logo.name)
        if is_support or (partner.kind == Partner.Kind.PARTNER and has_logo):
            yield Supporter(
                typeset(partner.name, language),
                typeset(partner.motto, language),
                partner.logo.name if has_logo else "",
                is_support,
            )


def _labels(edition: Edition, language: str) -> dict[str, str]:
    words = {
        "kind": _("PRESS RELEASE:"),
        "support": _("With the support of:"),
        "partners": _("Partners:"),
        "about": _("About %(organiser)s:") % {"organiser": edition.organiser},
        "contact": _("Press contact:"),
        "email": _("E-mail:"),
        "telephone": _("Telephone:"),
        "demonstration": _("Demonstration edition: everything in it is sample data."),
    }
    return {name: typeset(word, language) for name, word in words.items()}


def _corrects(release: PressRelease, language: str) -> str:
    """« Rectificatif au communiqué du 6 novembre 2024 : … »."""
    corrected = release.corrects
    if corrected is None:
        return ""
    published = corrected.publications.current().filter(language=language).first()
    headline = published.content["headline"] if published else ""
    sentence = (
        _("Correction of the press release of %(date)s: %(headline)s")
        if headline
        else _("Correction of the press release of %(date)s")
    )
    date = date_range(corrected.issued_on)
    return typeset(sentence % {"date": date, "headline": headline}, language)


# ------------------------------------------------------------------------------------- quotes
def _unplaced(release: PressRelease, language: str, known: Mapping[str, object]) -> str:
    """The placeholders of quotes that no text names: they close the text."""
    texts = " ".join(getattr(release, f"{name}_{language}") for name in PressRelease.TEXTS)
    missing = [
        f"{{{{ {name} }}}}"
        for name, value in known.items()
        if isinstance(value, Quoted) and value.words and not re.search(rf"{{{{\s*{name}\b", texts)
    ]
    return "".join(f"\n\n{one}" for one in missing)


def _with_quotes(html: str, known: Mapping[str, object], language: str) -> str:
    """The marks of quotes become what they say: a block of its own, or words in the sentence."""

    def block(match: re.Match) -> str:
        quote: Quoted = known[f"quote.{match[1]}"]
        said = ", ".join(filter(None, (quote.person, quote.function)))
        return (
            f'<figure class="quote"><blockquote><p>{_words(quote, language)}</p></blockquote>'
            f"<figcaption>{escape(typeset(said, language))}</figcaption></figure>"
        )

    def inline(match: re.Match) -> str:
        return _words(known[f"quote.{match[1]}"], language)

    return _QUOTE.sub(inline, _QUOTE_ALONE.sub(block, html))


def _words(quote: Quoted, language: str) -> str:
    text = escape(typeset(" ".join(quote.words.split()), language), quote=False)
    if language == "fr":
        return f"«{NARROW_NBSP}{text}{NARROW_NBSP}»"
    return f"“{text}”"
