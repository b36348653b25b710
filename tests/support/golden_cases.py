"""What the case of a folder expects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write(folder: Path, expected: dict[str, Any]) -> None:
    """Write what a case expects."""
    (folder / "ferry/expected.json").write_text(json.dumps(expected), encoding="utf-8")


def read(folder: Path) -> dict[str, Any]:
    """Read what a case expects."""
    found: dict[str, Any] = json.loads((folder / "ferry/expected.json").read_text(encoding="utf-8"))
    return found
