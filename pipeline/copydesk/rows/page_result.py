"""An article to plain rows by table, and what is no article to a row of rejects."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from copydesk.model.article import Article
from copydesk.model.outcome import page_reject
from copydesk.model.page import Page
from copydesk.model.status import Status
from copydesk.rows.article_rows import Row, article_row, claim_rows, quote_rows, reject_row, removal_rows
from copydesk.rows.limit_codes import limit_message
from copydesk.rows.plain_values import plain
from copydesk.settings.schema import LimitSettings

PROCESS = "process"
"""The stage of what stops a page from outside."""


@dataclass(frozen=True, slots=True)
class ArticleKey:
    """What decides whether an article is new: its id, its text, and when it was captured."""

    article_id: str
    text_sha256: str
    captured: datetime | None


@dataclass(frozen=True, slots=True)
class PageResult:
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
        "articles": [plain(article_row(article, fingerprint))],
        "quotes": [plain(row) for row in quote_rows(article)],
        "removals": [plain(row) for row in removal_rows(article)],
        "claims": [plain(row) for row in claim_rows(article)],
    }


def quarantined(page: Page, stage: str, code: str, message: str, plugin: str = "") -> PageResult:
    """The outcome of a page that something stopped."""
    reject = page_reject(page, stage, code, message, plugin=plugin)
    return PageResult(Status.QUARANTINED, reject=plain(reject_row(reject)))


def over_limit(page: Page, code: str, limits: LimitSettings, at_work: tuple[str, str] = ("", "")) -> PageResult:
    """The outcome of a page that took more than a page may; ``at_work`` is the plugin and the hook that it was in."""
    return died(page, code, limit_message(code, limits), at_work)


def died(page: Page, code: str, message: str, at_work: tuple[str, str]) -> PageResult:
    """The outcome of a page whose process was ended, or ended by itself, in a plugin's hook or in none."""
    plugin, hook = at_work
    return quarantined(page, PROCESS, code, f"{message}{f' (in plugin {plugin!r}, hook {hook})' if plugin else ''}", plugin)
