"""What changed between two commits of a dataset: which articles a consumer has to load, load again, or delete."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from copydesk.dataset.format import commits
from copydesk.dataset.format.commits import Commit
from copydesk.dataset.format.layout import batch_number, find_batch
from copydesk.dataset.format.part_files import open_part, table_of
from copydesk.dataset.ledger import batch_entries
from copydesk.dataset.ledger.index import ERASED
from copydesk.dataset.reading.opening import open_dataset
from copydesk.dataset.store import read_only
from copydesk.dataset.store.read_only import ReadOnlyStore
from copydesk.errors import DatasetError

if TYPE_CHECKING:
    import pyarrow.parquet as pq


_LONG = frozenset({"article_body", "paragraphs"})
"""Fields that are not compared: text_sha256 tells of them."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of the articles that differ between the commits ``since`` and ``commit``, sorted.

    The rows of an added or a replaced article are those that all tables hold at ``commit``; an erased one has none. After an erasure
    an article that merely lay in the same batch may be among the replaced ones: its rows are as they were.
    """

    since: int
    commit: int
    added: tuple[str, ...]
    replaced: tuple[str, ...]
    erased: tuple[str, ...]


def changes(path: str | Path, since: int, commit: int | None = None) -> Changes:
    """What to load into a copy of a dataset, in a folder or an object store, that stands at the commit ``since`` (0: it is empty) to
    bring it to the newest one, or to ``commit``. Memory grows with the number of articles in batches that only one of the two has.

    Raises:
        DatasetError: there is no dataset, no such commit, or it is beyond the retention: load the whole dataset anew.
    """
    newest = open_dataset(path, commit)
    if not 0 <= since <= newest.commit:
        raise DatasetError(f"cannot tell the changes since commit {since}: {os.fspath(path)} is read at commit {newest.commit}")
    with read_only.open_read_only(path) as look:
        old = commits.state_at(look.layout, since)
        new = commits.state_at(look.layout, newest.commit)
        between = [commits.read_commit(look.layout, number) for number in range(since + 1, newest.commit + 1)]
        purged = {batch for made in between for batch in made.purged}
        left = [batch for batch in old.live if batch not in new.live]
        before = dict(_digests(look, [batch for batch in left if batch not in purged], since))
        return _compared(look, before, [batch for batch in new.live if batch not in old.live], between,
                         unknown=not purged.isdisjoint(left), span=(since, newest.commit))


def _compared(look: ReadOnlyStore, before: dict[str, bytes], batches: Iterable[str], between: Iterable[Commit], *, unknown: bool,
              span: tuple[int, int]) -> Changes:
    """``unknown``: batches of the older commit were purged, so an article that is not known before may have been there."""
    added: list[str] = []
    replaced: list[str] = []
    for article_id, digest in _digests(look, batches, span[1]):
        known = before.pop(article_id, None)
        if known is None:
            (replaced if unknown else added).append(article_id)
        elif known != digest:
            replaced.append(article_id)
    erased = {*before, *(article for made in between if made.purged for article in _erased(look, made))}
    return Changes(*span, tuple(sorted(added)), tuple(sorted(replaced)), tuple(sorted(erased - {*added, *replaced})))


def _erased(look: ReadOnlyStore, made: Commit) -> Iterator[str]:
    """The ids that an erasure took out; its batch carries them where the commit's own account was lost."""
    told = made.run.get("erased")
    if told is not None:
        yield from told
        return
    with look.batch(made.batch) as folder:
        if folder is not None:
            yield from (entry.article_id for entry in batch_entries.of_batches([folder]) if entry.status == ERASED and entry.article_id)


def _digests(look: ReadOnlyStore, batches: Iterable[str], number: int) -> Iterator[tuple[str, bytes]]:
    """Id and a digest of its row, for all articles of batches."""
    def where(batch: str, folder: Path) -> Path:
        return folder if folder.is_dir() else find_batch(look.layout, batch) or folder

    for batch in batches:
        with look.batch(batch) as folder:
            if folder is None:
                raise DatasetError(f"commit {number} needs {batch}, which is gone: only the last commits are kept "
                                   "([dataset] keep_commits); load the whole dataset anew")
            for name in sorted(commits.read_commit(look.layout, batch_number(batch)).files):
                if table_of(name) == "articles":
                    yield from _of_part(open_part(partial(where, batch, folder), name), f"{batch}/{name}")


def _of_part(file: pq.ParquetFile, where: str) -> Iterator[tuple[str, bytes]]:
    columns = [name for name in file.schema_arrow.names if name not in _LONG]
    try:
        for part in file.iter_batches(10_000, columns=columns):
            yield from ((row["article_id"], _digest(row)) for row in part.to_pylist())
    except (OSError, ValueError) as error:  # Arrow's errors are of both kinds
        raise DatasetError(f"cannot read {where}: {error}") from error


def _digest(row: dict[str, object]) -> bytes:
    from hashlib import blake2b

    return blake2b(repr(sorted((name, value) for name, value in row.items() if value is not None)).encode("utf-8", "backslashreplace"),
                   digest_size=16).digest()
