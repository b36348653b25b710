"""The hooks of copydesk, as pluggy specifications (https://pluggy.readthedocs.io).

A plugin is a module with functions of these names that are marked ``@copydesk.hookimpl``. It may have a class ``Plugin`` with such
methods instead; the core makes one instance of it, with its validated settings. A plugin may leave out arguments that it does not
need. Plugins propose; the core decides and records.
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
"""The project name that pluggy finds hooks and specifications by."""
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec(firstresult=True)
def plan_source(location: Location) -> Iterable[SourceRange] | None:
    """Split a file into ranges of bounded size. Return None when the plugin does not read its format.

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
    """Read the pages of a range, in order. Return None when the plugin does not read its format.

    Yield a `Fault` for a place that cannot be read, and go on behind it. Yield `Ignored` for a record that is never a page: the run counts
    it and writes no row.

    ``limits`` are the settings' ``[limits]``: hold no more than ``page_bytes`` of a page in memory. Open files with
    `copydesk.open_regular`, which takes local paths and URLs of object stores.

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
    """Turn a page into a document with *all* its text blocks. Return None when the plugin does not read such pages.

    ``limits`` are the settings' ``[limits]``. Raise `PageError`, with a code that names the limit, when the page is beyond one.

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
    """Say what blocks are, or parts of a block's text. The core combines the labels of all plugins.

    Labels that vote to remove a block reinforce each other, whatever their reasons. The core removes the block when together they reach at
    least 0.5 and outweigh the labels with the reason ``article``.

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
    """Name candidates for metadata fields, each with its place on the page. ``labels`` are the labels of all plugins.

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
    """Choose the value of each metadata field among the claims. Return None to leave the choice to the next plugin.

    The core is asked last: it takes the most trusted plausible claim of each field.

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
    """Find quotations in the body of an article. With ``indirect``, find reported speech without quotation marks too.

    Quotes of several plugins may overlap: the core keeps the surer one.

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
    """Add tables to the dataset. Their rows belong to articles, by ``article_id``. The core asks once, when a run starts.

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
    """Receive the report of a finished run, after its commits, in the parent process. Only this hook may use the network.

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
