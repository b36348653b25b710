"""Set plugins up, order them, call them, and say exactly which one failed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import getdoc
from pathlib import Path
from typing import Any

import pluggy

from copydesk import hookspecs
from copydesk.errors import CopydeskError, PluginError, SettingsError
from copydesk.plugins.digests import files_digest, module_digest, with_files
from copydesk.plugins.discovery import FAILURES, FoundPlugin, core, installed, installed_names, named
from copydesk.settings.plugin_files import SettingsFile, SettingsFiles
from copydesk.settings.schema import LimitSettings, Settings, check

GIVES = {"plan_source": "SourceRange", "open_source": "Page and Fault", "label_blocks": "Label", "propose_metadata": "Claim",
         "propose_quotes": "Quote", "tables": "Table"}
"""Hooks whose result is an iterable, and of what."""
CORE_FOLDER = Path(__file__).parents[1]
"""The folder of the package ``copydesk``: any file in it may change rows."""


def _nowhere(plugin: str, hook: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """A plugin as it was found: its name, where it came from, its version, its hooks and the hash of its files, those that its settings
    name too."""

    name: str
    origin: str
    version: str
    hooks: tuple[str, ...]
    digest: str


@dataclass(slots=True)
class Plugins:
    """The plugins of one pipeline: a pluggy manager, what is known about each plugin, the files that their settings name (by their
    paths as given), time spent in each, and how often each was passed over since it failed."""

    manager: pluggy.PluginManager
    infos: tuple[PluginInfo, ...]
    skip_failing: bool = False
    limits: LimitSettings = field(default_factory=LimitSettings)
    files: dict[str, SettingsFile] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    at: Callable[[str, str], object] = _nowhere
    """Is told which plugin and hook begin, and of nobody when they end."""

    def each(self, hook: str, **arguments: object) -> Iterator[tuple[str, Any]]:
        """Call a hook on each plugin in order; yields (plugin name, result), results of None left out.

        Every hook that has an argument ``limits`` gets the settings' limits. An iterable result is read to its end
        here, so that its errors are the plugin's too; that of ``open_source`` is not, for its pages need not fit in memory.

        Raises:
            PluginError: a plugin raised (unless the settings say to skip it), or gave no iterable where one is due.
        """
        arguments = {"limits": self.limits} | arguments
        for name, function, wanted in self._implementations(hook):
            try:
                with self.working(name, hook):
                    result = _given(name, hook, function(**{key: arguments[key] for key in wanted}))
            except CopydeskError:
                raise
            except FAILURES as error:
                if self.skip_failing:
                    self.skip(name)
                    continue
                raise PluginError(name, hook, f"{type(error).__name__}: {error}") from error
            if result is not None:
                yield name, result

    def skip(self, plugin: str) -> None:
        """Count that a plugin failed and is passed over, as the settings say."""
        self.skipped[plugin] = self.skipped.get(plugin, 0) + 1

    @contextmanager
    def working(self, plugin: str, hook: str) -> Iterator[None]:
        """While a plugin's code runs: its time is counted, and who watches knows whose code it is."""
        started = time.perf_counter()
        self.at(plugin, hook)
        try:
            yield
        finally:
            self.at("", "")
            self.seconds[plugin] = self.seconds.get(plugin, 0.0) + time.perf_counter() - started

    def first(self, hook: str, **arguments: object) -> tuple[str, Any] | None:
        """The first plugin's result that is not None, with the plugin's name."""
        return next(self.each(hook, **arguments), None)

    def call(self, plugin: str, hook: str, **arguments: object) -> None:
        """Call one plugin's hook, for its effect.

        Raises:
            PluginError: it raised.
        """
        for name, function, wanted in self._implementations(hook):
            if name == plugin:
                try:
                    function(**{key: arguments[key] for key in wanted})
                except FAILURES as error:
                    raise PluginError(name, hook, f"{type(error).__name__}: {error}") from error

    def _implementations(self, hook: str) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
        caller = getattr(self.manager.hook, hook)
        for implementation in reversed(caller.get_hookimpls()):
            yield implementation.plugin_name, implementation.function, implementation.argnames

    def order(self, hook: str) -> tuple[str, ...]:
        """Plugin names in the order a hook asks them."""
        return tuple(name for name, _, _ in self._implementations(hook))

    def described(self, hook: str) -> dict[str, str]:
        """The first line of the docstring of each plugin's hook, empty where there is none, by the plugin's name."""
        return {name: (getdoc(function) or "").partition("\n")[0].rstrip(".") for name, function, _ in self._implementations(hook)}

    def fingerprint(self, settings: Settings) -> str:
        """Hex digest (16) over all that can change rows: plugins with their files' hashes, order, content settings, core. One that only
        hears of finished runs changes none."""
        digest = hashlib.sha256()
        listeners = {info.name for info in self.infos if info.hooks == ("run_finished",)}
        for info in sorted(self.infos, key=lambda item: item.name):
            if info.name not in listeners:
                digest.update(f"{info.name}\0{info.version}\0{info.digest}\0".encode())
        content = settings.model_dump_json(include={"content", "limits", "order", "plugin_settings"},
                                           exclude={"plugin_settings": listeners})
        digest.update(content.encode())
        digest.update(files_digest(CORE_FOLDER).encode())
        return digest.hexdigest()[:16]


