"""What a child process may use, as far as the system can hold it to that: a second line behind `copydesk.engine.workers.watch`.

The watch looks every few hundredths of a second; the system refuses one huge allocation at once (Linux, RLIMIT_DATA), so that it is a
`MemoryError` in the page's own code, and ends a loop in C code after its CPU time even when the parent is gone (RLIMIT_CPU).
All limits are soft ones: they are moved with each page, and an administrator's hard limits stand above them.
"""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]  # the watch alone then
SPARE_SECONDS = 10.0
"""The watch comes first; this is for when there is none any more."""
SPARE_BYTES = 256_000_000
"""What is set aside by threads and allocators and never touched counts here, and not as resident memory: the watch is the exact one."""
_DATA = re.compile(r"^VmData:\s{1,9}(\d{1,18}) kB", re.M)


def allow_memory(size: int) -> None:
    """Let the process take ``size`` bytes more than it has now, and some to spare; beyond that an allocation fails. Where the system
    counts them."""
    held = _data_bytes()
    if resource is not None and held is not None:
        _soften(resource.RLIMIT_DATA, held + size + SPARE_BYTES)


def free_memory() -> None:
    """Take that limit away: what is left to do is ours."""
    if resource is not None and sys.platform == "linux":
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def allow_cpu(seconds: float) -> None:
    """Let the process use ``seconds`` of CPU time from now on, and some to spare; beyond that the system ends it (SIGXCPU)."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _soften(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + seconds + SPARE_SECONDS))


def plain_allocator() -> None:
    """Let Arrow take memory as all else does: its own allocators set aside a gigabyte at once, which counts as taken."""
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())


def leave_no_core() -> None:
    """No core files: they are large, and hold text from pages."""
    if resource is not None:
        _soften(resource.RLIMIT_CORE, 0)


def _soften(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    resource.setrlimit(which, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _data_bytes() -> int | None:
    """What Linux counts against RLIMIT_DATA; None elsewhere."""
    if sys.platform != "linux":
        return None
    try:
        found = _DATA.search(Path("/proc/self/status").read_text(encoding="ascii", errors="replace"))
    except OSError:
        return None
    return int(found.group(1)) * 1024 if found else None
