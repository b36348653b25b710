"""Read facts about input files (URL, fetch time, site) that the files do not hold themselves.

They come from an index file (CSV or JSONL), and from the named groups of a pattern that is searched in the files' paths.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from copydesk.errors import SettingsError
from copydesk.metadata.dates import parse_when
from copydesk.model.outcome import Reject
from copydesk.model.page import Location
from copydesk.model.status import Status
from copydesk.settings.schema import SourceSettings
from copydesk.storage.locations import display_path
from copydesk.text.urls import host_of

COLUMNS = ("file", "url", "fetched_at", "site")
"""The columns of an index; only ``file`` must be there."""
_FACTS = COLUMNS[1:]
"""The names that groups of the pattern may have."""
_SURROGATE = re.compile("[\ud800-\udfff]")
"""A lone surrogate: from a byte that was not UTF-8 (see `BYTES`), or from an escape in JSON."""
BYTES = "surrogateescape"
"""How bytes that are not UTF-8 are decoded: names of files may hold them; in a URL or site they make the value unusable."""
_MOST_SHOWN = 80
"""Characters of a wrong value that a message quotes."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What an index or a pattern says about a file.

    Attributes:
        url: the URL the page was fetched from; None when unknown.
        date_captured: when the page was fetched, as an aware time; None when unknown.
        site: the site that the user assigns to the page; None when unknown.
    """

    url: str | None = None
    date_captured: datetime | None = None
    site: str | None = None


@dataclass(slots=True)
class SourceIndex:
    """The index files and the pattern of a run.

    Attributes:
        pattern: searched in the paths of files; None without one in the settings.
        files: real paths of the index files; the run does not read them as pages.
        by_path: what the index files say, by the real path of the file.
        rejects: one for each fault in a row of an index file.
    """

    pattern: re.Pattern[str] | None = None
    files: set[str] = field(default_factory=set)
    by_path: dict[str, FileFacts] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)

    def facts(self, location: Location) -> FileFacts:
        """Return the facts about a file. Each fact comes from the index if it has one, else from the pattern."""
        known = self.by_path.get(location.path, FileFacts())
        if self.pattern is None:
            return known
        match = self.pattern.search(location.source_path)
        groups = match.groupdict() if match else {}
        url, site = groups.get("url"), groups.get("site")
        url = unquote(url) if url and "://" not in url else url
        captured = parse_when(groups.get("fetched_at"))
        return FileFacts(known.url or url or None, known.date_captured or (captured.instant if captured else None),
                         known.site or site or None)


def read(settings: SourceSettings, inputs: Sequence[str | Path], base: str) -> SourceIndex:
    """Read the index files that the settings name, and compile the pattern.

    Each input folder may have an index file, and so may the folder of the settings file. All that exist are read, in this order. A row
    that names no existing file, or holds an unusable URL, date or site, gives a reject; its other values count.

    Args:
        settings: the section ``[source]``.
        inputs: the inputs of the run.
        base: the folder of the settings file.

    Raises:
        SettingsError: no index file exists, one cannot be read or has no column ``file``, or the pattern is not a regular expression.
    """
    index = SourceIndex(_pattern(settings.pattern))
    if settings.index is None:
        return index
    folders = [os.fspath(given) for given in inputs if Path(given).is_dir()]
    candidates = [Path(folder, settings.index) for folder in [*folders, base]]
    found = dict.fromkeys(os.path.realpath(path) for path in candidates if path.is_file())
    if not found:
        raise SettingsError(f"[source] index: no file {', '.join(map(str, candidates))}")
    for path in found:
        index.files.add(path)
        _read_one(path, index)
    return index


def _pattern(text: str | None) -> re.Pattern[str] | None:
    if text is None:
        return None
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise SettingsError(f"[source] pattern: not a regular expression: {error}") from error
    unknown = sorted(set(pattern.groupindex) - set(_FACTS))
    if unknown or not pattern.groupindex:
        raise SettingsError(f"[source] pattern: named groups are {', '.join(_FACTS)}; there is {', '.join(unknown) or 'none'}")
    return pattern


def _read_one(path: str, index: SourceIndex) -> None:
    folder = Path(path).parent
    for place, row in _rows(path):
        file, url, fetched, site = (row.get(name) or "" for name in COLUMNS)
        named = not _SURROGATE.search(site)
        target = _target(folder, file)
        captured = parse_when(fetched)
        usable = host_of(url) is not None and not _SURROGATE.search(url)
        if target is not None:
            index.by_path[target] = FileFacts(url if usable else None, captured.instant if captured else None,
                                          site if site and named else None)
        for wrong, message in ((not file, "no file is named"),
                               (bool(file) and target is None, f"no name of a file: {file!a:.{_MOST_SHOWN}}"),
                               (bool(file) and target is not None and not os.path.lexists(target), f"there is no file {file}"),
                               (bool(url) and not usable, f"not a URL: {url:.{_MOST_SHOWN}}"),
                               (bool(fetched) and not captured, f"no date: {fetched:.{_MOST_SHOWN}}"),
                               (not named, f"no name of a site: {site!a:.{_MOST_SHOWN}}")):
            if wrong:
                index.rejects.append(Reject(
                    stage="index", code="index_row", message=message, status=Status.QUARANTINED,
                    source_path=display_path(Path(path).name), source_record=place, url=url or None))


def _target(folder: Path, file: str) -> str | None:
    """Return the real path of a file that an index names, or None when no file can have the name (it holds a NUL or lone surrogate)."""
    try:
        os.fsencode(file)
        return os.path.realpath(folder / file)
    except (ValueError, OSError):
        return None


def _rows(path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the place ("line 7") and the row for each row of an index. The file's suffix decides between JSONL and CSV."""
    reader = _json_rows if path.endswith((".jsonl", ".ndjson", ".jsonlines", ".jl")) else _csv_rows
    try:
        yield from reader(path)
    except OSError as error:
        raise SettingsError(f"[source] index {path}: {error}") from error


def _csv_rows(path: str) -> Iterator[tuple[str, dict[str, str]]]:
    with Path(path).open(encoding="utf-8-sig", errors=BYTES, newline="") as file:
        reader = csv.DictReader(file)
        try:
            named = "file" in (reader.fieldnames or ())
        except csv.Error:
            named = False
        if not named:
            raise SettingsError(f"[source] index {path}: no column 'file' (columns: {', '.join(COLUMNS)})")
        while True:
            try:
                row = next(reader, None)
            except csv.Error:  # a field is longer than the csv module allows
                row = {}
            if row is None:
                return
            yield f"line {reader.line_num}", {key: value for key, value in row.items() if isinstance(value, str)}


def _json_rows(path: str) -> Iterator[tuple[str, dict[str, str]]]:
    with Path(path).open(encoding="utf-8-sig", errors=BYTES) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            yield f"line {number}", {key: value for key, value in row.items() if isinstance(value, str)} if isinstance(row, dict) else {}
