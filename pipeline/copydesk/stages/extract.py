"""The extract stage: make a document with all text blocks from a page."""

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
    """The document that the first plugin for the page makes. See `extracted`."""
    return extracted(plugins, page, limits)[1]


def extracted(plugins: Plugins, page: Page, limits: LimitSettings | None = None) -> tuple[str, Document]:
    """Ask the plugins for the document of a page.

    Args:
        plugins: the plugins.
        page: the page.
        limits: the limits of the settings; None for the defaults.

    Returns:
        The name of the plugin that read the page, and its document. ``meta`` is read-only, so that plugins cannot change it.

    Raises:
        PageError: no plugin reads the page, or the page is beyond a limit.
        PluginError: a plugin raised, or gave what its hook does not allow.
    """
    found = plugins.first("extract", page=page, limits=limits or LimitSettings())
    if found is None:
        raise PageError("extract", "no_extractor", f"no plugin extracts {page.media_type}", Status.QUARANTINED)
    name, document = found
    if not isinstance(document, Document):
        raise PluginError(name, "extract", f"returned {type(document).__name__}, not a Document")
    checked(name, "extract", document_fault, document)
    return name, replace(document, meta=MappingProxyType(dict(document.meta)))
