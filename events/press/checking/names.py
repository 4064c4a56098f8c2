"""Names of people and of sessions that the programme does not know; a guest country that is not."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import Edition, PressRelease
from events.press.checking.finding import Finding
from events.press.checking.reading import Sentence
from raict.countries import country_choices, country_name
from raict.typography import capitalised, folded

_WORD = r"[A-ZÀ-ÖØ-Þ][\wÀ-ÿ]*(?:[’'-][A-ZÀ-ÖØ-Þ]?[\wÀ-ÿ]+)*"
_PARTICLE = r"(?:de|du|da|dos|di|van|von|ben|bin|bint|el|al|ould|d[’'])"
_NAME = re.compile(rf"\b{_WORD}(?:\s(?:{_PARTICLE}\s)?{_WORD}){{1,3}}")
# Words that begin the name of an office, an institution or a place, not of a person.
_OFFICES = (
    "maire mairie president presidente vice ministre ministere ville region departement"
    " metropole conseil conseiller conseillere delegue deleguee delegation adjoint adjointe"
    " directeur directrice agence union association assemblee senat senateur senatrice depute"
    " deputee nations republique commission commissaire communaute universite fondation cites"
    " premier premiere secretaire ambassadeur ambassadrice ambassade haut haute cafe cafes"
    " pavillon palais hotel place rue avenue boulevard salle rencontres afrique amerique asie"
    " europe cote burkina collectivites journees forum programme projet reseau banque institut"
    " centre maison academie charte accord objectif objectifs espace grand grande saint sainte"
    " ile iles etat etats mayor minister ministry city council agency united national"
    " international republic university foundation secretary ambassador embassy house the"
    " local regional european african world development sustainable official gare parc port lycee"
    " college ecole musee theatre hall quai pont lac stade hopital prix fonds caisse expertise"
    " aeroport tour cathedrale jardin cours allee chemin impasse route quartier tram bus metro"
    " convention pacte sommet semaine assises expositions congres january february march april may"
    " june july august september october november december monday tuesday wednesday thursday friday"
    " saturday sunday"
)
_NO_PERSON = frozenset(_OFFICES.split())
# English has that word last: "the New York Declaration".
_ENDINGS = (
    "agreement declaration bank act treaty summit council union fund forum city region university"
    " institute goals office centre center station street road avenue hall conference week agenda"
    " france metropole urbaine agglomeration"
)
_LAST = frozenset(_ENDINGS.split())
_ARTICLES = frozenset(("le", "la", "les", "l", "des", "du", "au", "aux", "d", "the"))
_NUMERAL = re.compile(r"[ivx]+|.*\d.*")
# What may stand before a name with a capital of its own: civilities, and the start of a sentence.
_OPENERS = (
    "monsieur madame m mme mr mrs ms dr s e son sa le la les un une des ce cet cette ces en a au aux"
    " avec pour par sous dans selon apres avant lors et mais enfin ainsi de du puis quant the an in at"
    " on with for by after before about and but our their his her from since until over see"
)
_BEFORE = frozenset(_OPENERS.split())
# A title in quotation marks right behind the word for a session.
_TITLED = {
    "fr": re.compile(
        r"\b(?:ateliers?|réunions?|plénières?|sessions?|cafés?|tables? rondes?|séances?)\b"
        r"[^«».!?]{0,60}«\s?(?P<title>[^«»]{3,200}?)\s?»",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:workshops?|meetings?|plenar(?:y|ies)|sessions?|cafés?|round tables?)\b"
        r"[^“”\".!?]{0,60}[“\"]\s?(?P<title>[^“”\"]{3,200}?)\s?[”\"]",
        re.IGNORECASE,
    ),
}
_HONOUR = {
    "fr": re.compile(
        r"à l[’']honneur(?! (?:des|du|de la|de l[’']|de(?! l[a’'])) ?(?-i:[a-zà-ÿ]))|pays invité"
        r"|invité (?:d[’']honneur|spécial)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"guest country|country of honou?r|guest of honou?r|special guest", re.IGNORECASE
    ),
}
_ALIKE = 0.8


@dataclass(frozen=True)
class Vocabulary:
    """Every name that the edition knows: its programme, partners, organisations and contacts."""

    people: tuple[str, ...]
    texts: tuple[str, ...]

    @cached_property
    def folded(self) -> str:
        return f" {' | '.join(folded(text) for text in (*self.people, *self.texts))} "

    def knows(self, name: str) -> bool:
        return f" {folded(name)} " in self.folded

    def written_otherwise(self, name: str) -> str:
        """The known person who has other accents than this name; empty for none, and for capitals."""
        person = self.by_fold.get(folded(name), "")
        is_same = _plain(name) == _plain(person) or any(word.isupper() for word in name.split())
        return "" if is_same else person

    @cached_property
    def by_fold(self) -> dict[str, str]:
        return {folded(person): person for person in self.people}

    def like(self, name: str, among: Iterable[str]) -> str:
        """The known name that this one was probably meant to be; empty when none is close."""
        by_fold = {folded(one): one for one in among}
        close = difflib.get_close_matches(folded(name), by_fold, n=1, cutoff=_ALIKE)
        return by_fold[close[0]] if close else ""


def _plain(name: str) -> str:
    """Whatever the capitals, the apostrophes, the hyphens."""
    plain = unicodedata.normalize("NFC", name).casefold()
    return re.sub(r"[-’'\s]+", " ", plain)


def vocabulary(release: PressRelease) -> Vocabulary:
    """Four queries: the programme and the registrations are downstream, hence their names."""
    edition = release.edition
    appearances = edition.sessions.filter(appearances__isnull=False).values_list(
        "appearances__person__first_name",
        "appearances__person__last_name",
        *("appearances__label_fr", "appearances__function_fr", "appearances__function_en"),
        *("appearances__organisation", "appearances__represents_fr"),
    )
    people, texts = set(), set()
    for first, last, *others in appearances:
        people.add(f"{first or ''} {last or ''}".strip())
        texts.update(filter(None, others))
    for row in edition.sessions.values_list(*_SESSION):
        texts.update(filter(None, row))
    for row in edition.partners.values_list("name_fr", "name_en", "acronym", "description_fr"):
        texts.update(filter(None, row))
    texts.update(edition.registrations.values_list("organisation__name", flat=True).distinct())
    for language in ("fr", "en"):
        with override(language):
            texts.update(name for _code, name in country_choices())
    texts.update(_of_edition(edition))
    texts.update(contact.name for contact in release.contacts.all())
    return Vocabulary(tuple(sorted(people - {""})), tuple(sorted(texts - {"", None})))


_SESSION = [
    f"{name}_{language}"
    for name in ("title", "short_name", "question", "zone", "topic", "context")
    for language in ("fr", "en")
]


def _of_edition(edition: Edition) -> list[str]:
    names = [
        f"{name}_{language}"
        for name in (
            "name",
            "theme",
            "presentation",
            "guest_note",
            "audience",
            "press_contact_role",
        )
        for language in ("fr", "en")
    ]
    own = [getattr(edition, name) for name in names]
    own += [edition.organiser, edition.organiser_short, edition.press_contact_name]
    venue = edition.venue
    return own + ([venue.name, venue.city, venue.address] if venue else [])


def findings(sentence: Sentence, known: Vocabulary, release: PressRelease) -> Iterator[Finding]:
    yield from _people(sentence, known)
    yield from _sessions(sentence, known)
    yield from _guest(sentence, release.edition)


def of_quotes(release: PressRelease, known: Vocabulary) -> Iterator[Finding]:
    """Whoever is quoted speaks in the programme, or somebody answers for it."""
    for quote in release.quotes.all():
        if not known.knows(quote.person):
            yield _unknown(quote.person, known, {"field": "quotes"})


def _people(sentence: Sentence, known: Vocabulary) -> Iterator[Finding]:
    for match in _NAME.finditer(sentence.words):
        name = _name_alone(match.group())
        words = folded(name).split()
        if len(words) < 2 or known.knows(name):
            if other := known.written_otherwise(name):
                yield _close(name, other, sentence.place)
            continue
        before = folded(sentence.words[: match.end() - len(name)]).split()[-1:]
        if _is_no_person(words) or set(before) & _ARTICLES:
            continue
        yield _unknown(name, known, sentence.place)


def _name_alone(name: str) -> str:
    """Without what stands before it: « L’ », « Monsieur », the first word of a sentence."""
    words = re.sub(r"^[LD][’'](?=\w)", lambda match: f"{match.group()[0]} ", name).split()
    while words and folded(words[0]) in _BEFORE | {"l", "d"}:
        words.pop(0)
    return " ".join(words)


def _is_no_person(words: list[str]) -> bool:
    """An office, an institution, a place, a numbered thing."""
    return words[0] in _NO_PERSON or words[-1] in _LAST or bool(_NUMERAL.fullmatch(words[-1]))


def _unknown(name: str, known: Vocabulary, place: dict) -> Finding:
    if meant := known.like(name, known.people):
        return _close(name, meant, place)
    text = _("« %(name)s » is nobody of this edition’s programme.")
    return Finding(text % {"name": name}, excerpt=name, **place)


def _close(name: str, meant: str, place: dict) -> Finding:
    text = _("« %(name)s »: the programme writes « %(meant)s ».")
    return Finding(text % {"name": name, "meant": meant}, excerpt=name, suggestion=meant, **place)


def _sessions(sentence: Sentence, known: Vocabulary) -> Iterator[Finding]:
    for match in _TITLED[sentence.language].finditer(sentence.words):
        title = sentence.said(*match.span("title"))
        if "{{" in title or known.knows(title):
            continue
        meant = known.like(title, known.texts)
        text = (
            _("« %(title)s »: the programme writes « %(meant)s ».")
            if meant
            else _("« %(title)s » is no session of this edition’s programme.")
        )
        yield Finding(
            text % {"title": title, "meant": meant},
            excerpt=title,
            suggestion=meant,
            **sentence.place,
        )


@cache
def _countries(language: str) -> dict[str, tuple[str, str]]:
    """The name of each in a sentence, and folded: translated once."""
    with override(language):
        names = {code: country_name(code) for code, _name in country_choices()}
    return {code: (name, folded(name)) for code, name in names.items()}


def _guest(sentence: Sentence, edition: Edition) -> Iterator[Finding]:
    """« Mise à l'honneur du Sénégal », when the guest is another country or there is none."""
    if not _HONOUR[sentence.language].search(sentence.words):
        return
    if sentence.is_about_another(edition):
        return
    text = f" {folded(sentence.words)} "
    guest = edition.guest_country.code
    if any(one.name.startswith("edition.guest_country") for one in sentence.bound):
        return
    named = {
        code: name
        for code, (name, plain) in _countries(sentence.language).items()
        if f" {plain} " in text
    }
    if guest in named:
        return  # the others are its neighbours, its partners
    for said in (name for code, name in named.items() if code != "FR"):
        yield Finding(
            _("« %(country)s » is said to be the guest country; the edition says %(guest)s.")
            % {
                "country": capitalised(said),
                "guest": country_name(guest) if guest else _("none"),
            },
            is_blocking=True,
            excerpt=capitalised(said),
            suggestion="{{ edition.guest_country_the }}" if guest else "",
            **sentence.place,
        )
