"""What a whole dataset is, said a second time: from the files alone, without the code that wrote them (Parquet is read by pyarrow)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

CARRIED = ("_commit.json", "_records.arrow")


def problems(output: Path) -> list[str]:
    """Everything that is wrong with a dataset that no run is working on; a run that was killed must have been recovered."""
    return list(_problems(output))


def commits_of(output: Path) -> dict[int, dict[str, Any]]:
    """All commit files by their number."""
    return {int(path.stem): json.loads(path.read_bytes()) for path in sorted((output / "_commits").glob("*.json"))}


def live_batches(commits: dict[int, dict[str, Any]]) -> list[str]:
    """The batches of the newest commit: all that were added and not removed since."""
    live: list[str] = []
    for number in sorted(commits):
        live = [name for name in live if name not in commits[number]["removed"]] + [commits[number]["batch"]]
    return live


def _problems(output: Path) -> Iterator[str]:
    commits = commits_of(output)
    if sorted(commits) != list(range(1, len(commits) + 1)):
        yield f"commit numbers are not 1 to N: {sorted(commits)}"
    for number, commit in commits.items():
        yield from _commit(number, commit)
    live = live_batches(commits)
    there = sorted(path.name for path in (output / "data").iterdir())
    if there != sorted(live):
        yield f"data holds {there}, the commits say {sorted(live)}"
        return
    for name in live:
        yield from _batch(output / "data" / name, commits[_number(name)])
    if commits:
        yield from _glob(output, commits[max(commits)]["totals"])
    yield from _leftovers(output)


def _number(name: str) -> int:
    return int(name.removeprefix("batch=").partition("-")[0])


def _commit(number: int, commit: dict[str, Any]) -> Iterator[str]:
    if (commit["number"], _number(commit["batch"])) != (number, number):
        yield f"commit {number} says it is {commit['number']} with batch {commit['batch']}"
    if sum(commit["counts"].values()) != commit["inputs"]:
        yield f"commit {number}: {commit['counts']} are not {commit['inputs']} inputs"
    told = "".join(f"{name} {part['sha256']}\n" for name, part in sorted(commit["files"].items()))
    if not commit["batch"].endswith(hashlib.sha256(told.encode()).hexdigest()[:6]):
        yield f"commit {number}: the batch's name {commit['batch']} does not fit its files"


def _batch(folder: Path, commit: dict[str, Any]) -> Iterator[str]:
    there = {path.name for path in folder.iterdir()}
    if there != {*commit["files"], *CARRIED}:
        yield f"{folder.name} holds {sorted(there)}, its commit says {sorted(commit['files'])}"
        return
    carried = json.loads((folder / CARRIED[0]).read_bytes())
    if carried != {key: value for key, value in commit.items() if key != "run"}:
        yield f"{folder.name} carries another commit than the commit file"
    for name, told in commit["files"].items():
        content = (folder / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != told["sha256"]:
            yield f"{folder.name}/{name} has another hash than its commit says"
        elif pq.read_table(folder / name, partitioning=None).num_rows != told["rows"]:
            yield f"{folder.name}/{name} has another count of rows than its commit says"


def _glob(output: Path, totals: dict[str, int]) -> Iterator[str]:
    ids = Counter(_ids(output, "articles"))
    if double := [name for name, count in ids.items() if count > 1]:
        yield f"a glob finds articles twice: {double}"
    for table, total in totals.items():
        rows = sum(pq.read_metadata(path).num_rows for path in output.glob(f"data/*/{table}-*.parquet"))
        if rows != total:
            yield f"a glob finds {rows} rows of {table}, the newest commit says {total}"
        if lost := set(_ids(output, table)) - set(ids):
            yield f"{table} has rows of articles that are not there: {sorted(lost)}"


def _ids(output: Path, table: str) -> Iterator[str]:
    for path in output.glob(f"data/*/{table}-*.parquet"):
        read = pq.read_table(path, partitioning=None)
        if "article_id" in read.column_names:
            yield from read["article_id"].to_pylist()


def _leftovers(output: Path) -> Iterator[str]:
    for path in (*(output / "_staging").iterdir(), *(output / "_commits").glob(".*"), *output.glob(".README*")):
        yield f"left over: {path.relative_to(output)}"


def glob_faults(output: Path) -> list[str]:
    """What a reader that globs must never meet, also while a run works: a torn file, or a batch without its tables or rows."""
    faults: list[str] = []
    for folder in list(output.glob("data/*")):
        try:
            faults += _whole_batch(folder)
        except FileNotFoundError as error:
            if folder.is_dir():  # else it was replaced at this moment, as promised
                faults.append(f"missing file in a batch that is there: {error}")
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the finding
            faults.append(f"torn: {folder.name}: {type(error).__name__}: {error}")
    return faults


def _whole_batch(folder: Path) -> list[str]:
    told = json.loads((folder / CARRIED[0]).read_bytes())["files"]
    rows = {name: pq.read_table(folder / name, partitioning=None).num_rows for name in told}
    return [f"half: {folder.name}/{name} has {rows[name]} rows, not {part['rows']}"
            for name, part in told.items() if rows[name] != part["rows"]]


def commit_faults(output: Path) -> list[str]:
    """What a reader that goes by the newest commit must never meet."""
    import copydesk

    try:
        found = copydesk.open_dataset(output)
        tables = {name: found.table(name) for name in found.tables}
    except Exception as error:  # noqa: BLE001  # the same
        return [f"commit: {type(error).__name__}: {error}"]
    if found.commit == 0:
        return [f"commit: {name} has rows before the first commit" for name, table in tables.items() if table.num_rows]
    totals = json.loads((output / f"_commits/{found.commit:06}.json").read_bytes())["totals"]
    faults = [f"commit {found.commit}: {name} has {table.num_rows} rows, not {totals.get(name, 0)}"
              for name, table in tables.items() if table.num_rows != totals.get(name, 0)]
    ids = Counter(tables["articles"]["article_id"].to_pylist())
    faults += [f"commit {found.commit}: article {name} is there {count} times" for name, count in ids.items() if count > 1]
    for name, table in tables.items():
        if "article_id" in table.column_names and (lost := set(table["article_id"].to_pylist()) - set(ids)):
            faults.append(f"commit {found.commit}: {name} has rows of articles that are not there: {sorted(lost)}")
    bodies = dict(zip(tables["articles"]["article_id"].to_pylist(), tables["articles"]["article_body"].to_pylist(), strict=True))
    for row in tables["quotes"].to_pylist():
        if bodies.get(row["article_id"], "")[row["start"]:row["end"]] != row["text"]:
            faults.append(f"commit {found.commit}: quote {row['quote_id']} does not stand in its article")
    return faults
