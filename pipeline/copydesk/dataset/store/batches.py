"""Prepare a batch before its commit: its staging folder, its name, its record, and the rows carried over from older batches."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.dataset.format import part_files, schema_versions
from copydesk.dataset.format.commits import CARRIED, CHECKPOINT, Commit, State
from copydesk.dataset.format.layout import BATCH_DIGEST_DIGITS
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.store.local import Store
from copydesk.errors import DatasetError
from copydesk.storage.durable_files import write_file
from copydesk.storage.retry import retry


def new_folder(store: Store, number: int) -> Path:
    """Create an empty staging folder for the batch of the commit ``number``; delete an older one."""
    folder = store.layout.staging / f"commit-{number:06}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def seal(folder: Path, before: State, commit: Commit) -> Commit:
    """Name a batch after its files, and write its commit record into its folder.

    Args:
        folder: the staging folder with all files of the batch.
        before: the state that the commit follows.
        commit: the commit without the batch's name.

    Returns:
        The commit with the batch's name and, in every `CHECKPOINT`-th commit, the list of all live batches.
    """
    told = "".join(f"{name} {part['sha256']}\n" for name, part in sorted(commit.files.items()))
    commit = replace(commit, batch=f"batch={commit.number:06}-{sha256(told.encode()).hexdigest()[:BATCH_DIGEST_DIGITS]}")
    if commit.number % CHECKPOINT == 0:
        commit = replace(commit, live=before.after(commit).live)
    write_file(folder / CARRIED, commit.encode(carried=True))
    return commit


def after_commit(store: Store, ledger: Ledger, commit: Commit, keep: int) -> None:
    """Do the work after a commit: see `Store.after_commit`. A second call repeats it without harm.

    Args:
        store: where the dataset lies.
        ledger: learns the commit.
        commit: the commit that was just published.
        keep: how many of the newest commits stay readable.

    Raises:
        DatasetError: the work failed. The commit is valid all the same, and the next run completes the work.
    """
    try:
        retry(lambda: store.after_commit(ledger, commit, keep))
    except OSError as error:
        raise DatasetError(f"cannot write {error.filename or store.url}: {error.strerror or error}; "
                           f"commit {commit.number} stands, and the next run does what is left of it") from error


Change = Callable[[str, pa.Table], pa.Table]
"""Changes rows of a table, given its name, while `carry_over` copies them."""


def without(dropped: Collection[str]) -> Change:
    """Return a change that drops all rows of these articles; ``dropped`` holds their ids."""
    ids = pa.array(sorted(dropped), pa.string())

    def change(_table: str, portion: pa.Table) -> pa.Table:
        if "article_id" not in portion.column_names:
            return portion
        return portion.filter(pc.invert(pc.is_in(portion["article_id"], value_set=ids)))

    return change


def carry_over(old: Path, folder: Path, part: int, change: Change, gone: Counter[str]) -> dict[str, part_files.PartFile]:
    """Copy the rows of an older batch into part files of a new batch, under the current schemas.

    Args:
        old: the folder of the older batch.
        folder: the staging folder of the new batch.
        part: the number of the part files in the new batch.
        change: drops or changes rows.
        gone: counts the dropped rows by table; this function adds to it.

    Returns:
        The new part files by name.
    """
    made = {}
    for table, paths in tables_in(old).items():
        schema = schema_versions.schema_of(table, map(part_files.part_schema, paths))
        portions = (change(table, schema_versions.conform(portion, schema)) for path in paths for portion in part_files.read_part(path))
        name = part_files.part_name(table, part)
        made[name] = part_files.write_part(folder / name, schema, portions)
        gone[table] += sum(part_files.row_count(path) for path in paths) - made[name].rows
    return made


def tables_in(batch: Path) -> dict[str, list[Path]]:
    """Return the part files of a batch by table, both sorted."""
    found: dict[str, list[Path]] = {}
    for path in sorted(batch.glob("*.parquet")):
        found.setdefault(part_files.table_of(path.name), []).append(path)
    return dict(sorted(found.items()))
