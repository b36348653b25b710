"""Rows as Arrow's IPC messages, and back: how they pass from a page process to the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from copydesk.rows.article_rows import Row

if TYPE_CHECKING:
    import pyarrow as pa


class UnfitRowsError(ValueError):
    """Rows do not fit the schema of their table."""


def packed(found: list[Row], schema: pa.Schema) -> bytes:
    """Rows as an IPC message of one record batch.

    Raises:
        UnfitRowsError: they do not fit.
    """
    import pyarrow as pa

    try:
        return bytes(pa.RecordBatch.from_pylist(found, schema).serialize())
    except (TypeError, ValueError, OverflowError, KeyError, pa.ArrowException) as error:
        if isinstance(error, MemoryError):
            raise
        raise UnfitRowsError(str(error)) from error


def unpacked(batches: Mapping[str, bytes], schemas: Mapping[str, pa.Schema]) -> dict[str, pa.RecordBatch]:
    """The record batches of IPC messages, without a copy.

    Raises:
        UnfitRowsError: there is no such table, or a message is none of it. (A plugin may give other tables in another process.)
    """
    import pyarrow as pa

    found = {}
    for name, message in batches.items():
        try:
            found[name] = pa.ipc.read_record_batch(pa.py_buffer(message), schemas[name])
            found[name].validate(full=True)  # what lies outside of its buffers would end this process later
        except MemoryError:
            raise
        except Exception as error:  # Arrow's errors have no common root: IOError is among them
            raise UnfitRowsError(f"table {name!r}: {type(error).__name__}: {error}") from error
    return found
