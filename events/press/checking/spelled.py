"""Numbers in words: « quatre-vingt-dix », "one hundred and twenty", « dix-septième », « XVIIe »."""

import re

# As « word=value »; what follows without one counts on.
_WORDS = {
    "fr": "un=1 deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    " une=1 vingt=20 vingts=20 trente=30 quarante=40 cinquante=50 soixante=60 cent=100 cents=100"
    " mille=1000",
    "en": "one=1 two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty=20 thirty=30 forty=40 fifty=50 sixty=60"
    " seventy=70 eighty=80 ninety=90 hundred=100 thousand=1000",
}


def _values(words: str) -> dict[str, int]:
    found, value = {}, 0
    for entry in words.split():
        word, _sign, given = entry.partition("=")
        value = int(given) if given else value + 1
        found[word] = value
    return found


_VALUES = {language: _values(words) for language, words in _WORDS.items()}
# « et » before one and eleven only, "and" behind a hundred or a thousand: else it joins two things.
_JOINT = {
    "fr": r"[\s-](?:et[\s-](?=une?\b|onze\b))?",
    "en": r"[\s-](?:(?<=hundred\s)and\s|(?<=thousand\s)and\s)?",
}


def _pattern(language: str) -> str:
    word = "|".join(sorted(_VALUES[language], key=len, reverse=True))
    start = r"(?:a\s(?=hundred|thousand))?" if language == "en" else ""
    return rf"{start}(?:{word})\b(?:{_JOINT[language]}(?:{word})\b)*(?!-?\w)"


CARDINAL = {language: _pattern(language) for language in _VALUES}


def value_of(words: str, language: str) -> int | None:
    """« cent vingt » → 120, « quatre-vingts » → 80; None when it is no number in words."""
    values = _VALUES[language]
    parts = [part for part in re.split(r"[\s-]+", words.lower()) if part not in ("et", "and", "a")]
    if not parts or any(part not in values for part in parts):
        return None
    whole = last = 0
    for value in (values[part] for part in parts):
        if value == 1000:
            whole, last = whole + max(last, 1) * 1000, 0
        elif value == 100:
            last = max(last, 1) * 100
        elif value == 20 and last % 100 == 4:  # quatre-vingt
            last += 76
        else:
            last += value
    return whole + last


_IRREGULAR = {
    "fr": {"cinq": "cinquième", "neuf": "neuvième"},
    "en": {
        "one": "first",
        "two": "second",
        "three": "third",
        "five": "fifth",
        "eight": "eighth",
        "nine": "ninth",
        "twelve": "twelfth",
    },
}


def _ordinals() -> dict[str, dict[str, int]]:
    """From the second to the fifty-ninth; « première » says too little."""
    found: dict[str, dict[str, int]] = {"fr": {}, "en": {}}

    def ordinal(word: str, language: str) -> str:
        if word in _IRREGULAR[language]:
            return _IRREGULAR[language][word]
        if language == "fr":
            return f"{word.rstrip('e')}ième"
        return f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th"

    for language, values in _VALUES.items():
        small = {word: value for word, value in values.items() if value < 60 and word[-2:] != "ts"}
        for word, value in small.items():
            if value > 1:
                found[language][ordinal(word, language)] = value
            for tens, base in small.items():
                if base in (10, 20, 30, 40, 50) and value < 10 and (base, language) != (10, "en"):
                    joint = "[ -]et[ -]" if (language, value) == ("fr", 1) else "-"
                    found[language][f"{tens}{joint}{ordinal(word, language)}"] = base + value
    return found


_ORDINALS = _ordinals()
ORDINAL_WORDS = {
    language: "|".join(sorted(words, key=len, reverse=True))
    for language, words in _ORDINALS.items()
}


def ordinal_value(words: str, language: str) -> int:
    """« dix-septième » → 17, « dix-septièmes » too. KeyError for what is none."""
    plain = words.lower().removesuffix("s")
    return next(value for word, value in _ORDINALS[language].items() if re.fullmatch(word, plain))


def roman_value(letters: str) -> int:
    """XIV → 14."""
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in letters]
    following = [*values[1:], 0]
    return sum(
        -value if value < after else value for value, after in zip(values, following, strict=True)
    )
