"""``copydesk dataset export``: write a table as JSON lines, as CSV without spreadsheet formulas, or as IPTC ninjs."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from math import isfinite
from pathlib import Path
from typing import Any, TextIO

from copydesk import DatasetError, SettingsError, inert, open_dataset
from copydesk_flows.console.exits import Exit, silence
from copydesk_flows.export.ninjs import item

Row = dict[str, Any]
FORMULA = tuple("=+-@＝＋－＠")  # a spreadsheet takes these for the beginning of a formula (OWASP, CSV injection)
BREAKS = ("\t", "\r", "\n")
"""A cell that begins with one of these gets an apostrophe, too."""
UNSEEN = ("".join(map(chr, (*range(0x21), *range(0x7F, 0xA1), 0xAD, 0x61C, 0x1680, 0x180E, *range(0x2000, 0x2010), *range(0x2028, 0x2030),
                            *range(0x205F, 0x2070), 0x3000, 0xFEFF))))
"""Blanks, control characters and other invisible characters, which a spreadsheet may skip before a formula."""
_INNER = re.compile(r"([;|\t\r\n][ \xa0\"]{0,64}+)(?=[=+\-@＝＋－＠])")
"""The separator before a formula, for a spreadsheet that separates cells by something other than the comma (many do in Europe)."""


def export(output: str, table: str, form: str, to: str, commit: int | None = None) -> int:
    """Write a table of a dataset.

    Args:
        output: the dataset.
        table: the name of the table.
        form: ``jsonl``, ``csv`` or ``ninjs``.
        to: the file to write; ``-`` for standard output.
        commit: an older commit; None for the newest.

    Returns:
        The number of rows.

    Raises:
        DatasetError: there is no such dataset, commit or table, or it cannot be read, or the file cannot be written.
        SettingsError: the form is only for articles, and the table is another one.
    """
    dataset = open_dataset(output, commit)
    if form == "ninjs" and table != "articles":
        raise SettingsError(f"ninjs is a form for articles, not for {table}")
    names = dataset.schema(table).names
    found = (row for portion in dataset.portions(table) for row in portion.to_pylist())
    with _written(to) as file:
        if form == "csv":
            return _csv(file, found, names)
        return _lines(file, found, item if form == "ninjs" else _plain)


def _lines(file: TextIO, found: Iterable[Row], form: Callable[[Row], Row]) -> int:
    count, inert_only = 0, file.isatty()
    for row in found:
        file.write(json.dumps(form(row), ensure_ascii=inert_only) + "\n")
        count += 1
    return count


def _csv(file: TextIO, found: Iterable[Row], names: Sequence[str]) -> int:
    writer = csv.writer(file)
    writer.writerow(map(cell, names))
    count, inert_only = 0, file.isatty()
    for row in found:
        cells = [cell(row[name]) for name in names]
        writer.writerow([inert(each) if inert_only and isinstance(each, str) else each for each in cells])
        count += 1
    return count


def cell(value: object) -> str | int | float:
    """Return a value as a cell of CSV. Lists become JSON.

    Text that a spreadsheet would take for a formula gets an apostrophe before it. So does a formula after a semicolon, a bar, a tab or a
    line end, which some spreadsheets take for the end of a cell.

    >>> cell("=HYPERLINK(1)"), cell(None), cell(["a"]), cell(-3), cell("a;=1")
    ("'=HYPERLINK(1)", '', '["a"]', -3, "a;'=1")
    """
    plain = _value(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, int | float):
        return plain
    text = _INNER.sub(r"\1'", plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False))
    return f"'{text}" if text.startswith(BREAKS) or text.lstrip(UNSEEN).startswith(FORMULA) else text


def _plain(row: Row) -> Row:
    return {name: _value(value) for name, value in row.items()}


def _value(value: object) -> object:
    """Return a value that JSON has: a time as ISO 8601 in UTC, bytes in hexadecimal, None for a number that is not finite."""
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
    if isinstance(value, float) and not isfinite(value):
        return None
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


@contextmanager
def _written(to: str) -> Iterator[TextIO]:
    """Open standard output, or a file that appears under its name only when all of it is written.

    Raises:
        DatasetError: the file cannot be written.
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
