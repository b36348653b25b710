"""Turn one page into a `PageResult`: the work of a page process."""

from __future__ import annotations

import re

from copydesk.errors import PluginError
from copydesk.model.article import Article
from copydesk.model.outcome import Outcome, page_reject
from copydesk.model.page import Page
from copydesk.model.status import Status
from copydesk.pipeline import Pipeline
from copydesk.rows.arrow_batches import UnfitRowsError, packed
from copydesk.rows.article_rows import reject_row
from copydesk.rows.limit_codes import MEMORY
from copydesk.rows.page_result import PROCESS, ArticleKey, PageResult, article_rows, over_limit, quarantined
from copydesk.rows.plain_values import plain
from copydesk.rows.plugin_tables import UnfitRowError, own_batches, plugin_tables, schemas_with

_RAN_OUT = re.compile(r": (?:Arrow)?MemoryError:")
"""Found in the message of a reject when a plugin ran out of memory."""


class PageWork:
    """A pipeline, and the tables that its articles go to."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Check the plugins' tables.

        Raises:
            PluginError: a table of a plugin is invalid, or its name is taken.
        """
        self._pipeline = pipeline
        self._tables = plugin_tables(pipeline)
        self._schemas = schemas_with({table.name: table.schema for _, table in self._tables})

    def process(self, page: Page, fingerprint: str) -> PageResult:
        """Process a page to rows. No error leaves this method but `KeyboardInterrupt`; all others become a quarantined page."""
        at_work = "", ""
        try:
            return self._processed(page, fingerprint)
        except PluginError as error:
            if not isinstance(error.__cause__, MemoryError):
                return quarantined(page, error.hook, _code(error), str(error), error.plugin)
            at_work = error.plugin, error.hook
        except MemoryError:
            pass
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  # a plugin's SystemExit must not stop the pages after it
            return quarantined(page, PROCESS, "page_error", f"{type(error).__name__}: {error}")
        return over_limit(page, MEMORY, self._pipeline.settings.limits, at_work)  # the frames of the error no longer hold memory here

    def _processed(self, page: Page, fingerprint: str) -> PageResult:
        outcome = self._pipeline.process(page)
        article = outcome.article
        if article is None:
            return self._refused(page, outcome)
        try:
            batches = self._batches(article, fingerprint)
        except UnfitRowsError as error:
            return quarantined(page, "tables", "unfit_rows", f"rows do not fit their table: {error}")
        key = ArticleKey(article.article_id, article.text_sha256, page.date_captured)
        plugins = self._pipeline.plugins
        return PageResult(Status.WRITTEN, batches, dict(plugins.seconds), dict(plugins.skipped), key)  # includes the plugins' tables

    def _refused(self, page: Page, outcome: Outcome) -> PageResult:
        reject = outcome.reject or page_reject(page, PROCESS, "no_outcome", "neither an article nor a reject")
        if reject.code == "plugin_error" and _RAN_OUT.search(reject.message):  # the plugin ran out of memory
            return over_limit(page, MEMORY, self._pipeline.settings.limits, (reject.plugin, reject.stage))
        skipped = dict(self._pipeline.plugins.skipped)
        return PageResult(outcome.status, seconds=outcome.seconds, skipped=skipped, reject=plain(reject_row(reject)))

    def _batches(self, article: Article, fingerprint: str) -> dict[str, bytes]:
        made = {name: packed(found, self._schemas[name]) for name, found in article_rows(article, fingerprint).items() if found}
        return made | own_batches(self._pipeline.plugins, self._tables, article)


def _code(error: PluginError) -> str:
    return "unfit_rows" if isinstance(error, UnfitRowError) else "plugin_error"
