"""copydesk: scraped news pages in, a clean dataset out.

This module is the public contract. Plugin authors use the names in ``__all__`` and nothing else. Names that work on datasets are loaded
when they are first used, because Arrow takes longer to load than all of the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from copydesk import hooks
from copydesk.dataset.maintenance.results import CheckReport, Compacted, Erased, Finding
from copydesk.errors import AccountingError, CopydeskError, DatasetError, LockedError, PageError, PluginError, SettingsError
from copydesk.hookspecs import hookimpl
from copydesk.html.parser import parse as parse_html
from copydesk.html.selection import blocks_in, spans_in
from copydesk.html.sniffing import opens_as_html
from copydesk.metadata.article_id import site_of
from copydesk.metadata.choice import choose_metadata
from copydesk.metadata.dates import parse_when, when_at, when_on
from copydesk.model.article import Article, Quote, QuoteKind, Removal, Span
from copydesk.model.document import Block, BlockKind, Document
from copydesk.model.labels import Label, Reason
from copydesk.model.metadata import Claim, Field, Image, Metadata, Person, Precision, When
from copydesk.model.outcome import Outcome, Reject
from copydesk.model.page import Fault, Ignored, JsonValue, Location, MediaType, Page, SourceRange
from copydesk.model.page_facts import Element, Link, TimeElement
from copydesk.model.plugin_table import Table
from copydesk.model.status import Status
from copydesk.pipeline import Pipeline, find_quotes, read
from copydesk.report import RunReport
from copydesk.settings.plugin_files import SettingsFile
from copydesk.settings.schema import LimitSettings, PluginSettings, Settings, WantedTypes, Workers
from copydesk.stages.proposals.verdicts import strongest_reasons
from copydesk.storage.files import open_regular
from copydesk.storage.locations import is_remote
from copydesk.text.charset import Decoded, decode
from copydesk.text.strings import count_words, fold_text, inert, normalise, words
from copydesk.text.urls import canonicalise, is_front_page, is_public, registrable_domain, same_site

if TYPE_CHECKING:
    from copydesk.dataset.maintenance.changes import Changes, changes
    from copydesk.dataset.maintenance.commands import check_dataset, compact, erase
    from copydesk.dataset.reading.dataset import Dataset
    from copydesk.dataset.reading.opening import open_dataset
    from copydesk.engine.run import run

__all__ = [
    "AccountingError",
    "Article",
    "Block",
    "BlockKind",
    "Changes",
    "CheckReport",
    "Claim",
    "Compacted",
    "CopydeskError",
    "Dataset",
    "DatasetError",
    "Decoded",
    "Document",
    "Element",
    "Erased",
    "Fault",
    "Field",
    "Finding",
    "Ignored",
    "Image",
    "JsonValue",
    "Label",
    "LimitSettings",
    "Link",
    "Location",
    "LockedError",
    "MediaType",
    "Metadata",
    "Outcome",
    "Page",
    "PageError",
    "Person",
    "Pipeline",
    "PluginError",
    "PluginSettings",
    "Precision",
    "Quote",
    "QuoteKind",
    "Reason",
    "Reject",
    "Removal",
    "RunReport",
    "Settings",
    "SettingsError",
    "SettingsFile",
    "SourceRange",
    "Span",
    "Status",
    "Table",
    "TimeElement",
    "WantedTypes",
    "When",
    "Workers",
    "blocks_in",
    "canonicalise",
    "changes",
    "check_dataset",
    "choose_metadata",
    "compact",
    "count_words",
    "decode",
    "erase",
    "find_quotes",
    "fold_text",
    "hookimpl",
    "hooks",
    "inert",
    "is_front_page",
    "is_public",
    "is_remote",
    "normalise",
    "open_dataset",
    "open_regular",
    "opens_as_html",
    "parse_html",
    "parse_when",
    "read",
    "registrable_domain",
    "run",
    "same_site",
    "site_of",
    "spans_in",
    "strongest_reasons",
    "when_at",
    "when_on",
    "words",
]

_ON_FIRST_USE = {
    "Changes": "copydesk.dataset.maintenance.changes",
    "Dataset": "copydesk.dataset.reading.dataset",
    "changes": "copydesk.dataset.maintenance.changes",
    "check_dataset": "copydesk.dataset.maintenance.commands",
    "compact": "copydesk.dataset.maintenance.commands",
    "erase": "copydesk.dataset.maintenance.commands",
    "open_dataset": "copydesk.dataset.reading.opening",
    "run": "copydesk.engine.run",
}
"""Public names that need Arrow, and the modules that define them."""

if not TYPE_CHECKING:  # type checkers see the imports above; they would accept every name if they saw __getattr__

    def __getattr__(name: str) -> object:
        """Load a public name that needs Arrow (PEP 562)."""
        if name not in _ON_FIRST_USE:
            raise AttributeError(f"module 'copydesk' has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(_ON_FIRST_USE[name]), name)
        return found

    def __dir__() -> list[str]:
        """All names, including those that are loaded when they are first used."""
        return sorted({*globals(), *_ON_FIRST_USE})
