"""Read a range of a source in this process. An error becomes a reject of the rest of the range."""

from __future__ import annotations

from collections.abc import Iterator

from copydesk.errors import PageError, PluginError
from copydesk.model.outcome import Reject
from copydesk.model.page import Fault, Ignored, Page, SourceRange
from copydesk.model.status import Status
from copydesk.plugins.manager import Plugins
from copydesk.stages.source import items

ReadItem = Page | Fault | Ignored | Reject
Keyed = tuple[ReadItem, str]
"""An item of a range and its record hash. The hash is empty when the item is no page."""


def read_here(plugins: Plugins, source_range: SourceRange) -> Iterator[Keyed]:
    """Yield the items of a range, each with its record hash. When a plugin fails, the last item is a reject of the rest.

    Raises:
        MemoryError: the plugin ran out of memory.
    """
    try:
        found = items(plugins, source_range)
        if found is None:
            yield range_reject(source_range, "no_source", "no plugin opens what plan_source planned"), ""
            return
        yield from found
    except PageError as error:
        yield range_reject(source_range, error.code, error.message), ""
    except PluginError as error:
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from None
        yield range_reject(source_range, "plugin_error", str(error), error.plugin), ""


def range_reject(source_range: SourceRange, code: str, message: str, plugin: str = "") -> Reject:
    """Return a reject that stands for all records of a range that were not read.

    Args:
        source_range: the range.
        code: the code of the reject.
        message: why the reading stopped.
        plugin: the plugin that failed; empty when none did.
    """
    location = source_range.location
    return Reject(stage="open_source", code=code, message=message, status=Status.QUARANTINED, plugin=plugin,
                  source_path=location.source_path, source_offset=source_range.start or None, url=source_range.url)
