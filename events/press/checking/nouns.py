"""What a figure is called in a sentence: which words after a number make it that figure's."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from events.figures import FigureValue

# Regular expressions, by key and language. The longest match wins.
_NOUNS: dict[str, dict[str, tuple[str, ...]]] = {
    "registered": {
        "fr": (r"inscrite?s?", r"inscriptions?", r"personnes inscrites", r"participants inscrits"),
        "en": (r"registrations?", r"people registered", r"registered participants"),
    },
    "participants": {
        "fr": (
            r"participant(?:e?s?|\(e\)s|·e·s)",
            r"participantes et (?:de )?participants",
            r"participants et (?:de )?participantes",
            r"personnes(?: présentes)?",
            r"congressistes",
        ),
        "en": (r"participants?", r"attendees", r"people", r"delegates"),
    },
    "countries": {
        "fr": (r"pays(?: représentés| différents)?", r"nationalités"),
        "en": (r"countr(?:y|ies)", r"nationalities"),
    },
    "foreign_participants": {
        "fr": (
            r"participants? (?:étrangers?|internationaux|venus de l[’']étranger)",
            r"étrangers",
        ),
        "en": (r"participants? from abroad", r"(?:foreign|international) participants?"),
    },
    "foreign_share": {
        "fr": (
            r"participants? (?:étrangers?|internationaux|venus de l[’']étranger)",
            r"étrangers",
            r"participation étrangère",
            r"participants (?:venaient|viennent|sont venus|étaient venus) de l[’']étranger",
            r"participants (?:étaient|sont) étrangers",
        ),
        "en": (
            r"participants? from abroad",
            r"(?:foreign|international) participants?",
            r"participants (?:came|come|were|are) from abroad",
        ),
    },
    "french_authorities": {
        "fr": (r"collectivités(?: territoriales| locales)? françaises",),
        "en": (r"French (?:local )?authorities",),
    },
    "foreign_delegations": {
        "fr": (r"délégations?(?: étrangères?| internationales?)?",),
        "en": (r"(?:foreign |international )?delegations?",),
    },
    "embassies": {"fr": (r"ambassades?",), "en": (r"embass(?:y|ies)",)},
    "organisations": {
        "fr": (r"organisations", r"structures", r"organismes"),
        "en": (r"organi[sz]ations?",),
    },
    "elected": {
        "fr": (r"élus?(?: locaux)?", r"élue?s? et (?:d[’']|des )?élue?s?", r"élu·e·s"),
        "en": (r"elected (?:representatives|officials)",),
    },
    "officers": {
        "fr": (r"techniciens?(?: et techniciennes?)?", r"technicien·ne·s", r"agents territoriaux"),
        "en": (r"local government officers",),
    },
    "journalists": {"fr": (r"journalistes?",), "en": (r"journalists?",)},
    "speakers": {
        "fr": (r"intervenante?s?(?: et intervenante?s?)?", r"intervenant·e·s", r"orateurs?"),
        "en": (r"speakers?",),
    },
    "partners": {"fr": (r"partenaires?",), "en": (r"partners?",)},
    "exhibitors": {"fr": (r"exposante?s?",), "en": (r"exhibitors?",)},
    "plenaries": {
        "fr": (r"(?:séances? |sessions? )?plénières?",),
        "en": (r"plenar(?:y|ies)(?: sessions?)?",),
    },
    "geographic_meetings": {
        "fr": (r"(?:réunions?|sessions?) géographiques?", r"réunions? (?:régionales?|de zone)"),
        "en": (r"geographic(?:al)? meetings?", r"regional meetings?"),
    },
    "thematic_workshops": {
        "fr": (r"ateliers?(?: thématiques?)?", r"sessions? thématiques?"),
        "en": (r"(?:thematic )?workshops?",),
    },
    "cafes": {
        "fr": (r"[Cc]afés?(?: des RAICT| RAICT)?",),
        "en": (r"[Cc]afés?(?: des RAICT| RAICT)?", r"RAICT [Cc]afés?"),
    },
    "sessions": {"fr": (r"sessions?",), "en": (r"sessions?",)},
}
# « personnes » may be anybody: a small number of them is a group, not the figure.
_VAGUE = re.compile(r"personnes|people|delegates", re.IGNORECASE)
# Before the number: a group, or a limit.
_GROUP = {
    "fr": re.compile(
        r"\b(?:groupes?|délégations?|tables?|équipes?|panels?|jurys?|jauge|capacité|limitée?s?"
        r"|maximum|minimum|partir|remise|composée?s?|forte?s?|réseaux?|communauté)\s"
        r"(?:\w+\s){0,2}?(?:de |d[’']|à |pour )$"
        r"|\b(?:jusqu[’']à|au plus|maximum|max\.?|ces|autres)\s$",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:groups?|delegations?|tables?|teams?|parties|panels?|limited|maximum|minimum|capacity"
        r"|capped|networks?)\s(?:\w+\s){0,2}?(?:of|to|at|for)\s$"
        r"|\b(?:at most|up to|max\.?|these|other)\s$",
        re.IGNORECASE,
    ),
}
# After the noun: so many each, at most, or more.
_EACH = {
    "fr": re.compile(
        r"\s*(?:=|(?:par|chacune?|chaque|max(?:imum|\.)?|au (?:plus|maximum)|ou plus)\b)"
    ),
    "en": re.compile(r"\s*(?:=|(?:per|each|at (?:each|most)|or more|a day)\b)"),
}
# After the noun: a part of what the figure counts.
_PART = {
    "fr": re.compile(
        r"\s(?:(?!(?:mais|jamais|désormais|bien|combien|certains?|soutiens?)\b)"
        r"\w+(?:ais(?:es?)?|éens?|éennes?|iens?|iennes?|ains?|aines?|ois(?:es?)?)\b"
        r"|(?:partenaires|membres|voisins|adhérents|régiona\w+|locales|nationales|préparatoires"
        r"|en ligne|les plus|consacrée?s|portant)\b"
        r"|(?:originaires? |venue?s? |issue?s? )?(?:de |du |des |de la |d[’']|de l[’'])"
        r"(?!Rencontres|RAICT|AICT|Cités Unies|CUF)(?-i:[A-ZÀ-Þ])"
        r"|(?:de|du|d[’'])\s?(?:la |l[’'])?(?:matin|après|jour|lundi|mardi|mercredi|jeudi|vendredi))",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\s(?:from (?!RAICT)[A-Z]|in the (?:morning|afternoon)|(?:devoted|online)\b)"
    ),
}
# « présente dans 85 pays », "between 3 countries": not those that came.
_THERE = re.compile(
    r"\b(?:dans|entre|à travers|lie|relie|associe|in|across|between)\s$", re.IGNORECASE
)
_DEFINITE = re.compile(r"\b(?:les|nos|ses|leurs|the|our|its)\s$", re.IGNORECASE)
# Between the number and its noun; « des » and "of the" stand before what is taken a part of.
_BETWEEN = (
    r"\s*(?:[«“\"]\s*)?(?:d[’']|de |des |of (?:the |all )?|the )?(?:[«“\"]\s*)?(?:grande?s )?"
)
_SAID_OF_ALL = re.compile(r" (?:venaient|viennent|sont|étaient|came|come|were|are) ")
_OF_ALL = re.compile(r"\s*(?:des |of (?:the|all) )", re.IGNORECASE)

_OPENING, _CLOSING = re.compile(r"[«“\"]"), re.compile(r"\s?[»”\"]")


@dataclass(frozen=True)
class Counted:
    """The figure that a number is said of, where its noun ends, and how."""

    figure: FigureValue
    end: int
    is_part: bool = False  # « élus camerounais »
    is_vague: bool = False  # « personnes »
    is_of_all: bool = False  # « 40 % des participants étrangers » is no share of everybody
    is_whole: bool = False  # « les 12 cafés », « Cafés : 12 »


def counted(
    words: str, start: int, end: int, known: Mapping[str, FigureValue], language: str, **kind: bool
) -> Counted | None:
    """What a number from `start` to `end` is said of; None when of no figure.

    The noun stands behind it, or before a colon: « Ambassades : 12 ». `is_percentage` chooses
    among the figures. « cafés par table » and « un groupe de 10 inscrits » are no figure.
    """
    if _GROUP[language].search(words, 0, start):
        return None
    is_percentage = kind["is_percentage"]
    best: tuple[int, FigureValue, str] | None = None
    for figure in known.values():
        if figure.is_percentage != is_percentage:
            continue
        for noun in _nouns(figure, language):
            match = _after(noun).match(words, end)
            if match and (best is None or match.end() > best[0]):
                best = match.end(), figure, match["noun"]
    if best is None:
        return None if is_percentage else _labelled(words, start, end, known, language)
    stop, figure, noun = best
    is_elsewhere = figure.key == "countries" and _THERE.search(words, 0, start)
    if is_elsewhere or _EACH[language].match(words, stop):
        return None
    closing = _CLOSING.match(words, stop) if _OPENING.search(words, end, stop) else None
    return Counted(
        figure,
        closing.end() if closing else stop,
        is_part=bool(_PART[language].match(words, stop)),
        is_vague=bool(_VAGUE.fullmatch(noun)),
        is_of_all=bool(_OF_ALL.match(words, end)) and not _SAID_OF_ALL.search(noun),
        is_whole=bool(_DEFINITE.search(words, 0, start)),
    )


def _labelled(
    words: str, start: int, end: int, known: Mapping[str, FigureValue], language: str
) -> Counted | None:
    """« Ambassades : 12 », as in a list and in a table."""
    head = words[:start].rstrip()
    if not head.endswith(":") or re.match(r"\s*\w", words[end:]):
        return None
    label = re.split(r"[:;,.(]", head[:-1])[-1].strip()
    for figure in known.values():
        is_named = any(_after(noun).fullmatch(label) for noun in _nouns(figure, language))
        if is_named and not figure.is_percentage:
            return Counted(figure, end, is_whole=True)
    return None


@cache
def _after(noun: str) -> re.Pattern:
    return re.compile(rf"{_BETWEEN}(?P<noun>{noun})\b", re.IGNORECASE)


def _nouns(figure: FigureValue, language: str) -> Iterable[str]:
    """Those of the table, and its label up to the first comma, in the singular as well."""
    if figure.key in _NOUNS:
        return _NOUNS[figure.key].get(language, ())
    return _of_label(figure.label.partition(",")[0].strip())


@cache
def _of_label(label: str) -> tuple[str, ...]:
    return (
        (r"\s".join(f"{re.escape(word.rstrip('s'))}s?" for word in label.split()),) if label else ()
    )
