"""Set plugins up, call their hooks in order, and name the plugin that failed."""

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
from copydesk.plugins.order import check_names, is_spec, ordered
from copydesk.settings.plugin_files import SettingsFile, SettingsFiles
from copydesk.settings.schema import LimitSettings, Settings, check

GIVES = {"plan_source": "SourceRange", "open_source": "Page and Fault", "label_blocks": "Label", "propose_metadata": "Claim",
         "propose_quotes": "Quote", "tables": "Table"}
"""Hooks whose result is an iterable, and the types of its items."""
CORE_FOLDER = Path(__file__).parents[1]
"""The folder of the package ``copydesk``: any file in it may change rows."""
FINGERPRINT_DIGITS = 16
"""Hex digits of a fingerprint."""


def _nowhere(plugin: str, hook: str) -> None:
    """Ignore which plugin works."""


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """A plugin that is set up.

    Attributes:
        name: its name.
        origin: the distribution, the file or the module that it came from.
        version: its version; empty when it has none.
        hooks: the sorted names of the hooks that it implements.
        digest: the hash of its files and of the files that its settings name.
    """

    name: str
    origin: str
    version: str
    hooks: tuple[str, ...]
    digest: str


@dataclass(slots=True)
class Plugins:
    """The plugins of one pipeline.

    Attributes:
        manager: the pluggy manager that holds them.
        infos: what is known about each plugin.
        skip_failing: whether a plugin that raises is skipped. Otherwise the error is passed on.
        limits: the limits that hooks with an argument ``limits`` get.
        files: the files that plugins' settings name, by their paths as given.
        seconds: the time spent in each plugin, in seconds.
        skipped: how often each plugin failed and was skipped.
        at: called with plugin and hook when a plugin begins to work, and with two empty strings when it ends.
    """

    manager: pluggy.PluginManager
    infos: tuple[PluginInfo, ...]
    skip_failing: bool = False
    limits: LimitSettings = field(default_factory=LimitSettings)
    files: dict[str, SettingsFile] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    at: Callable[[str, str], object] = _nowhere

    def each(self, hook: str, **arguments: object) -> Iterator[tuple[str, Any]]:
        """Call a hook of each plugin in order, and yield (plugin name, result). Results of None are left out.

        A hook with an argument ``limits`` gets the settings' limits. Iterable results are turned into lists here, so that errors while
        they are read count as the plugin's errors. The result of ``open_source`` is not, because its pages need not fit in memory.

        Raises:
            PluginError: a plugin raised and the settings do not say to skip it, or the result is no iterable although the hook needs one.
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
        """Count that a plugin failed and is skipped."""
        self.skipped[plugin] = self.skipped.get(plugin, 0) + 1

    @contextmanager
    def working(self, plugin: str, hook: str) -> Iterator[None]:
        """A context in which code of a plugin runs. It measures the time and calls ``at`` when the code begins and ends."""
        started = time.perf_counter()
        self.at(plugin, hook)
        try:
            yield
        finally:
            self.at("", "")
            self.seconds[plugin] = self.seconds.get(plugin, 0.0) + time.perf_counter() - started

    def first(self, hook: str, **arguments: object) -> tuple[str, Any] | None:
        """The first result of a hook that is not None, as (plugin name, result); None when no plugin answers."""
        return next(self.each(hook, **arguments), None)

    def call(self, plugin: str, hook: str, **arguments: object) -> None:
        """Call the hook of one plugin and ignore its result. A plugin without the hook is not called.

        Raises:
            PluginError: the plugin raised.
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
        """The names of the plugins that implement a hook, in the order in which they are called."""
        return tuple(name for name, _, _ in self._implementations(hook))

    def described(self, hook: str) -> dict[str, str]:
        """The first docstring line of each plugin's hook, by the plugin's name; empty when it has no docstring."""
        return {name: (getdoc(function) or "").partition("\n")[0].rstrip(".") for name, function, _ in self._implementations(hook)}

    def fingerprint(self, settings: Settings) -> str:
        """A hash of all that can change rows, as 16 hex digits.

        It covers the core, the plugins with their files, their order and settings, the limits and the content settings. Plugins that only
        implement ``run_finished`` change no rows and do not count.
        """
        digest = hashlib.sha256()
        listeners = {info.name for info in self.infos if info.hooks == ("run_finished",)}
        for info in sorted(self.infos, key=lambda item: item.name):
            if info.name not in listeners:
                digest.update(f"{info.name}\0{info.version}\0{info.digest}\0".encode())
        content = settings.model_dump_json(include={"content", "limits", "order", "plugin_settings"},
                                           exclude={"plugin_settings": listeners})
        digest.update(content.encode())
        digest.update(files_digest(CORE_FOLDER).encode())
        return digest.hexdigest()[:FINGERPRINT_DIGITS]


def _given(plugin: str, hook: str, result: Any) -> Any:
    """The result of a hook, with an iterable turned into a list, except that of ``open_source``."""
    if result is None or hook not in GIVES:
        return result
    if isinstance(result, str | bytes) or not isinstance(result, Iterable):
        raise PluginError(plugin, hook, f"returned {type(result).__name__}, not an iterable of {GIVES[hook]}")
    return result if hook == "open_source" else list(result)


def load(settings: Settings) -> Plugins:
    """Load the core's own plugin, installed plugins and those that the settings name. Give them their settings, and check their hooks.

    Raises:
        PluginError: a plugin cannot be loaded or set up, or its hooks do not fit the specifications.
        SettingsError: the settings name a plugin that does not exist, or have wrong settings for a plugin.
    """
    found = [*core(), *installed(settings.disable), *(named(entry, settings.base) for entry in settings.plugins)]
    check_names(settings, [*(item.name for item in found), *(set(settings.disable) & set(installed_names()))])
    return registered(ordered([item for item in found if item.name not in settings.disable], settings), settings)


def registered(found: Iterable[FoundPlugin], settings: Settings) -> Plugins:
    """Set up exactly these plugins, in this order of registration, with their settings.

    Raises:
        PluginError: a plugin cannot be set up, or its hooks do not fit the specifications.
        SettingsError: the settings of a plugin are wrong.
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


def _register(manager: pluggy.PluginManager, found: FoundPlugin, settings: Settings, digests: dict[Path, str],
              kept: dict[str, SettingsFile]) -> PluginInfo:
    """Give a plugin its settings and register it. The files that the settings name are added to ``kept``."""
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
                                          f"(hooks: {', '.join(n for n in vars(hookspecs) if is_spec(n))})")
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
