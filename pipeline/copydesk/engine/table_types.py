"""Compare the columns of plugins' tables with the columns in the dataset, before a run starts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import pyarrow as pa

from copydesk.dataset.format import commits
from copydesk.dataset.format.commits import State
from copydesk.dataset.format.layout import batch_number
from copydesk.dataset.format.part_files import table_of
from copydesk.dataset.format.schema_versions import schema_of
from copydesk.dataset.store.local import Store
from copydesk.errors import DatasetError, PluginError
from copydesk.rows.plugin_tables import Owned

NEWEST = 1_000
"""A table is looked for in this many of the newest batches, so that a large dataset does not delay the start."""


def check_types(tables: Iterable[Owned], store: Store, state: State) -> None:
    """Check that the columns of plugins' tables are compatible with the newest batch that has rows of the table.

    Raises:
        PluginError: the type of a column is not compatible with its type in the dataset.
        DatasetError: a part file cannot be read.
    """
    for plugin, table in tables:
        for field in _newest_schema(table.name, store, state) or ():
            ours = table.schema.field(field.name) if field.name in table.schema.names else field
            if not _go_together(field, ours):
                raise PluginError(plugin, "", f"table {table.name!r}: column {field.name!r} is {ours.type}, and in the dataset "
                                  f"{field.type}: give the column, or the table, another name")


def _newest_schema(table: str, store: Store, state: State) -> pa.Schema | None:
    """Return the schema of a table in the newest batch that has it; None when none of the newest batches has."""
    if state.commit is None or table not in state.commit.totals:
        return None
    for batch in islice(reversed(state.live), NEWEST):
        made = commits.read_commit(store.layout, batch_number(batch))
        for part, told in made.files.items():
            if table_of(part) == table:
                return store.schema_of(batch, part, told)
    return None


def _go_together(one: pa.Field, other: pa.Field) -> bool:
    """Tell whether one column can have both types."""
    try:
        schema_of("", [pa.schema([one]), pa.schema([other])])
    except DatasetError:
        return False
    return True
