"""``copydesk dataset export``: a table as JSON lines, as CSV that no spreadsheet computes, or as IPTC ninjs."""

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
FORMULA = tuple("=+-@＝＋－＠")  # what spreadsheets take for the beginning of a formula (OWASP, CSV injection)
BREAKS = ("\t", "\r", "\n")
UNSEEN = ("".join(map(chr, (*range(0x21), *range(0x7F, 0xA1), 0xAD, 0x61C, 0x1680, 0x180E, *range(0x2000, 0x2010), *range(0x2028, 0x2030),
                            *range(0x205F, 0x2070), 0x3000, 0xFEFF))))
"""Blanks, control characters, and others that nobody sees, which a program may pass over."""
_INNER = re.compile(r"([;|\t\r\n][ \xa0\"]{0,64}+)(?=[=+\-@＝＋－＠])")
"""A formula behind what separates cells or rows, for a spreadsheet that takes something else than the comma (many do in Europe)."""


def export(output: str, table: str, form: str, to: str, commit: int | None = None) -> int:
    """Write a table of a dataset; how many rows it has.

    Raises:
        DatasetError: there is no dataset, no such commit or table, it cannot be read, or not be written there.
        SettingsError: the form does not go with the table.
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
    """A value as a cell of CSV. Text that a spreadsheet would compute gets an apostrophe before it, also where it would only if it
    took semicolons for the ends of cells; lists are JSON.

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
    """A value as JSON has it: times in UTC, as ISO 8601; bytes in hex; no number that is none."""
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
