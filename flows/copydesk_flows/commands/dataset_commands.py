"""``copydesk dataset``: check, compact, erase and export a dataset, and list its commits and changes."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from copydesk_flows.commands.arguments import Debug, Json
from copydesk_flows.console.exits import Exit, emit, examples, say

if TYPE_CHECKING:
    from copydesk import CheckReport
    from copydesk.operations import Commit

app = typer.Typer(name="dataset", help="Look after a dataset: check it, compact it, erase an article, list its commits and changes, "
                  "export it.", no_args_is_help=True, rich_markup_mode=None)

Where = Annotated[str, typer.Argument(metavar="OUTPUT", help="The dataset's folder, or s3://bucket/prefix.")]
Config = Annotated[str | None, typer.Option("--config", metavar="FILE", help="Settings file, for [dataset] keep_commits "
                                            "[default: ./copydesk.toml if it is there].")]


@app.command(epilog=examples("copydesk dataset check output", "copydesk dataset check output --commit 12 --json"))
def check(
    output: Where,
    commit: Annotated[int | None, typer.Option(min=0, metavar="N", help="An older commit [default: the newest].")] = None,
    config: Config = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Check a dataset against its own records; reads only, beside a run too. Exit code 4 when something is damaged."""
    from copydesk import check_dataset

    report = check_dataset(output, commit, _keep(config))
    if as_json:
        emit(json.dumps({**asdict(report), "ok": report.ok}, indent=2))
    else:
        _show(report)
    raise typer.Exit(Exit.DONE if report.ok else Exit.DAMAGED)


def _show(report: CheckReport) -> None:
    """Print a line for each finding, and a summary."""
    for finding in report.findings:
        emit(_inert(f"{finding.level}: {finding.where}: {finding.what} ({finding.todo})"))
    rows = ", ".join(f"{count:,} {table}" for table, count in report.rows.items()) or "no rows"
    damaged = sum(finding.level == "damage" for finding in report.findings)
    emit(_inert(f"commit {report.commit}, {report.batches} batches, {rows}: "
                + (f"{damaged} findings of damage" if damaged else "everything agrees")
                + (f", {len(report.findings) - damaged} warnings" if len(report.findings) > damaged else "")))


