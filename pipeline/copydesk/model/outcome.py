"""What became of a page: an article or a reject."""

from __future__ import annotations

from dataclasses import dataclass, field

from copydesk.model.article import Article
from copydesk.model.page import Fault, Page
from copydesk.model.status import Status


@dataclass(frozen=True, slots=True)
class Reject:
    """An input that was not written: which stage and plugin stopped it, a code for machines, a message for people."""

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
    """What became of one page: an article (``WRITTEN``) or a reject. ``seconds`` is time per plugin."""

    status: Status
    article: Article | None = None
    reject: Reject | None = None
    seconds: dict[str, float] = field(default_factory=dict)


def page_reject(page: Page, stage: str, code: str, message: str, status: Status = Status.QUARANTINED, plugin: str = "") -> Reject:
    """The reject of a page."""
    return Reject(stage=stage, code=code, message=message, status=status, plugin=plugin, source_path=page.source_path,
                  source_record=page.source_record, source_offset=page.source_offset, sha256=page.sha256, url=page.url)


def fault_reject(fault: Fault) -> Reject:
    """The reject of a place in a source that cannot be read."""
    return Reject(stage="open_source", code=fault.code, message=fault.message, status=fault.status, source_path=fault.source_path,
                  source_record=fault.source_record, source_offset=fault.source_offset, sha256=fault.sha256, url=fault.url)
