"""Check the plugin names that the settings use, and put found plugins into the order of registration."""

from __future__ import annotations

from collections.abc import Sequence

from copydesk import hookspecs
from copydesk.errors import SettingsError
from copydesk.plugins.discovery import FoundPlugin
from copydesk.settings.schema import Settings


def check_names(settings: Settings, names: Sequence[str]) -> None:
    """Check the settings against the names of all plugins, disabled ones included.

    Raises:
        SettingsError: two plugins have one name, or the settings name a plugin or a hook that does not exist.
    """
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SettingsError(f"two plugins are named {twice[0]!r}; disable one or rename its file")
    asked = {*settings.disable, *settings.plugin_settings, *(n for order in settings.order.values() for n in order)}
    unknown = sorted(asked - set(names))
    if unknown:
        raise SettingsError(f"no plugin named {unknown[0]!r} (there are: {', '.join(sorted(names))})")
    wrong = sorted(set(settings.order) - {hook for hook in vars(hookspecs) if is_spec(hook)})
    if wrong:
        raise SettingsError(f"no hook named {wrong[0]!r} to order")


def is_spec(name: str) -> bool:
    """Whether a name in `copydesk.hookspecs` is a hook."""
    return hasattr(vars(hookspecs).get(name), f"{hookspecs.PROJECT}_spec")


def ordered(found: list[FoundPlugin], settings: Settings) -> list[FoundPlugin]:
    """The plugins in the order of registration.

    pluggy asks the plugin that was registered last first, so plugins that ``order`` names come last here, the first one of them at the
    very end. The others keep their order: the core, installed plugins, plugins that the settings name.
    """
    listed = [name for names in settings.order.values() for name in names]
    rank = {name: position for position, name in enumerate(reversed(listed), start=1)}
    return sorted(found, key=lambda item: rank.get(item.name, 0))
