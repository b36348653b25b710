"""The extract stage: a page becomes a document with all its text blocks."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from copydesk.errors import PageError, PluginError
from copydesk.model.document import Document
from copydesk.model.page import Page
from copydesk.model.status import Status
from copydesk.plugins.manager import Plugins
from copydesk.plugins.validation import checked, document_fault
from copydesk.settings.schema import LimitSettings


def extract(plugins: Plugins, page: Page, limits: LimitSettings | None = None) -> Document:
    """The page's document, from the first plugin that takes it."""
    return extracted(plugins, page, limits)[1]


def extracted(plugins: Plugins, page: Page, limits: LimitSettings | None = None) -> tuple[str, Document]:
    """The plugin that took the page, and its document; what all plugins are handed of ``meta`` can only be read."""
    found = plugins.first("extract", page=page, limits=limits or LimitSettings())
    if found is None:
        raise PageError("extract", "no_extractor", f"no plugin extracts {page.media_type}", Status.QUARANTINED)
    name, document = found
    if not isinstance(document, Document):
        raise PluginError(name, "extract", f"returned {type(document).__name__}, not a Document")
    checked(name, "extract", document_fault, document)
    return name, replace(document, meta=MappingProxyType(dict(document.meta)))
