"""The result of a page: the rows of an article by table, or one row of ``rejects``."""

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
"""The stage that a reject names when no stage of the pipeline, but something around it, stopped the page."""


@dataclass(frozen=True, slots=True)
class ArticleKey:
    """The facts that decide whether an article is new.

    Attributes:
        article_id: the id of the article.
        text_sha256: the hash of its text, in hexadecimal.
        captured: when the page was captured; None when nothing says so.
    """

    article_id: str
    text_sha256: str
    captured: datetime | None


@dataclass(frozen=True, slots=True)
class PageResult:
    """The outcome of a page, small enough to pass between processes: it holds neither the document nor the article.

    Attributes:
        status: what became of the page.
        batches: the article's rows by table. Each value is an Arrow IPC message of one record batch, without the schema.
        seconds: the time spent in each plugin.
        skipped: how often each plugin failed on this page and was passed over.
        key: the facts that decide whether the article is new; None when there is no article.
        reject: the row of ``rejects``; None for an article.
    """

    status: Status
    batches: dict[str, bytes] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    key: ArticleKey | None = None
    reject: Row | None = None


def article_rows(article: Article, fingerprint: str) -> dict[str, list[Row]]:
    """Return the rows of an article in the core's tables."""
    return {
        "articles": [plain(article_row(article, fingerprint))],
        "quotes": [plain(row) for row in quote_rows(article)],
        "removals": [plain(row) for row in removal_rows(article)],
        "claims": [plain(row) for row in claim_rows(article)],
    }


def quarantined(page: Page, stage: str, code: str, message: str, plugin: str = "") -> PageResult:
    """Return the outcome of a page that cannot be processed to its end."""
    reject = page_reject(page, stage, code, message, plugin=plugin)
    return PageResult(Status.QUARANTINED, reject=plain(reject_row(reject)))


def over_limit(page: Page, code: str, limits: LimitSettings, at_work: tuple[str, str] = ("", "")) -> PageResult:
    """Return the outcome of a page that exceeded a limit.

    Args:
        page: the page.
        code: the code of the limit (`copydesk.rows.limit_codes`).
        limits: the limits of the run.
        at_work: the plugin and the hook that were running; two empty strings when none was.
    """
    return died(page, code, limit_message(code, limits), at_work)


def died(page: Page, code: str, message: str, at_work: tuple[str, str]) -> PageResult:
    """Return the outcome of a page whose process died or was killed. ``at_work`` is as for `over_limit`."""
    plugin, hook = at_work
    return quarantined(page, PROCESS, code, f"{message}{f' (in plugin {plugin!r}, hook {hook})' if plugin else ''}", plugin)
