"""The hooks of copydesk: what a plugin can do, as pluggy specifications (https://pluggy.readthedocs.io).

A plugin is a module with functions of these names marked ``@copydesk.hookimpl``, or a module with a class
``Plugin`` that has such methods (the core makes one instance with its validated settings). A plugin may leave out
arguments it does not need. Plugins propose; the core decides and records.
"""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from copydesk.model.article import Article, Quote
from copydesk.model.document import Document
from copydesk.model.labels import Label
from copydesk.model.metadata import Claim, Metadata
from copydesk.model.page import Fault, Ignored, Location, Page, SourceRange
from copydesk.model.plugin_table import Table
from copydesk.report import RunReport
from copydesk.settings.schema import LimitSettings

PROJECT = "copydesk"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec(firstresult=True)
def plan_source(location: Location) -> Iterable[SourceRange] | None:
    """Say how to read a file: its ranges of bounded size, or None when the format is not yours.

    Example:
        >>> import copydesk
        >>> from copydesk import Location, SourceRange
        >>> @copydesk.hookimpl
        ... def plan_source(location):
        ...     return [SourceRange(location)] if location.path.endswith(".story") else None
        >>> plan_source(Location("/in/a.story", "a.story", 120))[0].location.size
        120
    """


@hookspec(firstresult=True)
def open_source(source_range: SourceRange, limits: LimitSettings) -> Iterable[Page | Fault | Ignored] | None:
    """Read the pages of a range, in order; a place that cannot be read is a `Fault`, and reading goes on behind it. What is no page by
    its nature is `Ignored`: counted, without a row.

    ``limits`` are the settings' ``[limits]``: a reader holds no more than ``page_bytes`` of a page. Open files with
    `copydesk.open_regular`: it takes local paths and URLs of object stores.

    Example:
        >>> import copydesk
        >>> from copydesk import Location, MediaType, Page, SourceRange
        >>> @copydesk.hookimpl
        ... def open_source(source_range):
        ...     if not source_range.location.path.endswith(".story"):
        ...         return None
        ...     return iter([Page(b"A line.", MediaType.TEXT, source_range.location.source_path)])
        >>> next(open_source(SourceRange(Location("/in/a.story", "a.story", 7)))).content
        b'A line.'
    """


@hookspec(firstresult=True)
def extract(page: Page, limits: LimitSettings) -> Document | None:
    """Turn a page into a document with *all* its text blocks, or None when the page is not yours.

    ``limits`` are the settings' ``[limits]``; a page beyond one raises `PageError` with a code that names it.

    Example:
        >>> import copydesk
        >>> from copydesk import Block, BlockKind, Document, MediaType, Page
        >>> @copydesk.hookimpl
        ... def extract(page):
        ...     if page.media_type is not MediaType.TEXT:
        ...         return None
        ...     lines = [line for line in page.content.decode().splitlines() if line.strip()]
        ...     return Document(page, tuple(Block(i, BlockKind.PARAGRAPH, line) for i, line in enumerate(lines)))
        >>> len(extract(Page(b"One.\\n\\nTwo.", MediaType.TEXT)).blocks)
        2
    """


@hookspec
def label_blocks(document: Document) -> Iterable[Label]:
    """Say what blocks, or characters inside a block, are. All plugins' labels are folded by the core.

    Labels of one reason reinforce each other; a block is removed when its best reason to remove outweighs
    the votes for ``article``.

    Example:
        >>> import copydesk
        >>> from copydesk import Block, BlockKind, Document, Label, Page, Reason
        >>> @copydesk.hookimpl
        ... def label_blocks(document):
        ...     for block in document.blocks:
        ...         if block.text.startswith("Listen to our podcast"):
        ...             yield Label(block.index, Reason.PROMOTION, "podcast-opening", 0.9)
        >>> page = Document(Page(b""), (Block(0, BlockKind.PARAGRAPH, "Listen to our podcast now."),))
        >>> [label.reason for label in label_blocks(page)]
        [<Reason.PROMOTION: 'promotion'>]
    """
    raise NotImplementedError


@hookspec
def propose_metadata(document: Document, labels: tuple[Label, ...]) -> Iterable[Claim]:
    """Name candidates for metadata fields, each with the place on the page that says so. ``labels`` are all labels.

    Example:
        >>> import copydesk
        >>> from copydesk import Claim, Document, Page
        >>> @copydesk.hookimpl
        ... def propose_metadata(document):
        ...     desk = document.first_meta("newsroom:desk")
        ...     if desk:
        ...         yield Claim("article_section", (desk,), "meta:newsroom:desk", rank=20)
        >>> page = Document(Page(b""), (), meta={"newsroom:desk": ("Politics",)})
        >>> next(propose_metadata(page)).value
        ('Politics',)
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def choose_metadata(document: Document, claims: tuple[Claim, ...]) -> Metadata | None:
    """Choose the value of each field among the claims, or None to leave it to the next plugin (last: the core's default).

    Example:
        >>> import copydesk
        >>> from copydesk import Claim, Document, Metadata, Page
        >>> @copydesk.hookimpl
        ... def choose_metadata(document, claims):
        ...     titles = [claim for claim in claims if claim.field == "headline"]
        ...     return Metadata(headline=titles[-1].value, chosen=(titles[-1],)) if titles else None
        >>> choose_metadata(Document(Page(b""), ()), (Claim("headline", "Storm", "meta:og:title"),)).headline
        'Storm'
    """


@hookspec
def propose_quotes(article: Article, indirect: bool) -> Iterable[Quote]:
    """Find quotations in the body; with ``indirect`` reported speech without marks too. Overlaps are resolved by the core.

    Example:
        >>> import copydesk
        >>> from copydesk import Article, Metadata, Page, Quote, QuoteKind, Span
        >>> @copydesk.hookimpl
        ... def propose_quotes(article):
        ...     start = article.body.find("[") + 1
        ...     if start:
        ...         end = article.body.index("]")
        ...         yield Quote(article.body[start:end], QuoteKind.DIRECT, start, end, pattern="brackets")
        >>> [q.text for q in propose_quotes(Article(Page(b""), Metadata(), "He said [no].", (Span(0, 13),)))]
        ['no']
    """
    raise NotImplementedError


@hookspec
def tables() -> Iterable[Table]:
    """Add tables of your own to the dataset, keyed by ``article_id``. Asked once, at start-up.

    Example:
        >>> import copydesk, pyarrow as pa
        >>> from copydesk import Table
        >>> schema = pa.schema([("article_id", pa.string()), ("words", pa.int32())])
        >>> def rows(article):
        ...     yield {"article_id": article.article_id, "words": len(article.body.split())}
        >>> @copydesk.hookimpl
        ... def tables():
        ...     return [Table("lengths", schema, rows)]
        >>> tables()[0].name
        'lengths'
    """
    raise NotImplementedError


@hookspec
def run_finished(report: RunReport) -> None:
    """Hear of a finished run, after its commits, in the parent process; the one hook that may use the network.

    Example:
        >>> import copydesk
        >>> from copydesk import RunReport
        >>> seen = []
        >>> @copydesk.hookimpl
        ... def run_finished(report):
        ...     seen.append(report.counts["written"])
        >>> run_finished(RunReport(counts={"written": 3}))
        >>> seen
        [3]
    """
