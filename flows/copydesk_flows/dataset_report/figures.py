"""The figures of ``copydesk report``: the queries in ``figures.toml``, and their results."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

from copydesk_flows.dataset_report.data import Sources

MOST = 200
"""Rows of a figure that are shown when it sets no limit of its own."""

MOST_TEXT = 300
"""Characters of a value that are shown, since text from pages may be of any length."""

ROWS_AT_ONCE = 10_000
"""Rows beyond a figure's limit are counted in portions of this size."""

WHOLE_FROM = 1000
"""Numbers from here on are shown without decimals."""


@dataclass(frozen=True, slots=True)
class Question:
    """The definition of a figure.

    Attributes:
        id: the id of the figure, which is unique.
        title: its title.
        note: a note on how to read it.
        query: its SQL.
        plot: the shape of its plot, the column of labels and the column of lengths; empty for a table alone.
        limit: how many rows are shown.
    """

    id: str
    title: str
    note: str
    query: str
    plot: tuple[str, ...] = ()
    limit: int = MOST


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the result of its query.

    Attributes:
        question: the definition of the figure.
        columns: the names of the columns.
        rows: the rows that are shown, at most ``question.limit``.
        total: the number of all rows.
    """

    question: Question
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int

    def column(self, name: str) -> list[Any]:
        """Return the values of a column."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


def questions() -> Iterator[Question]:
    """Yield the definitions of all figures, in the order of ``figures.toml``."""
    text = resources.files("copydesk_flows").joinpath("figures.toml").read_text(encoding="utf-8")
    for each in tomllib.loads(text)["figure"]:
        yield Question(each["id"], each["title"], each["note"], each["query"].strip(), tuple(each.get("plot", ())), each.get("limit", MOST))


def answer(found: Sources, question: Question) -> Figure:
    """Query the dataset for a figure."""
    result = found.connection.execute(question.query)
    columns = tuple(item[0] for item in result.description or ())
    rows = result.fetchmany(question.limit)
    total = len(rows)
    while more := result.fetchmany(ROWS_AT_ONCE):
        total += len(more)
    return Figure(question, columns, tuple(rows), total)


def shown(column: str, value: object) -> str:
    """Return a value as people read it.

    >>> shown("wire_share", 0.25), shown("articles", 12000), shown("median_words", 310.5), shown("month", None)
    ('25.0 %', '12,000', '310.5', '–')
    """
    if value is None or value != value:  # NaN differs from itself
        return "–"
    if column.endswith("_share") and isinstance(value, int | float):
        return f"{100 * value:.1f} %"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() or abs(value) >= WHOLE_FROM else f"{value:,.4g}"
    if isinstance(value, int) and column not in NUMBERS:
        return f"{value:,}"
    text = str(value)
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT - 1]}…"


def heading(column: str) -> str:
    """Return the heading of a column.

    >>> heading("articles_share"), heading("median_words")
    ('articles, share', 'median words')
    """
    return (f"{column.removesuffix('_share')}, share" if column.endswith("_share") else column).replace("_utc", " (UTC)").replace("_", " ")


NUMBERS = frozenset({"commit", "first_commit", "since_commit", "newest_commit"})
"""Columns whose numbers are names and get no thousands separators."""
