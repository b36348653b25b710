"""``copydesk dataset export``: a table as JSON lines, as CSV that no spreadsheet computes, or as IPTC ninjs."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO

from copydesk import Dataset, DatasetError, SettingsError, open_dataset
from copydesk_flows.exits import Exit, silence
from copydesk_flows.ninjs import item

Row = dict[str, Any]
PORTION = 1_000
FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # what spreadsheets take for the beginning of a formula (OWASP, CSV injection)


def export(output: str, table: str, form: str, to: str, commit: int | None = None) -> int:
    """Write a table of a dataset; how many rows it has.

    Raises:
        DatasetError: there is no dataset, no such commit or table, or it cannot be written there.
        SettingsError: the form does not go with the table.
    """
    dataset = open_dataset(output, commit)
    if form == "ninjs" and table != "articles":
        raise SettingsError(f"ninjs is a form for articles, not for {table}")
    if table not in dataset.tables:
        raise DatasetError(f"no table named {table!r} (tables: {', '.join(dataset.tables)})")
    found = rows(dataset, table)
    with _written(to) as file:
        if form == "csv":
            return _csv(file, found, dataset, table)
        return _lines(file, found, item if form == "ninjs" else _plain)


def rows(dataset: Dataset, table: str) -> Iterator[Row]:
    """The rows of a table, a portion at a time where its files lie on this machine."""
    import pyarrow.parquet as pq

    files = [str(path) for path in dataset.files(table)]
    if not files or "://" in files[0] or table in dataset.lacks:
        for part in dataset.table(table).to_batches(PORTION):
            yield from part.to_pylist()
        return
    for file in files:
        for part in pq.ParquetFile(file).iter_batches(PORTION):
            yield from part.to_pylist()


def _lines(file: TextIO, found: Iterable[Row], form: Callable[[Row], Row]) -> int:
    count = 0
    for row in found:
        file.write(json.dumps(form(row), ensure_ascii=False) + "\n")
        count += 1
    return count


def _csv(file: TextIO, found: Iterable[Row], dataset: Dataset, table: str) -> int:
    writer = csv.writer(file)
    names = _names(dataset, table)
    writer.writerow(map(cell, names))
    count = 0
    for row in found:
        writer.writerow([cell(row[name]) for name in names])
        count += 1
    return count


def _names(dataset: Dataset, table: str) -> list[str]:
    from copydesk.tables import SCHEMAS

    return list(SCHEMAS[table].names) if table in SCHEMAS else list(dataset.table(table).schema.names)


def cell(value: object) -> str | int | float:
    """A value as a cell of CSV. Text that a spreadsheet would compute gets an apostrophe before it; lists are JSON.

    >>> cell("=HYPERLINK(1)"), cell(None), cell(["a"]), cell(-3)
    ("'=HYPERLINK(1)", '', '["a"]', -3)
    """
    plain = _value(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, int | float):
        return plain
    text = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA) or text.startswith(FORMULA) else text


def _plain(row: Row) -> Row:
    return {name: _value(value) for name, value in row.items()}


def _value(value: object) -> object:
    """A value as JSON has it: times in UTC, as ISO 8601; bytes in hex."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return _plain(value)
    if isinstance(value, list | tuple):
        return [_value(each) for each in value]
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


@contextmanager
def _written(to: str) -> Iterator[TextIO]:
    """A file that appears when all of it is written, or standard output.

    Raises:
        DatasetError: it cannot be written.
    """
    if to == "-":
        out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
        try:
            yield out
            out.flush()
        except BrokenPipeError:
            silence(sys.stdout)
            raise SystemExit(Exit.BROKEN_PIPE) from None
        finally:
            out.detach()
        return
    path = Path(to)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with new.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise DatasetError(f"cannot write {to}: {error.strerror or error}") from error
    finally:
        new.unlink(missing_ok=True)
