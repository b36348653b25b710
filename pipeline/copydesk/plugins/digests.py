"""Hashes of plugins' code and files, for the fingerprint."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from copydesk.settings.plugin_files import SettingsFile


def module_digest(module: ModuleType, known: dict[Path, str]) -> str:
    """Hash of a plugin's code: its file, and for a package (or a built-in) the package's files and data files, each read once."""
    file = Path(module.__file__ or "")
    package = sys.modules.get(module.__name__.partition(".")[0])
    if "." in module.__name__ and package is not None and package.__file__:
        path = Path(package.__file__).parent
    else:
        path = file.parent if file.name == "__init__.py" else file
    if path not in known:
        known[path] = files_digest(path)
    return known[path]


def with_files(digest: str, files: Mapping[str, SettingsFile]) -> str:
    """A plugin's hash with those of the files that its settings name."""
    for given in sorted(files):
        digest = hashlib.sha256(f"{digest}\0{files[given].digest}".encode()).hexdigest()
    return digest


def files_digest(path: Path) -> str:
    """Hash of a file, or of all files below a folder, with their paths in it."""
    root = path.parent if path.is_file() else path
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file() and p.suffix != ".pyc")
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(root).as_posix().encode("utf-8", "surrogateescape") + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
