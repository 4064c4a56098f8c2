"""The press room under load: a PDF that is made, and one that is fetched by everybody at once."""

import http.client
import json
import multiprocessing
import os
import statistics
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from raict.tests.load import meter

CLIENTS = 4  # processes: more would only wait for the two workers
MEASURE = 6  # seconds
SLUG = "communique-15e-edition"
# Texts of two pages, each another one, so that nothing is kept from the one before.
_MAKE = """
import dataclasses, django, json, time
django.setup()
from events.models import PressRelease
from events.press.documents import release_pdf
from events.press.writing import write
from raict.pdf import preload
preload()
written = write(PressRelease.objects.get(slug="{slug}"), "fr")
spent = []
for number in range({times} + 1):
    other = dataclasses.replace(written, headline=f"{{written.headline}} {{number}}")
    start = time.perf_counter(), time.process_time()
    pdf = release_pdf(other)
    spent.append([time.perf_counter() - start[0], time.process_time() - start[1]])
print(json.dumps([spent[1:], len(pdf)]))
"""


@dataclass(frozen=True)
class Fetched:
    """What came back in so many seconds: how often each status, how long each took, which bodies."""

    statuses: Counter
    times: list[float]
    sizes: set[int]

    @property
    def rate(self) -> float:
        return len(self.times) / MEASURE


def making(environment: dict[str, str], times: int = 10) -> tuple[list[list[float]], int]:
    """Seconds and processor seconds of each PDF, made in a process that has the engine loaded."""
    code = _MAKE.format(slug=SLUG, times=times)
    output = subprocess.check_output(["python", "-c", code], env=environment, text=True)
    return json.loads(output.splitlines()[-1])


def fetching(port: int, path: str, **headers: str) -> Fetched:
    """CLIENTS processes that ask for it again and again, each on one connection."""
    with multiprocessing.get_context("fork").Pool(CLIENTS) as pool:
        parts = pool.starmap(_fetch, [(port, path, headers)] * CLIENTS)
    return Fetched(
        sum((part[0] for part in parts), Counter()),
        [one for part in parts for one in part[1]],
        set().union(*(part[2] for part in parts)),
    )


def _fetch(port: int, path: str, headers: dict) -> tuple[Counter, list[float], set[int]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    statuses, times, sizes = Counter(), [], set()
    end = time.perf_counter() + MEASURE
    while (start := time.perf_counter()) < end:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        sizes.add(len(answer.read()))
        times.append(time.perf_counter() - start)
        statuses[answer.status] += 1
    return statuses, times, sizes


def etag_of(port: int, path: str) -> tuple[str, int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.headers["ETag"], len(answer.read())


def static_file_like(folder: Path, size: int) -> str:
    """The address of the collected static file whose size is closest."""
    files = [path for path in folder.rglob("*.woff2") if path.is_file()]
    closest = min(files, key=lambda path: abs(path.stat().st_size - size))
    return f"/static/{closest.relative_to(folder)}"


def tell(environment: dict[str, str], server: int, say) -> list[str]:
    """Say all of it; what is not as it must be, a sentence each."""
    port = int(environment["PORT"])
    spent, size = making(environment)
    wall, processor = ([one[which] * 1000 for one in spent] for which in (0, 1))
    say(
        f"A release of two pages as PDF ({size / 1000:.0f} KB): median {statistics.median(wall):.0f} ms,"
        f" slowest {max(wall):.0f} ms; processor {statistics.median(processor):.0f} ms"
    )
    path = f"/presse/{SLUG}.pdf"
    etag, size = etag_of(port, path)
    static = static_file_like(Path(environment["RAICT_VAR"]) / "static", size)
    wrong, rates = [], {}
    for name, address, headers, status in (
        ("a static file of that size", static, {}, 200),
        ("the PDF", path, {}, 200),
        ("the PDF, known already", path, {"If-None-Match": etag}, 304),
    ):
        before = meter.processor_seconds(server)
        found = fetching(port, address, **headers)
        each = (meter.processor_seconds(server) - before) / len(found.times) * 1000
        rates[name] = found.rate
        say(
            f"  {name:28} {found.rate:.0f} a second, p95"
            f" {meter.percentile(found.times, 95) * 1000:.1f} ms, processor {each:.2f} ms each"
        )
        if set(found.statuses) != {status} or len(found.sizes) != 1:
            wrong.append(f"{name}: answers {dict(found.statuses)}, sizes {found.sizes}.")
    ratio = rates["the PDF"] / rates["a static file of that size"]
    say(
        f"  the PDF at {ratio:.0%} of the static file's rate ({CLIENTS} clients, {os.cpu_count()} cores)\n"
    )
    return wrong
