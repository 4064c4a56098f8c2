"""On which line of a TOML file a key stands: Python's parser does not say."""

import re

from sessions.edition_file.problems import Path

_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\s-]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([\w-]+)\s*=")
_STRINGS = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')


def lines_of(text: str) -> dict[Path, int]:
    """The line of every table and key written in the usual way, one a line.

    Keys inside inline tables are not listed: a reader of the result falls back on what holds them.
    """
    lines: dict[Path, int] = {}
    table: Path = ()
    closing = ""  # the mark that ends the multi-line string we are in
    for number, line in enumerate(text.splitlines(), start=1):
        rest = line
        if closing:
            if closing not in line:
                continue
            rest = line.split(closing, 1)[1]
        elif header := _HEADER.match(line):
            table = _table(header, lines)
            lines.setdefault(table, number)
            continue
        elif key := _KEY.match(line):
            lines.setdefault((*table, key[1]), number)
        closing = _left_open(rest)
    return lines


def _table(header: re.Match, lines: dict[Path, int]) -> Path:
    """`[[sessions.appearances]]` → ("sessions", 4, "appearances", 0): in the latest session."""
    path: Path = ()
    names = [name.strip() for name in header[2].split(".")]
    for name in names[:-1]:
        path = (*path, name)
        if (latest := _count(path, lines)) > 0:
            path = (*path, latest - 1)
    path = (*path, names[-1])
    return (*path, _count(path, lines)) if header[1] == "[[" else path


def _count(path: Path, lines: dict[Path, int]) -> int:
    """How many `[[path]]` have been seen."""
    count = 0
    while (*path, count) in lines:
        count += 1
    return count


def _left_open(line: str) -> str:
    """The mark of a multi-line string that begins on this line and does not end on it."""
    opened = ""
    for part in _STRINGS.finditer(line):
        if opened:
            opened = "" if part[0] == opened else opened
        elif part[0] in ('"""', "'''"):
            opened = part[0]
    return opened
