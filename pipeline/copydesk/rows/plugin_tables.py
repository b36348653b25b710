"""Check the tables of plugins at the start of a run, and each of their rows before anything of its article is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pyarrow as pa

from copydesk.dataset.format.schemas import SCHEMAS
from copydesk.errors import PluginError
from copydesk.model.article import Article
from copydesk.model.plugin_table import Table
from copydesk.pipeline import Pipeline
from copydesk.plugins.discovery import FAILURES
from copydesk.plugins.manager import Plugins
from copydesk.rows.arrow_batches import UnfitRowsError, packed
from copydesk.rows.article_rows import Row
from copydesk.rows.plain_values import plain
from copydesk.rows.plugin_values import row_fault, unstorable

KEY = "article_id"
"""The column that each table of a plugin must have."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
Owned = tuple[str, Table]
"""The name of a plugin, and one of its tables."""


class UnfitRowError(PluginError):
    """A row of a plugin's table does not fit the schema, or belongs to another article."""


def plugin_tables(pipeline: Pipeline) -> tuple[tuple[str, Table], ...]:
    """Check the tables of all plugins and return them, each with its plugin's name.

    Raises:
        PluginError: the name of a table is invalid or taken, its schema lacks ``article_id``, or a column cannot be stored.
    """
    found: list[tuple[str, Table]] = []
    names = set(SCHEMAS)
    for plugin, table in pipeline.tables():
        if not isinstance(table, Table):
            raise PluginError(plugin, "", f"hook tables returned {type(table).__name__}, not Table")
        if not isinstance(table.name, str) or not isinstance(table.schema, pa.Schema) or not callable(table.rows):
            raise PluginError(plugin, "", f"{table!r:.80} has not a name, an Arrow schema and a function for its rows")
        if not _NAME.fullmatch(table.name) or table.name in names:
            raise PluginError(plugin, "", f"table name {table.name!r} is taken or not of the form [a-z][a-z0-9_]*")
        if fault := _schema_fault(table.schema):
            raise PluginError(plugin, "", f"table {table.name!r} {fault}")
        names.add(table.name)
        found.append((plugin, table))
    return tuple(found)


def _schema_fault(schema: pa.Schema) -> str | None:
    """Return why the dataset cannot have a table of this schema, or None when it can."""
    fault = unstorable(schema)
    if fault is None and (KEY not in schema.names or schema.field(KEY).type != pa.string()):
        return f"has no field {KEY} of type string"
    return fault


def own_batches(plugins: Plugins, tables: Iterable[Owned], article: Article) -> dict[str, bytes]:
    """Return an article's rows in the tables of plugins as IPC messages, by table. Tables without rows are left out.

    A plugin that fails is skipped when the settings say so. Otherwise its error is raised.

    Raises:
        UnfitRowError: a row does not fit its table; the message names the first such row and column.
        PluginError: a plugin raised an error.
    """
    made: dict[str, bytes] = {}
    for plugin, table in tables:
        try:
            found = _rows(plugins, plugin, table, article)
            if found:
                made[table.name] = _packed(plugin, table, found)
        except PluginError:
            if not plugins.skip_failing:
                raise
            plugins.skip(plugin)
    return made


def _rows(plugins: Plugins, plugin: str, table: Table, article: Article) -> list[Row]:
    try:
        with plugins.working(plugin, "tables"):
            found = [plain(row) for row in table.rows(article)]
    except FAILURES as error:
        raise PluginError(plugin, "tables", f"table {table.name!r}: {type(error).__name__}: {error}") from error
    for number, row in enumerate(found, start=1):
        wrong = _fault(row, table.schema, article.article_id)
        if wrong:
            raise UnfitRowError(plugin, "tables", f"table {table.name!r}, row {number}: {wrong}")
    return found


def _fault(row: Row, schema: pa.Schema, article_id: str) -> str | None:
    """Return what is wrong with a row's key, columns or values, or None. `_packed` finds values of the wrong type."""
    if row.get(KEY) != article_id:
        return f"{KEY} is {row.get(KEY)!r:.60}, not the article's ({article_id})"
    unknown = sorted(set(row) - set(schema.names))
    if unknown:
        return f"no column {unknown[0]!r:.60} (columns: {', '.join(schema.names)})"
    return row_fault(row, schema)


def _packed(plugin: str, table: Table, found: list[Row]) -> bytes:
    """Return the rows as one message. The error names the first value that does not fit its column."""
    try:
        return packed(found, table.schema)
    except UnfitRowsError as error:
        places = ((number, field, row.get(field.name)) for number, row in enumerate(found, start=1) for field in table.schema)
        wrong = next((f"row {number}: column {field.name!r}: {value!r:.60} is no {field.type}" for number, field, value in places
                      if not _takes(field, value)), error)
        raise UnfitRowError(plugin, "tables", f"table {table.name!r}, {wrong}") from error


def _takes(field: pa.Field, value: object) -> bool:
    try:
        packed([{field.name: value}], pa.schema([field]))
    except UnfitRowsError:
        return False
    return True


def schemas_with(plugin_schemas: Mapping[str, pa.Schema]) -> dict[str, pa.Schema]:
    """Return the schemas of all tables. A plugin's schema gets the name of its table as metadata."""
    return {**SCHEMAS, **{name: schema.with_metadata({**(schema.metadata or {}), b"copydesk.table": name.encode()})
                          for name, schema in plugin_schemas.items()}}
