"""Check each item that a plugin returned, and write the plugin's name on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar, cast

from copydesk.errors import PluginError
from copydesk.model.metadata import Claim
from copydesk.plugins.validation import checked

T = TypeVar("T")


def signed(plugin: str, hook: str, result: Iterable[T], kind: type[T], fault: Callable[[T], str | None]) -> Iterable[T]:
    """Yield each item of a plugin's result, checked and with the plugin's name on it.

    Args:
        plugin: the name of the plugin.
        hook: the hook that returned the result.
        result: the items.
        kind: the class that the items must have.
        fault: describes what is wrong with an item; None when nothing is.

    Raises:
        PluginError: an item has another class, or something is wrong with it.
    """
    for item in result:
        if not isinstance(item, kind):
            raise PluginError(plugin, hook, f"yielded {type(item).__name__}, not {kind.__name__}")
        checked(plugin, hook, fault, item)
        yield sign(item, plugin)


def sign(item: T, plugin: str) -> T:
    """A copy of an item with the plugin's name on it."""
    if item.__class__ is Claim:  # replace() takes four times as long
        given = cast(Claim, item)
        return cast(T, Claim(given.field, given.value, given.evidence, given.rank, given.blocks, plugin))
    return replace(item, plugin=plugin)  # type: ignore[type-var]  # T is a dataclass with a plugin field here
