"""``copydesk plugins check``: check a plugin with `copydesk.testing`, under the settings of a settings file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from copydesk import SettingsError
from copydesk.testing import PluginCheck, check_plugin
from copydesk_flows.settings.overrides import config_path, resolve


def checked(plugin: str, samples: Sequence[str], config: str | None) -> PluginCheck:
    """Check a plugin.

    Args:
        plugin: the path of a ``.py`` file, the name of an importable module, or the name of an installed plugin.
        samples: files of the format that a source plugin reads.
        config: the settings file; None for the one in the current folder, if there is one.

    Raises:
        SettingsError: there is no such file or module, or the settings are wrong.
    """
    missing = next((path for path in [*samples, *([plugin] if plugin.endswith(".py") else [])] if not Path(path).is_file()), None)
    if missing is not None:
        raise SettingsError(f"there is no file {missing}")
    if not plugin.endswith(".py") and (plugin.startswith(".") or "/" in plugin or os.sep in plugin):
        raise SettingsError(f"{plugin} is no plugin: name its .py file, or its module with dots (copydesk_word_counts.plugin)")
    settings = resolve(config_path(config))
    name = Path(plugin).stem if plugin.endswith(".py") else plugin
    try:
        return check_plugin(plugin, settings=settings.plugin_settings.get(name, {}), samples=samples, limits=settings.limits)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def told(found: PluginCheck) -> dict[str, object]:
    """Return the result of a check for programs."""
    return {"plugin": found.plugin, "ok": found.ok, "hooks": list(found.hooks), "milliseconds": dict(found.milliseconds),
            "findings": [{"check": str(each.check), "hook": each.hook, "message": each.message} for each in found.findings],
            "notes": list(found.notes)}
