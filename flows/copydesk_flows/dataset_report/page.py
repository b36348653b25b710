"""``copydesk report``: describe a dataset on one page for the browser."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import isfinite
from typing import TYPE_CHECKING

from copydesk import is_remote
from copydesk_flows.dataset_report.data import Sources, sources
from copydesk_flows.dataset_report.figures import Figure, answer, heading, questions, shown
from copydesk_flows.dataset_report.plots import MOST_BARS, plot
from copydesk_flows.web.pages import render

if TYPE_CHECKING:
    from markupsafe import Markup

HEAD = """
SELECT count(*) AS articles, count(DISTINCT domain) AS sites, (SELECT count(*) FROM quotes) AS quotes,
       (SELECT count(*) FROM removals) AS removals, (SELECT count(*) FROM rejects) AS rejects,
       avg((credit_text IS NOT NULL)::INT) AS wire_share, avg((page_type = 'stub')::INT) AS stubs_share,
       strftime(min(date_published) AT TIME ZONE 'UTC', '%Y-%m-%d') AS first,
       strftime(max(date_published) AT TIME ZONE 'UTC', '%Y-%m-%d') AS last
FROM articles"""
"""The query of the figures at the top of the page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a table.

    Attributes:
        text: the value as people read it.
        key: for a number, the text that it is sorted by; else empty.
        is_number: whether it is a number.
    """

    text: str
    key: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A figure on the page.

    Attributes:
        figure: the figure.
        svg: its plot; None when it has none.
        rows: its cells.
        numbers: for each column, whether it holds numbers.
    """

    figure: Figure
    svg: Markup | None
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[bool, ...]


def page_of(output: str, commit: int | None = None) -> str:
    """Return the report of a dataset as HTML.

    Raises:
        DatasetError: there is no dataset, no such commit, or one that cannot be read.
        SettingsError: DuckDB or matplotlib is not installed.
    """
    with sources(output, commit) as found:
        sections = [_section(answer(found, question)) for question in questions()]
        return render("report.html", "report.css", "report.js", {
            "output": output, "commit": found.dataset.commit, "is_remote": is_remote(output),
            "head": [(heading(name), shown(name, value)) for name, value in _head(found)], "head_query": HEAD.strip(),
            "sections": sections, "preamble": found.preamble, "bars": MOST_BARS, "heading": heading,
            "version": version("copydesk")})


def json_of(output: str, commit: int | None = None) -> str:
    """Return the same figures as JSON, for programs.

    Raises:
        DatasetError: as `page_of`.
        SettingsError: DuckDB is not installed.
    """
    with sources(output, commit) as found:
        figures = [answer(found, question) for question in questions()]
        told = [{"id": figure.question.id, "title": figure.question.title, "note": figure.question.note, "query": figure.question.query,
                 "total": figure.total, "rows": [_plain(figure.columns, row) for row in figure.rows]} for figure in figures]
        return json.dumps({"output": output, "commit": found.dataset.commit, "head": dict(_head(found)), "head_query": HEAD.strip(),
                           "figures": told, "views": found.preamble}, default=str)


def _plain(columns: Sequence[str], row: Sequence[object]) -> dict[str, object]:
    return {name: None if isinstance(value, float) and not isfinite(value) else value for name, value in zip(columns, row, strict=True)}


def _head(found: Sources) -> list[tuple[str, object]]:
    result = found.connection.execute(HEAD)
    names = [item[0] for item in result.description or ()]
    return list(_plain(names, result.fetchone() or ()).items())


def _section(figure: Figure) -> Section:
    rows = tuple(tuple(_cell(name, value) for name, value in zip(figure.columns, row, strict=True)) for row in figure.rows)
    numbers = tuple(any(row[place].is_number for row in rows) for place in range(len(figure.columns)))
    return Section(figure, _plot(figure), rows, numbers)


def _cell(column: str, value: object) -> Cell:
    is_number = isinstance(value, int | float)
    return Cell(shown(column, value), repr(float(value)) if isinstance(value, int | float) else "", is_number)


def _plot(figure: Figure) -> Markup | None:
    from markupsafe import Markup

    asked = figure.question.plot
    if not asked or not any(label is not None for label in figure.column(asked[1])):
        return None
    shape, labels, lengths = asked
    made = plot(shape, figure.column(labels), figure.column(lengths), figure.question.id, lengths.endswith("_share"))
    return Markup(made)  # noqa: S704  # drawn here; matplotlib escapes its labels
