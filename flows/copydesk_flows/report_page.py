"""``copydesk report``: a dataset as one page for the browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from copydesk_flows.pages import render
from copydesk_flows.report_data import Sources, sources
from copydesk_flows.report_figures import Figure, answer, heading, questions, shown
from copydesk_flows.report_plots import MOST_BARS, plot

if TYPE_CHECKING:
    from markupsafe import Markup

HEAD = """
SELECT count(*) AS articles, count(DISTINCT domain) AS sites, (SELECT count(*) FROM quotes) AS quotes,
       (SELECT count(*) FROM removals) AS removals, (SELECT count(*) FROM rejects) AS rejects,
       avg((credit_text IS NOT NULL)::INT) AS wire_share, avg((page_type = 'stub')::INT) AS stubs_share,
       strftime(min(date_published) AT TIME ZONE 'UTC', '%Y-%m-%d') AS first,
       strftime(max(date_published) AT TIME ZONE 'UTC', '%Y-%m-%d') AS last
FROM articles"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a table: as text, for numbers what it is sorted by, and whether it is one."""

    text: str
    key: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A figure on the page."""

    figure: Figure
    svg: Markup | None
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[bool, ...]


def page_of(output: str, commit: int | None = None) -> str:
    """The report of the dataset at an output.

    Raises:
        DatasetError: there is no dataset, no such commit, or one that cannot be read.
        SettingsError: what a report needs is not installed.
    """
    with sources(output, commit) as found:
        sections = [_section(answer(found, question)) for question in questions()]
        return render("report.html", "report.css", "report.js", {
            "output": output, "commit": found.dataset.commit, "head": list(_head(found)), "head_query": HEAD.strip(), "sections": sections,
            "preamble": found.preamble, "bars": MOST_BARS, "heading": heading,
            "version": version("copydesk")})


def _head(found: Sources) -> Iterator[tuple[str, str]]:
    result = found.connection.execute(HEAD)
    names = [item[0] for item in result.description or ()]
    for name, value in zip(names, result.fetchone() or (), strict=True):
        yield heading(name), shown(name, value)


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
