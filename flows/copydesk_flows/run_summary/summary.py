"""Write the report of a run for people (terminal, Markdown) and for programs (JSON)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from copydesk import RunReport, Status, inert, is_remote
from copydesk_flows.console.exits import Exit
from copydesk_flows.run_summary.outdated_rows import WHY, OutdatedRows

if TYPE_CHECKING:
    from rich.console import Console

SHOWN = 20
"""The summary names this many rows of an older fingerprint."""
Section = tuple[str, str, Mapping[str, int]]
"""The title of a section, the name of what it counts, and the counts."""


def exit_code(report: RunReport) -> Exit:
    """Return the exit code of a finished run."""
    return Exit.QUARANTINED if report.counts.get(Status.QUARANTINED) or is_in_vain(report) else Exit.DONE


def is_in_vain(report: RunReport) -> bool:
    """Tell whether a run rejected all inputs that it did not ignore. They may be the wrong inputs then."""
    rejected = report.counts.get(Status.REJECTED, 0)
    return rejected > 0 and rejected + report.counts.get(Status.IGNORED, 0) == report.inputs


def sections(report: RunReport) -> Iterator[Section]:
    """Yield the sections of a report."""
    outcomes = {str(status): report.counts.get(status, 0) for status in Status}
    yield f"{report.inputs} inputs", "outcome", {name: count for name, count in outcomes.items() if count}
    yield "rows", "table", report.rows
    yield "removals", "reason", _ranked(report.removals)
    yield "rejects", "code", _ranked(report.codes)
    if report.skipped:
        yield "skipped", "plugin", _ranked(report.skipped)


def _ranked(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def query(report: RunReport) -> str:
    """Return an example of a DuckDB query of the dataset, for DuckDB's command line."""
    path = f"{report.output}/data/*/articles-*.parquet".replace("'", "''")
    return f"SELECT date_published, domain, headline FROM '{path}'"  # noqa: S608  # people run it; the path is quoted


def show_summary(console: Console, report: RunReport, outdated: OutdatedRows | None = None) -> None:
    """Print the closing summary: tables side by side, and how to look at the dataset."""
    from rich.columns import Columns
    from rich.table import Table
    from rich.text import Text

    tables = []
    for title, name, counts in sections(report):
        table = Table(title=title, title_style="bold", title_justify="left", box=None, pad_edge=False, show_header=False,
                      min_width=len(title) + 1)
        table.add_column(name)
        table.add_column("count", justify="right")
        for key, count in counts.items() or {"none": 0}.items():
            table.add_row(Text(inert(key)), f"{count:,}" if counts else "")
        tables.append(table)
    console.print(Columns(tables, padding=(0, 4)))
    console.print()
    for line in _closing(report):
        console.print(line, soft_wrap=True)  # a command that is copied must stay one line
    if outdated is not None and outdated.count:
        console.print(f"{outdated.count} rows of an older fingerprint stay: {WHY}", soft_wrap=True)
        for row in outdated.first[:SHOWN]:
            console.print(f"  {inert(row.source_path)} {inert(row.record)} ({row.article_id})", soft_wrap=True)
        if outdated.count > SHOWN:
            console.print(f"  and {outdated.count - SHOWN} more (--json names {len(outdated.first)})", soft_wrap=True)


def _closing(report: RunReport) -> Iterator[str]:
    commits = f"commit {_numbers(report.commits)}" if report.commits else "nothing new, no commit"
    yield f"dataset: {inert(report.output)} ({commits}, {report.elapsed:.1f} s)"
    if is_remote(report.output):
        yield f"look:    python -c \"import copydesk; print(copydesk.open_dataset({inert(report.output)!r}).table('articles'))\""
    elif report.rows.get("articles") or report.commits:
        yield f"look:    duckdb -c \"{inert(query(report))}\""
    if report.settling:
        yield f"{report.settling} files are younger than the settle time: left to the next run"
    quarantined = report.counts.get(Status.QUARANTINED, 0)
    if quarantined:
        yield f"{quarantined} quarantined: something stopped us there; the table rejects says what (exit code {Exit.QUARANTINED.value})"
    if report.skipped:
        yield "skipped: how often a plugin failed and a page went on without it ([run] on_plugin_error)"
    if is_in_vain(report):
        codes = ", ".join(_ranked(report.codes))
        yield (f"no article: all {report.counts[Status.REJECTED]} inputs are rejected ({codes}); the table rejects says why "
               f"(exit code {Exit.QUARANTINED.value})")


def _numbers(numbers: tuple[int, ...]) -> str:
    """Return consecutive numbers in words.

    >>> _numbers((3,)), _numbers((3, 4, 5))
    ('3', '3 to 5')
    """
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


def as_json(report: RunReport, outdated: OutdatedRows | None = None) -> str:
    """Return the whole report as one JSON object, with the exit code of the run."""
    tree = asdict(report) | {"counts": {str(status): report.counts.get(status, 0) for status in Status}}
    if outdated is not None:
        tree["missing"] = {"count": outdated.count, "first": [asdict(row) for row in outdated.first]}
    return json.dumps(tree | {"exit_code": exit_code(report).value}, indent=2, ensure_ascii=True)


def as_markdown(report: RunReport) -> str:
    """Return the whole report as Markdown, for the artifact of a flow run."""
    lines = [f"# copydesk: {report.inputs} inputs in {report.elapsed:.1f} s", ""]
    for title, name, counts in sections(report):
        if counts:
            lines += [f"## {title}", "", f"| {name} | count |", "|---|---:|"]
            lines += [f"| {markdown_text(key)} | {count:,} |" for key, count in counts.items()] + [""]
    if report.seconds:
        lines += ["## seconds by plugin", "", "| plugin | seconds |", "|---|---:|"]
        lines += [f"| {markdown_text(name)} | {seconds:.2f} |"
                  for name, seconds in sorted(report.seconds.items(), key=lambda item: -item[1])] + [""]
    commits = _numbers(report.commits) if report.commits else "none"
    closing = f"Dataset {markdown_text(report.output)} · commits {commits} · fingerprint {markdown_text(report.fingerprint)}"
    return "\n".join([*lines, closing, ""])


_MARKS = re.compile(r"([\\`*_{}\[\]()#+!|~-])")


def markdown_text(text: str) -> str:
    """Escape a text for Markdown and HTML.

    >>> markdown_text("<b>a|b</b>")
    '&lt;b&gt;a\\\\|b&lt;/b&gt;'
    """
    return html.escape(_MARKS.sub(r"\\\1", inert(text).replace("\n", " ")), quote=False)
