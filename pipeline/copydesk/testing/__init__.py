"""What tests of plugins need: pages, documents and articles in one line, a check of a whole plugin, golden cases.

`copydesk.testing.strategies` has Hypothesis strategies, and pytest finds the fixtures of `copydesk.testing.pytest_plugin` by itself; these
two need what ``pip install copydesk[testing]`` brings, the rest does not.
"""

from __future__ import annotations

from copydesk.testing.fixtures.builders import article, document, page
from copydesk.testing.golden.cases import GoldenCase, check_golden, golden_cases, golden_faults, golden_result
from copydesk.testing.plugin_check.check import check_plugin
from copydesk.testing.plugin_check.findings import Check, Finding, PluginCheck

__all__ = [
    "Check",
    "Finding",
    "GoldenCase",
    "PluginCheck",
    "article",
    "check_golden",
    "check_plugin",
    "document",
    "golden_cases",
    "golden_faults",
    "golden_result",
    "page",
]
