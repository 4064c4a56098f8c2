"""An edition, its programme and its press releases as one TOML file: see docs/edition-file.md.

`read` checks everything that can be checked without the database and collects every problem;
`write` checks the rest and writes in one transaction.
"""

from pathlib import Path

from sessions.edition_file.problems import EditionFileError
from sessions.edition_file.reading import read
from sessions.edition_file.writing import Change, write

__all__ = ["Change", "EditionFileError", "load"]


def load(path: Path, *, current: bool = False, dry_run: bool = False) -> tuple[int, list[Change]]:
    """Load the file; returns the edition's number and what changed. Raises EditionFileError."""
    content, problems = read(path)
    changes = write(content, problems, current=current, dry_run=dry_run)
    return content.edition.values["number"], changes
