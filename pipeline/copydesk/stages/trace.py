"""Take a page through the stages in order: gate, extract, label, describe, clean, accept, quotes. Only this module knows the order.

`follow` keeps the result of each stage. `copydesk.Pipeline` takes the outcome from it, ``copydesk inspect`` shows all of it, and
``copydesk plugins check`` tests plugins with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from copydesk.errors import PageError, PluginError
from copydesk.metadata.choice import explained
from copydesk.model.article import Article, Quote
from copydesk.model.document import Document
from copydesk.model.labels import Label, Verdict
from copydesk.model.metadata import Claim
from copydesk.model.page import Page
from copydesk.model.status import Status
from copydesk.plugins.manager import Plugins
from copydesk.settings.schema import LimitSettings, Settings
from copydesk.stages import gate
from copydesk.stages.accept import accept
from copydesk.stages.clean import clean
from copydesk.stages.describe import describe
from copydesk.stages.extract import extracted
from copydesk.stages.label import label
from copydesk.stages.quotes import Dropped, propose_quotes, resolve_overlaps


@dataclass(slots=True)
class Trace:
    """The results of the stages for one page, up to the stage that stopped it.

    Attributes:
        page: the page.
        document: the result of the extract stage; None when the page did not get so far.
        extractor: the name of the plugin that extracted it.
        labels: all labels, in the order of plugins.
        verdicts: one for each block of the document.
        article: the article, with the quotes that stayed; None when the page did not get so far.
        quotes: all quotes that plugins proposed.
        dropped: the quotes that did not stay, each with the quote that replaced it.
        seconds: the time spent in each plugin, in seconds.
        error: the error that stopped the page; None for an article.
        unread: whether the source gave no page at all.
    """

    page: Page
    document: Document | None = None
    extractor: str = ""
    labels: tuple[Label, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    article: Article | None = None
    quotes: tuple[Quote, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    error: PageError | PluginError | None = None
    unread: bool = False

    @property
    def status(self) -> Status:
        """The status that the page has in a run."""
        if self.error is None:
            return Status.WRITTEN
        return self.error.status if isinstance(self.error, PageError) else Status.QUARANTINED

    def lost_claims(self) -> list[tuple[Claim, str]]:
        """The claims that were not chosen, sorted by rank, each with the reason."""
        if self.document is None or self.article is None:
            return []
        by_core, reasons = explained(self.document, self.article.claims)
        chosen = set(map(id, self.article.metadata.chosen))
        ours = by_core == self.article.metadata
        lost = [(claim, reasons.get(index, "") if ours else "not taken by the plugin that chose")
                for index, claim in enumerate(self.article.claims) if id(claim) not in chosen]
        return sorted(lost, key=lambda item: item[0].rank)


def follow(plugins: Plugins, settings: Settings, page: Page) -> Trace:
    """Take a page through all stages. An error of the page or of a plugin is not raised: the trace has it as ``error``.

    Args:
        plugins: the plugins of the settings.
        settings: the limits, the wanted page types, and whether indirect quotes are wanted.
        page: the page.
    """
    trace = Trace(page)
    try:
        gate.check(page, settings.limits)
        article = make_article(plugins, settings.limits, trace)
        accept(article, settings)
        add_quotes(plugins, settings.content.indirect_quotes, article, trace)
    except (PageError, PluginError) as error:
        trace.error = error
    except RecursionError:
        trace.error = PageError("process", "recursion", "nested too deeply to process", Status.QUARANTINED)
    trace.seconds = dict(plugins.seconds)
    return trace


def make_article(plugins: Plugins, limits: LimitSettings, trace: Trace) -> Article:
    """Make the article of the trace's page, still without quotes, and write the result of each stage to the trace.

    Raises:
        PageError: no plugin reads the page, or the page is beyond a limit.
        PluginError: a plugin raised, or gave what its hook does not allow.
    """
    trace.extractor, document = extracted(plugins, trace.page, limits)
    trace.document = document
    trace.labels = label(plugins, document)
    metadata, claims = describe(plugins, document, trace.labels)
    trace.article, trace.verdicts = clean(document, trace.labels, metadata, claims)
    return trace.article


def add_quotes(plugins: Plugins, indirect: bool, article: Article, trace: Trace) -> None:
    """Find the quotes of an article, and write them to the trace. With ``indirect``, find reported speech without marks too.

    Raises:
        PluginError: a plugin raised, or gave what its hook does not allow.
    """
    trace.quotes = propose_quotes(plugins, article, indirect)
    kept, trace.dropped = resolve_overlaps(trace.quotes, indirect)
    trace.article = replace(article, quotes=kept)
