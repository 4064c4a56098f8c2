"""What a figure is called in a sentence: which words after a number make it that figure's."""

import re
from collections.abc import Iterable, Mapping

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
        ),
        "en": (r"participants? from abroad", r"(?:foreign|international) participants?"),
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
        "fr": (r"réunions? géographiques?", r"réunions? régionales?", r"réunions? de zone"),
        "en": (r"geographic(?:al)? meetings?", r"regional meetings?"),
    },
    "thematic_workshops": {
        "fr": (r"ateliers?(?: thématiques?)?",),
        "en": (r"(?:thematic )?workshops?",),
    },
    "cafes": {
        "fr": (r"[Cc]afés?(?: des RAICT| RAICT)?",),
        "en": (r"[Cc]afés?(?: des RAICT| RAICT)?", r"RAICT [Cc]afés?"),
    },
    "sessions": {"fr": (r"sessions?",), "en": (r"sessions?",)},
}
# After the noun: it is then a part of what the figure counts, or something else.
_RESTRICTED = {
    "fr": re.compile(
        r"^\s*(?:\w+(?:ais(?:es?)?|éens?|éennes?|iens?|iennes?|ains?|aines?|ois(?:es?)?)\b"
        r"|(?:par|chaque|maximum|au plus)\b"
        r"|(?:de|du|d[’'])\s?(?:la |l[’'])?(?:matin|après|jour|lundi|mardi|mercredi|jeudi|vendredi))",
        re.IGNORECASE,
    ),
    "en": re.compile(r"^\s*(?:per|each|at most|a day|from [A-Z]|in the (?:morning|afternoon))\b"),
}
# Between the number and its noun.
_BETWEEN = r"\s*(?:[«“\"]\s*)?(?:d[’']|de |des |of (?:the |all )?|the )?(?:[«“\"]\s*)?"

_OPENING, _CLOSING = re.compile(r"[«“\"]"), re.compile(r"\s?[»”\"]")


def figure_after(
    words: str, at: int, known: Mapping[str, FigureValue], language: str, *, is_percentage: bool
) -> tuple[FigureValue, int] | None:
    """The figure that a number ending at `at` is said of, and where its noun ends; None when none.

    A noun with a restriction behind it (« élus camerounais », « cafés par table ») is none.
    """
    best: tuple[int, FigureValue] | None = None
    for figure in known.values():
        if figure.is_percentage != is_percentage:
            continue
        for noun in _nouns(figure, language):
            match = re.compile(rf"{_BETWEEN}(?:{noun})\b", re.IGNORECASE).match(words, at)
            if match and (best is None or match.end() > best[0]):
                best = match.end(), figure
    if best is None or _RESTRICTED[language].match(words[best[0] :]):
        return None
    end, figure = best
    closing = _CLOSING.match(words, end) if _OPENING.search(words, at, end) else None
    return figure, closing.end() if closing else end


def _nouns(figure: FigureValue, language: str) -> Iterable[str]:
    """Those of the table, and its label up to the first comma, in the singular as well."""
    yield from _NOUNS.get(figure.key, {}).get(language, ())
    label = figure.label.partition(",")[0].strip()
    if label and figure.key not in _NOUNS:
        yield r"\s".join(f"{re.escape(word.rstrip('s'))}s?" for word in label.split())
