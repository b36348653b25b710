"""Convert rows to Arrow IPC messages and back. A page process hands its rows to the engine in this form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from copydesk.rows.article_rows import Row

if TYPE_CHECKING:
    import pyarrow as pa


class UnfitRowsError(ValueError):
    """Rows do not fit the schema of their table."""


def packed(found: list[Row], schema: pa.Schema) -> bytes:
    """Return rows as one IPC message that holds one record batch.

    Raises:
        UnfitRowsError: the rows do not fit the schema.
    """
    import pyarrow as pa

    try:
        return bytes(pa.RecordBatch.from_pylist(found, schema).serialize())
    except (TypeError, ValueError, OverflowError, KeyError, pa.ArrowException) as error:
        if isinstance(error, MemoryError):
            raise
        raise UnfitRowsError(str(error)) from error


def unpacked(batches: Mapping[str, bytes], schemas: Mapping[str, pa.Schema]) -> dict[str, pa.RecordBatch]:
    """Return the record batches of IPC messages, by table. The batches share the messages' memory.

    Raises:
        UnfitRowsError: a table is unknown, or a message does not fit its table. (A plugin may return other tables in another process.)
    """
    import pyarrow as pa

    found = {}
    for name, message in batches.items():
        try:
            found[name] = pa.ipc.read_record_batch(pa.py_buffer(message), schemas[name])
            found[name].validate(full=True)  # an offset outside of its buffers would crash this process later
        except MemoryError:
            raise
        except Exception as error:  # Arrow's errors have no common root: IOError is among them
            raise UnfitRowsError(f"table {name!r}: {type(error).__name__}: {error}") from error
    return found
