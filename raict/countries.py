"""Countries in a sentence: « le Cameroun », « du Cameroun », "Cameroon".

French needs the article, which the country list does not give; codes are ISO 3166-1.
"""

import re
from functools import cache

from django.utils.translation import get_language, override
from django_countries import countries

from raict.typography import capitalised, folded

# Codes of two letters, by the article of the country.
_MASCULINE = (
    "AF AQ AZ BD BF BI BJ BN BR BT BW BZ CA CG CL CM CR CV DK EC EH GA GH GL GT GY HN IO IQ IR JP KE KG"
    " KH KW KZ LA LB LI LK LR LS LU MA ME ML MW MX MZ NE NG NI NP PA PE PK PT PY QA RW SD SN SR SS SV SZ"
    " TD TG TJ TL TM UG GB UY UZ VA VE VN VU XK YE ZW"
)
_PLURAL = (
    "AE AS AX BM BS CC CK FJ FK FO HM KM KY MH MP MV NL PH PW SB SC TC TF TK TO TV UM US VG VI"
)
_WITHOUT_ARTICLE = (
    "AD AG AI AW BH BL BQ CU CW CY DJ GG GI GU HK HT IL JE KI KN LC MC MF MG MO MS MT MU NR NU OM PM PR"
    " SG SH SM ST SX TT TW VC WF WS YT"
)
# As a sentence needs them; the list of countries has them in the form of an index.
_FRENCH_NAMES = {
    "BL": "Saint-Barthélemy",
    "BQ": "Bonaire, Saint-Eustache et Saba",
    "CI": "Côte d’Ivoire",
    "FM": "Micronésie",
    "GY": "Guyana",
    "MF": "Saint-Martin",
    "MH": "îles Marshall",
    "PS": "Palestine",
    "RE": "Réunion",
    "SA": "Arabie saoudite",
    "SB": "îles Salomon",
    "SX": "Sint Maarten",
    "SZ": "Eswatini",
    "TL": "Timor oriental",
    "TT": "Trinité-et-Tobago",
    "US": "États-Unis",
    "WF": "Wallis-et-Futuna",
}
_ENGLISH_THE = (
    "AE AX BS CC CD CF CG CK DO FK FO GB GM HM IM IO KM KY MH MP MV NL PH SB SC TC TF UM US VG VI"
)
_VOWELS = "AÂEÉÈÊIÎOÔUÛaâeéèêiîoôuû"


def country_choices() -> tuple[tuple[str, str], ...]:
    """(code, name) for a list to choose from, in the active language: those chosen most first."""
    return _country_choices(get_language() or "fr")


@cache
def _country_choices(language: str) -> tuple[tuple[str, str], ...]:
    """Sorted once a process and language: 250 names, translated and collated, take their time."""
    with override(language):
        return tuple((code, str(name)) for code, name in countries)


def country_name(code: str) -> str:
    """As in a sentence, in the active language; "" for an unknown code."""
    if get_language() == "en":
        return str(countries.name(code)).removesuffix(" (The)").replace("'", "’")
    name = _FRENCH_NAMES.get(code) or str(countries.name(code)).replace("'", "’")
    return name.replace("Île", "île", 1) if name.startswith("Île") else name


def country_title(code: str) -> str:
    """At the head of a line or a cell: « Îles Marshall »."""
    return capitalised(country_name(code))


def the_country(code: str) -> str:
    """« le Cameroun », « l’Algérie », « les Comores », « Cuba »; "Cameroon", "the Comoros"."""
    return _with(code, elided="l’", masculine="le ", feminine="la ", plural="les ", none="")


def of_country(code: str) -> str:
    """« du Cameroun », « de l’Algérie », « des Comores », « d’Haïti »; "of Cameroon"."""
    if get_language() == "en":
        return f"of {the_country(code)}"
    none = "d’" if country_name(code)[:1] in f"{_VOWELS}H" else "de "
    return _with(code, elided="de l’", masculine="du ", feminine="de la ", plural="des ", none=none)


def _with(code: str, *, elided: str, masculine: str, feminine: str, plural: str, none: str) -> str:
    name = country_name(code)
    if not name:
        return ""
    if get_language() == "en":
        return f"the {name}" if code in _ENGLISH_THE else name
    if code in _WITHOUT_ARTICLE:
        return none + name
    if code in _PLURAL:
        return plural + name
    if name[0] in _VOWELS:
        return elided + name
    return (masculine if code in _MASCULINE else feminine) + name


# What people write besides the names of the list; folded.
_ALSO = {
    "angleterre": "GB",
    "birmanie": "MM",
    "bosnie": "BA",
    "burkina": "BF",
    "cap vert": "CV",
    "centrafrique": "CF",
    "congo brazzaville": "CG",
    "congo kinshasa": "CD",
    "congo rdc": "CD",
    "coree du sud": "KR",
    "emirats arabes unis": "AE",
    "etats unis d amerique": "US",
    "grande bretagne": "GB",
    "guinee conakry": "GN",
    "hollande": "NL",
    "ivory coast": "CI",
    "macedoine": "MK",
    "palestine": "PS",
    "rca": "CF",
    "rci": "CI",
    "rdc": "CD",
    "republique de guinee": "GN",
    "republique democratique du congo": "CD",
    "republique du congo": "CG",
    "republique tcheque": "CZ",
    "royaume uni de grande bretagne": "GB",
    "south korea": "KR",
    "swaziland": "SZ",
    "turkey": "TR",
    "uk": "GB",
    "usa": "US",
    "territoires palestiniens": "PS",
    "vietnam": "VN",
}
_BEFORE_A_NAME = re.compile(
    r"^(?:le|la|les|l|the|du|de|des|d|of|republique|royaume|union|republic|kingdom) "
)
_BRACKETS = re.compile(r"[(\[].*")


def country_code(text: str) -> str:
    """The code of a country by its name in French or English, or two or three letters; "" if unknown.

    Accents, capitals, articles and what stands in brackets do not matter: « SENEGAL (Dakar) ».
    """
    codes = _codes()
    for key in (folded(text), folded(_BRACKETS.sub("", text)), folded(text.replace(".", ""))):
        while key not in codes and (shorter := _BEFORE_A_NAME.sub("", key)) != key:
            key = shorter  # noqa: PLW2901 -- what is left of it
        if key in codes:
            return codes[key]
    return ""


@cache
def _codes() -> dict[str, str]:
    """Folded name → code. A whole name goes before one that has lost its brackets."""
    whole, part = {}, {}
    for language in ("en", "fr"):
        with override(language):
            for code, listed in countries:
                whole |= {folded(name): code for name in (str(listed), country_name(code)) if name}
                part |= {folded(_BRACKETS.sub("", str(listed))): code}
    for code, _name in countries:
        whole |= {folded(code): code, folded(countries.alpha3(code) or code): code}
    return part | whole | _ALSO


def countries_named(word: str) -> list[str]:
    """The codes of which a word of the name begins so, in French or in English, once folded.

    [] under four letters: « de » or « ma » would name half the world.
    """
    if len(word) < 4:
        return []
    return [
        code for code, names in _folded_names() if any(f" {word}" in f" {name}" for name in names)
    ]


@cache
def _folded_names() -> list[tuple[str, set[str]]]:
    """Code → its folded names; read once a process, because 250 names take their time."""
    found = {code: set() for code in countries.countries}
    for language in ("fr", "en"):
        with override(language):
            for code, names in found.items():
                names.update(
                    folded(str(name)) for name in (countries.name(code), country_name(code))
                )
    return list(found.items())
