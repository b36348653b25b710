"""Find plugins: the core's own, installed ones by entry point, files and modules by name."""

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
"""The entry point group of plugins."""
FAILURES = (Exception, SystemExit)
"""Exceptions of a plugin's code that become a `PluginError`. A plugin that calls `sys.exit` does not end the program."""
CORE = "core"
"""The name of the core's own plugin."""


@dataclass(frozen=True, slots=True)
class FoundPlugin:
    """A plugin that is loaded but has no settings yet.

    Attributes:
        name: its name.
        module: its module.
        origin: the distribution, the file or the module that it came from.
        version: its version; empty when it has none.
    """

    name: str
    module: ModuleType
    origin: str
    version: str


def core() -> Iterator[FoundPlugin]:
    """The core's own plugin."""
    module = importlib.import_module("copydesk.stages.proposals.core_plugin")
    yield FoundPlugin(CORE, module, "copydesk", _version("copydesk"))


def installed_names() -> list[str]:
    """The sorted names of the plugins that installed distributions announce. They are not loaded, so some of them may be broken."""
    return sorted(point.name for point in entry_points(group=GROUP))


def installed(disabled: Collection[str]) -> Iterator[FoundPlugin]:
    """Load the plugins of installed distributions, sorted by name, without the disabled ones.

    Raises:
        PluginError: a plugin cannot be loaded.
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
    """Load one plugin: an installed one by its name or its module's name, else a ``.py`` file or an importable module.

    Args:
        given: the name, the path or the module.
        base: the folder that a relative path is relative to.

    Raises:
        PluginError: it cannot be loaded.
        SettingsError: the file does not exist.
    """
    points = sorted((point for point in entry_points(group=GROUP) if given in (point.name, point.value)), key=lambda point: point.name)
    return _announced(points[0]) if points else named(given, base)


def named(entry: str, base: str) -> FoundPlugin:
    """Load the plugin of a ``.py`` file, relative to ``base``, or of an importable module.

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
