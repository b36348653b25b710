"""An article to plain rows by table, and what is no article to a row of rejects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from numbers import Integral, Real

from copydesk import rows
from copydesk.limits_of_process import words
from copydesk.model import Fault, Page
from copydesk.rows import Row
from copydesk.settings import LimitSettings
from copydesk.values import Article, Reject, Status

_AS_IS = frozenset({type(None), bool, int, float, bytes, date, time, timedelta, Decimal})
_SURROGATE = re.compile("[\ud800-\udfff]")
PROCESS = "process"
"""The stage of what stops a page from outside."""


@dataclass(frozen=True, slots=True)
class ArticleKey:
    """What decides whether an article is new: its id, its text, and when it was captured."""

    article_id: str
    text_sha256: str
    captured: datetime | None


@dataclass(frozen=True, slots=True)
class Processed:
    """The outcome of a page; no document, no article. An article has a ``key``, all else a ``reject``.

    ``batches`` are the article's rows by table, each an Arrow IPC message of one record batch, without its schema; ``skipped`` counts by
    plugin how often one failed and was passed over.
    """

    status: Status
    batches: dict[str, bytes] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    key: ArticleKey | None = None
    reject: Row | None = None


def article_rows(article: Article, fingerprint: str) -> dict[str, list[Row]]:
    """The rows of an article in the core's tables."""
    return {
        "articles": [plain(rows.article_row(article, fingerprint))],
        "quotes": [plain(row) for row in rows.quote_rows(article)],
        "removals": [plain(row) for row in rows.removal_rows(article)],
        "claims": [plain(row) for row in rows.claim_rows(article)],
    }


def stopped(page: Page, stage: str, code: str, message: str, plugin: str = "") -> Processed:
    """The outcome of a page that something stopped."""
    reject = refusal(page, stage, code, message, plugin)
    return Processed(Status.QUARANTINED, reject=plain(rows.reject_row(reject)))


def beyond(page: Page, code: str, limits: LimitSettings, at_work: tuple[str, str] = ("", "")) -> Processed:
    """The outcome of a page that took more than a page may; ``at_work`` is the plugin and the hook that it was in."""
    return ended(page, code, words(code, limits), at_work)


def ended(page: Page, code: str, message: str, at_work: tuple[str, str]) -> Processed:
    """The outcome of a page whose process was ended, or ended by itself, in a plugin's hook or in none."""
    plugin, hook = at_work
    return stopped(page, PROCESS, code, f"{message}{f' (in plugin {plugin!r}, hook {hook})' if plugin else ''}", plugin)


def refusal(page: Page, stage: str, code: str, message: str, plugin: str = "", status: Status = Status.QUARANTINED) -> Reject:
    """The reject of a page."""
    return Reject(stage=stage, code=code, message=message, status=status, plugin=plugin, source_path=page.source_path,
                  source_record=page.source_record, source_offset=page.source_offset, sha256=page.sha256, url=page.url)


def fault_reject(fault: Fault) -> Reject:
    """The reject of a place in a source that cannot be read."""
    return Reject(stage="open_source", code=fault.code, message=fault.message, status=fault.status, source_path=fault.source_path,
                  source_record=fault.source_record, source_offset=fault.source_offset, sha256=fault.sha256, url=fault.url)


def plain(row: Mapping[str, object]) -> Row:
    """A row of Python's own types alone, so that it can leave the process, whose strings can be stored as UTF-8.

    A lone surrogate becomes U+FFFD, so that offsets stay right; a time with a zone is the same moment in UTC.

    Raises:
        TypeError: a value is of no type that a table holds.
    """
    return {str.__str__(key): _plain(value) for key, value in row.items()}


def _plain(value: object) -> object:
    if isinstance(value, str):
        text = str.__str__(value)
        return text if text.isascii() or not _SURROGATE.search(text) else _SURROGATE.sub("\ufffd", text)
    if type(value) in _AS_IS:
        return value
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _scalar(value)


def _scalar(value: object) -> object:
    """A value of a type that Python's own stands for: a subclass, another library's number, a moment."""
    if isinstance(value, datetime):
        moment = datetime(value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)  # zone next
        offset = value.utcoffset()
        return moment if offset is None else (moment - offset).replace(tzinfo=UTC)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    raise TypeError(f"{type(value).__name__} is nothing that a table holds")
