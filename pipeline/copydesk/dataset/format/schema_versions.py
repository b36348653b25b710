"""Read part files of other schema versions, and bring their rows to the current schema.

Within a major version, schemas only gain fields. A part file of an older minor version lacks some of them: here they become null, or an
empty list. A part file of a newer minor version has unknown fields: they are kept unchanged. Other major versions are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

import pyarrow as pa

from copydesk.dataset.format.schemas import SCHEMA_VERSION, SCHEMAS
from copydesk.errors import DatasetError

Missing = Mapping[str, tuple[str, ...]]
"""Names of missing fields, by table."""


def check(version: str, where: str) -> None:
    """Check that this version of copydesk reads a schema version. ``where`` names what has it, for the message.

    Raises:
        DatasetError: the major version is another one.
    """
    ours, theirs = SCHEMA_VERSION.partition(".")[0], version.partition(".")[0]
    if ours == theirs:
        return
    newer = theirs.isdecimal() and int(theirs) > int(ours)
    raise DatasetError(f"{where} is of schema version {version}, and this copydesk reads {ours}.x: "
                       f"{'a newer' if newer else 'an older'} copydesk, one whose schema version is {theirs}.x, reads it")


def schema_of(table: str, found: Iterable[pa.Schema]) -> pa.Schema:
    """Return one schema for part files that may have several versions.

    For a table of copydesk it is the current schema, with the fields that newer files add. For a plugin's table it has the fields of all
    files.

    Args:
        table: the name of the table.
        found: the schemas of the part files, at least one.

    Raises:
        DatasetError: two files of a plugin's table have a field with types that cannot be combined.
    """
    current = SCHEMAS.get(table)
    parts = list(found)
    if current is None:
        if all(schema.equals(parts[0]) for schema in parts):
            return parts[0]
        try:
            return pa.unify_schemas(parts, promote_options="permissive")
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise DatasetError(f"the part files of table {table!r} do not go together: {error}") from error
    for field in chain.from_iterable(parts):
        if field.name not in current.names:
            current = current.append(field)
    return current


def conform(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return rows under another schema: its fields in its order. A field that the rows lack is null, or an empty list.

    Raises:
        DatasetError: the values of a field cannot be converted to its type.
    """
    if rows.schema.equals(schema):
        return rows.replace_schema_metadata(schema.metadata)
    try:
        columns = [_fitted(rows[field.name], field.type) if field.name in rows.column_names else _absent(rows.num_rows, field.type)
                   for field in schema]
        return pa.table(columns, schema=schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise DatasetError(f"rows of table {_name(schema)} do not fit its schema: {error}") from error


def _name(schema: pa.Schema) -> str:
    return str((schema.metadata or {}).get(b"copydesk.table", b"?"), "ascii", "replace")


def _absent(count: int, kind: pa.DataType) -> pa.Array:
    return pa.array([[]] * count, kind) if pa.types.is_list(kind) else pa.nulls(count, kind)


def _fitted(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if column.type == kind:
        return column
    return pa.chunked_array([_fit(chunk, kind) for chunk in column.chunks], kind)


def _fit(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Convert an array to another type. Structs gain the fields that they lack; a string among these is empty, as unknown parts are."""
    if array.null_count and pa.types.is_nested(kind):  # slow, and rare: copydesk's own nested fields are never null
        return pa.array(array.to_pylist(), kind)
    if pa.types.is_list(kind) and pa.types.is_list(array.type):
        return pa.ListArray.from_arrays(array.offsets, _fit(array.values, kind.value_type), kind)
    if pa.types.is_struct(kind) and pa.types.is_struct(array.type):
        there = {array.type.field(index).name: index for index in range(array.type.num_fields)}
        inner = [_fit(array.field(there[field.name]), field.type) if field.name in there else _unknown(len(array), field.type)
                 for field in kind]
        return pa.StructArray.from_arrays(inner, fields=list(kind))
    return array if array.type == kind else array.cast(kind)


def _unknown(count: int, kind: pa.DataType) -> pa.Array:
    return pa.array([""] * count, kind) if pa.types.is_string(kind) else _absent(count, kind)


def together(table: str, read: Iterable[pa.Table]) -> pa.Table:
    """Concatenate the rows of a table's part files, under one schema.

    Raises:
        DatasetError: the schemas of the files cannot be combined.
    """
    found = list(read)
    schema = schema_of(table, (rows.schema for rows in found))
    return pa.concat_tables([conform(rows, schema) for rows in found])


def lacking(table: str, found: pa.Schema) -> tuple[str, ...]:
    """Return the fields of a table's current schema that a part file lacks. A plugin's table lacks none."""
    return tuple(name for name in SCHEMAS.get(table, found).names if name not in found.names)


def unknown(table: str, found: pa.Schema) -> tuple[str, ...]:
    """Return the fields of a part file that the table's current schema does not have. A newer version added them; they are kept."""
    return tuple(name for name in found.names if name not in SCHEMAS.get(table, found).names)


def lacks(files: Mapping[str, Iterable[pa.Schema]]) -> Missing:
    """Return the fields that part files lack, by table. The argument holds the files' schemas; tables that lack nothing are left out."""
    found = {table: dict.fromkeys(chain.from_iterable(lacking(table, schema) for schema in schemas)) for table, schemas in files.items()}
    return {table: tuple(names) for table, names in found.items() if names}
