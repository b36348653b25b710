"""One page through all stages, keeping what each stage saw: what ``copydesk inspect`` shows."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from copydesk import Article, Claim, Pipeline, Quote, borders, gate, open_regular, stages, verdicts
from copydesk.choose import explained
from copydesk.documents import Document
from copydesk.errors import PageError, PluginError, SettingsError
from copydesk.files import is_remote, local
from copydesk.labels import Label, Verdict
from copydesk.listing import shown
from copydesk.model import Fault, Ignored, Location, Page
from copydesk.process import media_type_of
from copydesk.remote_errors import refused
from copydesk.values import Status


@dataclass(slots=True)
class Trace:
    """What became of a page, as far as it came; ``error`` is what stopped it, None for an article. ``unread``: its source gave none."""

    page: Page
    document: Document | None = None
    extractor: str = ""
    labels: tuple[Label, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    article: Article | None = None
    quotes: tuple[Quote, ...] = ()
    """All that were proposed; the article has those that stayed."""
    dropped: tuple[stages.Dropped, ...] = ()
    """The others, each with the one that it gave way to."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Time in each plugin."""
    error: PageError | PluginError | None = None
    unread: bool = False

    @property
    def status(self) -> Status:
        """What a run would make of the page."""
        if self.error is None:
            return Status.WRITTEN
        return self.error.status if isinstance(self.error, PageError) else Status.QUARANTINED


    def lost(self) -> list[tuple[Claim, str]]:
        """The claims that were not chosen, by rank, each with the reason that the core gives for it."""
        if self.document is None or self.article is None:
            return []
        by_core, reasons = explained(self.document, self.article.claims)
        chosen = set(map(id, self.article.metadata.chosen))
        ours = by_core == self.article.metadata
        lost = [(claim, reasons.get(index, "") if ours else "not taken by the plugin that chose")
                for index, claim in enumerate(self.article.claims) if id(claim) not in chosen]
        return sorted(lost, key=lambda item: item[0].rank)


def follow(pipeline: Pipeline, page: Page) -> Trace:
    """All stages of a page, as `Pipeline.process` calls them."""
    trace = Trace(page)
    try:
        _stages(pipeline, trace)
    except (PageError, PluginError) as error:
        trace.error = error
    trace.seconds = dict(pipeline.plugins.seconds)
    return trace


def _stages(pipeline: Pipeline, trace: Trace) -> None:
    gate.check(trace.page, pipeline.settings.limits)
    trace.extractor, trace.document = stages.extracted(pipeline.plugins, trace.page, pipeline.settings.limits)
    trace.labels = stages.label(pipeline.plugins, trace.document)
    metadata, claims = stages.describe(pipeline.plugins, trace.document, trace.labels)
    trace.article = stages.clean(trace.document, trace.labels, metadata, claims)
    trace.verdicts = tuple(verdicts.settle(trace.document.blocks, trace.labels, metadata))
    stages.accept(trace.article, pipeline.settings)
    indirect = pipeline.settings.content.indirect_quotes
    trace.quotes = stages.propose_quotes(pipeline.plugins, trace.article, indirect)
    quotes, trace.dropped = stages.settled(trace.quotes, indirect)
    trace.article = replace(trace.article, quotes=quotes)


def inspect(pipeline: Pipeline, source: str, url: str | None = None, number: int = 1) -> Trace:
    """The trace of the page of a file or of an object in a store, or of standard input (``-``); ``number`` counts a file's pages from 1.

    Raises:
        SettingsError: there is no such file, object or page, or no plugin reads it.
        DatasetError: an object cannot be read.
    """
    if source == "-":
        content = sys.stdin.buffer.read()
        return follow(pipeline, Page(content, media_type_of(content), "-", url=url))
    page = _nth(pipeline, _location(local(source)), number)
    if isinstance(page, Fault):
        return Trace(Page(b"", source_path=page.source_path, url=page.url), error=PageError("source", page.code, page.message, page.status),
                     unread=True)
    return follow(pipeline, replace(page, url=url) if url else page)


def _location(source: str) -> Location:
    """Where a page is, with its size."""
    if not is_remote(source) and not Path(source).is_file():  # a FIFO is not opened
        raise SettingsError(f"{source} is no regular file")
    try:
        with open_regular(source) as file:
            return Location(source, shown(source.rstrip("/").rpartition("/")[2]), file.seek(0, os.SEEK_END))
    except (FileNotFoundError, IsADirectoryError) as error:
        if isinstance(error, FileNotFoundError):
            raise SettingsError(f"{source} does not exist: there is no such object, or no such bucket") from error
        raise SettingsError(f"{source} is no object: name one page") from error
    except OSError as error:
        if not is_remote(source):
            raise
        raise refused(source, "read", error) from error


def _nth(pipeline: Pipeline, location: Location, number: int) -> Page | Fault:
    planned = borders.ranges(pipeline.plugins, location)
    if planned is None:
        raise SettingsError(f"no plugin reads {location.source_path}; there is {_readers(pipeline)}")
    seen = 0
    for source_range in planned:
        for item, _ in borders.items(pipeline.plugins, source_range) or ():
            if isinstance(item, Ignored):
                continue
            seen += 1
            if seen == number:
                return item
    raise SettingsError(f"{location.source_path} has {seen} pages, there is no page {number}")


def _readers(pipeline: Pipeline) -> str:
    """The plugins that read files, each with the first line of its hook's docstring."""
    told = pipeline.plugins.described("plan_source")
    return "; ".join(f"{name}: {text}" if text else name for name, text in told.items()) or "no plugin that reads files"
