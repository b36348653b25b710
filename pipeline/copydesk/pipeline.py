"""Take single pages through all stages: the pipeline with its plugins, and functions that use a default pipeline."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from copydesk.errors import PageError, PluginError
from copydesk.html.sniffing import media_type_of
from copydesk.model.article import Article, Quote, Span
from copydesk.model.metadata import Metadata
from copydesk.model.outcome import Outcome, Reject, page_reject
from copydesk.model.page import MediaType, Page
from copydesk.model.status import Status
from copydesk.plugins.manager import Plugins, load
from copydesk.settings.schema import Settings
from copydesk.stages.quotes import find_quotes as quotes_of
from copydesk.stages.trace import follow


def lines(text: str) -> tuple[Span, ...]:
    """The lines of a text that hold more than white space, as spans of the text."""
    return tuple(Span(line.start(), line.end()) for line in re.finditer(r"[^\n]+", text) if line.group().strip())


class Pipeline:
    """The stages with their plugins, ready for pages. Each instance has its own plugin manager.

    Attributes:
        plugins: the plugins.
        settings: the settings, with the files that plugins' settings name.
        fingerprint: the hash of all that can change rows.

    >>> import copydesk
    >>> pipeline = copydesk.Pipeline()
    >>> pipeline.find_quotes("“It rained,” said Ann Example.")[0].speaker
    'Ann Example'
    """

    def __init__(self, settings: Settings | None = None, plugins: Plugins | None = None) -> None:
        """Load the plugins.

        Args:
            settings: the settings; None for the defaults.
            plugins: plugins that are already loaded; None loads those of the settings.

        Raises:
            PluginError: a plugin cannot be loaded or set up, or its hooks do not fit the specifications.
            SettingsError: the settings name a plugin that does not exist, or have wrong settings for a plugin.
        """
        given = settings or Settings()
        self.plugins: Plugins = plugins or load(given)
        self.settings = given.model_copy(update={"kept_files": self.plugins.files}) if self.plugins.files else given
        self.fingerprint = self.plugins.fingerprint(self.settings)

    def process(self, page: Page) -> Outcome:
        """Process one page. An error of the page or of a plugin is not raised: the outcome is a reject then."""
        self.plugins.seconds.clear()
        self.plugins.skipped.clear()
        trace = follow(self.plugins, self.settings, page)
        if trace.error is None:
            return Outcome(Status.WRITTEN, article=trace.article, seconds=trace.seconds)
        status, reject = trace.status, _reject(page, trace.error)
        trace.error = None  # its traceback holds this frame and the trace: without the way back all of them are freed at once
        return Outcome(status, reject=reject, seconds=trace.seconds)

    def read(self, html_or_text: str | bytes, url: str | None = None) -> Article:
        """Make an article with its quotes from one page.

        Args:
            html_or_text: the page, as HTML or plain text.
            url: the URL that it was fetched from; None when that is unknown.

        Raises:
            PageError: the page is no article (``code`` says why).
            PluginError: a plugin raised.
        """
        is_text = isinstance(html_or_text, str)
        content = html_or_text.encode("utf-8", "surrogatepass") if isinstance(html_or_text, str) else html_or_text
        page = Page(content, media_type_of(content), url=url, charset="utf-8" if is_text else None)
        trace = follow(self.plugins, self.settings, page)
        error, trace.error = trace.error, None  # as in `process`
        if error is not None:
            try:
                raise error
            finally:
                del error
        assert trace.article is not None  # noqa: S101  # a trace has an error or an article
        return trace.article

    def find_quotes(self, text: str, indirect: bool = False) -> list[Quote]:
        """Find the quotes of a text. Each line is a paragraph.

        Args:
            text: the text.
            indirect: whether to find reported speech without quotation marks too.

        Returns:
            The quotes in text order. Their offsets are code points of ``text``.

        Raises:
            PluginError: a plugin raised.
        """
        article = Article(Page(b"", MediaType.TEXT), Metadata(), text, lines(text))
        return list(quotes_of(self.plugins, article, indirect))

    def tables(self) -> Iterable[tuple[str, object]]:
        """The tables that plugins add, as (plugin name, table)."""
        for name, result in self.plugins.each("tables"):
            for table in result:
                yield name, table


def _reject(page: Page, error: PageError | PluginError) -> Reject:
    if isinstance(error, PageError):
        return page_reject(page, error.stage, error.code, error.message, error.status)
    return page_reject(page, error.hook, "plugin_error", str(error), plugin=error.plugin)


@lru_cache(maxsize=1)
def default_pipeline() -> Pipeline:
    """The pipeline with default settings that `read` and `find_quotes` share. Each process makes one when it first needs it."""
    return Pipeline()


def read(html_or_text: str | bytes, url: str | None = None) -> Article:
    """Make an article with its quotes from one page, with the default settings.

    Args:
        html_or_text: the page, as HTML or plain text.
        url: the URL that it was fetched from; None when that is unknown.

    Raises:
        PageError: the page is no article (``code`` says why).
        PluginError: a plugin raised.

    >>> import copydesk
    >>> page = "Ferry crews vote to strike\\n\\nCrews of the harbour ferries voted on Monday to strike from Friday, their union said."
    >>> page += "\\n\\n“We had no other choice after a year of talks,” said Ann Example, who leads the union."
    >>> copydesk.read(page).quotes[0].speaker
    'Ann Example'
    """
    return default_pipeline().read(html_or_text, url)


def find_quotes(text: str, indirect: bool = False) -> list[Quote]:
    """Find the quotes of a text, with the default settings. Each line is a paragraph.

    Args:
        text: the text.
        indirect: whether to find reported speech without quotation marks too.

    Returns:
        The quotes in text order. Their offsets are code points of ``text``.

    Raises:
        PluginError: a plugin raised.

    >>> import copydesk
    >>> copydesk.find_quotes("“It rained,” said Ann Example.")[0].speaker
    'Ann Example'
    """
    return default_pipeline().find_quotes(text, indirect)