@app.command(epilog=examples("copydesk dataset compact output", "copydesk dataset compact output --target-mb 256"))
def compact(
    output: Where,
    target_mb: Annotated[float, typer.Option("--target-mb", metavar="MB", help="Size of a merged batch, at most.")] = 128,
    min_batches: Annotated[int, typer.Option("--min-batches", min=2, metavar="N", help="Merge where so many come together.")] = 2,
    config: Config = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Merge small batches, and batches in several parts, into whole ones, their articles sorted by date. Rows stay the same."""
    from copydesk import compact as work

    done = work(output, target_mb, min_batches, _keep(config))
    made = f"{done.before} batches are {done.after} now (commit {', '.join(map(str, done.commits))})" if done.commits else "nothing to do"
    emit(json.dumps(asdict(done)) if as_json else made)


@app.command(epilog=examples("copydesk dataset erase output https://news.example/story",
                             "copydesk dataset erase output 60e1f60e8560d9e417606e5be71cccfa --yes"))
def erase(
    output: Where,
    what: Annotated[str, typer.Argument(metavar="ARTICLE_ID|URL", help="The article.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: Config = None,
    debug: Debug = False,
) -> None:
    """Erase an article for good: from all batches, and so that it does not come back."""
    from copydesk import SettingsError
    from copydesk.operations import maintenance_session, prepare_erasure

    if not yes and not sys.stdin.isatty():
        raise SettingsError("erasing cannot be undone, and there is no terminal to ask at: say --yes")
    with maintenance_session(output, _keep(config)) as work:
        erasure = prepare_erasure(work, what)
        say(_inert(f"erases {', '.join(sorted(erasure.target.articles))}; rewrites {len(erasure.batches)} batches and deletes all "
                   f"{len(erasure.purged)} that held it; commits that cannot be read any more: {_numbers(erasure.lost_commits)}"))
        if not yes and not typer.confirm("Erase it?", err=True):
            raise typer.Exit(Exit.FAILURE)
        done = erasure.do()
    emit(f"erased {', '.join(done.articles)} (commit {done.commit})")


@app.command(epilog=examples("copydesk dataset commits output"))
def commits(output: Where, as_json: Json = False, debug: Debug = False) -> None:
    """List a dataset's commits: what each counted, and which batches it added and removed."""
    from copydesk import open_dataset
    from copydesk.operations import open_read_only, read_commit

    numbers = open_dataset(output).commits
    with open_read_only(output) as store:
        for number in numbers:
            commit = read_commit(store.layout, number)
            emit(json.dumps(_told(commit)) if as_json else _inert(_line(commit)))


@app.command(epilog=examples("copydesk dataset changes output --since 12", "copydesk dataset changes output --since 0 --json"))
def changes(
    output: Where,
    since: Annotated[int, typer.Option("--since", min=0, metavar="COMMIT", help="The commit that your copy stands at; 0 for none.")],
    commit: Annotated[int | None, typer.Option(min=0, metavar="N", help="The commit to go to [default: the newest].")] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """List the articles that were added, replaced and erased since a commit, to bring a copy up to date by."""
    import copydesk

    found = copydesk.changes(output, since, commit)
    if as_json:
        emit(json.dumps(asdict(found)))
        return
    for kind in ("added", "replaced", "erased"):
        for article_id in getattr(found, kind):
            emit(f"{kind} {article_id}")
    say(f"commit {found.since} to {found.commit}: {len(found.added)} added, {len(found.replaced)} replaced, {len(found.erased)} erased")


@app.command(epilog=examples("copydesk dataset export output --table quotes > quotes.jsonl",
                             "copydesk dataset export output --format csv --to articles.csv"))
def export(
    output: Where,
    table: Annotated[str, typer.Option("--table", metavar="NAME", help="The table; ninjs has articles alone.")] = "articles",
    form: Annotated[Literal["jsonl", "csv", "ninjs"], typer.Option(
        "--format", help="jsonl: a row a line. csv: no cell is a formula. ninjs: IPTC ninjs 3, an article a line.")] = "jsonl",
    to: Annotated[str, typer.Option("--to", metavar="FILE|-", help="Where it goes; - is standard output.")] = "-",
    commit: Annotated[int | None, typer.Option(min=0, metavar="N", help="An older commit [default: the newest].")] = None,
    debug: Debug = False,
) -> None:
    """Write a table as JSON lines, CSV or ninjs, for systems that read no Parquet."""
    from copydesk_flows.export.tables import export as write

    count = write(output, table, form, to, commit)
    if to != "-":
        say(_inert(f"wrote {to}: {count} rows"))


def _told(commit: Commit) -> dict[str, object]:
    """Return what ``--json`` prints of a commit."""
    return {"commit": commit.number, "started": commit.run.get("started"), "run": commit.run.get("id"),
            **{key: commit.run[key] for key in ("flow_run", "flow_run_name", "flow_run_url") if key in commit.run}, "inputs": commit.inputs,
            "counts": commit.counts, "batch": commit.batch, "removed": list(commit.removed), "totals": commit.totals}


def _line(commit: Commit) -> str:
    """Return a commit as a line for people."""
    kind = next((name for name in ("compacted", "erased", "rolled_forward") if name in commit.run), "")
    counts = " ".join(f"{name} {count}" for name, count in commit.counts.items() if count) or kind or "no inputs"
    gone = f", replaces {len(commit.removed)}" if commit.removed else ""
    started, run = commit.run.get("started") or "-", str(commit.run.get("id") or "-")
    return f"{commit.number:>6}  {started:<25}  {run[:8]:<8}  {counts}  {commit.batch}{gone}"


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers)) or "none"


def _keep(config: str | None) -> int:
    """Return how many of the newest commits the settings keep."""
    from copydesk_flows.settings.overrides import config_path, resolve

    return resolve(config_path(config)).dataset.keep_commits


def _inert(text: str) -> str:
    from copydesk import inert

    return inert(text)
