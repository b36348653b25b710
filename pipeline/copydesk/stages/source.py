"""The source stage: ask plugins how to split a file, and read the pages of each range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from copydesk.errors import CopydeskError, PluginError
from copydesk.model.page import Fault, Ignored, Location, Page, SourceRange
from copydesk.plugins.manager import Plugins
from copydesk.plugins.validation import RANGE, checked, item_fault, type_fault


def ranges(plugins: Plugins, location: Location) -> list[SourceRange] | None:
    """The ranges into which the first plugin for a file splits it; None when no plugin reads the file.

    Raises:
        PluginError: a plugin raised, or gave what its hook does not allow.
    """
    planned = plugins.first("plan_source", location=location)
    if planned is None:
        return None
    plugin, result = planned
    found = list(result)
    for each in found:
        if not isinstance(each, SourceRange):
            raise PluginError(plugin, "plan_source", f"gave {type(each).__name__}, not SourceRange")
        checked(plugin, "plan_source", _range_fault, each)
    return found


def _range_fault(item: SourceRange) -> str | None:
    return type_fault(item, RANGE)


def items(plugins: Plugins, source_range: SourceRange) -> Iterator[tuple[Page | Fault | Ignored, str]] | None:
    """Read the items of a range.

    Returns:
        Each item with its record hash, which is empty unless the item is a page; None when no plugin opens the range.

    Raises:
        PluginError: a plugin raised, or gave what its hook does not allow; also later, while the items are read.
    """
    opened = plugins.first("open_source", source_range=source_range)
    return None if opened is None else _items(*opened, source_range)


def _items(plugin: str, result: Iterable[object], source_range: SourceRange) -> Iterator[tuple[Page | Fault | Ignored, str]]:
    try:
        for item in result:
            if not isinstance(item, Page | Fault | Ignored):
                raise PluginError(plugin, "open_source", f"yielded {type(item).__name__}, not Page, Fault or Ignored")
            wrong = item_fault(item)
            if wrong:
                raise PluginError(plugin, "open_source", wrong)
            yield item, item.record_hash if isinstance(item, Page) else ""
    except CopydeskError:
        raise
    except (Exception, SystemExit) as error:
        message = f"{type(error).__name__}: {error} ({source_range.location.source_path})"
        raise PluginError(plugin, "open_source", message) from error
