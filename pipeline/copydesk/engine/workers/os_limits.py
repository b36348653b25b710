"""Limits that the operating system enforces on a child process, in addition to the watch (`copydesk.engine.workers.watch`).

The watch checks a child every few hundredths of a second. The operating system does two things that the watch cannot do:

- It refuses one huge allocation at once (RLIMIT_DATA, Linux only), so that the page's own code gets a `MemoryError`.
- It ends a loop in C code after its CPU time, even when the parent is gone (RLIMIT_CPU).

All limits are soft limits, which move with each page and never exceed the hard limits of an administrator.
"""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]  # only the watch limits children there
SPARE_SECONDS = 10.0
"""Added to the limit of CPU time, so that the watch acts first. The operating system acts only when the parent is gone."""
SPARE_BYTES = 256_000_000
"""Added to the limit of memory. RLIMIT_DATA counts memory that threads and allocators reserve but never use; the watch does not count it
and is exact."""
_DATA = re.compile(r"^VmData:\s{1,9}(\d{1,18}) kB", re.M)


def allow_memory(size: int) -> None:
    """Let the process allocate ``size`` bytes more than it has now, and `SPARE_BYTES`. Beyond that an allocation fails.

    This has an effect only where the system counts these bytes (Linux).
    """
    held = _data_bytes()
    if resource is not None and held is not None:
        _soften(resource.RLIMIT_DATA, held + size + SPARE_BYTES)


def free_memory() -> None:
    """Remove the limit of `allow_memory`, so that copydesk's own code can report what happened."""
    if resource is not None and sys.platform == "linux":
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def allow_cpu(seconds: float) -> None:
    """Let the process use ``seconds`` of CPU time from now on, and `SPARE_SECONDS`. Beyond that the system ends it (SIGXCPU)."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _soften(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + seconds + SPARE_SECONDS))


def plain_allocator() -> None:
    """Make Arrow use the allocator of the system. Arrow's own allocators reserve a gigabyte at once, which counts against the limit."""
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())


def leave_no_core() -> None:
    """Write no core files: they are large, and hold text from pages."""
    if resource is not None:
        _soften(resource.RLIMIT_CORE, 0)


def _soften(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    resource.setrlimit(which, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _data_bytes() -> int | None:
    """Return the bytes that Linux counts against RLIMIT_DATA; None on other systems."""
    if sys.platform != "linux":
        return None
    try:
        found = _DATA.search(Path("/proc/self/status").read_text(encoding="ascii", errors="replace"))
    except OSError:
        return None
    return int(found.group(1)) * 1024 if found else None
