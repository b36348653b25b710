"""The outcome of a page: an article or a reject."""

from __future__ import annotations

from dataclasses import dataclass, field

from copydesk.model.article import Article
from copydesk.model.page import Fault, Page
from copydesk.model.status import Status


@dataclass(frozen=True, slots=True)
class Reject:
    """An input that was not written.

    Attributes:
        stage: the stage that stopped it, or the hook when a plugin failed.
        code: why, for programs.
        message: why, for people.
        status: what became of the input.
        plugin: the plugin that failed; empty when the core stopped the input.
        source_path: the file, relative to the input root.
        source_record: the record in the file; empty for a file that is one page.
        source_offset: the byte at which the record begins in the file; None for a file that is one page.
        sha256: hex SHA-256 of the content; None when it could not be read.
        url: the URL that the page was fetched from; None when the record has none.
    """

    stage: str
    code: str
    message: str
    status: Status
    plugin: str = ""
    source_path: str = ""
    source_record: str = ""
    source_offset: int | None = None
    sha256: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page.

    Attributes:
        status: ``WRITTEN`` for an article, else the status of the reject.
        article: the article; None for a reject.
        reject: the reject; None for an article.
        seconds: the time spent in each plugin, in seconds, by the plugin's name.
    """

    status: Status
    article: Article | None = None
    reject: Reject | None = None
    seconds: dict[str, float] = field(default_factory=dict)


def page_reject(page: Page, stage: str, code: str, message: str, status: Status = Status.QUARANTINED, plugin: str = "") -> Reject:
    """Make the reject of a page."""
    return Reject(stage=stage, code=code, message=message, status=status, plugin=plugin, source_path=page.source_path,
                  source_record=page.source_record, source_offset=page.source_offset, sha256=page.sha256, url=page.url)


def fault_reject(fault: Fault) -> Reject:
    """Make the reject of a place in a source that gives no page."""
    return Reject(stage="open_source", code=fault.code, message=fault.message, status=fault.status, source_path=fault.source_path,
                  source_record=fault.source_record, source_offset=fault.source_offset, sha256=fault.sha256, url=fault.url)
