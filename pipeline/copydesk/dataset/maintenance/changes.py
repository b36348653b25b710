"""Tell which articles changed between two commits: what the owner of a copy must load, load again, or delete."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path

import pyarrow.parquet as pq

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

_LONG = frozenset({"article_body", "paragraphs"})
"""Fields that are not compared: a change of theirs changes text_sha256."""
_ROWS = 10_000
"""Rows of articles that are in memory at a time."""
_DIGEST_BYTES = 16
"""Bytes of a row's digest: enough that different rows practically never have the same one."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The articles that differ between two commits. All ids are sorted.

    The rows to load for added and replaced articles are those in the tables at ``commit``.

    Attributes:
        since: the number of the older commit; 0 stands for an empty dataset.
        commit: the number of the newer commit.
        added: ids of articles that only the newer commit has.
        replaced: ids of articles whose rows differ. After an erasure, articles of the same batch may be among them without a difference.
        erased: ids of articles that the newer commit no longer has.
    """

    since: int
    commit: int
    added: tuple[str, ...]
    replaced: tuple[str, ...]
    erased: tuple[str, ...]


def changes(path: str | Path, since: int, commit: int | None = None) -> Changes:
    """Tell what to load into, and delete from, a copy of a dataset to bring it to a newer commit.

    Memory grows with the number of articles in batches that only one of the two commits has.

    Args:
        path: the folder of the dataset, or the URL of its prefix in an object store.
        since: the commit that the copy was made from; 0 for an empty copy.
        commit: the commit to bring the copy to; None for the newest.

    Raises:
        DatasetError: there is no dataset, it has no such commit, or a needed batch was deleted after its retention. In the last case, load
            the whole dataset again.
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
    """Compare the articles in new batches with those that only the older commit had.

    ``before`` maps these to their digests. ``unknown`` says that batches of the older commit were purged. Then an article that ``before``
    lacks may have been in one of them, and counts as replaced.
    """
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
    """Yield the ids that an erasure removed: from its commit, or from its batch if the commit was rolled forward without this note."""
    told = made.run.get("erased")
    if told is not None:
        yield from told
        return
    with look.batch(made.batch) as folder:
        if folder is not None:
            yield from (entry.article_id for entry in batch_entries.of_batches([folder]) if entry.status == ERASED and entry.article_id)


def _digests(look: ReadOnlyStore, batches: Iterable[str], number: int) -> Iterator[tuple[str, bytes]]:
    """Yield id and digest of the row of each article in the batches. ``number`` is the commit that needs them, for the message."""
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
        for part in file.iter_batches(_ROWS, columns=columns):
            yield from ((row["article_id"], _digest(row)) for row in part.to_pylist())
    except (OSError, ValueError) as error:  # Arrow raises subclasses of both
        raise DatasetError(f"cannot read {where}: {error}") from error


def _digest(row: dict[str, object]) -> bytes:
    return blake2b(repr(sorted((name, value) for name, value in row.items() if value is not None)).encode("utf-8", "backslashreplace"),
                   digest_size=_DIGEST_BYTES).digest()
