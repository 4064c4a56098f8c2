"""What is wrong with an edition file, where, and what was expected."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

Path = tuple[str | int, ...]


class WrongValueError(Exception):
    """A value that a key does not accept; its argument is the sentence."""


class EditionFileError(Exception):
    """Everything that is wrong with a file. Nothing has been written."""

    def __init__(self, problems: list["Problem"]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Problem:
    file: str
    sentence: str
    path: Path = ()
    name: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """« 15.toml, line 12: sessions[3].start (15-cafe-3): expected a time … »."""
        where = (
            _("%(file)s, line %(line)d") % {"file": self.file, "line": self.line}
            if self.line
            else self.file
        )
        key = written(self.path)
        if key and self.name:
            key = f"{key} ({self.name})"
        parts = [where, key, self.sentence] if key else [where, self.sentence]
        return _(": ").join(parts)


def written(path: Path) -> str:
    """("sessions", 2, "start") → « sessions[3].start »: counted from 1, as a person counts."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@dataclass
class Problems:
    """Collects the problems of one file."""

    file: str
    lines: dict[Path, int] = field(default_factory=dict)
    names: dict[Path, str] = field(default_factory=dict)
    found: list[Problem] = field(default_factory=list)

    def add(self, path: Path, sentence: str) -> None:
        self.found.append(
            Problem(self.file, sentence, path, self._nearest(self.names, path), self._line(path))
        )

    def stop_if_any(self) -> None:
        """Raise with everything found so far, in the order of the file."""
        if self.found:
            raise EditionFileError(sorted(self.found, key=lambda problem: problem.line or 0))

    def _line(self, path: Path) -> int | None:
        """Of the key, else of the first table of that name, else of what holds it."""
        return self.lines.get((*path, 0)) or self._nearest(self.lines, path) or None

    @staticmethod
    def _nearest(known: dict, path: Path):
        """What is known of the path, else of the table that holds it."""
        for length in range(len(path), 0, -1):
            if path[:length] in known:
                return known[path[:length]]
        return ""


def meant(word: str, known: Iterable[str]) -> str:
    """« Did you mean "title_fr"? » with a space before it, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    # A word within another: « is_members_only » for « members_only ».
    close = close or [key for key in known if len(key) > 3 and (key in word or word in key)][:1]
    return " " + _("Did you mean “%(word)s”?") % {"word": close[0]} if close else ""
