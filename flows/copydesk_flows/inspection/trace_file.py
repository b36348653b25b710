"""Read a page from a file, an object or standard input, and trace it through all stages for ``copydesk inspect``."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from copydesk import Fault, Ignored, Location, Page, PageError, Pipeline, SettingsError, is_remote, open_regular
from copydesk.operations import (
    Trace,
    display_path,
    follow,
    media_type_of,
    source_items,
    source_ranges,
    storage_refusal,
    without_file_scheme,
)


def inspect(pipeline: Pipeline, source: str, url: str | None = None, number: int = 1) -> Trace:
    """Trace a page.

    Args:
        pipeline: the pipeline.
        source: a file, the URL of an object, or ``-`` for standard input.
        url: the URL that the page was fetched from; None for what the source says.
        number: which page of the file, from 1.

    Raises:
        SettingsError: there is no such file, object or page, or no plugin reads it.
        DatasetError: an object cannot be read.
    """
    if source == "-":
        content = sys.stdin.buffer.read()
        return follow(pipeline.plugins, pipeline.settings, Page(content, media_type_of(content), "-", url=url))
    page = _nth(pipeline, _location(without_file_scheme(source)), number)
    if isinstance(page, Fault):
        return Trace(Page(b"", source_path=page.source_path, url=page.url), error=PageError("source", page.code, page.message, page.status),
                     unread=True)
    return follow(pipeline.plugins, pipeline.settings, replace(page, url=url) if url else page)


def _location(source: str) -> Location:
    """Return the location of a file or object, with its size."""
    if not is_remote(source) and not Path(source).is_file():  # opening a FIFO would wait
        raise SettingsError(f"{source} is no regular file")
    try:
        with open_regular(source) as file:
            return Location(source, display_path(source.rstrip("/").rpartition("/")[2]), file.seek(0, os.SEEK_END))
    except (FileNotFoundError, IsADirectoryError) as error:
        if isinstance(error, FileNotFoundError):
            raise SettingsError(f"{source} does not exist: there is no such object, or no such bucket") from error
        raise SettingsError(f"{source} is no object: name one page") from error
    except OSError as error:
        if not is_remote(source):
            raise
        raise storage_refusal(source, "read", error) from error


def _nth(pipeline: Pipeline, location: Location, number: int) -> Page | Fault:
    """Return the nth page of a file, or the fault in its place."""
    planned = source_ranges(pipeline.plugins, location)
    if planned is None:
        raise SettingsError(f"no plugin reads {location.source_path}; there is {_readers(pipeline)}")
    seen = 0
    for source_range in planned:
        for item, _ in source_items(pipeline.plugins, source_range) or ():
            if isinstance(item, Ignored):
                continue
            seen += 1
            if seen == number:
                return item
    raise SettingsError(f"{location.source_path} has {seen} pages, there is no page {number}")


def _readers(pipeline: Pipeline) -> str:
    """Name the plugins that read files, each with the first line of its hook's docstring."""
    told = pipeline.plugins.described("plan_source")
    return "; ".join(f"{name}: {text}" if text else name for name, text in told.items()) or "no plugin that reads files"
