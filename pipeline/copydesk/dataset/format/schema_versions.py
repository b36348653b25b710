"""Datasets of other schema versions: what is read, what a table of an older one lacks, and how its rows become rows of this one.

Within a major version fields are only added. So a table of an older minor version lacks some: they are null, lists empty. A table
of a newer one has some that are not known here: they are kept as they are. Another major version is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

import pyarrow as pa

from copydesk.dataset.format.schemas import SCHEMA_VERSION, SCHEMAS
from copydesk.errors import DatasetError

Missing = Mapping[str, tuple[str, ...]]
"""Table -> names of fields."""


def check(version: str, where: str) -> None:
    """See that a dataset of a schema version can be read here.

    Raises:
        DatasetError: it is of another major version.
    """
    ours, theirs = SCHEMA_VERSION.partition(".")[0], version.partition(".")[0]
    if ours == theirs:
        return
    newer = theirs.isdecimal() and int(theirs) > int(ours)
    raise DatasetError(f"{where} is of schema version {version}, and this copydesk reads {ours}.x: "
                       f"{'a newer' if newer else 'an older'} copydesk, one whose schema version is {theirs}.x, reads it")


def schema_of(table: str, found: Iterable[pa.Schema]) -> pa.Schema:
    """The schema for rows of part files that may be of several versions: the current one, and what a newer one adds. A plugin's table
    has the fields of all of them.

    Raises:
        DatasetError: a field has two types that do not go together.
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
    """Rows under a schema: fields in its order, those that are missing null or an empty list.

    Raises:
        DatasetError: a field's values do not fit its type.
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
    """An array as another type; structs get the fields that they lack, and strings in them are empty, as unknown parts are."""
    if array.null_count and pa.types.is_nested(kind):  # the contract has none, and these are slower
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
    """All rows of a table from its part files, under one schema.

    Raises:
        DatasetError: the files do not go together.
    """
    found = list(read)
    schema = schema_of(table, (rows.schema for rows in found))
    return pa.concat_tables([conform(rows, schema) for rows in found])


def lacking(table: str, found: pa.Schema) -> tuple[str, ...]:
    """The fields of a table's current schema that a part file lacks; none for a plugin's table."""
    return tuple(name for name in SCHEMAS.get(table, found).names if name not in found.names)


def unknown(table: str, found: pa.Schema) -> tuple[str, ...]:
    """The fields of a part file that the table's current schema has not: those of a newer version. They are kept."""
    return tuple(name for name in found.names if name not in SCHEMAS.get(table, found).names)


def lacks(files: Mapping[str, Iterable[pa.Schema]]) -> Missing:
    """What the part files of tables lack, by their schemas; tables that lack nothing are left out."""
    found = {table: dict.fromkeys(chain.from_iterable(lacking(table, schema) for schema in schemas)) for table, schemas in files.items()}
    return {table: tuple(names) for table, names in found.items() if names}
