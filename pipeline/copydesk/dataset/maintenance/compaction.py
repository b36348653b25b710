"""Merge small batches into larger ones, and rewrite batches that have several parts because they carried rows over.

The rows stay the same. A merged batch has one part of each table. Articles are sorted by date_published (those without a date come
last), then by article_id. Rows of other tables follow the order of their articles. Rejects keep their order. The same batches always give
the same merged batch.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from copydesk.dataset.format import commits, part_files, schema_versions
from copydesk.dataset.format.commits import Commit
from copydesk.dataset.format.layout import batch_number
from copydesk.dataset.format.schemas import SCHEMAS
from copydesk.dataset.ledger import batch_entries
from copydesk.dataset.maintenance import session
from copydesk.dataset.maintenance.results import Compacted
from copydesk.dataset.maintenance.row_order import Rows, laid_out
from copydesk.dataset.maintenance.session import MaintenanceSession, RewrittenBatch
from copydesk.dataset.store.batches import tables_in
from copydesk.errors import DatasetError, SettingsError

MEGABYTE = 1_000_000
"""Bytes in the unit of ``target_mb``."""
FEWEST_MERGED = 2
"""The smallest ``min_batches``: one batch alone cannot be merged."""
SMALL_SHARE = 2
"""A batch is small when this many of its size fit into the target."""


def compact(path: str | Path, target_mb: float, min_batches: int, keep_commits: int) -> Compacted:
    """Compact a dataset: see `copydesk.compact`."""
    if target_mb <= 0 or min_batches < FEWEST_MERGED or keep_commits < 1:
        raise SettingsError("target_mb must be above 0, min_batches at least 2, keep_commits at least 1")
    with session.maintenance_session(path, keep_commits) as work:
        before = len(work.state.live)
        groups = list(_groups(work, int(target_mb * MEGABYTE), min_batches))
        made = tuple(_merge(work, group).number for group in groups)
        return Compacted(made, before, len(work.state.live))


def _merge(work: MaintenanceSession, group: Sequence[str]) -> Commit:
    def make(folder: Path, _number: int) -> RewrittenBatch:
        batches = [work.store.batch(name) for name in group]
        made = RewrittenBatch(merged(batches, folder, work.store.layout.staging))
        batch_entries.write(folder, batch_entries.of_batches(batches))
        return made

    return work.commit(group, make, {"compacted": list(group)})


def _groups(work: MaintenanceSession, target: int, least: int) -> Iterator[list[str]]:
    """Yield groups of batches that are to become one batch each, in the order of the dataset."""
    group, size = list[str](), 0
    for name in work.state.live:
        found = _told(work, name)
        weight, several = _size(work, name, found), len(found.files) > len(_first_parts(found))
        if several and weight * SMALL_SHARE >= target:
            yield [name]
        elif weight * SMALL_SHARE < target:
            if group and (size + weight > target or not _go_together(work, group[-1], name)):
                yield from _worth(work, group, least)
                group, size = [], 0
            group.append(name)
            size += weight
    yield from _worth(work, group, least)


def _worth(work: MaintenanceSession, group: list[str], least: int) -> Iterator[list[str]]:
    """Yield the group if it has enough batches; else each of its batches that has several parts, as a group of its own."""
    if len(group) >= least:
        yield group
        return
    for name in group:
        found = _told(work, name)
        if len(found.files) > len(_first_parts(found)):
            yield [name]


def _told(work: MaintenanceSession, name: str) -> Commit:
    return commits.read_commit(work.store.layout, batch_number(name))


def _first_parts(commit: Commit) -> set[str]:
    return {part_files.table_of(name) for name in commit.files}


def _size(work: MaintenanceSession, name: str, commit: Commit) -> int:
    """Return the bytes of a batch's part files. Commits of older versions do not state them; then the files are measured."""
    if all("bytes" in told for told in commit.files.values()):
        return sum(int(told["bytes"]) for told in commit.files.values())
    return sum(path.stat().st_size for path in work.store.batch(name).glob("*.parquet"))


def _go_together(work: MaintenanceSession, left: str, right: str) -> bool:
    """Tell whether the plugins' tables of two batches can be merged. They cannot if a plugin has changed the type of a field."""
    there = [tables_in(work.store.batch(name)) for name in (left, right)]
    try:
        for table in (there[0].keys() & there[1].keys()) - SCHEMAS.keys():
            schema_versions.schema_of(table, [part_files.part_schema(path) for found in there for path in found[table]])
    except DatasetError:
        return False
    return True


def merged(batches: Sequence[Path], folder: Path, staging: Path) -> dict[str, part_files.PartFile]:
    """Write the part files of a merged batch.

    Args:
        batches: the folders of the batches to merge.
        folder: the staging folder of the merged batch.
        staging: the folder for temporary files.

    Returns:
        The new part files by name.
    """
    found = [tables_in(batch) for batch in batches]
    made, places = {}, dict[str, int]()
    with tempfile.TemporaryDirectory(prefix="merge-", dir=staging) as where:
        for table in sorted({table for tables in found for table in tables}, key=lambda name: (name != "articles", name)):
            paths = [path for tables in found for path in tables.get(table, [])]
            schema = schema_versions.schema_of(table, map(part_files.part_schema, paths))
            portions = (schema_versions.conform(portion, schema) for path in paths for portion in part_files.read_part(path))
            with laid_out(Path(where) / "rows.arrow", schema, portions) as rows:
                order = _by_date(rows) if table == "articles" else _by_article(rows, places)
                if table == "articles":
                    places = _places(rows, order)
                name = part_files.part_name(table, 0)
                made[name] = part_files.write_part(folder / name, schema, rows.taken(order))
    return made


def _by_date(rows: Rows) -> list[int]:
    latest = datetime.max
    keys = [(date is None, latest if date is None else date.replace(tzinfo=None), article_id or "")
            for date, article_id in zip(rows.values("date_published"), rows.values("article_id"), strict=True)]
    return sorted(range(len(rows)), key=keys.__getitem__)


def _places(rows: Rows, order: Sequence[int]) -> dict[str, int]:
    """Return the position of each article id when the rows are put in this order."""
    ids = list(rows.values("article_id"))
    return {ids[row]: place for place, row in enumerate(order)}


def _by_article(rows: Rows, places: Mapping[str, int]) -> list[int]:
    """Return the order of rows that follows the order of the articles. Rows of one article, and tables without articles, keep theirs."""
    found = [places.get(article_id, len(places)) for article_id in rows.values("article_id")]
    return sorted(range(len(rows)), key=found.__getitem__) if found else list(range(len(rows)))
