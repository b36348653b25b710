"""One page through all stages, and the pipeline that holds the plugins for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from copydesk import gate, stages
from copydesk.errors import PageError, PluginError
from copydesk.model import MediaType, Page
from copydesk.plugins import Plugins, load
from copydesk.settings import Settings
from copydesk.values import Article, Metadata, Outcome, Quote, Reject, Span, Status

_MARKUP = re.compile(r"<(?:!doctype|html|head|body|article|div|p|h1)\b", re.I)


def media_type_of(content: bytes) -> MediaType:
    """Whether a page that comes without a name is HTML or plain text."""
    return MediaType.HTML if _MARKUP.search(content[:65536].decode("latin-1")) else MediaType.TEXT


def lines(text: str) -> tuple[Span, ...]:
    """The lines of a text that hold more than white space: its paragraphs, where it has one a line."""
    return tuple(Span(line.start(), line.end()) for line in re.finditer(r"[^\n]+", text) if line.group().strip())


class Pipeline:
    """The stages with their plugins, ready for pages. Each instance has its own plugin manager.

    >>> import copydesk
    >>> pipeline = copydesk.Pipeline()
    >>> pipeline.find_quotes("“It rained,” said Ann Example.")[0].speaker
    'Ann Example'
    """

    def __init__(self, settings: Settings | None = None, plugins: Plugins | None = None) -> None:
        """Load the plugins of the settings, unless ``plugins`` are given: those are loaded already."""
        given = settings or Settings()
        self.plugins: Plugins = plugins or load(given)
        self.settings = given.model_copy(update={"kept_files": self.plugins.files}) if self.plugins.files else given
        self.fingerprint = self.plugins.fingerprint(self.settings)

    def process(self, page: Page) -> Outcome:
        """One page to its outcome. Never raises for what a page or a plugin does wrong: that is a reject."""
        self.plugins.seconds.clear()
        self.plugins.skipped.clear()
        try:
            article = self._article(page)
        except PageError as error:
            return self._reject(page, error.stage, error.code, error.message, error.status)
        except PluginError as error:
            return self._reject(page, error.hook, "plugin_error", str(error), Status.QUARANTINED, error.plugin)
        except RecursionError:
            return self._reject(page, "process", "recursion", "nested too deeply to process", Status.QUARANTINED)
        return Outcome(Status.WRITTEN, article=article, seconds=dict(self.plugins.seconds))

    def read(self, html_or_text: str | bytes, url: str | None = None) -> Article:
        """One page, given as HTML or plain text, to an article with its quotes.

        Raises:
            PageError: there is no article in it (``code`` says why).
            PluginError: a plugin raised.
        """
        is_text = isinstance(html_or_text, str)
        content = html_or_text.encode("utf-8", "surrogatepass") if isinstance(html_or_text, str) else html_or_text
        return self._article(Page(content, media_type_of(content), url=url, charset="utf-8" if is_text else None))

    def find_quotes(self, text: str, indirect: bool = False) -> list[Quote]:
        """The quotes of a text, one line a paragraph; offsets point into ``text`` as given."""
        article = Article(Page(b"", MediaType.TEXT), Metadata(), text, lines(text))
        return list(stages.find_quotes(self.plugins, article, indirect))

    def tables(self) -> Iterable[tuple[str, object]]:
        """(plugin, table) of the tables that plugins add."""
        for name, result in self.plugins.each("tables"):
            for table in result:
                yield name, table

    def _article(self, page: Page) -> Article:
        gate.check(page, self.settings.limits)
        document = stages.extract(self.plugins, page, self.settings.limits)
        labels = stages.label(self.plugins, document)
        metadata, claims = stages.describe(self.plugins, document, labels)
        article = stages.clean(document, labels, metadata, claims)
        stages.accept(article, self.settings)
        return replace(article, quotes=stages.find_quotes(self.plugins, article, self.settings.content.indirect_quotes))

    def _reject(self, page: Page, stage: str, code: str, message: str, status: Status, plugin: str = "") -> Outcome:
        reject = Reject(stage=stage, code=code, message=message, status=status, plugin=plugin,
                        source_path=page.source_path, source_record=page.source_record,
                        source_offset=page.source_offset, sha256=page.sha256, url=page.url)
        return Outcome(status, reject=reject, seconds=dict(self.plugins.seconds))


@lru_cache(maxsize=1)
def default_pipeline() -> Pipeline:
    """The pipeline with default settings that `read` and `find_quotes` share; made on first use, one a process."""
    return Pipeline()


def read(html_or_text: str | bytes, url: str | None = None) -> Article:
    """One page, given as HTML or plain text, to an article with its quotes, by the default pipeline.

    Raises:
        PageError: there is no article in it (``code`` says why).
        PluginError: a plugin raised.

    >>> import copydesk
    >>> page = "Ferry crews vote to strike\\n\\nCrews of the harbour ferries voted on Monday to strike from Friday, their union said."
    >>> page += "\\n\\n“We had no other choice after a year of talks,” said Ann Example, who leads the union."
    >>> copydesk.read(page).quotes[0].speaker
    'Ann Example'
    """
    return default_pipeline().read(html_or_text, url)


def find_quotes(text: str, indirect: bool = False) -> list[Quote]:
    """The quotes of a text, one line a paragraph, by the default pipeline; offsets point into ``text`` as given.

    With ``indirect`` also reported clauses that stand without marks.

    >>> import copydesk
    >>> copydesk.find_quotes("“It rained,” said Ann Example.")[0].speaker
    'Ann Example'
    """
    return default_pipeline().find_quotes(text, indirect)
