"""copydesk: scraped news pages in, a clean dataset out.

The public contract in one import. Plugin authors use what is listed in ``__all__`` and nothing else.
"""

from copydesk import hooks
from copydesk.changes import Changes, changes
from copydesk.charset import Decoded, decode
from copydesk.dataset import Dataset, open_dataset
from copydesk.dates import parse_when, when_at, when_on
from copydesk.documents import Block, BlockKind, Document, Element, Link, TimeElement
from copydesk.engine import run
from copydesk.errors import (
    AccountingError,
    CopydeskError,
    DatasetError,
    LockedError,
    PageError,
    PluginError,
    SettingsError,
)
from copydesk.files import open_regular
from copydesk.findings import CheckReport, Finding
from copydesk.hookspecs import hookimpl
from copydesk.html import parse as parse_html
from copydesk.identity import site_of
from copydesk.labels import Label, Reason
from copydesk.model import Fault, Ignored, JsonValue, Location, MediaType, Page, SourceRange
from copydesk.plugin_table import Table
from copydesk.process import Pipeline, find_quotes, read
from copydesk.report import RunReport
from copydesk.selecting import blocks_in, spans_in
from copydesk.settings import LimitSettings, PluginSettings, Settings
from copydesk.settings_files import SettingsFile
from copydesk.text import count_words, fold_text, inert, normalise, words
from copydesk.upkeep import Compacted, Erased, check_dataset, compact, erase
from copydesk.urls import canonicalise, is_front_page, is_public, registrable_domain, same_site
from copydesk.values import (
    Article,
    Claim,
    Field,
    Image,
    Metadata,
    Outcome,
    Person,
    Precision,
    Quote,
    QuoteKind,
    Reject,
    Removal,
    Span,
    Status,
    When,
)

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
    "When",
    "blocks_in",
    "canonicalise",
    "changes",
    "check_dataset",
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
    "normalise",
    "open_dataset",
    "open_regular",
    "parse_html",
    "parse_when",
    "read",
    "registrable_domain",
    "run",
    "same_site",
    "site_of",
    "spans_in",
    "when_at",
    "when_on",
    "words",
]
