"""One page to Arrow record batches: what a page process hands back, and what the engine stages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from copydesk import rows
from copydesk.errors import PluginError
from copydesk.limits_of_process import MEMORY
from copydesk.model import Page
from copydesk.page_rows import PROCESS, ArticleKey, Processed, article_rows, beyond, plain, plugin_tables, refusal, stopped
from copydesk.process import Pipeline
from copydesk.rows import Row
from copydesk.values import Article, Outcome, Status

if TYPE_CHECKING:
    import pyarrow as pa

_RAN_OUT = re.compile(r": (?:Arrow)?MemoryError:")


class PageWork:
    """A pipeline with the tables that its articles go to."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Check the plugins' tables.

        Raises:
            PluginError: one of them is not a table, or has a name that is taken.
        """
        from copydesk.staging import schemas_with

        self._pipeline = pipeline
        self._tables = plugin_tables(pipeline)
        self._schemas = schemas_with({table.name: table.schema for _, table in self._tables})

    def process(self, page: Page, fingerprint: str) -> Processed:
        """A page through the pipeline to rows. Raises only what ends the process (`KeyboardInterrupt`)."""
        try:
            return self._processed(page, fingerprint)
        except PluginError as error:
            if not isinstance(error.__cause__, MemoryError):
                return stopped(page, error.hook, "plugin_error", str(error), error.plugin)
        except MemoryError:
            pass
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  # a plugin's SystemExit must not cost the pages behind it
            return stopped(page, PROCESS, "page_error", f"{type(error).__name__}: {error}")
        return beyond(page, MEMORY, self._pipeline.settings.limits)  # here, where the error's frames hold nothing any more

    def _processed(self, page: Page, fingerprint: str) -> Processed:
        outcome = self._pipeline.process(page)
        article = outcome.article
        if article is None:
            return self._refused(page, outcome)
        seconds = dict(outcome.seconds)
        try:
            batches = self._batches(article, fingerprint, seconds)
        except UnfitRowsError as error:
            return stopped(page, "tables", "unfit_rows", f"rows do not fit their table: {error}")
        key = ArticleKey(article.article_id, article.text_sha256, page.date_captured)
        return Processed(Status.WRITTEN, batches, seconds, key)

    def _refused(self, page: Page, outcome: Outcome) -> Processed:
        reject = outcome.reject or refusal(page, PROCESS, "no_outcome", "neither an article nor a reject")
        if reject.code == "plugin_error" and _RAN_OUT.search(reject.message):  # as the plugin met it
            return beyond(page, MEMORY, self._pipeline.settings.limits)
        return Processed(outcome.status, seconds=outcome.seconds, reject=plain(rows.reject_row(reject)))

    def _batches(self, article: Article, fingerprint: str, seconds: dict[str, float]) -> dict[str, bytes]:
        made = article_rows(article, self._tables, fingerprint, seconds)
        return {name: packed(found, self._schemas[name]) for name, found in made.items() if found}


class UnfitRowsError(ValueError):
    """Rows do not fit the schema of their table."""


def packed(found: list[Row], schema: pa.Schema) -> bytes:
    """Rows as an IPC message of one record batch.

    Raises:
        UnfitRowsError: they do not fit.
    """
    import pyarrow as pa

    try:
        return bytes(pa.RecordBatch.from_pylist(found, schema).serialize())
    except (TypeError, ValueError, OverflowError, KeyError, pa.ArrowException) as error:
        if isinstance(error, MemoryError):
            raise
        raise UnfitRowsError(str(error)) from error


def unpacked(batches: Mapping[str, bytes], schemas: Mapping[str, pa.Schema]) -> dict[str, pa.RecordBatch]:
    """The record batches of IPC messages, without a copy.

    Raises:
        UnfitRowsError: there is no such table, or a message is none of it. (A plugin may give other tables in another process.)
    """
    import pyarrow as pa

    found = {}
    for name, message in batches.items():
        try:
            found[name] = pa.ipc.read_record_batch(pa.py_buffer(message), schemas[name])
            found[name].validate(full=True)  # what lies outside of its buffers would end this process later
        except MemoryError:
            raise
        except Exception as error:  # Arrow's errors have no common root: IOError is among them
            raise UnfitRowsError(f"table {name!r}: {type(error).__name__}: {error}") from error
    return found
