"""What a range of a source holds, read in this process; what goes wrong is a reject of the range."""

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
"""Something that came out of a range, and its record hash (a page's; else empty)."""


def read_here(plugins: Plugins, source_range: SourceRange) -> Iterator[Keyed]:
    """What a range holds, pages with their keys. A plugin that fails costs the rest of its range, and that is a reject.

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
    """The reject of what is left of a range."""
    location = source_range.location
    return Reject(stage="open_source", code=code, message=message, status=Status.QUARANTINED, plugin=plugin,
                  source_path=location.source_path, source_offset=source_range.start or None, url=source_range.url)
