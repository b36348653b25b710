"""Write and read the ledger entries that a batch carries: an Arrow file in the batch's folder. Readers' globs for Parquet miss it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from copydesk.dataset.format.commits import Commit
from copydesk.dataset.format.layout import Layout, find_batch
from copydesk.dataset.ledger.index import LedgerEntry
from copydesk.errors import DatasetError

FILE = "_records.arrow"
"""The name of the file in a batch's folder."""
COMPRESSION_LEVEL = 3
"""The level of zstd. Another level would give other bytes for the same entries."""
SCHEMA = pa.schema([
    ("key", pa.string()), ("source", pa.string()), ("status", pa.string()), ("fingerprint", pa.string()), ("number", pa.int64()),
    ("article_id", pa.string()), ("identity", pa.string()), ("text", pa.string()), ("captured", pa.timestamp("us", tz="UTC")),
])
"""The fields of `LedgerEntry`."""
PORTION = 10_000
"""Entries that are in memory at a time."""


def write(folder: Path, found: Iterable[LedgerEntry]) -> None:
    """Write a batch's entries into its folder, and flush them to disk."""
    left = iter(found)
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=COMPRESSION_LEVEL))
    with (folder / FILE).open("wb") as file:
        with pa.ipc.new_file(file, SCHEMA, options=options) as writer:
            while portion := [asdict(entry) for entry in islice(left, PORTION)]:
                writer.write_batch(pa.RecordBatch.from_pylist(portion, SCHEMA))
        file.flush()
        os.fsync(file.fileno())


def of_batches(folders: Iterable[Path]) -> Iterator[LedgerEntry]:
    """Yield the entries of batches, in order; ``folders`` are the batches' folders.

    Raises:
        DatasetError: the entries of a batch are missing or cannot be read.
    """
    for folder in folders:
        try:
            with pa.OSFile(os.fspath(folder / FILE)) as source:
                yield from of_file(source)
        except (OSError, pa.ArrowInvalid) as error:
            raise DatasetError(f"the entries of batch {folder} cannot be read: {error}") from error


def of_file(source: pa.NativeFile | BinaryIO) -> Iterator[LedgerEntry]:
    """Yield the entries in an open file, in order.

    Raises:
        ArrowInvalid: the file is not an Arrow file.
    """
    with pa.ipc.open_file(source) as reader:
        for index in range(reader.num_record_batches):
            for row in reader.get_batch(index).to_pylist():
                yield LedgerEntry(**row)


def read(layout: Layout, commit: Commit) -> Iterator[LedgerEntry]:
    """Return the entries of a commit's batch, wherever it lies now.

    Raises:
        DatasetError: the batch was deleted, or its entries cannot be read.
    """
    folder = find_batch(layout, commit.batch)
    if folder is None:
        raise DatasetError(f"batch {commit.batch} of commit {commit.number} is gone")
    return of_batches([folder])
