"""Hash the code and the files of plugins, for the fingerprint."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from copydesk.settings.plugin_files import SettingsFile


def module_digest(module: ModuleType, known: dict[Path, str]) -> str:
    """Hash the code of a plugin.

    Args:
        module: the plugin. For a module in a package, all files of the top-level package count, data files included.
        known: the hashes of paths that were read before. The function adds to it, so that each path is read once.
    """
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
    """Combine a plugin's hash with the hashes of the files that its settings name."""
    for given in sorted(files):
        digest = hashlib.sha256(f"{digest}\0{files[given].digest}".encode()).hexdigest()
    return digest


def files_digest(path: Path) -> str:
    """Hash a file, or all files below a folder, with their names or their paths in the folder."""
    root = path.parent if path.is_file() else path
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file() and p.suffix != ".pyc")
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(root).as_posix().encode("utf-8", "surrogateescape") + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
