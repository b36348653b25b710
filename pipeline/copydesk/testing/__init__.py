"""What tests of plugins need: pages, documents and articles in one line, and a check of a whole plugin."""

from copydesk.testing.builders import article, document, page
from copydesk.testing.check import check_plugin
from copydesk.testing.findings import Check, Finding, PluginCheck

__all__ = [
    "Check",
    "Finding",
    "PluginCheck",
    "article",
    "check_plugin",
    "document",
    "page",
]
