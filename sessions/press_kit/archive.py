"""The kit as a ZIP file: the same files make the same bytes, and are known without being made."""

import datetime as dt
import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.db.models.fields.files import FieldFile

# Everything else is compressed by its own format.
_DEFLATED = {".txt", ".csv", ".ics", ".svg"}
_CHUNK = 1024 * 1024
_UNIX = 3
# How the file is written belongs to what its key tells apart.
_CODE = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


@dataclass(frozen=True)
class Entry:
    """A file of the kit. Its `key` says what its bytes will be; `open` makes and reads them."""

    name: str
    key: str
    open: Callable[[], BinaryIO]


def made(name: str, content: bytes) -> Entry:
    """A small file that is there already."""
    return Entry(name, hashlib.sha256(content).hexdigest(), partial(io.BytesIO, content))


def made_later(name: str, key: str, make: Callable[[], bytes]) -> Entry:
    """A file that costs something to make."""
    return Entry(name, key, lambda: io.BytesIO(make()))


def uploaded(name: str, file: FieldFile) -> Entry:
    """A file of the team's, copied as it is. OSError when it is not there."""
    return Entry(name, f"{file.name} {file.size}", partial(file.storage.open, file.name))


def text(name: str, content: str) -> Entry:
    """A plain text that every editor opens right: with the mark of UTF-8, and CR LF."""
    return made(name, content.replace("\n", "\r\n").encode("utf-8-sig"))


def key_of(entries: Iterable[Entry]) -> str:
    """The same key means the same ZIP file, byte for byte."""
    lines = [_CODE, *sorted(f"{entry.name}\0{entry.key}" for entry in entries)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def write(file: BinaryIO, entries: Iterable[Entry], day: dt.date) -> None:
    """The entries by name, dated that day; one at a time, so that memory stays flat."""
    with zipfile.ZipFile(file, "w") as archive:
        for entry in sorted(entries, key=lambda entry: entry.name):
            info = zipfile.ZipInfo(entry.name, (day.year, day.month, day.day, 0, 0, 0))
            info.create_system, info.external_attr = _UNIX, 0o644 << 16
            if Path(entry.name).suffix in _DEFLATED:
                info.compress_type = zipfile.ZIP_DEFLATED
            with entry.open() as source, archive.open(info, "w") as target:
                shutil.copyfileobj(source, target, _CHUNK)
