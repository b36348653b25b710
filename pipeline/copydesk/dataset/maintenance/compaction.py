"""Merge small batches, and batches that replacement left in several parts, into fewer whole ones, their articles by date.

The rows stay the same. A merged batch has one part of each table: articles by date_published (those without one last), then by
article_id; the rows of other tables in the order of their articles; rejects as they were. It is a function of the batches alone.
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


def compact(path: str | Path, target_mb: float, min_batches: int, keep_commits: int) -> Compacted:
    """As `upkeep.compact` says."""
    if target_mb <= 0 or min_batches < 2 or keep_commits < 1:
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
    """The batches that are to become one, in order."""
    group, size = list[str](), 0
    for name in work.state.live:
        found = _told(work, name)
        weight, several = _size(work, name, found), len(found.files) > len(_first_parts(found))
        if several and weight * 2 >= target:
            yield [name]
        elif weight * 2 < target:
            if group and (size + weight > target or not _go_together(work, group[-1], name)):
                yield from _worth(work, group, least)
                group, size = [], 0
            group.append(name)
            size += weight
    yield from _worth(work, group, least)


def _worth(work: MaintenanceSession, group: list[str], least: int) -> Iterator[list[str]]:
    """The group where it is large enough; else those of its batches that have several parts, each by itself."""
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
    """The bytes of a batch's part files, as its commit says or (commits of older versions say nothing) as they are."""
    if all("bytes" in told for told in commit.files.values()):
        return sum(int(told["bytes"]) for told in commit.files.values())
    return sum(path.stat().st_size for path in work.store.batch(name).glob("*.parquet"))


def _go_together(work: MaintenanceSession, left: str, right: str) -> bool:
    """Whether plugins' tables that two batches both have can be one: a plugin may have changed a field's type."""
    there = [tables_in(work.store.batch(name)) for name in (left, right)]
    try:
        for table in (there[0].keys() & there[1].keys()) - SCHEMAS.keys():
            schema_versions.schema_of(table, [part_files.part_schema(path) for found in there for path in found[table]])
    except DatasetError:
        return False
    return True


def merged(batches: Sequence[Path], folder: Path, staging: Path) -> dict[str, part_files.PartFile]:
    """Write the part files of a batch that is made of others."""
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
    """Article id -> its place in an order."""
    ids = list(rows.values("article_id"))
    return {ids[row]: place for place, row in enumerate(order)}


def _by_article(rows: Rows, places: Mapping[str, int]) -> list[int]:
    """The rows in the order of their articles, of one article as they were; a table without articles stays as it is."""
    found = [places.get(article_id, len(places)) for article_id in rows.values("article_id")]
    return sorted(range(len(rows)), key=found.__getitem__) if found else list(range(len(rows)))
