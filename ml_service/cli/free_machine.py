"""How much of this machine a run may take: processors and memory, within a container's limits."""

from __future__ import annotations

import os
from pathlib import Path

MEMINFO = Path("/proc/meminfo")
CGROUP = Path("/sys/fs/cgroup")


def n_processors() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def free_memory_bytes(*, meminfo: Path = MEMINFO, cgroup: Path = CGROUP) -> int | None:
    """What can be had without swapping; None where the system does not say."""
    amounts = [
        amount for amount in (_available(meminfo), _left_in_group(cgroup)) if amount is not None
    ]
    return min(amounts, default=None)


def _available(meminfo: Path) -> int | None:
    for line in _read(meminfo).splitlines():
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) * 1024
    return None


def _left_in_group(cgroup: Path) -> int | None:
    """Version 2 of control groups, as container runtimes use it."""
    limit, used = _read(cgroup / "memory.max").strip(), _read(cgroup / "memory.current").strip()
    if not limit.isdigit() or not used.isdigit():
        return None
    return max(0, int(limit) - int(used))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except OSError:
        return ""
