"""A broker made of files: one folder for each queue, one file for each task waiting.

kombu's own transport of that kind reads files that are still being written, and its worker dies
when a folder goes away. Here a file appears complete or not at all, folders come back by
themselves, and which queues exist is known to each process (every sender declares its own).
"""

import time
import uuid
from pathlib import Path
from queue import Empty

from kombu.transport import virtual
from kombu.utils.json import dumps, loads


class Channel(virtual.Channel):
    def _folder(self, queue: str) -> Path:
        return Path(self.connection.client.transport_options["folder"]) / queue

    def _files(self, queue: str) -> list[Path]:
        """The tasks waiting, oldest first; files being written are hidden."""
        folder = self._folder(queue)
        try:
            return sorted(file for file in folder.iterdir() if not file.name.startswith("."))
        except (FileNotFoundError, NotADirectoryError):  # thrown away: the next sender makes it
            return []

    def _put(self, queue: str, message: dict, **kwargs) -> None:
        folder = self._folder(queue)
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns()}-{uuid.uuid4().hex[:12]}.json"
        hidden = folder / f".{name}"
        hidden.write_text(dumps(message), encoding="utf-8")
        hidden.replace(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> dict:
        """The oldest task; taking it is one rename, so two workers never take the same."""
        for file in self._files(queue):
            taken = file.with_name(f".taken-{file.name}")
            try:
                file.rename(taken)
                content = taken.read_text(encoding="utf-8")
                taken.unlink()
            except FileNotFoundError:  # another worker was faster, or the folder was thrown away
                continue
            return loads(content)
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._files(queue))

    def _purge(self, queue: str) -> int:
        files = self._files(queue)
        for file in files:
            file.unlink(missing_ok=True)
        return len(files)


class Transport(virtual.Transport):
    """Chosen by CELERY_BROKER_TRANSPORT; the folder is its one option."""

    Channel = Channel
    global_state = virtual.BrokerState()
    driver_type = driver_name = "files"
    polling_interval = 0.1  # seconds; looking into a folder costs next to nothing

    def __init__(self, client, **kwargs) -> None:
        super().__init__(client, **kwargs)
        self.state = self.global_state

    def driver_version(self) -> str:
        return "1"
