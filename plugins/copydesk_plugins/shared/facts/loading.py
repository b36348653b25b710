"""Loads the facts that plugins ship with: TOML files in ``data/``, each with a comment on its source."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def load(name: str) -> dict[str, Any]:
    """The contents of ``data/<name>.toml``."""
    return tomllib.loads(files("copydesk_plugins").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))
