"""Numbers in words: « vingt-deux », « quatre-vingt-dix », "one hundred and twenty", « dix-septième », « XVIIe »."""

import re

_VALUES = {
    "fr": {
        word: value
        for value, words in (
            *enumerate(
                [
                    "un|une",
                    "deux",
                    "trois",
                    "quatre",
                    "cinq",
                    "six",
                    "sept",
                    "huit",
                    "neuf",
                    "dix",
                    "onze",
                    "douze",
                    "treize",
                    "quatorze",
                    "quinze",
                    "seize",
                ],
                start=1,
            ),
            *((20, "vingt|vingts"), (30, "trente"), (40, "quarante"), (50, "cinquante")),
            *((60, "soixante"), (100, "cent|cents"), (1000, "mille")),
        )
        for word in words.split("|")
    },
    "en": dict(
        zip(
            [
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
                "thirteen",
                "fourteen",
                "fifteen",
                "sixteen",
                "seventeen",
                "eighteen",
                "nineteen",
                "twenty",
                "thirty",
                "forty",
                "fifty",
                "sixty",
                "seventy",
                "eighty",
                "ninety",
                "hundred",
                "thousand",
            ],
            (*range(1, 20), *range(20, 100, 10), 100, 1000),
            strict=True,
        )
    ),
}
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


def _ordinals() -> dict[str, dict[str, int]]:
    """From the second to the fifty-ninth; « première » says too little."""
    found: dict[str, dict[str, int]] = {"fr": {}, "en": {}}
    irregular = {
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

    def ordinal(word: str, language: str) -> str:
        if word in irregular[language]:
            return irregular[language][word]
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
