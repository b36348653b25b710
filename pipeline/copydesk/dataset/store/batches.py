"""A batch before its commit: the folder it is staged in, its name, its record, and rows carried over from older batches."""

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
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.store.local import Store
from copydesk.errors import DatasetError
from copydesk.storage.durable_files import write_file
from copydesk.storage.retry import retry


def new_folder(store: Store, number: int) -> Path:
    """An empty folder for the batch of a commit to come."""
    folder = store.layout.staging / f"commit-{number:06}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def seal(folder: Path, before: State, commit: Commit) -> Commit:
    """Name a batch by its files, and put its record into it; each 50th lists all live batches."""
    told = "".join(f"{name} {part['sha256']}\n" for name, part in sorted(commit.files.items()))
    commit = replace(commit, batch=f"batch={commit.number:06}-{sha256(told.encode()).hexdigest()[:6]}")
    if commit.number % CHECKPOINT == 0:
        commit = replace(commit, live=before.after(commit).live)
    write_file(folder / CARRIED, commit.encode(carried=True))
    return commit


def after_commit(store: Store, ledger: Ledger, commit: Commit, keep: int) -> None:
    """What comes after a commit and can be done again.

    Raises:
        DatasetError: it cannot be done; the commit stands.
    """
    try:
        retry(lambda: store.after_commit(ledger, commit, keep))
    except OSError as error:
        raise DatasetError(f"cannot write {error.filename or store.url}: {error.strerror or error}; "
                           f"commit {commit.number} stands, and the next run does what is left of it") from error


Change = Callable[[str, pa.Table], pa.Table]
"""What becomes of rows of a table that are carried over."""


def without(dropped: Collection[str]) -> Change:
    """Leaves articles out, by their ids."""
    ids = pa.array(sorted(dropped), pa.string())

    def change(_table: str, portion: pa.Table) -> pa.Table:
        if "article_id" not in portion.column_names:
            return portion
        return portion.filter(pc.invert(pc.is_in(portion["article_id"], value_set=ids)))

    return change


def carry_over(old: Path, folder: Path, part: int, change: Change, gone: Counter[str]) -> dict[str, part_files.PartFile]:
    """The rest of an older batch as parts of a new one, under the current schemas; ``gone`` counts what it lost."""
    made = {}
    for table, paths in tables_in(old).items():
        schema = schema_versions.schema_of(table, map(part_files.part_schema, paths))
        portions = (change(table, schema_versions.conform(portion, schema)) for path in paths for portion in part_files.read_part(path))
        name = part_files.part_name(table, part)
        made[name] = part_files.write_part(folder / name, schema, portions)
        gone[table] += sum(part_files.row_count(path) for path in paths) - made[name].rows
    return made


def tables_in(batch: Path) -> dict[str, list[Path]]:
    """The part files of a batch by table, in order."""
    found: dict[str, list[Path]] = {}
    for path in sorted(batch.glob("*.parquet")):
        found.setdefault(part_files.table_of(path.name), []).append(path)
    return dict(sorted(found.items()))
