"""What the system holds a process to when nobody watches it."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

resource = pytest.importorskip("resource", reason="this system has no limits of processes")


def ended(code: str) -> subprocess.CompletedProcess[str]:
    """A process that ran this code."""
    return subprocess.run([sys.executable, "-c", f"from copydesk.engine.workers import os_limits as limits\n{code}"],
                          capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("loop", ["while True: pass", "import re; re.match('(a+)+$', 'a' * 60 + 'b')"])
def test_a_loop_ends_after_its_cpu_time_without_a_watch(loop: str) -> None:
    """In C code too, with the interpreter's lock held."""
    found = ended(f"limits.allow_cpu(0.2 - limits.SPARE_SECONDS)\n{loop}")
    assert found.returncode == -signal.SIGXCPU


def test_cpu_time_is_given_anew() -> None:
    """Each time counts from what is used by then; the system counts in whole seconds."""
    found = ended("import resource, time\nlimits.allow_cpu(30)\nfirst = resource.getrlimit(resource.RLIMIT_CPU)[0]\n"
                  "while time.process_time() < 1.2: pass\n"
                  "limits.allow_cpu(30)\nprint(resource.getrlimit(resource.RLIMIT_CPU)[0] - first)")
    assert int(found.stdout) in (1, 2)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what RLIMIT_DATA limits")
def test_a_huge_allocation_fails_until_the_limit_is_taken_away() -> None:
    found = ended("limits.allow_memory(1_000_000)\nsize = 2 * limits.SPARE_BYTES\n"
                  "try: bytearray(size)\nexcept MemoryError: print('refused')\n"
                  "bytearray(size // 4)\nlimits.free_memory()\nbytearray(size)\nprint('given')")
    assert (found.stdout.split(), found.stderr) == (["refused", "given"], "")


def test_no_core_is_left() -> None:
    found = ended("import resource\nlimits.leave_no_core()\nprint(resource.getrlimit(resource.RLIMIT_CORE)[0])")
    assert found.stdout.strip() == "0"


def test_a_hard_limit_stands() -> None:
    found = ended("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (50, 50))\nlimits.allow_cpu(1000)\n"
                  "print(resource.getrlimit(resource.RLIMIT_CPU))")
    assert found.stdout.strip() == "(50, 50)"
