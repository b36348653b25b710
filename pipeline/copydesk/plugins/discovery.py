"""Find plugins: the core's own, installed ones by entry point, files and modules by name; and what their code hashes to."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, distributions, entry_points
from pathlib import Path
from types import ModuleType

from copydesk import hookspecs
from copydesk.errors import PluginError, SettingsError

GROUP = hookspecs.PROJECT
FAILURES = (Exception, SystemExit)
"""What a plugin's code may raise that is the plugin's error: one that calls `sys.exit` does not end the command."""
CORE = "core"


@dataclass(frozen=True, slots=True)
class FoundPlugin:
    """A plugin that is not yet set up: its name, module, where it came from, its version."""

    name: str
    module: ModuleType
    origin: str
    version: str


def core() -> Iterator[FoundPlugin]:
    """The core itself."""
    module = importlib.import_module("copydesk.stages.proposals.core_plugin")
    yield FoundPlugin(CORE, module, "copydesk", _version("copydesk"))


def installed_names() -> list[str]:
    """Names of the plugins that installed distributions announce, loadable or not."""
    return sorted(point.name for point in entry_points(group=GROUP))


def installed(disabled: Collection[str]) -> Iterator[FoundPlugin]:
    """The plugins of installed distributions, but the disabled ones, by name.

    Raises:
        PluginError: one cannot be loaded.
    """
    points: list[EntryPoint] = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return (_announced(point) for point in points if point.name not in disabled)


def _announced(point: EntryPoint) -> FoundPlugin:
    try:
        module = point.load()
    except FAILURES as error:
        raise PluginError(point.name, "", f"cannot be loaded from {point.value}: {type(error).__name__}: {error}; "
                                          f"mend or uninstall it, or disable = [{point.name!r}]") from error
    distribution = point.dist.name if point.dist else "?"
    return FoundPlugin(point.name, module, distribution, point.dist.version if point.dist else "")


def find(given: str, base: str = "") -> FoundPlugin:
    """One plugin: an installed one by its name (or by its module's), else a ``.py`` file or an importable module.

    Raises:
        PluginError: it cannot be loaded.
        SettingsError: the file does not exist.
    """
    points = sorted((point for point in entry_points(group=GROUP) if given in (point.name, point.value)), key=lambda point: point.name)
    return _announced(points[0]) if points else named(given, base)


def named(entry: str, base: str) -> FoundPlugin:
    """The plugin of a ``.py`` file, relative to ``base``, or of an importable module.

    Raises:
        PluginError: it cannot be loaded.
        SettingsError: the file does not exist.
    """
    if entry.endswith(".py"):
        path = (Path(base) / entry).resolve()
        return FoundPlugin(path.stem, _module_from_file(path), str(path), "")
    try:
        module = importlib.import_module(entry)
    except FAILURES as error:
        raise PluginError(entry, "", f"cannot be imported: {type(error).__name__}: {error}") from error
    return FoundPlugin(entry.rpartition(".")[2], module, entry, getattr(module, "__version__", ""))


def _module_from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise SettingsError(f"plugin file {path} does not exist")
    name = f"copydesk_file_plugin_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError(path.stem, "", f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pydantic look their module up
    try:
        spec.loader.exec_module(module)
    except FAILURES as error:
        raise PluginError(path.stem, "", f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
    return module


def _version(distribution: str) -> str:
    return next((d.version for d in distributions(name=distribution)), "")
