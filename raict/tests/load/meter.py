"""What a measure needs: processor seconds by process tree, percentiles, and how fast this machine is."""

import os
import platform
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(root: int) -> float:
    """Spent so far by a process and everything below it, those that have ended included."""
    children = defaultdict(list)
    spent = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name, in brackets, may hold spaces: what follows it is counted from its end.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        pid = int(folder.name)
        children[int(fields[1])].append(pid)
        # utime, stime, and both of the children that were waited for
        spent[pid] = sum(map(int, fields[11:15])) / _TICKS
    total, pids = 0.0, [root]
    while pids:
        pid = pids.pop()
        total += spent.get(pid, 0.0)
        pids += children[pid]
    return total


def python_loop() -> float:
    """Seconds of a fixed piece of pure Python: two machines, or two hours, compare by it."""
    start = time.perf_counter()
    total = 0
    for number in range(5_000_000):
        total += number * number % 7
    return time.perf_counter() - start


def percentile(values: Sequence[float], share: int) -> float:
    """The value that `share` per cent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def machine() -> str:
    """Processors, system, Python and how busy it was in the last minute."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return (
        f"{len(os.sched_getaffinity(0))} × {names[0] if names else platform.machine()}, "
        f"Linux {platform.release()}, Python {platform.python_version()}, "
        f"load average {os.getloadavg()[0]:.1f}"
    )
