"""What the consistency tests read: the project's own files, as git knows them."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
APPS = ("raict", "events", "sessions", "registrations")


@cache
def files() -> tuple[Path, ...]:
    """Tracked and new files; what .gitignore names is none of the project's."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True).stdout
    return tuple(TOP / name for name in sorted(set(names.split("\0"))) if (TOP / name).is_file())


def python_files(*, tests: bool = False) -> list[Path]:
    """The modules of the four packages, without migrations; with those of the tests if asked."""
    found = [path for path in files() if path.suffix == ".py" and path.parent != TOP]
    found = [path for path in found if "migrations" not in path.parts]
    return [path for path in found if tests or "tests" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def strings(path: Path) -> Iterator[str]:
    """Every string of the module. What an f-string fills in is written « * »."""
    parts = {
        id(part)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                part.value if isinstance(part, ast.Constant) else "*" for part in node.values
            )
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts
        ):
            yield node.value


def template_names() -> set[str]:
    root = TOP / "templates"
    return {str(path.relative_to(root)) for path in files() if path.is_relative_to(root)}


_NAMES_A_TEMPLATE = re.compile(r"{%-?\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")


def included() -> set[str]:
    """Templates that another one, or a piece of one in the code, extends or includes."""
    texts = [(TOP / "templates" / name).read_text() for name in template_names()]
    texts += [text for path in python_files() for text in strings(path)]
    return {name for text in texts for name in _NAMES_A_TEMPLATE.findall(text)}