def _given(plugin: str, hook: str, result: Any) -> Any:
    """A hook's result; an iterable as a list."""
    if result is None or hook not in GIVES:
        return result
    if isinstance(result, str | bytes) or not isinstance(result, Iterable):
        raise PluginError(plugin, hook, f"returned {type(result).__name__}, not an iterable of {GIVES[hook]}")
    return result if hook == "open_source" else list(result)


def load(settings: Settings) -> Plugins:
    """Load built-in, installed and named plugins, hand them their settings, and check their hooks.

    Raises:
        PluginError: a plugin cannot be loaded or its hooks do not fit the specifications.
        SettingsError: the settings name a plugin that does not exist, or give one unknown settings.
    """
    found = [*core(), *installed(settings.disable), *(named(entry, settings.base) for entry in settings.plugins)]
    _check_names(settings, [*(item.name for item in found), *(set(settings.disable) & set(installed_names()))])
    return registered(_ordered([item for item in found if item.name not in settings.disable], settings), settings)


def registered(found: Iterable[FoundPlugin], settings: Settings) -> Plugins:
    """These plugins and no others, with their settings, in the order of registration.

    Raises:
        PluginError: one cannot be set up, or its hooks do not fit the specifications.
        SettingsError: the settings give one what it does not know.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    digests: dict[Path, str] = {}
    kept = dict(settings.kept_files)
    infos = [_register(manager, item, settings, digests, kept) for item in found]
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(str(getattr(error.plugin, "__name__", error.plugin)), "", str(error)) from error
    return Plugins(manager, tuple(infos), settings.run.on_plugin_error == "skip-plugin", settings.limits, kept)


def _check_names(settings: Settings, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SettingsError(f"two plugins are named {twice[0]!r}; disable one or rename its file")
    asked = {*settings.disable, *settings.plugin_settings, *(n for order in settings.order.values() for n in order)}
    unknown = sorted(asked - set(names))
    if unknown:
        raise SettingsError(f"no plugin named {unknown[0]!r} (there are: {', '.join(sorted(names))})")
    wrong = sorted(set(settings.order) - {hook for hook in vars(hookspecs) if _is_spec(hook)})
    if wrong:
        raise SettingsError(f"no hook named {wrong[0]!r} to order")


def _is_spec(name: str) -> bool:
    return hasattr(vars(hookspecs).get(name), f"{hookspecs.PROJECT}_spec")


def _ordered(found: list[FoundPlugin], settings: Settings) -> list[FoundPlugin]:
    """Registration order: pluggy asks the last registered first, so named plugins go before installed, the core last."""
    listed = [name for names in settings.order.values() for name in names]
    rank = {name: position for position, name in enumerate(reversed(listed), start=1)}
    return sorted(found, key=lambda item: rank.get(item.name, 0))


def _register(manager: pluggy.PluginManager, found: FoundPlugin, settings: Settings, digests: dict[Path, str],
              kept: dict[str, SettingsFile]) -> PluginInfo:
    """Hand a plugin its settings and register it. ``kept`` takes in the files that they name."""
    files = SettingsFiles(settings.base, kept)
    plugin = _instance(found, settings.plugin_settings.get(found.name, {}), files)
    kept.update(files.found)
    try:
        manager.register(plugin, found.name)
    except pluggy.PluginValidationError as error:
        raise PluginError(found.name, "", str(error)) from error
    callers = manager.get_hookcallers(plugin) or []
    for caller in callers:
        if any(i.hookwrapper or i.wrapper for i in caller.get_hookimpls() if i.plugin is plugin):
            raise PluginError(found.name, caller.name, "hook wrappers are not supported: plugins do not see each other's results")
    if not callers:
        raise PluginError(found.name, "", f"has no hooks: mark functions with @copydesk.hookimpl "
                                          f"(hooks: {', '.join(n for n in vars(hookspecs) if _is_spec(n))})")
    hooks = tuple(sorted(caller.name for caller in callers))
    digest = with_files(module_digest(found.module, digests), files.found)
    return PluginInfo(found.name, found.origin, found.version, hooks, digest)


def _instance(found: FoundPlugin, values: dict[str, Any], files: SettingsFiles) -> object:
    plugin_class = getattr(found.module, "Plugin", None)
    if plugin_class is None:
        if values:
            raise SettingsError(f"[plugins.{found.name}]: this plugin has no settings")
        return found.module
    model = getattr(plugin_class, "Settings", None)
    origin = f"[plugins.{found.name}]"
    try:
        if model is None:
            if values:
                raise SettingsError(f"{origin}: this plugin has no settings")
            instance: object = plugin_class()
        else:
            instance = plugin_class(check(model, values, origin, files))
    except CopydeskError:
        raise
    except FAILURES as error:
        raise PluginError(found.name, "", f"cannot be set up: {type(error).__name__}: {error}") from error
    return instance
