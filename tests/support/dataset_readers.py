"""Readers in processes of their own: they read a dataset again and again while runs are killed, and note every fault.

    python dataset_readers.py commit|glob OUTPUT NOTES

Ends when its standard input does; ``NOTES`` then holds a JSON object: reads, faults.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from support import dataset_oracle
from support.fault_runs import environment, python_path
from support.places import TESTS

READERS: dict[str, Callable[[Path], list[str]]] = {"commit": dataset_oracle.commit_faults, "glob": dataset_oracle.glob_faults}


@dataclass(slots=True)
class Reader:
    """A reading process."""

    kind: str
    notes: Path
    process: subprocess.Popen[bytes]

    def end(self) -> tuple[int, list[str]]:
        """End it: how often it has read, and the faults it met."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(timeout=120) == 0, f"the reader ({self.kind}) failed"
        told = json.loads(self.notes.read_text(encoding="utf-8"))
        return int(told["reads"]), list(told["faults"])


def start(kind: str, output: Path, notes: Path) -> Reader:
    """Start a reader; ``kind`` is a key of `READERS`."""
    command = [sys.executable, "-B", "-m", "support.dataset_readers", kind, str(output), str(notes)]
    return Reader(kind, notes, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                                 env=environment(PYTHONPATH=python_path(TESTS))))


def main() -> None:
    """Read until standard input ends."""
    kind, output, notes = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    done = threading.Event()

    def wait() -> None:
        sys.stdin.buffer.read()
        done.set()

    threading.Thread(target=wait, daemon=True).start()
    reads, faults = 0, list[str]()
    os.nice(10)  # the runs come first
    while not done.wait(0.03):
        if any(output.glob("data/*")):
            faults += READERS[kind](output)
            reads += 1
    notes.write_text(json.dumps({"reads": reads, "faults": faults}), encoding="utf-8")


if __name__ == "__main__":
    main()
